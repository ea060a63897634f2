/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "conf/file.h"

static char folder[64], path[96];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/dwell-test-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/file", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* nothing else was left in it */
}

static unsigned mode_of(const char *file)
{
    struct stat status;
    assert_int_equal(stat(file, &status), 0);
    return status.st_mode & 0777;
}

static void a_missing_file_may_be_fine_and_else_is_named(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_err err = { 0 };
    assert_int_equal(dw_file_read_any(&text, path, 100, &err), 0);
    assert_string_equal(err.text, "");
    assert_int_equal(dw_file_read(&text, path, 100, &err), -ENOENT);
    assert_non_null(strstr(err.text, path));
    assert_int_equal(dw_file_write(path, "12345", 5, &err), 0);
    assert_int_equal(dw_file_read_any(&text, path, 100, &err), 1);
    assert_string_equal(dw_buf_text(&text), "12345");
    assert_int_equal(dw_file_read_any(&text, path, 4, &err), -EFBIG);
    dw_buf_fini(&text);
}

static void a_file_keeps_its_mode_and_a_secret_is_its_owners_alone(void **state)
{
    (void)state;
    struct dw_err err = { 0 };
    assert_int_equal(dw_file_write(path, "new", 3, &err), 0);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(dw_file_write(path, "again", 5, &err), 0);
    assert_int_equal(mode_of(path), 0644);
    assert_int_equal(dw_file_write_secret(path, "secret", 6, &err), 0);
    assert_int_equal(mode_of(path), 0600);
}

static void what_cannot_be_written_is_named_and_leaves_nothing(void **state)
{
    (void)state;
    struct dw_err err = { 0 };
    char wrong[128];
    snprintf(wrong, sizeof(wrong), "%s/none/file", folder);
    assert_int_equal(dw_file_write(wrong, "x", 1, &err), -ENOENT);
    assert_non_null(strstr(err.text, wrong));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_missing_file_may_be_fine_and_else_is_named, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_file_keeps_its_mode_and_a_secret_is_its_owners_alone,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_is_named_and_leaves_nothing,
                                        make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
