/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a larger share of people stopped: the difference of two shares, from days that differ
 * more from each other than chance would. A day is the unit, as in rate.h. Pure.
 */
#ifndef DW_CORE_PROPORTION_H
#define DW_CORE_PROPORTION_H

#include "core/contrast.h"

/* `hits` of `count` people stopped; count 0: a day that says nothing. */
struct dw_share_day {
    int side, stratum;
    double hits, count;
};

/*
 * share = level(stratum) + effect * side by weighted least squares, with the variance of a day's
 * share p (1 - p) (1 + (count - 1) rho) / count (Williams 1982, model II, with the identity instead
 * of the logit link so that the effect is a difference of shares). p is that of the day's side; rho
 * is such that Pearson's statistic equals df = days - strata - 1; where days are more alike than
 * that, rho is 0 and the variance shrinks (dw_dispersion_least()). `dispersion` is rho. Where
 * nobody or everybody stopped on both sides there is no spread to judge by: not known.
 */
struct dw_effect dw_share_difference(const struct dw_share_day *days, size_t count);

#endif
