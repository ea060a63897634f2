/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include <stdlib.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "core/dwell_histogram.h"
#include "core/random.h"
#include "lib/near.h"
#include "lib/prop.h"

static void buckets_meet_and_are_a_sixteenth_wide(void **state)
{
    (void)state;
    for (int i = 0; i < DW_DWELL_BUCKETS; i++) {
        int64_t start_us = dw_dwell_bucket_start_us(i), end_us = dw_dwell_bucket_start_us(i + 1);
        assert_true(end_us > start_us);
        assert_int_equal(dw_dwell_bucket(start_us), i);
        if (i + 1 < DW_DWELL_BUCKETS)
            assert_int_equal(dw_dwell_bucket(end_us - 1), i);
        if (i > 0)
            assert_true((end_us - start_us) * 16 <= start_us);
    }
    assert_int_equal(dw_dwell_bucket(-5), 0);
    assert_int_equal(dw_dwell_bucket(INT64_MAX), DW_DWELL_BUCKETS - 1);
}

static void bounds_are_those_that_stores_hold(void **state)
{
    (void)state;
    assert_int_equal(dw_dwell_bucket_start_us(1), 65536);
    assert_int_equal(dw_dwell_bucket_start_us(17), 131072);
    assert_int_equal(dw_dwell_bucket(DW_SECOND_US), 63);
    assert_int_equal(dw_dwell_bucket_start_us(63), 983040);
    assert_int_equal(dw_dwell_bucket_start_us(DW_DWELL_BUCKETS - 1), INT64_C(1) << 37);
}

/* The same visits, one by one and in buckets. */
static void quantiles_are_within_a_bucket_of_those_of_the_visits(void **state)
{
    (void)state;
    PROP(prop, 50)
    {
        struct dw_dwell_histogram histogram = { 0 };
        struct dw_duration visits[800];
        struct dw_survival_step steps[800];
        size_t count = (size_t)prop_int(&prop, 40, 800);
        double cut_share = prop_real(&prop, 0, .3);
        for (size_t i = 0; i < count; i++) {
            double dwell_s = 8 * dw_random_factor(&prop.state, 1.2);
            visits[i] = (struct dw_duration){ dwell_s, prop_chance(&prop, cut_share) };
            dw_dwell_histogram_add(&histogram, dw_time_from_seconds(dwell_s), visits[i].cut);
        }
        dw_stats_sort(visits, count);
        size_t step_count = dw_stats_survival(visits, count, steps);
        for (double p = .25; p < .8; p += .25) {
            struct dw_estimate exact = dw_stats_survival_quantile(steps, step_count, p);
            struct dw_estimate found = dw_dwell_histogram_quantile(&histogram, p);
            prop_assert(&prop, fabs(found.value / exact.value - 1) < .1);
            prop_assert(&prop, fabs(found.low / exact.low - 1) < .1);
            prop_assert(&prop, isinf(exact.high) || fabs(found.high / exact.high - 1) < .15);
        }
    }
}

static void days_add_up(void **state)
{
    (void)state;
    struct dw_dwell_histogram monday = { 0 }, tuesday = { 0 }, both = { 0 };
    for (int i = 0; i < 100; i++) {
        int64_t dwell_us = 100000 * (i + 1);
        dw_dwell_histogram_add(i % 3 ? &monday : &tuesday, dwell_us, i % 7 == 0);
        dw_dwell_histogram_add(&both, dwell_us, i % 7 == 0);
    }
    dw_dwell_histogram_merge(&monday, &tuesday);
    assert_memory_equal(&monday, &both, sizeof(both));
}

/*
 * Life table of 20 visits in one bucket after another, half of the cut ones at risk: 1 - 5 / (20 -
 * 1), then (1 - 6 / (13 - 0.5)).
 */
static void cut_visits_count_for_half_of_their_bucket(void **state)
{
    (void)state;
    struct dw_dwell_histogram histogram = { 0 };
    struct dw_survival_step steps[DW_DWELL_BUCKETS];
    histogram.ended[50] = 5;
    histogram.cut[50] = 2;
    histogram.ended[60] = 6;
    histogram.cut[60] = 1;
    histogram.cut[70] = 6;
    assert_int_equal(dw_dwell_histogram_survival(&histogram, steps), 2);
    assert_near(steps[0].share, 1 - 5. / 19, 1e-12);
    assert_near(steps[1].share, (1 - 5. / 19) * (1 - 6. / 12.5), 1e-12);
    assert_near(steps[1].time, dw_time_to_seconds(dw_dwell_bucket_start_us(61)), 1e-12);
    assert_near(steps[1].greenwood, 5. / (19 * 14) + 6. / (12.5 * 6.5), 1e-12);
    assert_true(isinf(dw_dwell_histogram_quantile(&histogram, .9).value));
}

static void no_visits_no_quantile(void **state)
{
    (void)state;
    struct dw_dwell_histogram histogram = { 0 };
    struct dw_estimate found = dw_dwell_histogram_quantile(&histogram, .5);
    assert_true(isinf(found.value) && found.low == 0 && isinf(found.high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_meet_and_are_a_sixteenth_wide),
        cmocka_unit_test(bounds_are_those_that_stores_hold),
        cmocka_unit_test(quantiles_are_within_a_bucket_of_those_of_the_visits),
        cmocka_unit_test(days_add_up),
        cmocka_unit_test(cut_visits_count_for_half_of_their_bucket),
        cmocka_unit_test(no_visits_no_quantile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
