/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many dwell times in little room: counts in buckets whose width grows with the dwell, 16 buckets
 * to a doubling, so that a bucket is at most 1/16 of its dwell wide. Histograms of days add up to
 * those of months, and median and p90 come out of them with an error of a bucket at most. Bounds
 * are whole microseconds and the same on every machine: they may be stored. Pure.
 */
#ifndef DW_CORE_DWELL_HISTOGRAM_H
#define DW_CORE_DWELL_HISTOGRAM_H

#include <stdint.h>

#include "core/stats.h"

/* From below 2^16 us (65 ms), the first, to 2^37 us (38 hours) and more, the last. */
#define DW_DWELL_BUCKETS 338

/* The bucket of a dwell; negative dwells count as 0. */
int dw_dwell_bucket(int64_t dwell_us);

/* The shortest dwell of a bucket; of DW_DWELL_BUCKETS, where the last regular one ends. */
int64_t dw_dwell_bucket_start_us(int bucket);

struct dw_dwell_histogram {
    uint64_t ended[DW_DWELL_BUCKETS]; /* visits by their dwell */
    uint64_t cut[DW_DWELL_BUCKETS];   /* visits cut off, by how long they were seen */
};

void dw_dwell_histogram_add(struct dw_dwell_histogram *histogram, int64_t dwell_us, bool cut);
void dw_dwell_histogram_merge(struct dw_dwell_histogram *into,
                              const struct dw_dwell_histogram *from);

/*
 * The life table (Cutler and Ederer 1958): within a bucket the cut visits count as at risk for half
 * of it. Writes one step for each bucket in which visits ended, its time in seconds being the END
 * of the bucket; at most DW_DWELL_BUCKETS; returns how many. The functions of stats.h read it, with
 * quantiles rounded up to the end of a bucket; `at_risk` is rounded.
 */
size_t dw_dwell_histogram_survival(const struct dw_dwell_histogram *histogram,
                                   struct dw_survival_step steps[DW_DWELL_BUCKETS]);

/*
 * The dwell in seconds that a share `p` of visits does not exceed, and its interval as that of
 * dw_stats_survival_quantile(), each read off between the bounds of its bucket, in a straight line.
 * No visits: 0 to INFINITY.
 */
struct dw_estimate dw_dwell_histogram_quantile(const struct dw_dwell_histogram *histogram,
                                               double p);

#endif
