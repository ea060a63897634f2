/* SPDX-License-Identifier: Apache-2.0 */
#include "store/dwell_hist.h"

#define UNIT_BITS 14 /* of 16.384 ms */
#define PER_OCTAVE_BITS 5
#define PER_OCTAVE (1 << PER_OCTAVE_BITS)

int dw_dwell_bucket(int64_t dwell_us)
{
    uint64_t units = dwell_us > 0 ? (uint64_t)dwell_us >> UNIT_BITS : 0;
    if (units < PER_OCTAVE)
        return (int)units;
    int octave = 63 - __builtin_clzll(units) - PER_OCTAVE_BITS;
    int bucket = octave * PER_OCTAVE + (int)(units >> octave);
    return bucket < DW_DWELL_BUCKETS ? bucket : DW_DWELL_BUCKETS - 1;
}

int64_t dw_dwell_bucket_low_us(int bucket)
{
    if (bucket < PER_OCTAVE)
        return (int64_t)bucket << UNIT_BITS;
    int octave = bucket / PER_OCTAVE - 1;
    return (int64_t)(bucket - octave * PER_OCTAVE) << (octave + UNIT_BITS);
}

void dw_dwell_hist_add(struct dw_dwell_hist *sum, const struct dw_dwell_hist *more)
{
    for (int b = 0; b < DW_DWELL_BUCKETS; b++) {
        sum->ended[b] += more->ended[b];
        sum->cut[b] += more->cut[b];
    }
}

int64_t dw_dwell_hist_count(const struct dw_dwell_hist *hist)
{
    int64_t count = 0;
    for (int b = 0; b < DW_DWELL_BUCKETS; b++)
        count += hist->ended[b] + hist->cut[b];
    return count;
}
