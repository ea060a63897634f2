/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/wall_time.h"
#include "engine/text_output.h"
#include "lib/prop.h"

static const struct dw_output_context context = { .settle_us = 5 * DW_SECOND_US };

/* A file of its own, made and removed by each test. */
static void *open_output(char path[32])
{
    void *output = NULL;
    struct dw_err err = { 0 };
    snprintf(path, 32, P_tmpdir "/dwell-text-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    if (dw_text_output_open(&output, path, &context, &err) != 0)
        fail_msg("%s", err.text);
    return output;
}

static void add(void *output, int64_t time_us, const char *text)
{
    struct dw_buf line = { 0 };
    dw_buf_puts(&line, text);
    dw_text_output_add(output, time_us, &line);
    assert_int_equal(line.length, 0);
    dw_buf_fini(&line);
}

static void read_all(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(text, 1, size - 1, file);
    text[length] = '\0';
    fclose(file);
}

static void assert_content(const char *path, const char *wanted)
{
    char text[4096];
    read_all(path, text, sizeof(text));
    assert_string_equal(text, wanted);
}

static void lines_come_out_in_order_of_time_and_then_of_telling(void **state)
{
    (void)state;
    char path[32];
    void *output = open_output(path);
    add(output, 3, "c\n");
    add(output, 1, "a\n");
    add(output, 3, "d\n");
    add(output, 2, "b\n");
    add(output, 0, "");
    assert_int_equal(dw_text_output_finish(output, 10, true, NULL), 0);
    assert_content(path, "a\nb\nc\nd\n");
    dw_text_output_close(output);
    unlink(path);
}

static void a_line_is_written_as_soon_as_nothing_earlier_can_come(void **state)
{
    (void)state;
    char path[32];
    void *output = open_output(path);
    add(output, 2 * DW_SECOND_US, "first\n");
    assert_int_equal(dw_text_output_settle(output, 7 * DW_SECOND_US, NULL), 0);
    assert_content(path, "");
    add(output, 1 * DW_SECOND_US, "zeroth\n");
    add(output, 9 * DW_SECOND_US, "last\n");
    assert_int_equal(dw_text_output_settle(output, 9 * DW_SECOND_US, NULL), 0);
    assert_content(path, "zeroth\nfirst\n");
    assert_int_equal(dw_text_output_finish(output, 9 * DW_SECOND_US, true, NULL), 0);
    assert_content(path, "zeroth\nfirst\nlast\n");
    dw_text_output_close(output);
    unlink(path);
}

static void any_lines_within_the_time_to_settle_come_out_sorted(void **state)
{
    (void)state;
    PROP(prop, 20)
    {
        char path[32], text[65536];
        void *output = open_output(path);
        int64_t now_us = 0;
        for (int i = 0; i < 1000; i++) {
            char line[32];
            now_us += prop_int(&prop, 0, 100000);
            int64_t time_us = now_us - prop_int(&prop, 0, 4 * DW_SECOND_US);
            snprintf(line, sizeof(line), "%lld %d\n", (long long)time_us, i);
            add(output, time_us, line);
            prop_assert(&prop, dw_text_output_settle(output, now_us, NULL) == 0);
        }
        prop_assert(&prop, dw_text_output_finish(output, now_us, true, NULL) == 0);
        dw_text_output_close(output);
        read_all(path, text, sizeof(text));
        unlink(path);
        int64_t last_us = INT64_MIN;
        int count = 0;
        for (char *at = text; *at != '\0'; at = strchr(at, '\n') + 1, count++) {
            int64_t time_us = strtoll(at, NULL, 10);
            prop_assert(&prop, time_us >= last_us);
            last_us = time_us;
        }
        prop_assert(&prop, count == 1000);
    }
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    void *output = NULL;
    struct dw_err err = { 0 };
    assert_int_equal(dw_text_output_open(&output, "/no/such/file", &context, &err), -ENOENT);
    assert_null(output);
    assert_non_null(strstr(err.text, "'/no/such/file'"));
    dw_text_output_close(output);
}

static void a_full_disk_is_told_with_the_file(void **state)
{
    (void)state;
    void *output = NULL;
    struct dw_err err = { 0 };
    if (dw_text_output_open(&output, "/dev/full", &context, &err) != 0)
        skip();
    add(output, 1, "a\n");
    assert_int_equal(dw_text_output_finish(output, 2, true, &err), -ENOSPC);
    assert_non_null(strstr(err.text, "'/dev/full': No space left"));
    dw_text_output_close(output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_out_in_order_of_time_and_then_of_telling),
        cmocka_unit_test(a_line_is_written_as_soon_as_nothing_earlier_can_come),
        cmocka_unit_test(any_lines_within_the_time_to_settle_come_out_sorted),
        cmocka_unit_test(a_place_that_cannot_be_written_is_named),
        cmocka_unit_test(a_full_disk_is_told_with_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
