/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/distribution.h"
#include "core/random.h"
#include "core/rate.h"
#include "lib/near.h"

#define DAYS 28

/* Four weeks, sides week by week; weekdays are strata. Made up. */
static const double counts[DAYS] = { 150, 111, 123, 110, 170, 250, 155, 120, 159, 96,
                                     180, 171, 220, 250, 88,  148, 85,  163, 160, 160,
                                     215, 171, 140, 143, 141, 180, 289, 205 };
static const double hours[DAYS] = { 10, 10, 10, 10, 10, 11, 8, 10, 9.5, 10, 10, 10, 11, 8,
                                    10, 10, 10, 9,  10, 11, 8, 10, 10,  9,  10, 10, 11, 8 };

static void fill(struct dw_rate_day days[DAYS])
{
    for (int i = 0; i < DAYS; i++)
        days[i] = (struct dw_rate_day){ i / 7 % 2, i % 7, counts[i], hours[i] };
}

/* Computed with statsmodels 0.15.0: GLM, Poisson family, scale='X2'; t quantiles of SciPy 1.17.1.
 */
static void quasi_poisson_equals_statsmodels(void **state)
{
    (void)state;
    struct dw_rate_day days[DAYS];
    fill(days);
    struct dw_effect effect = dw_rate_log_ratio(days, DAYS, DW_RATE_QUASI_POISSON);
    assert_true(effect.known);
    assert_near(effect.value, .16746042260184907, 1e-9);
    assert_near(effect.error, .07381185638423064, 1e-9);
    assert_near(effect.dispersion, 6.157848277023303, 1e-7);
    assert_near(effect.df, 20, 0);
    assert_near(effect.low, .013491588209506356, 1e-8);
    assert_near(effect.p, .03450640776563006, 1e-8);
    assert_int_equal(effect.days[0], 14);
    assert_int_equal(effect.days[1], 14);
}

/* GLM, NegativeBinomial family, alpha found by scipy.optimize.brentq so that Pearson = 20. */
static void negative_binomial_equals_statsmodels(void **state)
{
    (void)state;
    struct dw_rate_day days[DAYS];
    fill(days);
    struct dw_effect effect = dw_rate_log_ratio(days, DAYS, DW_RATE_NEGATIVE_BINOMIAL);
    assert_near(effect.dispersion, .034144958127892575, 1e-8);
    assert_near(effect.value, .16538422333271052, 1e-7);
    assert_near(effect.error, .07617749008695016, 1e-7);
    assert_near(effect.p, .042137293875394714, 1e-6);
}

static void days_all_alike_are_believed_only_as_far_as_luck_goes(void **state)
{
    (void)state;
    struct dw_rate_day days[8];
    for (int i = 0; i < 8; i++)
        days[i] = (struct dw_rate_day){ i % 2, 0, i % 2 ? 110 : 100, 1 };
    struct dw_effect quasi = dw_rate_log_ratio(days, 8, DW_RATE_QUASI_POISSON);
    struct dw_effect binomial = dw_rate_log_ratio(days, 8, DW_RATE_NEGATIVE_BINOMIAL);
    /* Poisson: variance of a log rate is 1 / count; 10 % quantile of chi-square, df 6: 2.204. */
    double error = sqrt(2.204 / 6 * (1. / 400 + 1. / 440));
    assert_near(quasi.error, error, .002);
    assert_near(binomial.error, quasi.error, 1e-9);
    assert_near(quasi.value, log(1.1), 1e-9);
    assert_near(binomial.dispersion, 0, 0);
}

static void mondays_are_compared_with_mondays_only(void **state)
{
    (void)state;
    /* A quiet Monday and a busy Saturday each side; the third stratum has one side only. */
    const struct dw_rate_day days[] = {
        { 0, 0, 50, 1 },  { 1, 0, 100, 1 },  { 0, 5, 500, 1 }, { 1, 5, 1000, 1 }, { 0, 0, 50, 1 },
        { 1, 0, 100, 1 }, { 1, 6, 9999, 1 }, { 1, 6, 1, 1 },   { 0, 5, 0, 0 },
    };
    struct dw_effect effect = dw_rate_log_ratio(days, DW_LENGTH(days), DW_RATE_QUASI_POISSON);
    assert_true(effect.known);
    assert_near(effect.value, log(2), 1e-9);
    assert_int_equal(effect.days[0], 3);
    assert_int_equal(effect.days[1], 3);
    assert_near(effect.df, 3, 0);
}

static void too_little_gives_no_figure(void **state)
{
    (void)state;
    const struct dw_rate_day two[] = { { 0, 0, 50, 1 }, { 1, 0, 60, 1 } };
    const struct dw_rate_day apart[] = { { 0, 0, 50, 1 }, { 0, 0, 5, 1 }, { 1, 1, 60, 1 } };
    const struct dw_rate_day none[] = {
        { 0, 0, 0, 1 }, { 0, 0, 0, 1 }, { 1, 0, 6, 1 }, { 1, 0, 7, 1 }
    };
    assert_false(dw_rate_log_ratio(NULL, 0, DW_RATE_NEGATIVE_BINOMIAL).known);
    assert_false(dw_rate_log_ratio(two, 2, DW_RATE_NEGATIVE_BINOMIAL).known);
    assert_false(dw_rate_log_ratio(apart, 3, DW_RATE_QUASI_POISSON).known);
    assert_false(dw_rate_log_ratio(none, 4, DW_RATE_QUASI_POISSON).known);
}

/* Twelve hours a day, the evening thrice as busy; side 1 was blind on its evenings. */
static void unequal_coverage_is_taken_out(void **state)
{
    (void)state;
    struct dw_rate_day days[8];
    struct dw_rate_cell cells[8 * 12];
    for (size_t day = 0; day < 8; day++) {
        days[day] = (struct dw_rate_day){ .side = (int)(day % 2) };
        for (int hour = 0; hour < 12; hour++) {
            double usual = hour < 8 ? 20 : 60,
                   exposure = day % 2 == 1 && day > 1 && hour >= 8 ? .25 : 1;
            cells[day * 12 + (size_t)hour] =
                (struct dw_rate_cell){ day, hour, usual * exposure * (day % 2 == 1 ? 1.2 : 1),
                                       exposure };
        }
    }
    cells[0].exposure = 0; /* an hour not measured at all: its count does not matter */
    cells[0].count = 1e9;
    dw_rate_standardise(days, 8, cells, DW_LENGTH(cells));
    assert_near(days[0].count, 380, 0);
    struct dw_effect effect = dw_rate_log_ratio(days, 8, DW_RATE_NEGATIVE_BINOMIAL);
    assert_near(effect.value, log(1.2), 1e-8);
    /* By hours measured alone, side 1 would look far worse. */
    assert_true((160 + 60) * 1.2 / 9 < (160 + 240) / 12.0);
}

/* The standard sample size for two equal groups and a difference of half (or one) standard
 * deviation: 64 (or 17) in each, Cohen 1988, table 2.4.1; also statsmodels 0.15.0 TTestIndPower. */
static void sample_size_equals_cohens_table(void **state)
{
    (void)state;
    struct dw_effect effect = {
        .known = true, .error = sqrt(2. / 10), .df = 18, .days = { 10, 10 }
    };
    long half = dw_effect_more_days(&effect, .5), whole = dw_effect_more_days(&effect, -1);
    assert_in_range(half, 2 * 63 - 20, 2 * 64 - 20);
    assert_in_range(whole, 2 * 16 - 20, 2 * 17 - 20);
    assert_int_equal(dw_effect_more_days(&effect, 10), 0);
    assert_int_equal(dw_effect_more_days(&effect, 1e-6), -1);
    effect.known = false;
    assert_int_equal(dw_effect_more_days(&effect, 1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quasi_poisson_equals_statsmodels),
        cmocka_unit_test(negative_binomial_equals_statsmodels),
        cmocka_unit_test(days_all_alike_are_believed_only_as_far_as_luck_goes),
        cmocka_unit_test(mondays_are_compared_with_mondays_only),
        cmocka_unit_test(too_little_gives_no_figure),
        cmocka_unit_test(unequal_coverage_is_taken_out),
        cmocka_unit_test(sample_size_equals_cohens_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
