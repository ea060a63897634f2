/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/stats.h"
#include "lib/prop.h"
#include "store/dwell_hist.h"

static void every_dwell_lies_in_its_bucket_and_buckets_are_narrow(void **state)
{
    (void)state;
    for (int b = 0; b < DW_DWELL_BUCKETS; b++) {
        int64_t low_us = dw_dwell_bucket_low_us(b), high_us = dw_dwell_bucket_low_us(b + 1);
        assert_int_equal(dw_dwell_bucket(low_us), b);
        assert_int_equal(dw_dwell_bucket(high_us - 1), b);
        if (low_us > 600000)
            assert_true((double)(high_us - low_us) <= (double)low_us / 32);
    }
    assert_int_equal(dw_dwell_bucket(-5), 0);
    assert_int_equal(dw_dwell_bucket(INT64_MAX), DW_DWELL_BUCKETS - 1);
    assert_true(dw_dwell_bucket_low_us(DW_DWELL_BUCKETS) > INT64_C(38) * 3600 * 1000000);
}

static void no_visits_have_no_quantile(void **state)
{
    (void)state;
    struct dw_dwell_hist none = { 0 };
    assert_true(isnan(dw_dwell_hist_quantile(&none, .5)));
    none.cut[40] = 3;
    assert_true(isinf(dw_dwell_hist_quantile(&none, .5)));
}

/* Against the estimate from the visits themselves: within the width of a bucket. */
static void quantiles_agree_with_those_of_the_visits(void **state)
{
    (void)state;
    static struct dw_duration visits[2000];
    static struct dw_survival_step steps[2000];
    PROP(prop, 200)
    {
        struct dw_dwell_hist hist = { 0 };
        size_t count = (size_t)prop_int(&prop, 500, 2000);
        double cut_share = prop_real(&prop, 0, .4);
        for (size_t i = 0; i < count; i++) {
            double dwell_us = exp(prop_real(&prop, log(2e6), log(6e8)));
            visits[i] = (struct dw_duration){ floor(dwell_us), prop_chance(&prop, cut_share) };
            int bucket = dw_dwell_bucket((int64_t)visits[i].value);
            (visits[i].cut ? hist.cut : hist.ended)[bucket]++;
        }
        dw_stats_sort(visits, count);
        size_t step_count = dw_stats_survival(visits, count, steps);
        for (double p = .25; p < .9; p += .25) {
            double exact = dw_stats_survival_quantile(steps, step_count, p).value;
            double rough = dw_dwell_hist_quantile(&hist, p);
            prop_assert(&prop, isinf(exact) == isinf(rough));
            prop_assert(&prop, isinf(exact) || fabs(rough / exact - 1) < .035);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dwell_lies_in_its_bucket_and_buckets_are_narrow),
        cmocka_unit_test(no_visits_have_no_quantile),
        cmocka_unit_test(quantiles_agree_with_those_of_the_visits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
