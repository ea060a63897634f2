/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/stats.h"

/*
 * Weeks in remission under 6-mercaptopurine: the classic of survival analysis (Freireich and
 * others, 1963), printed with its Kaplan-Meier table in most textbooks.
 */
static const struct dw_duration remission[] = {
    { 6, true },  { 6, false },  { 6, false },  { 6, false },  { 7, false },  { 9, true },
    { 10, true }, { 10, false }, { 11, true },  { 13, false }, { 16, false }, { 17, true },
    { 19, true }, { 20, true },  { 22, false }, { 23, false }, { 25, true },  { 32, true },
    { 32, true }, { 34, true },  { 35, true },
};

#define REMISSION_COUNT DW_LENGTH(remission)

static void assert_near(double actual, double wanted, double tolerance)
{
    if (!(fabs(actual - wanted) <= tolerance))
        fail_msg("%.9g is not within %g of %.9g", actual, tolerance, wanted);
}

static size_t remission_curve(struct dw_survival_step steps[REMISSION_COUNT])
{
    struct dw_duration sorted[REMISSION_COUNT];
    for (size_t i = 0; i < REMISSION_COUNT; i++)
        sorted[i] = remission[REMISSION_COUNT - 1 - i];
    dw_stats_sort(sorted, REMISSION_COUNT);
    return dw_stats_survival(sorted, REMISSION_COUNT, steps);
}

static void survival_curve_equals_the_textbook_table(void **state)
{
    (void)state;
    static const struct {
        double time;
        size_t at_risk, ended;
        double share, error;
    } table[] = {
        { 6, 21, 3, .8571, .0764 },  { 7, 17, 1, .8067, .0869 },  { 10, 15, 1, .7529, .0963 },
        { 13, 12, 1, .6902, .1068 }, { 16, 11, 1, .6275, .1141 }, { 22, 7, 1, .5378, .1282 },
        { 23, 6, 1, .4482, .1346 },
    };
    struct dw_survival_step steps[REMISSION_COUNT];
    assert_int_equal(remission_curve(steps), DW_LENGTH(table));
    for (size_t i = 0; i < DW_LENGTH(table); i++) {
        assert_near(steps[i].time, table[i].time, 0);
        assert_int_equal(steps[i].at_risk, table[i].at_risk);
        assert_int_equal(steps[i].ended, table[i].ended);
        assert_near(steps[i].share, table[i].share, 5e-5);
        assert_near(steps[i].share * sqrt(steps[i].greenwood), table[i].error, 5e-5);
    }
}

static void survival_quantiles_equal_the_textbook(void **state)
{
    (void)state;
    struct dw_survival_step steps[REMISSION_COUNT];
    size_t count = remission_curve(steps);
    struct dw_estimate median = dw_stats_survival_quantile(steps, count, 0.5);
    assert_near(median.value, 23, 0);
    assert_near(median.low, 13, 0);
    assert_true(isinf(median.high));
    struct dw_estimate quarter = dw_stats_survival_quantile(steps, count, 0.25);
    assert_near(quarter.value, 13, 0);
    assert_near(quarter.low, 6, 0);
    assert_near(quarter.high, 22, 0);
    assert_true(isinf(dw_stats_survival_quantile(steps, count, 0.75).value));
}

static void survival_share_counts_a_stay_of_exactly_that_time(void **state)
{
    (void)state;
    struct dw_survival_step steps[REMISSION_COUNT];
    size_t count = remission_curve(steps);
    assert_near(dw_stats_survival_share(steps, count, 6).value, 1, 0);
    struct dw_estimate share = dw_stats_survival_share(steps, count, 7);
    assert_near(share.value, .8571, 5e-5);
    assert_near(share.low, .6197, 5e-5);
    assert_near(share.high, .9516, 5e-5);
    assert_near(dw_stats_survival_share(steps, count, 1000).value, .4482, 5e-5);
}

static void cutting_the_longest_stay_leaves_the_median_and_hides_the_end(void **state)
{
    (void)state;
    struct dw_duration whole[] = { { 2, false }, { 4, false }, { 6, false }, { 8, false } };
    struct dw_duration cut[] = { { 2, false }, { 4, false }, { 6, false }, { 8, true } };
    struct dw_survival_step steps[4];
    size_t count = dw_stats_survival(whole, 4, steps);
    assert_near(dw_stats_survival_quantile(steps, count, .5).value, 4, 0);
    assert_near(dw_stats_survival_quantile(steps, count, .9).value, 8, 0);
    assert_near(steps[count - 1].share, 0, 0);
    count = dw_stats_survival(cut, 4, steps);
    assert_near(dw_stats_survival_quantile(steps, count, .5).value, 4, 0);
    assert_true(isinf(dw_stats_survival_quantile(steps, count, .9).value));
}

static void nothing_measured_gives_no_false_figure(void **state)
{
    (void)state;
    struct dw_duration cut[] = { { 5, true } };
    struct dw_survival_step steps[1];
    assert_int_equal(dw_stats_survival(NULL, 0, steps), 0);
    assert_int_equal(dw_stats_survival(cut, 1, steps), 0);
    struct dw_estimate median = dw_stats_survival_quantile(steps, 0, .5);
    assert_true(isinf(median.value) && isinf(median.high));
    assert_near(median.low, 0, 0);
    struct dw_estimate share = dw_stats_share(0, 0);
    assert_near(share.value, 0, 0);
    assert_near(share.high - share.low, 1, 0);
    assert_near(dw_stats_quantile(NULL, 0, .5), 0, 0);
    assert_near(dw_stats_mean(NULL, 0), 0, 0);
}

static void quantile_is_type_seven_of_hyndman_and_fan(void **state)
{
    (void)state;
    struct dw_duration values[] = {
        { 15, false }, { 20, false }, { 35, false }, { 40, false }, { 50, false }
    };
    assert_near(dw_stats_quantile(values, 5, 0), 15, 0);
    assert_near(dw_stats_quantile(values, 5, .4), 29, 1e-9);
    assert_near(dw_stats_quantile(values, 5, .5), 35, 0);
    assert_near(dw_stats_quantile(values, 5, .9), 46, 1e-9);
    assert_near(dw_stats_quantile(values, 5, 1), 50, 0);
    assert_near(dw_stats_quantile(values, 4, .5), 27.5, 1e-9);
    assert_near(dw_stats_quantile(values, 1, .9), 15, 0);
    assert_near(dw_stats_mean(values, 5), 32, 1e-9);
}

static void wilson_interval_equals_published_cases(void **state)
{
    (void)state;
    /* Newcombe (1998), table I, method 3: 81/263, 15/148, 0/20, 1/29. */
    static const struct {
        size_t hits, count;
        double low, high;
    } cases[] = { { 81, 263, .2553, .3662 },
                  { 15, 148, .0624, .1605 },
                  { 0, 20, 0, .1611 },
                  { 1, 29, .0061, .1718 },
                  { 29, 29, .8830, 1 } };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_estimate share = dw_stats_share(cases[i].hits, cases[i].count);
        assert_near(share.low, cases[i].low, 5e-5);
        assert_near(share.high, cases[i].high, 5e-5);
    }
}

static void uncut_survival_is_the_plain_share(void **state)
{
    (void)state;
    struct dw_duration values[50];
    for (size_t i = 0; i < 50; i++)
        values[i] = (struct dw_duration){ (double)((i * 37) % 50 / 2), false };
    dw_stats_sort(values, 50);
    struct dw_survival_step steps[50];
    size_t count = dw_stats_survival(values, 50, steps);
    assert_int_equal(count, 25);
    for (size_t i = 0; i < count; i++) {
        size_t longer = 0;
        for (size_t k = 0; k < 50; k++)
            longer += values[k].value > steps[i].time;
        assert_near(steps[i].share, (double)longer / 50, 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survival_curve_equals_the_textbook_table),
        cmocka_unit_test(survival_quantiles_equal_the_textbook),
        cmocka_unit_test(survival_share_counts_a_stay_of_exactly_that_time),
        cmocka_unit_test(cutting_the_longest_stay_leaves_the_median_and_hides_the_end),
        cmocka_unit_test(nothing_measured_gives_no_false_figure),
        cmocka_unit_test(quantile_is_type_seven_of_hyndman_and_fan),
        cmocka_unit_test(wilson_interval_equals_published_cases),
        cmocka_unit_test(uncut_survival_is_the_plain_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
