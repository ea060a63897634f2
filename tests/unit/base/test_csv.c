/* SPDX-License-Identifier: Apache-2.0 */
#include "base/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"

/* As a reader of RFC 4180 takes it: without the quotes around it; none of these has any within. */
static void assert_comes_back(const char *text, const char *put)
{
    struct dw_buf out = { 0 };
    dw_csv_put_text(&out, text);
    assert_string_equal(dw_buf_text(&out), put);
    out.data[out.length - 1] = '\0';
    assert_string_equal(dw_csv_text(out.data + 1), text);
    dw_buf_fini(&out);
}

static void a_formula_is_put_as_text_and_comes_back(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        { "", "\"\"" },
        { "shelf, left", "\"shelf, left\"" },
        { "'s-Hertogenbosch", "\"'s-Hertogenbosch\"" },
        { "=1+1", "\"'=1+1\"" },
        { "-3", "\"'-3\"" },
        { "@SUM(A1)", "\"'@SUM(A1)\"" },
        { "'=1+1", "\"''=1+1\"" },
        { "''", "\"''\"" },
    };
    for (size_t i = 0; i < DW_LENGTH(texts); i++)
        assert_comes_back(texts[i][0], texts[i][1]);
}

static void quotes_are_doubled(void **state)
{
    (void)state;
    struct dw_buf out = { 0 };
    dw_csv_put_text(&out, "the \"big\" one");
    assert_string_equal(dw_buf_text(&out), "\"the \"\"big\"\" one\"");
    dw_buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_formula_is_put_as_text_and_comes_back),
        cmocka_unit_test(quotes_are_doubled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
