/* SPDX-License-Identifier: Apache-2.0 */
#include "core/classify.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"

static void assert_near(double value, double wanted, double by)
{
    if (!(fabs(value - wanted) <= by))
        fail_msg("%.9f instead of %.9f", value, wanted);
}

static void without_numbers_the_odds_are_those_of_the_targets(void **state)
{
    (void)state;
    const float rows[4] = { 0 };
    const double targets[] = { 1, 1, 1, 0 }, weights[] = { 1, 1, 1, 1 };
    double fitted[2];
    dw_classify_fit(&(struct dw_classify_set){ rows, targets, weights, 4, 1 }, 1, fitted);
    assert_near(fitted[0], 0, 1e-9);
    assert_near(dw_classify_chance(fitted[1]), 0.75, 1e-6);
}

/* At the least, the gradient is nothing: checked by the sums themselves. */
static void the_fit_is_where_the_slope_is_nothing(void **state)
{
    (void)state;
    const float rows[] = { 1, 0, 2, 1, 3, -1, 0, 2, -1, 1, 1, 1 };
    const double targets[] = { 1, 1, 0.8, 0, 0, 1 }, weights[] = { 1, 2, 1, 0.5, 1, 1 };
    double fitted[3], slope[3];
    const double penalty = 0.2;
    dw_classify_fit(&(struct dw_classify_set){ rows, targets, weights, 6, 2 }, penalty, fitted);
    slope[0] = penalty * fitted[0];
    slope[1] = penalty * fitted[1];
    slope[2] = 0;
    for (size_t i = 0; i < 6; i++) {
        const float *row = rows + 2 * i;
        double chance = dw_classify_chance(dw_classify_score(fitted, row, 2));
        double off = weights[i] * (chance - targets[i]);
        slope[0] += off * (double)row[0];
        slope[1] += off * (double)row[1];
        slope[2] += off;
    }
    for (size_t i = 0; i < 3; i++)
        assert_near(slope[i], 0, 1e-5);
    assert_true(fitted[0] > 0);
}

static void kinds_apart_get_finite_weights_that_tell_them_apart(void **state)
{
    (void)state;
    const float rows[] = { -1000, -999, 999, 1000 };
    const double targets[] = { 0, 0, 1, 1 }, weights[] = { 1, 1, 1, 1 };
    double fitted[2];
    dw_classify_fit(&(struct dw_classify_set){ rows, targets, weights, 4, 1 }, 1e-3, fitted);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(dw_classify_score(fitted, &rows[i], 1) > 0, targets[i] > 0.5);
    assert_true(isfinite(fitted[0]) && isfinite(fitted[1]));
}

static void a_larger_penalty_makes_smaller_weights(void **state)
{
    (void)state;
    const float rows[] = { -1, -2, 1, 2 };
    const double targets[] = { 0, 0, 1, 1 }, weights[] = { 1, 1, 1, 1 };
    double little[2], much[2];
    struct dw_classify_set set = { rows, targets, weights, 4, 1 };
    dw_classify_fit(&set, 0.1, little);
    dw_classify_fit(&set, 10, much);
    assert_true(much[0] > 0 && much[0] < little[0] / 2);
}

static void perfect_scores_are_never_quite_sure(void **state)
{
    (void)state;
    const double scores[] = { -3, -2, 2, 3 }, targets[] = { 0, 0, 1, 1 };
    struct dw_platt platt = dw_platt_fit(scores, targets, 4);
    double most = dw_classify_chance(platt.slope * 3 + platt.offset);
    assert_true(most > 0.7 && most < 0.95);
    assert_near(platt.offset, 0, 1e-6);
}

static void scores_that_lie_get_a_slope_below_nothing(void **state)
{
    (void)state;
    const double scores[] = { 3, 2, -2, -3 }, targets[] = { 0, 0, 1, 1 };
    assert_true(dw_platt_fit(scores, targets, 4).slope < 0);
}

static void a_kind_that_is_rare_is_not_thought_unlikely(void **state)
{
    (void)state;
    double scores[40], targets[40] = { 1, 1, 1, 1 };
    for (int i = 0; i < 40; i++)
        scores[i] = (i < 4 ? 1 : -1) * (i % 4 == 3 ? -1 : 1);
    struct dw_platt platt = dw_platt_fit(scores, targets, 40);
    assert_near(dw_classify_chance(platt.offset), 0.5, 0.1);
}

/* All scores lie two above where they should: a few may do so by chance, many do not. */
static void few_scores_do_not_move_the_middle(void **state)
{
    (void)state;
    static double scores[4000], targets[4000];
    for (int i = 0; i < 4000; i++) {
        targets[i] = i % 2;
        scores[i] = 2 + (i % 2 ? 1 : -1) * (i % 4 < 2 ? 1 : 0.2);
    }
    struct dw_platt few = dw_platt_fit(scores, targets, 8);
    struct dw_platt many = dw_platt_fit(scores, targets, 4000);
    assert_near(-few.offset / few.slope, 0, 1);
    assert_near(-many.offset / many.slope, 2, 0.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_numbers_the_odds_are_those_of_the_targets),
        cmocka_unit_test(the_fit_is_where_the_slope_is_nothing),
        cmocka_unit_test(kinds_apart_get_finite_weights_that_tell_them_apart),
        cmocka_unit_test(a_larger_penalty_makes_smaller_weights),
        cmocka_unit_test(perfect_scores_are_never_quite_sure),
        cmocka_unit_test(scores_that_lie_get_a_slope_below_nothing),
        cmocka_unit_test(a_kind_that_is_rare_is_not_thought_unlikely),
        cmocka_unit_test(few_scores_do_not_move_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
