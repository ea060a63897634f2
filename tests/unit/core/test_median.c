/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/distribution.h"
#include "core/median.h"
#include "core/random.h"
#include "lib/near.h"

static const struct {
    int side, stratum;
    size_t count;
    struct dw_duration dwells[9];
} sample[] = {
    { 0,
      0,
      8,
      { { 4.5, 0 },
        { 20, 0 },
        { 1.5, 0 },
        { 38.5, 0 },
        { 5.5, 0 },
        { 25, 0 },
        { 26, 1 },
        { 1, 0 } } },
    { 0,
      1,
      9,
      { { 16.5, 0 },
        { 1, 0 },
        { 2, 0 },
        { 14.5, 0 },
        { 43, 0 },
        { 30.5, 0 },
        { 9, 0 },
        { 31, 1 },
        { 32.5, 0 } } },
    { 0,
      0,
      8,
      { { 1.5, 0 },
        { 42.5, 0 },
        { 9.5, 1 },
        { 39.5, 1 },
        { 12.5, 0 },
        { 3.5, 1 },
        { 1.5, 0 },
        { 34, 0 } } },
    { 0,
      1,
      8,
      { { 15.5, 0 },
        { 17.5, 0 },
        { 1, 0 },
        { 4, 0 },
        { 10.5, 0 },
        { 15.5, 0 },
        { 12.5, 0 },
        { 23, 1 } } },
    { 1, 0, 6, { { 30, 0 }, { 1, 0 }, { 16, 0 }, { 32, 0 }, { 40.5, 0 }, { 3.5, 1 } } },
    { 1,
      1,
      8,
      { { 59.5, 0 },
        { 49.5, 0 },
        { 9.5, 0 },
        { 36.5, 1 },
        { 7.5, 1 },
        { 1, 0 },
        { 60.5, 0 },
        { 19, 0 } } },
    { 1, 0, 5, { { 5, 0 }, { 4.5, 0 }, { 24, 0 }, { 7.5, 1 }, { 1.5, 0 } } },
    { 1, 1, 6, { { 2, 0 }, { 2, 0 }, { 56, 0 }, { 47, 0 }, { 3, 0 }, { 16.5, 0 } } },
};

#define DAYS DW_LENGTH(sample)

static void fill(struct dw_dwell_day days[DAYS])
{
    for (size_t i = 0; i < DAYS; i++)
        days[i] = (struct dw_dwell_day){
            sample[i].side, sample[i].stratum, sample[i].dwells, sample[i].count, NULL, { 0 }
        };
}

/*
 * Reference: the header's definition written down a second time in Python, each day's influence as
 * the numerical derivative of the curve by the day's weight (not the formula of the program) and
 * the t quantile by integrating its density.
 */
static void difference_equals_the_numerical_reference(void **state)
{
    (void)state;
    struct dw_dwell_day days[DAYS];
    struct dw_quantile_difference found;
    fill(days);
    dw_quantile_difference(&found, days, DAYS, .5);
    assert_near(found.values[0], 15.405385129980951, 1e-9);
    assert_near(found.values[1], 19.61841556317147, 1e-9);
    assert_int_equal(found.visits[0], 33);
    assert_int_equal(found.visits[1], 25);
    assert_true(found.effect.known);
    assert_near(found.effect.value, 4.21303043319052, 1e-9);
    assert_near(found.effect.df, 4, 0);
    assert_near(found.effect.low, -12.577804031335416, 1e-5);
    assert_near(found.effect.high, 23.975484187037452, 1e-5);
    assert_true(found.effect.p > .2);
}

static void p_is_five_percent_where_the_interval_touches_zero(void **state)
{
    (void)state;
    struct dw_duration values[40][50];
    struct dw_dwell_day days[40];
    uint64_t random = 3;
    for (int day = 0; day < 40; day++) {
        for (int i = 0; i < 50; i++)
            values[day][i] =
                (struct dw_duration){ (day % 2 ? 11 : 10) * dw_random_factor(&random, 1),
                                      i % 10 == 0 };
        days[day] = (struct dw_dwell_day){ day % 2, day / 2 % 7, values[day], 50, NULL, { 0 } };
    }
    struct dw_quantile_difference found;
    dw_quantile_difference(&found, days, 40, .5);
    bool outside = found.effect.low > 0 || found.effect.high < 0;
    assert_int_equal(outside, found.effect.p < .05);
    /* Moved so that the interval just touches 0, p is 5 %. */
    double by = found.effect.low;
    for (int day = 1; day < 40; day += 2)
        for (int i = 0; i < 50; i++)
            values[day][i].value -= by;
    dw_quantile_difference(&found, days, 40, .5);
    assert_near(found.effect.low, 0, 1e-9);
    assert_near(found.effect.p, .05, .01);
}

/* 101 uncut visits, each a day of its own: the share below the median is spread like a binomial. */
static void single_visits_give_the_interval_of_order_statistics(void **state)
{
    (void)state;
    struct dw_duration values[202];
    struct dw_dwell_day days[202];
    for (int i = 0; i < 202; i++) {
        values[i] = (struct dw_duration){ i % 101 + (i < 101 ? 0 : 1000), false };
        days[i] = (struct dw_dwell_day){ i < 101 ? 0 : 1, 0, &values[i], 1, NULL, { 0 } };
    }
    struct dw_quantile_difference found;
    dw_quantile_difference(&found, days, 202, .5);
    assert_near(found.effect.value, 1000, 0);
    assert_near(found.effect.df, 200, 1e-6);
    /* sqrt(101 / 4) * 1.97 = 9.9 ranks to either side, on both sides together sqrt 2 times that. */
    assert_near(found.effect.high - 1000, 9.9 * M_SQRT2, 1.5);
    assert_near(1000 - found.effect.low, 9.9 * M_SQRT2, 1.5);
    assert_near(found.effect.p, 0, 1e-12);
}

/* Side 1 has far more Saturdays, when people stay longer; within each weekday nothing differs. */
static void weekdays_are_matched(void **state)
{
    (void)state;
    static const int strata[12] = { 0, 0, 0, 0, 5, 5, 0, 0, 5, 5, 5, 5 };
    struct dw_duration values[12][60];
    struct dw_dwell_day days[13];
    for (int day = 0; day < 12; day++) {
        for (int i = 0; i < 60; i++)
            values[day][i] = (struct dw_duration){ (strata[day] == 5 ? 20 : 5) + i, false };
        days[day] = (struct dw_dwell_day){ day / 6, strata[day], values[day], 60, NULL, { 0 } };
    }
    days[12] = (struct dw_dwell_day){
        1, 6, values[0], 60, NULL, { 0 }
    }; /* no such day on the other side */
    struct dw_quantile_difference found;
    dw_quantile_difference(&found, days, 13, .5);
    assert_near(found.effect.value, 0, 1.01);
    assert_int_equal(found.visits[1], 360);
    assert_int_equal(found.effect.days[1], 6);
}

/* Weighing a visit twice is having it twice, and weighing it 0 not having it. */
static void weights_stand_for_visits(void **state)
{
    (void)state;
    static const double by[9] = { 2, 0, 1, 1, 2, 1, 0, 1, 1 };
    struct dw_dwell_day weighed[DAYS], copied[DAYS];
    struct dw_duration copies[DAYS][18];
    struct dw_quantile_difference with, without;
    fill(weighed);
    fill(copied);
    for (size_t i = 0; i < DAYS; i++) {
        weighed[i].weights = by;
        copied[i].dwells = copies[i];
        copied[i].count = 0;
        for (size_t k = 0; k < weighed[i].count; k++)
            for (int times = 0; times < (int)by[k]; times++)
                copies[i][copied[i].count++] = weighed[i].dwells[k];
    }
    dw_quantile_difference(&with, weighed, DAYS, .5);
    dw_quantile_difference(&without, copied, DAYS, .5);
    assert_near(with.values[0], without.values[0], 1e-9);
    assert_near(with.values[1], without.values[1], 1e-9);
}

static void a_days_quantile_lies_straight_within_its_bin(void **state)
{
    (void)state;
    static const double edges[] = { 0, 2, 4, 8 };
    static const int64_t ended[] = { 1, 2, 1 }, cut[] = { 0, 0, 0 }, all_cut[] = { 4, 0, 0 };
    static const struct dw_duration four[] = {
        { 7, false }, { 1, false }, { 3, false }, { 3, false }
    };
    struct dw_dwell_day day = { .count = 4, .bins = { edges, ended, cut, 3 } };
    assert_near(dw_day_quantile(&day, .5), 3, 1e-12);  /* half of the second bin's two */
    assert_near(dw_day_quantile(&day, .25), 2, 1e-12); /* all of the first bin's one */
    assert_near(dw_day_quantile(&day, .875), 6, 1e-12);
    day.bins.ended = cut, day.bins.cut = all_cut;
    assert_true(isinf(dw_day_quantile(&day, .5)));
    day = (struct dw_dwell_day){ .dwells = four, .count = 4 };
    assert_near(dw_day_quantile(&day, .5), 3, 1e-12);
    day.count = 0;
    assert_true(isnan(dw_day_quantile(&day, .5)));
}

static void too_little_gives_no_figure(void **state)
{
    (void)state;
    static const struct dw_duration cut[] = { { 1, true }, { 2, true }, { 3, true } };
    static const struct dw_duration one = { 1, false };
    const struct dw_dwell_day few[] = { { 0, 0, &one, 1, NULL, { 0 } },
                                        { 1, 0, &one, 1, NULL, { 0 } } };
    const struct dw_dwell_day cuts[] = { { 0, 0, cut, 3, NULL, { 0 } },
                                         { 0, 0, cut, 3, NULL, { 0 } },
                                         { 1, 0, &one, 1, NULL, { 0 } },
                                         { 1, 0, &one, 1, NULL, { 0 } } };
    struct dw_quantile_difference found;
    dw_quantile_difference(&found, NULL, 0, .5);
    assert_false(found.effect.known);
    dw_quantile_difference(&found, few, 2, .5);
    assert_false(found.effect.known);
    dw_quantile_difference(&found, cuts, 4, .5);
    assert_false(found.effect.known);
    assert_true(isinf(found.values[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(difference_equals_the_numerical_reference),
        cmocka_unit_test(p_is_five_percent_where_the_interval_touches_zero),
        cmocka_unit_test(single_visits_give_the_interval_of_order_statistics),
        cmocka_unit_test(weekdays_are_matched),
        cmocka_unit_test(weights_stand_for_visits),
        cmocka_unit_test(a_days_quantile_lies_straight_within_its_bin),
        cmocka_unit_test(too_little_gives_no_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
