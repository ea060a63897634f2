/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/proportion.h"
#include "lib/near.h"

#define DAYS 28

static const double people[DAYS] = { 450, 333, 369, 330, 510, 750, 465, 360, 477, 288,
                                     540, 513, 660, 750, 264, 444, 255, 489, 480, 480,
                                     645, 513, 420, 429, 423, 540, 867, 615 };
static const double stopped[DAYS] = { 99,  57,  79,  68,  113, 141, 100, 76,  125, 64,
                                      127, 114, 171, 176, 48,  103, 49,  100, 92,  110,
                                      132, 128, 85,  104, 99,  136, 189, 151 };

/* Computed with statsmodels 0.15.0: WLS with weekday and side, rho found by scipy.optimize.brentq
 * (SciPy 1.17.1) so that Pearson's statistic is 20. */
static void difference_equals_statsmodels(void **state)
{
    (void)state;
    struct dw_share_day days[DAYS];
    for (int i = 0; i < DAYS; i++)
        days[i] = (struct dw_share_day){ i / 7 % 2, i % 7, stopped[i], people[i] };
    struct dw_effect effect = dw_share_difference(days, DAYS);
    assert_true(effect.known);
    assert_near(effect.dispersion, .00024050299949314368, 1e-10);
    assert_near(effect.value, .029842570447048987, 1e-10);
    assert_near(effect.error, .0075405733140362485, 1e-9);
    assert_near(effect.p, .0007768349590852363, 1e-8);
    assert_near(effect.df, 20, 0);
}

/* sqrt(p (1 - p) / n) of each side, added in squares: the textbook's unpooled error. Days all alike
 * are believed down to the 10 % quantile of chi-square / df, .2107 / 2. */
static void days_alike_give_the_binomial_error_shrunk_by_luck(void **state)
{
    (void)state;
    const struct dw_share_day days[] = {
        { 0, 0, 20, 100 },
        { 1, 0, 30, 100 },
        { 0, 0, 20, 100 },
        { 1, 0, 30, 100 },
        { 0, 0, 0, 0 } /* nobody came: says nothing */,
    };
    struct dw_effect effect = dw_share_difference(days, DW_LENGTH(days));
    assert_near(effect.value, .1, 1e-12);
    assert_near(effect.error, sqrt(.2107 / 2 * (.2 * .8 / 200 + .3 * .7 / 200)), .002);
    assert_int_equal(effect.days[0], 2);
    assert_near(effect.df, 2, 0);
}

static void too_little_gives_no_figure(void **state)
{
    (void)state;
    const struct dw_share_day two[] = { { 0, 0, 2, 10 }, { 1, 0, 5, 10 } };
    const struct dw_share_day none[] = { { 0, 0, 0, 10 }, { 1, 0, 0, 10 }, { 0, 0, 0, 10 } };
    const struct dw_share_day all[] = { { 0, 0, 9, 9 }, { 1, 0, 9, 9 }, { 0, 0, 9, 9 } };
    assert_false(dw_share_difference(NULL, 0).known);
    assert_false(dw_share_difference(two, 2).known);
    assert_false(dw_share_difference(none, 3).known);
    assert_false(dw_share_difference(all, 3).known);
}

static void a_side_where_nobody_stopped_is_compared_all_the_same(void **state)
{
    (void)state;
    const struct dw_share_day days[] = {
        { 0, 0, 0, 100 },
        { 1, 0, 30, 100 },
        { 0, 0, 0, 100 },
        { 1, 0, 30, 100 },
    };
    struct dw_effect effect = dw_share_difference(days, DW_LENGTH(days));
    assert_true(effect.known);
    assert_near(effect.value, .3, 1e-12);
    assert_true(effect.low > .1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(difference_equals_statsmodels),
        cmocka_unit_test(days_alike_give_the_binomial_error_shrunk_by_luck),
        cmocka_unit_test(too_little_gives_no_figure),
        cmocka_unit_test(a_side_where_nobody_stopped_is_compared_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
