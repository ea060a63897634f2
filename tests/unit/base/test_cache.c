/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/cache.h"

static void set(const char *own, const char *xdg, const char *home)
{
    setenv("DWELL_CACHE", own, 1);
    setenv("XDG_CACHE_HOME", xdg, 1);
    setenv("HOME", home, 1);
}

static void our_own_variable_goes_first_then_xdg_then_home(void **state)
{
    (void)state;
    char path[64];
    set("/own", "/xdg", "/home/me");
    assert_int_equal(dw_cache_path(path, sizeof(path), "/models/a.onnx", NULL), 0);
    assert_string_equal(path, "/own/models/a.onnx");
    set("", "/xdg", "/home/me");
    assert_int_equal(dw_cache_path(path, sizeof(path), "", NULL), 0);
    assert_string_equal(path, "/xdg/dwell");
    set("", "", "/home/me");
    assert_int_equal(dw_cache_path(path, sizeof(path), "/lib", NULL), 0);
    assert_string_equal(path, "/home/me/.cache/dwell/lib");
}

static void no_home_and_too_long_a_path_are_said(void **state)
{
    (void)state;
    char path[16];
    struct dw_err err;
    set("", "", "");
    assert_int_equal(dw_cache_path(path, sizeof(path), "", &err), -ENOENT);
    assert_string_equal(err.text, "no cache folder: neither DWELL_CACHE, XDG_CACHE_HOME nor HOME "
                                  "is set");
    set("/a/rather/long/path", "", "");
    assert_int_equal(dw_cache_path(path, sizeof(path), "", &err), -ENAMETOOLONG);
    assert_string_equal(err.text, "cache folder: '/a/rather/long/path' is too long a path");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_variable_goes_first_then_xdg_then_home),
        cmocka_unit_test(no_home_and_too_long_a_path_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
