/* SPDX-License-Identifier: Apache-2.0 */
/* Growing strings and arrays, error sentences, UTF-8. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "lib/prop.h"

static void a_string_grows_and_always_ends(void **state)
{
    (void)state;
    struct dw_buf buf = { 0 };
    assert_string_equal(dw_buf_text(&buf), "");
    dw_buf_puts(&buf, "");
    assert_string_equal(dw_buf_text(&buf), "");
    for (int i = 0; i < 1000; i++)
        dw_buf_printf(&buf, "%d,", i);
    dw_buf_append(&buf, "\0x", 2);
    assert_int_equal(buf.length, 3890 + 2);
    assert_int_equal(buf.data[buf.length], '\0');
    dw_buf_clear(&buf);
    assert_string_equal(dw_buf_text(&buf), "");
    dw_buf_puts(&buf, "again");
    assert_string_equal(dw_buf_text(&buf), "again");
    dw_buf_fini(&buf);
    assert_string_equal(dw_buf_text(&buf), "");
}

static void an_array_keeps_its_order_when_items_come_and_go(void **state)
{
    (void)state;
    PROP(prop, 300)
    {
        DW_VEC(int) vec = { 0 };
        int model[64], count = 0;
        for (int i = 0; i < 64; i++) {
            if (count > 0 && prop_chance(&prop, 0.4)) {
                int64_t at = prop_int(&prop, 0, count - 1);
                dw_vec_remove(&vec, (size_t)at);
                count--;
                memmove(model + at, model + at + 1, (size_t)(count - at) * sizeof(int));
            } else {
                dw_vec_push(&vec, i);
                model[count++] = i;
            }
        }
        prop_assert(&prop, vec.count == (size_t)count);
        prop_assert(&prop,
                    count == 0 || memcmp(vec.items, model, (size_t)count * sizeof(int)) == 0);
        dw_vec_fini(&vec);
    }
}

static void a_new_item_is_zero_whatever_was_there_before(void **state)
{
    (void)state;
    DW_VEC(int) vec = { 0 };
    dw_vec_push(&vec, 5);
    dw_vec_clear(&vec);
    assert_int_equal(*dw_vec_add(&vec), 0);
    dw_vec_fini(&vec);
}

static void a_sentence_is_kept_with_its_code_and_gets_prefixes(void **state)
{
    (void)state;
    struct dw_err err = { 0 };
    assert_int_equal(dw_fail(&err, -EINVAL, "corner %d is wrong", 3), -EINVAL);
    assert_string_equal(err.text, "corner 3 is wrong");
    assert_int_equal(dw_fail_within(&err, -EINVAL, "zone '%s'", "a"), -EINVAL);
    assert_string_equal(err.text, "zone 'a': corner 3 is wrong");
    assert_int_equal(dw_fail(NULL, -EIO, "nobody reads %s", "this"), -EIO);
    assert_int_equal(dw_fail_within(NULL, -EIO, "nor this"), -EIO);
}

static void a_sentence_that_is_too_long_is_cut_and_still_ends(void **state)
{
    (void)state;
    struct dw_err err = { 0 };
    char word[2000];
    memset(word, 'x', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    dw_fail(&err, -EINVAL, "%s", word);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    for (int i = 0; i < 5; i++)
        dw_fail_within(&err, -EINVAL, "%s", word);
    assert_true(strlen(err.text) < sizeof(err.text));
}

static void well_formed_utf8_has_a_length_and_other_bytes_have_none(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {
        { "a", 1 },
        { "\xc3\xa9", 2 },
        { "\xe2\x82\xac", 3 },
        { "\xf0\x9f\x98\x80", 4 },
        { "\xf4\x8f\xbf\xbf", 4 },
        { "\x80", 0 },             /* a continuation first */
        { "\xc3", 0 },             /* cut */
        { "\xe2\x82", 0 },         /* cut */
        { "\xc0\xaf", 0 },         /* overlong */
        { "\xe0\x80\xaf", 0 },     /* overlong */
        { "\xf0\x80\x80\xaf", 0 }, /* overlong */
        { "\xed\xa0\x80", 0 },     /* surrogate */
        { "\xf4\x90\x80\x80", 0 }, /* over U+10FFFF */
        { "\xff", 0 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++)
        if (dw_utf8_length(cases[i].text) != cases[i].length)
            fail_msg("case %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_grows_and_always_ends),
        cmocka_unit_test(an_array_keeps_its_order_when_items_come_and_go),
        cmocka_unit_test(a_new_item_is_zero_whatever_was_there_before),
        cmocka_unit_test(a_sentence_is_kept_with_its_code_and_gets_prefixes),
        cmocka_unit_test(a_sentence_that_is_too_long_is_cut_and_still_ends),
        cmocka_unit_test(well_formed_utf8_has_a_length_and_other_bytes_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
