/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether people stayed longer: the difference of two medians (or other quantiles) of dwell, some
 * visits being cut off, from days whose visits are more alike than chance. A day is the unit, as in
 * rate.h. Pure.
 */
#ifndef DW_CORE_MEDIAN_H
#define DW_CORE_MEDIAN_H

#include <stdint.h>

#include "core/contrast.h"
#include "core/stats.h"

/* How many dwells there are in each bin instead of the dwells: those that ended are taken to lie
 * evenly in their bin, those cut at its end. */
struct dw_dwell_bins {
    const double *edges; /* count + 1, rising; NULL: there are no bins */
    const int64_t *ended, *cut;
    size_t count;
};

struct dw_dwell_day {
    int side, stratum;
    const struct dw_duration *dwells; /* any order, any unit */
    size_t count;
    const double *weights;     /* of each; 0: left out. NULL: 1 */
    struct dw_dwell_bins bins; /* instead of the dwells: of all days or none, of the same edges; a
                                  comparison then costs what bins do, however many visits */
};

struct dw_quantile_difference {
    struct dw_effect effect; /* of side 1 to side 0; low or high may be infinite; dispersion: 0 */
    double values[2];        /* of the sides; INFINITY: not reached, so many were cut */
    size_t visits[2];        /* in matched strata */
};

/*
 * The quantile of share `p` (0 < p < 1; 0.5: the median) of each side and their difference.
 *
 * - Matching: strata with visits on one side only are left out; in each of the others the visits of
 *   a side are weighted so that the stratum has the same share of both sides (that of both
 *   together), on top of the weights they come with. Of a balanced design the weights are close to
 *   1.
 * - Quantile: where the weighted curve of Kaplan and Meier (1958) F(t) = 1 - S(t) reaches p, taken
 *   to run straight between the middles of its steps (Hazen's definition, the fifth of Hyndman and
 *   Fan 1996, when no visit is cut).
 * - Variance of F there, by day: the derivative of F(t) by the weight of each day (infinitesimal
 *   jackknife). With Y(u) the weight at risk and dN(u) that which ends, a visit of weight w seen
 *   until T adds S(t) w [ended(T <= t) / (Y(T) - dN(T)) - sum over ends u <= min(T, t) of dN(u) /
 *   (Y(u) (Y(u) - dN(u)))] to its day; the variance is that between days of a stratum, sum over
 *   strata of n / (n - 1) sum (day - mean)^2 (Williams 1995; Ying and Wei 1994 for the survival of
 *   related subjects). Strata of a side with one day only are taken together. How many times that
 *   is the variance chance alone would give (p (1 - p) sum w^2 / (sum w)^2) is averaged over both
 *   sides by their degrees of freedom, which then add up: a side alone has too few days to tell.
 * - Interval of each quantile: where F reaches p -+ t se (Woodruff 1952); of the difference: MOVER,
 *   difference - sqrt((m1 - low1)^2 + (high0 - m0)^2) and likewise upwards (Zou and Donner 2008),
 *   with t of the degrees of freedom of both sides. p is the level at which this interval begins to
 *   hold 0. `error` is half the interval's length / t.
 *
 * Not known: fewer than two days of visits to a side, all visits of a side equally long, or a
 * quantile that was not reached.
 */
void dw_quantile_difference(struct dw_quantile_difference *out, const struct dw_dwell_day *days,
                            size_t count, double p);

/* The quantile of one day alone, weighted, within a bin straight from edge to edge. NAN: no visits;
 * INFINITY: not reached. */
double dw_day_quantile(const struct dw_dwell_day *day, double p);

#endif
