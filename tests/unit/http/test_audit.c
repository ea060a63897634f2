/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/audit.h"

struct fixture {
    char folder[64];
    struct dw_audit *audit;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/dwell-test-XXXXXX");
    *state = fixture;
    return mkdtemp(fixture->folder) == NULL
               ? -1
               : dw_audit_create(&fixture->audit, fixture->folder, NULL);
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    char path[96];
    dw_audit_destroy(fixture->audit);
    snprintf(path, sizeof(path), "%s/audit.jsonl", fixture->folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/audit.1.jsonl", fixture->folder);
    unlink(path);
    int result = rmdir(fixture->folder);
    free(fixture);
    return result;
}

static void add(struct fixture *fixture, const char *detail)
{
    dw_audit_add(fixture->audit,
                 &(struct dw_audit_line){ "anna", "192.0.2.7", "POST", "/x", 201, detail });
}

static void pages_lead_from_the_newest_to_the_oldest(void **state)
{
    struct fixture *fixture = *state;
    int64_t before = 0;
    char detail[32];
    for (int i = 0; i < 7; i++) {
        snprintf(detail, sizeof(detail), "number %d;", i);
        add(fixture, detail);
    }
    for (int page = 0; page < 3; page++) {
        struct dw_buf out = { 0 };
        assert_int_equal(dw_audit_read(fixture->audit, before, 3, &out, &before, NULL), 0);
        snprintf(detail, sizeof(detail), "number %d;", 6 - 3 * page);
        const char *first = strstr(dw_buf_text(&out), "number");
        assert_non_null(first);
        assert_int_equal(strncmp(first, detail, strlen(detail)), 0);
        dw_buf_fini(&out);
    }
    assert_int_equal(before, 0);
}

static void a_cursor_that_is_none_gives_whole_lines_all_the_same(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, "first");
    add(fixture, "second");
    for (int64_t before = 1; before < 400; before++) {
        struct dw_buf out = { 0 };
        int64_t next = 0;
        assert_int_equal(dw_audit_read(fixture->audit, before, 10, &out, &next, NULL), 0);
        assert_true(out.length == 0 || (out.data[0] == '{' && out.data[out.length - 1] == '}'));
        dw_buf_fini(&out);
    }
}

static void a_long_log_begins_a_new_file(void **state)
{
    struct fixture *fixture = *state;
    char *detail = calloc(1, 100001);
    memset(detail, 'x', 100000);
    for (int i = 0; i < 100; i++)
        add(fixture, detail);
    free(detail);
    char path[96];
    snprintf(path, sizeof(path), "%s/audit.1.jsonl", fixture->folder);
    assert_int_equal(access(path, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_lead_from_the_newest_to_the_oldest, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cursor_that_is_none_gives_whole_lines_all_the_same, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_long_log_begins_a_new_file, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
