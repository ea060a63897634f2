/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many of a zone's visits were still there after each time, from the histogram that the store
 * keeps of them: the curve of Kaplan and Meier, visits taken to lie evenly in their bucket. Within
 * a bucket nobody is cut off, so that any of its steps follows from the bucket's first: a curve of
 * millions of visits costs what its buckets do. All zero is the curve of no visit; free with
 * dw_dwell_curve_fini(). One thread at a time.
 */
#ifndef DW_INSIGHT_DWELL_CURVE_H
#define DW_INSIGHT_DWELL_CURVE_H

#include "core/stats.h"
#include "store/dwell_hist.h"

/* A bucket in which visits ended, and the curve before it. */
struct dw_dwell_curve_bucket {
    double low_s, width_s;
    size_t ended, at_risk;
    double share, greenwood;
};

struct dw_dwell_curve {
    struct dw_dwell_curve_bucket *buckets;
    size_t count;
    size_t visits;
};

void dw_dwell_curve_init(struct dw_dwell_curve *curve, const struct dw_dwell_hist *hist);
void dw_dwell_curve_fini(struct dw_dwell_curve *curve);

/*
 * In seconds, with the interval of Brookmeyer and Crowley (core/stats.h). NAN: so few visits that
 * less than one is expected beyond it (2 for a median, 4 for p75, 10 for p90).
 */
struct dw_estimate dw_dwell_curve_quantile(const struct dw_dwell_curve *curve, double p);

/* The median of a histogram alone, as above. */
struct dw_estimate dw_dwell_hist_median(const struct dw_dwell_hist *hist);

/* The share of visits that last so long or longer, as dw_stats_survival_share() has it. */
struct dw_estimate dw_dwell_curve_share(const struct dw_dwell_curve *curve, double seconds);

/*
 * Points to draw the curve by: calls `fn` for the first step at which the share has fallen by
 * `fall` since the one before, and for the last.
 */
typedef void (*dw_dwell_curve_fn)(void *context, const struct dw_survival_step *step);
void dw_dwell_curve_points(const struct dw_dwell_curve *curve, double fall, dw_dwell_curve_fn fn,
                           void *context);

#endif
