/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "onnx/runtime.h"

static void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' does not say '%s'", text, part);
}

static void a_library_too_old_is_told_apart(void **state)
{
    (void)state;
    struct dw_runtime *runtime = NULL;
    struct dw_err err;
    assert_int_equal(dw_runtime_open(&runtime, OLD_ONNXRUNTIME, &err), -EINVAL);
    assert_null(runtime);
    assert_contains(err.text, "is version 1.12.0, too old: 1.17 or later is needed; `make run`");
}

static void another_library_is_not_onnx_runtime(void **state)
{
    (void)state;
    struct dw_runtime *runtime = NULL;
    struct dw_err err;
    assert_int_equal(dw_runtime_open(&runtime, "libm.so.6", &err), -EINVAL);
    assert_contains(err.text, "'libm.so.6' is not ONNX Runtime: it has no OrtGetApiBase");
}

static void a_library_that_cannot_be_opened_is_named(void **state)
{
    (void)state;
    struct dw_runtime *runtime = NULL;
    struct dw_err err;
    assert_int_equal(dw_runtime_open(&runtime, "/no/such.so", &err), -ENOENT);
    assert_contains(err.text, "ONNX Runtime '/no/such.so' cannot be opened");
    assert_int_equal(dw_runtime_open(&runtime, __FILE__, &err), -ENOENT);
}

static void the_variable_goes_first_and_must_be_right(void **state)
{
    (void)state;
    char path[512];
    struct dw_err err;
    setenv("DWELL_ONNXRUNTIME", "/no/such.so", 1);
    assert_int_equal(dw_runtime_find(path, sizeof(path), &err), -ENOENT);
    assert_contains(err.text, "DWELL_ONNXRUNTIME: cannot read '/no/such.so'");
    setenv("DWELL_ONNXRUNTIME", OLD_ONNXRUNTIME, 1);
    assert_int_equal(dw_runtime_find(path, sizeof(path), &err), 0);
    assert_string_equal(path, OLD_ONNXRUNTIME);
    unsetenv("DWELL_ONNXRUNTIME");
}

static void none_at_all_says_how_to_get_one(void **state)
{
    (void)state;
    char path[512];
    struct dw_err err;
    unsetenv("DWELL_ONNXRUNTIME");
    setenv("DWELL_CACHE", "/no/such/folder", 1);
    int status = dw_runtime_find(path, sizeof(path), &err);
    unsetenv("DWELL_CACHE");
    if (status == 0) { /* this machine has one of its own */
        assert_contains(path, "onnxruntime");
        return;
    }
    assert_int_equal(status, -ENOENT);
    assert_contains(err.text, "ONNX Runtime is not installed: `make run` fetches it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_library_too_old_is_told_apart),
        cmocka_unit_test(another_library_is_not_onnx_runtime),
        cmocka_unit_test(a_library_that_cannot_be_opened_is_named),
        cmocka_unit_test(the_variable_goes_first_and_must_be_right),
        cmocka_unit_test(none_at_all_says_how_to_get_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
