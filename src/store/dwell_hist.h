/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long visits lasted, as counts in buckets, so that a median over two years needs no visit.
 * Visits that were cut off, whose true dwell is the bucket's or longer, are counted apart: the
 * estimate of Kaplan and Meier can be computed from the buckets.
 *
 * Buckets are log-linear, as in Tene's HdrHistogram: 32 equal ones for each doubling of the dwell,
 * and 32 of 16.4 ms below half a second. From there on a bucket is 1/32 to 1/64 of its dwell wide;
 * its middle is at most 1.6 % wrong. Integers only: every machine has the same buckets. Pure.
 */
#ifndef DW_STORE_DWELL_HIST_H
#define DW_STORE_DWELL_HIST_H

#include <stdint.h>

#define DW_DWELL_BUCKETS 608 /* the last ends after 38 h and takes whatever is longer */

/* Visits by bucket of dwell; all zero is empty. `cut`: a lower bound, at either end of the visit.
 * Signed 64 bits so that histograms can be added and subtracted freely. */
struct dw_dwell_hist {
    int64_t ended[DW_DWELL_BUCKETS];
    int64_t cut[DW_DWELL_BUCKETS];
};

/* The bucket of a dwell; negative ones count as 0. */
int dw_dwell_bucket(int64_t dwell_us);

/* Bucket b holds dwells of low(b) <= dwell < low(b + 1); b up to DW_DWELL_BUCKETS. */
int64_t dw_dwell_bucket_low_us(int bucket);

void dw_dwell_hist_add(struct dw_dwell_hist *sum, const struct dw_dwell_hist *more);

/* Visits in it, cut ones too. */
int64_t dw_dwell_hist_count(const struct dw_dwell_hist *hist);

#endif
