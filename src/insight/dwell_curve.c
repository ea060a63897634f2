/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/dwell_curve.h"

#include <math.h>

#include "insight/zone_days.h"

#define ROUNDING 1e-9

void dw_dwell_curve_init(struct dw_dwell_curve *curve, const struct dw_dwell_hist *hist)
{
    struct dw_dwells dwells = { 0 };
    dw_dwell_spread(&dwells, hist);
    curve->visits = dwells.list.count;
    curve->steps = dw_alloc_array0(curve->visits + 1, sizeof(*curve->steps));
    curve->count = dw_stats_survival(dwells.list.items, curve->visits, curve->steps);
    dw_vec_fini(&dwells.list);
}

void dw_dwell_curve_fini(struct dw_dwell_curve *curve)
{
    free(curve->steps);
    *curve = (struct dw_dwell_curve){ 0 };
}

struct dw_estimate dw_dwell_curve_quantile(const struct dw_dwell_curve *curve, double p)
{
    if ((double)curve->visits * (1 - p) < 1 - ROUNDING)
        return (struct dw_estimate){ (double)NAN, (double)NAN, (double)NAN };
    return dw_stats_survival_quantile(curve->steps, curve->count, p);
}
