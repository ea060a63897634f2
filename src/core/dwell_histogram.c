/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dwell_histogram.h"

#include <math.h>

#include "base/macros.h"
#include "base/wall_time.h"

#define FIRST_BITS 16 /* 2^16 us is the first bound */
#define PART_BITS 4   /* 2^4 buckets to a doubling */
#define PARTS (1 << PART_BITS)

int dw_dwell_bucket(int64_t dwell_us)
{
    if (dwell_us < INT64_C(1) << FIRST_BITS)
        return 0;
    int doubling = 63 - __builtin_clzll((unsigned long long)dwell_us);
    int part = (int)(dwell_us >> (doubling - PART_BITS)) - PARTS;
    int bucket = 1 + (doubling - FIRST_BITS) * PARTS + part;
    return DW_MIN(bucket, DW_DWELL_BUCKETS - 1);
}

int64_t dw_dwell_bucket_start_us(int bucket)
{
    if (bucket <= 0)
        return 0;
    int doubling = FIRST_BITS + (bucket - 1) / PARTS, part = (bucket - 1) % PARTS;
    return (int64_t)(PARTS + part) << (doubling - PART_BITS);
}

void dw_dwell_histogram_add(struct dw_dwell_histogram *histogram, int64_t dwell_us, bool cut)
{
    int bucket = dw_dwell_bucket(dwell_us);
    (cut ? histogram->cut : histogram->ended)[bucket]++;
}

void dw_dwell_histogram_merge(struct dw_dwell_histogram *into,
                              const struct dw_dwell_histogram *from)
{
    for (int i = 0; i < DW_DWELL_BUCKETS; i++) {
        into->ended[i] += from->ended[i];
        into->cut[i] += from->cut[i];
    }
}

size_t dw_dwell_histogram_survival(const struct dw_dwell_histogram *histogram,
                                   struct dw_survival_step steps[DW_DWELL_BUCKETS])
{
    double left = 0, share = 1, greenwood = 0;
    size_t count = 0;
    for (int i = 0; i < DW_DWELL_BUCKETS; i++)
        left += (double)histogram->ended[i] + (double)histogram->cut[i];
    for (int i = 0; i < DW_DWELL_BUCKETS; i++) {
        double ended = (double)histogram->ended[i], cut = (double)histogram->cut[i];
        /* Never fewer than ended: in the last bucket with visits, half of the cut may be missing.
         */
        double at_risk = fmax(left - cut / 2, ended), stay = at_risk - ended;
        left -= ended + cut;
        if (!(ended > 0))
            continue;
        share *= stay / at_risk;
        greenwood += stay > 0 ? ended / (at_risk * stay) : (double)INFINITY;
        steps[count++] = (struct dw_survival_step){
            .time = dw_time_to_seconds(dw_dwell_bucket_start_us(i + 1)),
            .at_risk = (size_t)round(at_risk),
            .ended = (size_t)histogram->ended[i],
            .share = share,
            .greenwood = greenwood,
        };
    }
    return count;
}

/* Between the start of the bucket that ends at `time`, where the curve was `before`, and its end.
 */
static double within_bucket(double time, double before, double after, double level)
{
    if (isinf(time))
        return time;
    int bucket = dw_dwell_bucket(dw_time_from_seconds(time)) - 1;
    double start = dw_time_to_seconds(dw_dwell_bucket_start_us(bucket));
    double part = before > after ? (before - level) / (before - after) : 1;
    return start + fmin(fmax(part, 0), 1) * (time - start);
}

struct dw_estimate dw_dwell_histogram_quantile(const struct dw_dwell_histogram *histogram, double p)
{
    struct dw_survival_step steps[DW_DWELL_BUCKETS];
    size_t count = dw_dwell_histogram_survival(histogram, steps);
    struct dw_estimate found = dw_stats_survival_quantile(steps, count, p);
    struct dw_estimate before = { 1, 1, 1 };
    double low = found.low, value = found.value, high = found.high;
    for (size_t i = 0; i < count; i++) {
        struct dw_estimate after = dw_stats_survival_interval(&steps[i]);
        if (steps[i].time == low)
            found.low = within_bucket(low, before.low, after.low, 1 - p);
        if (steps[i].time == value)
            found.value = within_bucket(value, before.value, after.value, 1 - p);
        if (steps[i].time == high)
            found.high = within_bucket(high, before.high, after.high, 1 - p);
        before = after;
    }
    return found;
}
