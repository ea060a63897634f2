/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "base/suggest.h"

static const char *const known[] = { "grace", "bridge", "enter_after", "min_dwell", "link", "fps" };

static const char *suggest(const char *word)
{
    return dw_suggest(word, known, DW_LENGTH(known));
}

static void a_slip_or_two_is_mended(void **state)
{
    (void)state;
    assert_string_equal(suggest("grcae"), "grace");
    assert_string_equal(suggest("bridg"), "bridge");
    assert_string_equal(suggest("enterafter"), "enter_after");
    assert_string_equal(suggest("enter-after"), "enter_after");
    assert_string_equal(suggest("Min_Dwel"), "min_dwell");
    assert_string_equal(suggest("links"), "link");
    assert_string_equal(suggest("fsp"), "fps");
}

static void another_word_is_left_alone(void **state)
{
    (void)state;
    assert_null(suggest(""));
    assert_null(suggest("xy"));
    assert_null(suggest("temperature"));
    assert_null(suggest("a very long word that nobody types by mistake, longer than any setting"));
    assert_null(dw_suggest("grace", NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_or_two_is_mended),
        cmocka_unit_test(another_word_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
