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

#include "base/macros.h"
#include "http/query.h"

static void names_and_values_are_decoded(void **state)
{
    (void)state;
    struct dw_query query = { 0 };
    assert_int_equal(dw_query_parse(&query, "/x?zone=caf%C3%A9+bar&pass&a=%3D%26&", NULL), 0);
    assert_string_equal(dw_query_find(&query, "zone"), "caf\xc3\xa9 bar");
    assert_string_equal(dw_query_find(&query, "pass"), "");
    assert_string_equal(dw_query_find(&query, "a"), "=&");
    assert_null(dw_query_find(&query, "b"));
    dw_query_fini(&query);
}

static void what_is_not_text_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "/x?a=%",   "/x?a=%4",        "/x?a=%zz",
                                       "/x?a=%00", "/x?a=%ff",       "/x?a=%0a",
                                       "/x?%80=1", "/x?a=%ed%a0%80", "/x?a=1&a=2" };
    for (size_t i = 0; i < DW_LENGTH(bad); i++) {
        struct dw_query query = { 0 };
        struct dw_err err = { { 0 } };
        assert_int_not_equal(dw_query_parse(&query, bad[i], &err), 0);
        assert_string_not_equal(err.text, "");
        dw_query_fini(&query);
    }
}

static void too_many_names_are_refused(void **state)
{
    (void)state;
    struct dw_query query = { 0 };
    struct dw_buf text = { 0 };
    dw_buf_puts(&text, "/?");
    for (int i = 0; i <= DW_QUERY_MAX; i++)
        dw_buf_printf(&text, "n%d=1&", i);
    assert_int_not_equal(dw_query_parse(&query, dw_buf_text(&text), NULL), 0);
    assert_int_equal(query.items.count, DW_QUERY_MAX);
    dw_query_fini(&query);
    dw_buf_fini(&text);
}

static void values_are_read_as_what_they_should_be(void **state)
{
    (void)state;
    struct dw_query query = { 0 };
    int64_t integer = 7, time_us = 0;
    double real = 0;
    bool flag = false, other = true;
    assert_int_equal(
        dw_query_parse(&query, "/?i=12&r=2.5&t=2026-11-22T09:15Z&f&o=no&bad=1x&nan=nan", NULL), 0);
    assert_int_equal(dw_query_integer(&query, "i", 1, 12, &integer, NULL), 0);
    assert_int_equal(integer, 12);
    assert_int_not_equal(dw_query_integer(&query, "i", 1, 11, &integer, NULL), 0);
    assert_int_not_equal(dw_query_integer(&query, "bad", 0, 11, &integer, NULL), 0);
    assert_int_equal(dw_query_integer(&query, "missing", 0, 1, &integer, NULL), 0);
    assert_int_equal(integer, 12);
    assert_int_equal(dw_query_real(&query, "r", 0, 3, &real, NULL), 0);
    assert_true(real > 2.49 && real < 2.51);
    assert_int_not_equal(dw_query_real(&query, "nan", 0, 3, &real, NULL), 0);
    assert_int_equal(dw_query_time(&query, "t", &time_us, NULL), 0);
    assert_int_equal(time_us, INT64_C(1795338900000000));
    assert_int_equal(dw_query_flag(&query, "f", &flag, NULL), 0);
    assert_true(flag);
    assert_int_equal(dw_query_flag(&query, "o", &other, NULL), 0);
    assert_false(other);
    assert_int_not_equal(dw_query_flag(&query, "i", &other, NULL), 0);
    dw_query_fini(&query);
}

static void unknown_names_are_told_with_the_nearest(void **state)
{
    (void)state;
    static const char *const known[] = { "camera", "zone" };
    struct dw_query query = { 0 };
    struct dw_err err = { { 0 } };
    assert_int_equal(dw_query_parse(&query, "/?zone=1&camra=2", NULL), 0);
    assert_int_not_equal(dw_query_only(&query, known, 2, &err), 0);
    assert_string_equal(err.text, "'camra' is not known here; did you mean 'camera'?");
    dw_query_fini(&query);
}

static void paths_match_part_by_part(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *target, *first;
        bool match;
    } cases[] = {
        { "/a/{}/b", "/a/x%20y/b?q=/", "x y", true },
        { "/a/{}/b", "/a/x/c", "x", false },
        { "/a/{}", "/a/", NULL, false },
        { "/a/{}", "/a", NULL, false },
        { "/a", "/a/", NULL, false },
        { "/a", "/a?", NULL, true },
        { "/a", "/ab", NULL, false },
        { "/a/{}", "/a/%2e%2e%2fb", "../b", true },
        { "/a/{}", "/a/%00", NULL, false },
        { "/a", "a", NULL, false },
        { "/a", "", NULL, false },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        char *names[DW_PATH_NAMES] = { NULL };
        assert_int_equal(dw_path_match(cases[i].pattern, cases[i].target, names), cases[i].match);
        if (cases[i].first != NULL)
            assert_string_equal(names[0], cases[i].first);
        free(names[0]);
        free(names[1]);
    }
}

static void a_cookie_is_found_among_others(void **state)
{
    (void)state;
    static const struct {
        const char *header, *value;
    } cases[] = {
        { "s=abc", "abc" },      { "x=1; s=abc; y=2", "abc" },
        { "xs=1;s=a=b", "a=b" }, { "s=", "" },
        { "ss=1", NULL },        { "", NULL },
        { "s", NULL },           { ";;; s=1;", "1" },
        { NULL, NULL },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        char *value = dw_cookie_find(cases[i].header, "s");
        if (cases[i].value == NULL)
            assert_null(value);
        else
            assert_string_equal(value, cases[i].value);
        free(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_are_decoded),
        cmocka_unit_test(what_is_not_text_is_refused),
        cmocka_unit_test(too_many_names_are_refused),
        cmocka_unit_test(values_are_read_as_what_they_should_be),
        cmocka_unit_test(unknown_names_are_told_with_the_nearest),
        cmocka_unit_test(paths_match_part_by_part),
        cmocka_unit_test(a_cookie_is_found_among_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
