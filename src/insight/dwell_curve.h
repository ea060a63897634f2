/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many of a zone's visits were still there after each time, from the histogram that the store
 * keeps of them: the curve of Kaplan and Meier, visits taken to lie evenly in their bucket. All
 * zero is the curve of no visit; free with dw_dwell_curve_fini(). One thread at a time.
 */
#ifndef DW_INSIGHT_DWELL_CURVE_H
#define DW_INSIGHT_DWELL_CURVE_H

#include "core/stats.h"
#include "store/dwell_hist.h"

struct dw_dwell_curve {
    struct dw_survival_step *steps; /* times in seconds */
    size_t count, visits;
};

void dw_dwell_curve_init(struct dw_dwell_curve *curve, const struct dw_dwell_hist *hist);
void dw_dwell_curve_fini(struct dw_dwell_curve *curve);

/*
 * In seconds, with the interval of Brookmeyer and Crowley (core/stats.h). NAN: so few visits that
 * less than one is expected beyond it (2 for a median, 4 for p75, 10 for p90).
 */
struct dw_estimate dw_dwell_curve_quantile(const struct dw_dwell_curve *curve, double p);

#endif
