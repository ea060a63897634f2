/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The difference between two sides (promotion on and off, this month and last) of a figure that
 * each day has one value of, days being compared within strata only: Mondays with Mondays. The
 * workhorse below rate.h and proportion.h, and what they report. Pure; values are the caller's.
 */
#ifndef DW_CORE_CONTRAST_H
#define DW_CORE_CONTRAST_H

#include <stdbool.h>
#include <stddef.h>

/* Strata are numbered from 0: as many as a week has hours. */
#define DW_STRATA_MAX 168

/* Sides: 0 is what is compared with, 1 is what is compared. */
struct dw_contrast_day {
    int side, stratum;
    double value, weight; /* weight 0: not measured, left out */
};

struct dw_contrast {
    double difference;  /* of side 1 to side 0 */
    double information; /* 1 / variance of it, when the weights are 1 / variance of the values */
    size_t days[2];     /* in matched strata */
    double df;          /* matched days - matched strata - 1; 0 or less: nothing can be said */
    bool matched[DW_STRATA_MAX]; /* has days on both sides */
    double level[DW_STRATA_MAX]; /* of side 0 in each stratum that has days */
};

/*
 * Weighted least squares of value = level(stratum) + difference * side. With x the side and means
 * within strata weighted,
 *
 *     information = sum w (x - mean x)^2,   difference = sum w (x - mean x) value / information.
 *
 * A stratum with days on one side only tells nothing and is left out by itself.
 */
void dw_contrast_fit(struct dw_contrast *out, const struct dw_contrast_day *days, size_t count);

/*
 * A difference with its interval of 95 % and two-sided p, by Student's t. `error`: its standard
 * error. Not known (too few days, or nothing counted on a side): everything else is 0.
 */
struct dw_effect {
    bool known;
    double value, error, low, high, p, df;
    double dispersion; /* as the function that made it says */
    size_t days[2];
};

/*
 * Days may by luck be more alike than chance arrivals are: the dispersion (Pearson's statistic /
 * df) is then below 1, and to take it for 1 would make intervals too wide (3 % instead of 5 % of
 * false alarms with 12 days). But counts are whole numbers, and a few days may even be equal. So it
 * is believed down to what luck does in one of ten cases: the 10 % quantile of chi-square / df, by
 * Wilson and Hilferty (1931).
 */
double dw_dispersion_least(double df);

struct dw_effect dw_effect_of(const struct dw_contrast *contrast, double error);

/*
 * How many more days, with the sides in the same proportion, until a true difference of `change`
 * would be found in 8 of 10 cases at the level of 5 %: the error shrinks with the square root of
 * the days, and n is the first for which change >= (t(0.025) + t(0.2)) * error(n), the usual
 * sample size with t instead of normal quantiles. 0: as many as there are do. -1: not known, or
 * beyond ten years.
 */
long dw_effect_more_days(const struct dw_effect *effect, double change);

#endif
