/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/logrank.h"
#include "lib/near.h"

/* Weeks in remission, 6-mercaptopurine against placebo (Freireich and others 1963). */
static const double treated[21] = { 6,  6,  6,  7,  10, 13, 16, 22, 23, 6, 9,
                                    10, 11, 17, 19, 20, 25, 32, 32, 34, 35 };
static const double placebo[21] = { 1, 1, 2,  2,  3,  4,  4,  5,  5,  8, 8,
                                    8, 8, 11, 11, 12, 12, 15, 17, 22, 23 };

static void fill(struct dw_logrank_item items[42], int strata)
{
    for (int i = 0; i < 21; i++) {
        items[i] = (struct dw_logrank_item){ i % strata, 0, { treated[i], i >= 9 } };
        items[21 + i] = (struct dw_logrank_item){ i % strata, 1, { placebo[i], false } };
    }
}

/* Kleinbaum and Klein, Survival Analysis (2005), chapter 2: 9 and 21 observed, 19.25 and 10.75
 * expected, chi-square 16.79. More digits: lifelines 0.30.3. */
static void remission_equals_the_textbook(void **state)
{
    (void)state;
    struct dw_logrank_item items[42];
    fill(items, 1);
    struct dw_logrank test = dw_logrank_test(items, 42);
    assert_true(test.known);
    assert_near(test.observed[0], 9, 0);
    assert_near(test.observed[1], 21, 0);
    assert_near(test.expected[0], 19.25, .005);
    assert_near(test.expected[1], 10.75, .005);
    assert_near(test.chi_square, 16.792940989216547, 1e-9);
    assert_near(test.p, 4.168809109334511e-05, 1e-12);
}

/* statsmodels 0.15.0, survdiff with strata; strata made up: number of the patient modulo 3. */
static void strata_equal_statsmodels(void **state)
{
    (void)state;
    struct dw_logrank_item items[42];
    fill(items, 3);
    struct dw_logrank test = dw_logrank_test(items, 42);
    assert_near(test.chi_square, 13.46065698208277, 1e-9);
    assert_near(test.p, .00024361843490317003, 1e-12);
}

static void one_side_alone_gives_no_figure(void **state)
{
    (void)state;
    struct dw_logrank_item items[] = { { 0, 0, { 1, false } }, { 0, 0, { 2, false } } };
    assert_false(dw_logrank_test(items, 2).known);
    assert_false(dw_logrank_test(NULL, 0).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remission_equals_the_textbook),
        cmocka_unit_test(strata_equal_statsmodels),
        cmocka_unit_test(one_side_alone_gives_no_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
