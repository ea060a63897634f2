/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether two groups of visits lasted differently long, over the whole length of the curve, some
 * visits being cut off. Every visit counts as a witness of its own: where visits of one day are
 * alike, p is too small, and core/median.h is the comparison to believe. Pure.
 */
#ifndef DW_CORE_LOGRANK_H
#define DW_CORE_LOGRANK_H

#include "core/stats.h"

struct dw_logrank_item {
    int stratum; /* compared within it only: hour of the week, for instance */
    int side;    /* 0 or 1 */
    struct dw_duration duration;
};

struct dw_logrank {
    bool known;
    double observed[2], expected[2]; /* visits that ended */
    double variance;                 /* of observed - expected */
    double chi_square, p;            /* one degree of freedom */
};

/*
 * Mantel (1966): at each time t at which a visit ends, with d ends among n visits known to have
 * lasted until t, n0 of side 0: expected += d n0 / n, variance += d (n - d) n0 (n - n0) / (n^2 (n -
 * 1)), each summed over times and strata; chi-square = (observed - expected)^2 / variance. Sorts
 * the items. Not known: no time with both sides present.
 */
struct dw_logrank dw_logrank_test(struct dw_logrank_item *items, size_t count);

#endif
