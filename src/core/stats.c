/* SPDX-License-Identifier: Apache-2.0 */
#include "core/stats.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/macros.h"

/* Products of shares such as 0.8 * 0.625 must count as one half. */
#define SHARE_TOLERANCE 1e-9

static int compare(const void *left, const void *right)
{
    const struct dw_duration *a = left, *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (int)a->cut - (int)b->cut;
}

void dw_stats_sort(struct dw_duration *durations, size_t count)
{
    if (count > 1)
        qsort(durations, count, sizeof(*durations), compare);
}

size_t dw_stats_survival(const struct dw_duration *sorted, size_t count,
                         struct dw_survival_step *steps)
{
    size_t step_count = 0;
    double share = 1, greenwood = 0;
    for (size_t i = 0; i < count;) {
        size_t at_risk = count - i, ended = 0;
        double time = sorted[i].value;
        for (; i < count && sorted[i].value == time; i++)
            ended += sorted[i].cut ? 0 : 1;
        if (ended == 0)
            continue;
        double stay = (double)(at_risk - ended);
        share *= stay / (double)at_risk;
        greenwood += ended < at_risk ? (double)ended / ((double)at_risk * stay) : (double)INFINITY;
        steps[step_count++] = (struct dw_survival_step){ time, at_risk, ended, share, greenwood };
    }
    return step_count;
}

struct dw_estimate dw_stats_survival_interval(const struct dw_survival_step *step)
{
    if (step->share <= 0)
        return (struct dw_estimate){ 0, 0, 1 };
    double spread = DW_STATS_Z95 * sqrt(step->greenwood) / fabs(log(step->share));
    return (struct dw_estimate){ step->share, pow(step->share, exp(spread)),
                                 pow(step->share, exp(-spread)) };
}

struct dw_estimate dw_stats_survival_quantile(const struct dw_survival_step *steps, size_t count,
                                              double p)
{
    double level = 1 - p + SHARE_TOLERANCE;
    struct dw_estimate found = { (double)INFINITY, (double)INFINITY, (double)INFINITY };
    for (size_t i = count; i-- > 0;) {
        struct dw_estimate share = dw_stats_survival_interval(&steps[i]);
        if (share.value <= level)
            found.value = steps[i].time;
        if (share.low <= level)
            found.low = steps[i].time;
        if (share.high <= level)
            found.high = steps[i].time;
    }
    if (count == 0)
        found.low = 0;
    return found;
}

struct dw_estimate dw_stats_survival_median(struct dw_duration *durations, size_t count)
{
    struct dw_survival_step *steps = dw_alloc_array0(count + 1, sizeof(*steps));
    dw_stats_sort(durations, count);
    size_t found = dw_stats_survival(durations, count, steps);
    struct dw_estimate median = dw_stats_survival_quantile(steps, found, .5);
    free(steps);
    return median;
}

struct dw_estimate dw_stats_survival_share(const struct dw_survival_step *steps, size_t count,
                                           double time)
{
    /* "That long or longer" is S just before `time`. */
    size_t before = 0;
    while (before < count && steps[before].time < time)
        before++;
    if (before > 0)
        return dw_stats_survival_interval(&steps[before - 1]);
    return (struct dw_estimate){ 1, 0, 1 };
}

double dw_stats_quantile(const struct dw_duration *sorted, size_t count, double p)
{
    if (count == 0)
        return 0;
    double at = (double)(count - 1) * p;
    size_t below = DW_MIN((size_t)at, count - 1);
    size_t above = DW_MIN(below + 1, count - 1);
    return sorted[below].value + (at - (double)below) * (sorted[above].value - sorted[below].value);
}

double dw_stats_mean(const struct dw_duration *durations, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += durations[i].value;
    return count > 0 ? sum / (double)count : 0;
}

struct dw_estimate dw_stats_share(size_t hits, size_t count)
{
    if (count == 0)
        return (struct dw_estimate){ 0, 0, 1 };
    double n = (double)count, share = (double)hits / n, z2 = DW_STATS_Z95 * DW_STATS_Z95;
    double centre = (share + z2 / (2 * n)) / (1 + z2 / n);
    double half = DW_STATS_Z95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    return (struct dw_estimate){ share, fmax(centre - half, 0), fmin(centre + half, 1) };
}
