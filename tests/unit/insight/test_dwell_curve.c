/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "core/median.h"
#include "insight/dwell_curve.h"
#include "lib/near.h"
#include "lib/prop.h"

enum { VISITS_MOST = 4000, DAYS = 12 };

static struct dw_duration visits[DAYS][VISITS_MOST];
static struct dw_survival_step steps[VISITS_MOST];
static double edges[DW_DWELL_BUCKETS + 1];

static double edge_s(int bucket)
{
    return dw_time_to_seconds(dw_dwell_bucket_low_us(bucket));
}

/* What a histogram stands for, visit by visit: those that ended lie evenly in their bucket, those
 * cut at its end. */
static size_t spread(struct dw_duration *out, const struct dw_dwell_hist *hist)
{
    size_t count = 0;
    for (int b = 0; b < DW_DWELL_BUCKETS; b++) {
        double low = edge_s(b), high = edge_s(b + 1);
        for (int64_t i = 0; i < hist->ended[b]; i++)
            out[count++] = (struct dw_duration){
                low + ((double)i + .5) / (double)hist->ended[b] * (high - low), false
            };
        for (int64_t i = 0; i < hist->cut[b]; i++)
            out[count++] = (struct dw_duration){ high, true };
    }
    return count;
}

static void fill(struct prop *prop, struct dw_dwell_hist *hist, size_t count, double cut_share)
{
    double low = prop_real(prop, 1, 10), high = prop_real(prop, 12, 900);
    for (size_t i = 0; i < count; i++) {
        int bucket = dw_dwell_bucket((int64_t)(1e6 * exp(prop_real(prop, log(low), log(high)))));
        (prop_chance(prop, cut_share) ? hist->cut : hist->ended)[bucket]++;
    }
}

static void prop_near(struct prop *prop, double actual, double wanted)
{
    prop_assert(prop, actual == wanted || fabs(actual - wanted) <= 1e-9 * fmax(1, fabs(wanted)));
}

static void prop_same(struct prop *prop, struct dw_estimate actual, struct dw_estimate wanted)
{
    prop_near(prop, actual.value, wanted.value);
    prop_near(prop, actual.low, wanted.low);
    prop_near(prop, actual.high, wanted.high);
}

static void prop_between(struct prop *prop, double actual, double least, double most)
{
    bool within = (actual >= least || fabs(actual - least) <= 1e-9 * fabs(least)) &&
                  (actual <= most || fabs(actual - most) <= 1e-9 * fabs(most));
    prop_assert(prop, within || (isnan(actual) && isnan(least)));
}

/* Where a bound just reaches a level, rounding decides on which step. */
static void prop_quantile(struct prop *prop, const struct dw_dwell_curve *curve, double p,
                          size_t step_count)
{
    struct dw_estimate actual = dw_dwell_curve_quantile(curve, p);
    struct dw_estimate least = dw_stats_survival_quantile(steps, step_count, p - 1e-7);
    struct dw_estimate most = dw_stats_survival_quantile(steps, step_count, p + 1e-7);
    prop_between(prop, actual.value, least.value, most.value);
    prop_between(prop, actual.low, least.low, most.low);
    prop_between(prop, actual.high, least.high, most.high);
}

struct counting {
    size_t points;
    double least;
};

static void count_point(void *context, const struct dw_survival_step *step)
{
    struct counting *counting = context;
    assert_true(step->share < counting->least);
    counting->least = step->share;
    counting->points++;
}

static void the_curve_is_that_of_the_visits_one_by_one(void **state)
{
    (void)state;
    PROP(prop, 200)
    {
        struct dw_dwell_hist hist = { 0 };
        struct dw_dwell_curve curve;
        fill(&prop, &hist, (size_t)prop_int(&prop, 20, VISITS_MOST), prop_real(&prop, 0, .3));
        size_t count = spread(visits[0], &hist);
        size_t step_count = dw_stats_survival(visits[0], count, steps);
        dw_dwell_curve_init(&curve, &hist);
        prop_assert(&prop, curve.visits == count);
        for (double p = .1; p < .95; p += .1)
            prop_quantile(&prop, &curve, p, step_count);
        for (int i = 0; i < 20; i++) {
            double at = prop_real(&prop, 0, 500);
            prop_same(&prop, dw_dwell_curve_share(&curve, at),
                      dw_stats_survival_share(steps, step_count, at));
        }
        struct counting counting = { .least = 1 };
        dw_dwell_curve_points(&curve, .01, count_point, &counting);
        prop_assert(&prop, counting.points > 0 && counting.points <= 101);
        prop_near(&prop, counting.least, steps[step_count - 1].share);
        dw_dwell_curve_fini(&curve);
    }
}

static void few_visits_have_no_quantile_and_cut_ones_an_infinite_one(void **state)
{
    (void)state;
    struct dw_dwell_hist hist = { 0 };
    assert_true(isnan(dw_dwell_hist_median(&hist).value));
    hist.ended[40] = 1;
    assert_true(isnan(dw_dwell_hist_median(&hist).value));
    hist.ended[40] = 0;
    hist.cut[40] = 3;
    assert_true(isinf(dw_dwell_hist_median(&hist).value));
}

static void days_compare_by_bins_as_visit_by_visit(void **state)
{
    (void)state;
    for (int b = 0; b <= DW_DWELL_BUCKETS; b++)
        edges[b] = edge_s(b);
    PROP(prop, 200)
    {
        static struct dw_dwell_hist hists[DAYS];
        struct dw_dwell_day one_by_one[DAYS], by_bins[DAYS];
        struct dw_quantile_difference wanted, found;
        double cut_share = prop_real(&prop, 0, .3);
        int visits_most = (int)prop_int(&prop, 1, 300);
        for (int i = 0; i < DAYS; i++) {
            hists[i] = (struct dw_dwell_hist){ 0 };
            fill(&prop, &hists[i], (size_t)prop_int(&prop, 0, visits_most), cut_share);
            size_t count = spread(visits[i], &hists[i]);
            one_by_one[i] = by_bins[i] =
                (struct dw_dwell_day){ .side = i % 2, .stratum = i / 2 % 3, .count = count };
            one_by_one[i].dwells = visits[i];
            by_bins[i].bins =
                (struct dw_dwell_bins){ edges, hists[i].ended, hists[i].cut, DW_DWELL_BUCKETS };
        }
        double p = prop_chance(&prop, .7) ? .5 : prop_real(&prop, .05, .95);
        dw_quantile_difference(&wanted, one_by_one, DAYS, p);
        dw_quantile_difference(&found, by_bins, DAYS, p);
        prop_assert(&prop, found.effect.known == wanted.effect.known);
        for (int side = 0; side < 2; side++) {
            prop_assert(&prop, found.visits[side] == wanted.visits[side]);
            prop_assert(&prop, found.effect.days[side] == wanted.effect.days[side]);
            prop_near(&prop, found.values[side], wanted.values[side]);
        }
        prop_same(
            &prop, (struct dw_estimate){ found.effect.value, found.effect.low, found.effect.high },
            (struct dw_estimate){ wanted.effect.value, wanted.effect.low, wanted.effect.high });
        prop_near(&prop, found.effect.p, wanted.effect.p);
        prop_near(&prop, found.effect.df, wanted.effect.df);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_is_that_of_the_visits_one_by_one),
        cmocka_unit_test(few_visits_have_no_quantile_and_cut_ones_an_infinite_one),
        cmocka_unit_test(days_compare_by_bins_as_visit_by_visit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
