/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures about how long people stayed, when some stays were cut off and are known only as "at
 * least this long". Pure: the caller brings every array. The unit of the values is the caller's.
 * docs/figures.md states each formula for users.
 */
#ifndef DW_CORE_STATS_H
#define DW_CORE_STATS_H

#include <stdbool.h>
#include <stddef.h>

/* The standard normal quantile of a two-sided interval of 95 %. */
#define DW_STATS_Z95 1.959963984540054

/* A duration; `cut`: the true one is this or longer (right-censored). */
struct dw_duration {
    double value;
    bool cut;
};

/* The survival curve S(t) from this time on: the estimated share that stays longer than t. */
struct dw_survival_step {
    double time;
    size_t at_risk;   /* known to have lasted until this time */
    size_t ended;     /* ended at it */
    double share;     /* S(time), Kaplan-Meier's product-limit estimate */
    double greenwood; /* sum of d / (n (n - d)) up to here; INFINITY once the share is 0 */
};

/* A figure with its interval of 95 %. INFINITY: beyond the longest duration seen to end. */
struct dw_estimate {
    double value, low, high;
};

/* Shortest first; at equal values those that ended come before those cut. */
void dw_stats_sort(struct dw_duration *durations, size_t count);

/*
 * Kaplan and Meier (1958) from sorted durations. Writes one step for each distinct time at which a
 * stay ended, at most `count`, and returns how many.
 */
size_t dw_stats_survival(const struct dw_duration *sorted, size_t count,
                         struct dw_survival_step *steps);

/* The share at a step with its interval, symmetric for log(-log S) so that it stays within 0..1. */
struct dw_estimate dw_stats_survival_interval(const struct dw_survival_step *step);

/*
 * The duration that a share `p` (0 < p < 1) of stays does not exceed: the first time at which S is
 * 1 - p or less. The interval is that of Brookmeyer and Crowley (1982): all times at which the
 * log-log interval of S (Greenwood's variance) holds 1 - p. No steps: 0 to INFINITY.
 */
struct dw_estimate dw_stats_survival_quantile(const struct dw_survival_step *steps, size_t count,
                                              double p);

/* The median of durations in any order, by both of the above; sorts them. */
struct dw_estimate dw_stats_survival_median(struct dw_duration *durations, size_t count);

/* The share that lasts `time` or longer, with its log-log interval. No steps: 1, 0 to 1. */
struct dw_estimate dw_stats_survival_share(const struct dw_survival_step *steps, size_t count,
                                           double time);

/*
 * Quantile of sorted, uncut values, p in 0..1: definition 7 of Hyndman and Fan (1996), linear
 * between order statistics (the default of R and NumPy). 0 when count is 0.
 */
double dw_stats_quantile(const struct dw_duration *sorted, size_t count, double p);

/* Arithmetic mean; 0 when count is 0. */
double dw_stats_mean(const struct dw_duration *durations, size_t count);

/* hits / count with Wilson's score interval (1927). Count 0: 0, 0 to 1. */
struct dw_estimate dw_stats_share(size_t hits, size_t count);

#endif
