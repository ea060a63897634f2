/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/dwell_curve.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/wall_time.h"

#define ROUNDING 1e-9
#define FEW 100 /* left: with as many the upper bound of the curve only falls */

void dw_dwell_curve_init(struct dw_dwell_curve *curve, const struct dw_dwell_hist *hist)
{
    *curve = (struct dw_dwell_curve){ .visits = (size_t)dw_dwell_hist_count(hist) };
    curve->buckets = dw_alloc_array0(DW_DWELL_BUCKETS, sizeof(*curve->buckets));
    size_t at_risk = curve->visits;
    double share = 1, greenwood = 0;
    for (int i = 0; i < DW_DWELL_BUCKETS; i++) {
        size_t ended = (size_t)hist->ended[i], left = at_risk - ended;
        double low_s = dw_time_to_seconds(dw_dwell_bucket_low_us(i));
        double high_s = dw_time_to_seconds(dw_dwell_bucket_low_us(i + 1));
        if (ended > 0) {
            curve->buckets[curve->count++] =
                (struct dw_dwell_curve_bucket){ low_s,   high_s - low_s, ended,
                                                at_risk, share,          greenwood };
            share *= (double)left / (double)at_risk;
            greenwood += left > 0 ? 1 / (double)left - 1 / (double)at_risk : (double)INFINITY;
        }
        at_risk = left - (size_t)hist->cut[i];
    }
}

void dw_dwell_curve_fini(struct dw_dwell_curve *curve)
{
    free(curve->buckets);
    *curve = (struct dw_dwell_curve){ 0 };
}

/* The step at the `number`th visit of those that ended in a bucket, from 1. With n at risk before,
 * products of (n - 1) / n and sums of 1 / (n (n - 1)) telescope. */
static struct dw_survival_step step_at(const struct dw_dwell_curve_bucket *bucket, size_t number)
{
    double n = (double)bucket->at_risk, left = (double)(bucket->at_risk - number);
    return (struct dw_survival_step){
        .time = bucket->low_s + ((double)number - .5) / (double)bucket->ended * bucket->width_s,
        .at_risk = bucket->at_risk - number + 1,
        .ended = 1,
        .share = bucket->share * (left / n),
        .greenwood = left > 0 ? bucket->greenwood + 1 / left - 1 / n : (double)INFINITY,
    };
}

enum bound { VALUE, LOW, HIGH };

static bool reaches(const struct dw_survival_step *step, enum bound bound, double level)
{
    if (bound == VALUE)
        return step->share <= level;
    struct dw_estimate share = dw_stats_survival_interval(step);
    return (bound == LOW ? share.low : share.high) <= level;
}

/* The step of a bucket at which the curve, or a bound of its interval, is lowest: the last, but for
 * an upper bound, which rises again when few are left. */
static size_t lowest_step(const struct dw_dwell_curve_bucket *bucket, enum bound bound)
{
    size_t low = 1, high = bucket->ended;
    if (bound != HIGH || bucket->at_risk - bucket->ended >= FEW)
        return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct dw_survival_step step = step_at(bucket, middle), next = step_at(bucket, middle + 1);
        if (dw_stats_survival_interval(&next).high < dw_stats_survival_interval(&step).high)
            low = middle + 1;
        else
            high = middle;
    }
    return high;
}

/* The first step of a bucket at which the curve (or a bound of its interval) is at a level or
 * below, where the step `reached` is. */
static struct dw_survival_step first_within(const struct dw_dwell_curve_bucket *bucket,
                                            enum bound bound, double level, size_t reached)
{
    size_t above = 0;
    while (reached - above > 1) {
        size_t middle = above + (reached - above) / 2;
        struct dw_survival_step step = step_at(bucket, middle);
        if (reaches(&step, bound, level))
            reached = middle;
        else
            above = middle;
    }
    return step_at(bucket, reached);
}

static double time_of(const struct dw_dwell_curve *curve, enum bound bound, double level)
{
    for (size_t i = 0; i < curve->count; i++) {
        const struct dw_dwell_curve_bucket *bucket = &curve->buckets[i];
        size_t lowest = lowest_step(bucket, bound);
        struct dw_survival_step step = step_at(bucket, lowest);
        if (reaches(&step, bound, level))
            return first_within(bucket, bound, level, lowest).time;
    }
    return (double)INFINITY;
}

struct dw_estimate dw_dwell_curve_quantile(const struct dw_dwell_curve *curve, double p)
{
    double level = 1 - p + ROUNDING;
    if ((double)curve->visits * (1 - p) < 1 - ROUNDING)
        return (struct dw_estimate){ (double)NAN, (double)NAN, (double)NAN };
    return (struct dw_estimate){ time_of(curve, VALUE, level),
                                 curve->count > 0 ? time_of(curve, LOW, level) : 0,
                                 time_of(curve, HIGH, level) };
}

struct dw_estimate dw_dwell_hist_median(const struct dw_dwell_hist *hist)
{
    struct dw_dwell_curve curve;
    dw_dwell_curve_init(&curve, hist);
    struct dw_estimate median = dw_dwell_curve_quantile(&curve, .5);
    dw_dwell_curve_fini(&curve);
    return median;
}

struct dw_estimate dw_dwell_curve_share(const struct dw_dwell_curve *curve, double seconds)
{
    for (size_t i = curve->count; i-- > 0;) {
        const struct dw_dwell_curve_bucket *bucket = &curve->buckets[i];
        double before = (seconds - bucket->low_s) / bucket->width_s * (double)bucket->ended + .5;
        if (before <= 1)
            continue;
        struct dw_survival_step step =
            step_at(bucket, (size_t)fmin(ceil(before) - 1, (double)bucket->ended));
        return dw_stats_survival_interval(&step);
    }
    return (struct dw_estimate){ 1, 0, 1 };
}

void dw_dwell_curve_points(const struct dw_dwell_curve *curve, double fall, dw_dwell_curve_fn fn,
                           void *context)
{
    double told = 1;
    for (size_t i = 0; i < curve->count; i++) {
        const struct dw_dwell_curve_bucket *bucket = &curve->buckets[i];
        struct dw_survival_step last = step_at(bucket, bucket->ended);
        while (last.share <= told - fall) {
            struct dw_survival_step step = first_within(bucket, VALUE, told - fall, bucket->ended);
            told = step.share;
            fn(context, &step);
        }
        if (i + 1 == curve->count && last.share < told)
            fn(context, &last);
    }
}
