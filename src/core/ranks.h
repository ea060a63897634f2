/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the values of one group lie higher than those of another, and by how much, without
 * asking what shape they have: ranks instead of values. Every value counts as a witness of its own
 * (logrank.h says what follows). Pure.
 */
#ifndef DW_CORE_RANKS_H
#define DW_CORE_RANKS_H

#include "core/contrast.h"
#include "core/stats.h"

struct dw_rank_test {
    bool known;
    double u;     /* pairs in which the first group's value is higher; equal ones count half */
    double share; /* u / pairs: chance that one of the first group is higher */
    double z, p;  /* normal approximation, two-sided */
    struct dw_estimate shift; /* of the first against the second group */
};

/*
 * Mann and Whitney (1947), variance corrected for ties (Lehmann 1975): n m / 12 (N + 1 - sum (t^3 -
 * t) / (N (N - 1))), with a continuity correction of 1/2. The shift is that of Hodges and Lehmann
 * (1963): the median of all n m differences; its interval of 95 % lies between the differences
 * number n m / 2 -+ 1.96 sqrt(n m (N + 1) / 12) (Hollander and Wolfe 1999, 4.3). All by counting in
 * sorted arrays: the differences are never written down. Sorts both. Not known: a group is empty or
 * all values are equal.
 */
struct dw_rank_test dw_rank_test(double *first, size_t first_count, double *second,
                                 size_t second_count);

/* A value of one side (0, 1) of a stratum (0 <= stratum < DW_STRATA_MAX). */
struct dw_rank_item {
    int stratum, side;
    double value;
};

/*
 * Whether side 1 lies higher than side 0 within strata, as in `z` and `p` of the above: aligned
 * ranks (Hodges and Lehmann 1962). Each value less the mean of its stratum, all ranked together,
 * equal ones by the middle of their ranks; the sum of side 1's has, over all ways in which the
 * values of a stratum could belong to the sides, mean sum over strata of m r' and variance sum of
 * m (N - m) / (N (N - 1)) sum (r - r')^2, with N values in the stratum, m of them of side 1, and r'
 * the mean of their ranks. Continuity correction of 1/2. Strata of one side only are left out. Not
 * known: none is left, or nothing differs within them.
 */
struct dw_aligned_ranks {
    bool known;
    double z, p;
} dw_aligned_rank_test(const struct dw_rank_item *items, size_t count);

#endif
