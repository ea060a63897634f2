/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ranks.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/distribution.h"

struct samples {
    const double *first, *second; /* sorted */
    size_t first_count, second_count;
};

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Adds t^3 - t for each value that occurs t times in both together. */
static double tie_sum(const struct samples *s)
{
    double sum = 0;
    for (size_t i = 0, k = 0; i < s->first_count || k < s->second_count;) {
        bool from_first =
            k == s->second_count || (i < s->first_count && s->first[i] <= s->second[k]);
        double value = from_first ? s->first[i] : s->second[k], times = 0;
        for (; i < s->first_count && s->first[i] == value; i++)
            times++;
        for (; k < s->second_count && s->second[k] == value; k++)
            times++;
        sum += times * times * times - times;
    }
    return sum;
}

/* Pairs with first - second < limit, and with <= limit when `equal`. */
static double count_pairs(const struct samples *s, double limit, bool equal)
{
    double pairs = 0;
    for (size_t i = 0, k = 0; i < s->first_count; i++) {
        /* The higher the first, the higher must the second be. */
        while (k < s->second_count && !(s->first[i] - s->second[k] < limit ||
                                        (equal && s->first[i] - s->second[k] == limit)))
            k++;
        pairs += (double)(s->second_count - k);
    }
    return pairs;
}

/* Doubles in their order as whole numbers, so that halving ends at a neighbour. */
static uint64_t to_order(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double from_order(uint64_t order)
{
    uint64_t bits = order >> 63 ? order & ~(UINT64_C(1) << 63) : ~order;
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* The difference number `rank` (from 1) of all pairs, lowest first. */
static double difference_at(const struct samples *s, double rank)
{
    uint64_t low = to_order(s->first[0] - s->second[s->second_count - 1]);
    uint64_t high = to_order(s->first[s->first_count - 1] - s->second[0]);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (count_pairs(s, from_order(middle), true) >= rank)
            high = middle;
        else
            low = middle + 1;
    }
    return from_order(low) + 0.0; /* no -0 */
}

static struct dw_estimate find_shift(const struct samples *s)
{
    double n = (double)s->first_count, m = (double)s->second_count, pairs = n * m;
    double below = round(pairs / 2 - DW_STATS_Z95 * sqrt(pairs * (n + m + 1) / 12));
    below = fmax(below, 1);
    return (struct dw_estimate){
        .value =
            (difference_at(s, floor((pairs + 1) / 2)) + difference_at(s, floor(pairs / 2) + 1)) / 2,
        .low = difference_at(s, below),
        .high = difference_at(s, pairs + 1 - below),
    };
}

struct dw_rank_test dw_rank_test(double *first, size_t first_count, double *second,
                                 size_t second_count)
{
    struct samples s = { first, second, first_count, second_count };
    struct dw_rank_test out = { 0 };
    if (first_count == 0 || second_count == 0)
        return out;
    qsort(first, first_count, sizeof(*first), compare);
    qsort(second, second_count, sizeof(*second), compare);
    double n = (double)first_count, m = (double)second_count, pairs = n * m, all = n + m;
    double variance = pairs / 12 * (all + 1 - tie_sum(&s) / (all * (all - 1)));
    double below = count_pairs(&s, 0, false), not_above = count_pairs(&s, 0, true);
    out.u = pairs - not_above + (not_above - below) / 2;
    out.share = out.u / pairs;
    out.shift = find_shift(&s);
    out.known = variance > 0;
    if (out.known) {
        double off = out.u - pairs / 2;
        out.z = copysign(fmax(fabs(off) - .5, 0), off) / sqrt(variance);
        out.p = fmin(1, 2 * dw_normal_tail(fabs(out.z)));
    }
    return out;
}

/* --- Aligned ranks -------------------------------------------------------------------------- */

struct stratum {
    double count[2]; /* of the sides */
    double mean;
    double ranks, squares; /* sums over both */
};

static int compare_values(const void *left, const void *right)
{
    const struct dw_rank_item *a = left, *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

static void add_value(struct stratum *stratum, const struct dw_rank_item *item)
{
    double seen = ++stratum->count[item->side] + stratum->count[1 - item->side];
    stratum->mean += (item->value - stratum->mean) / seen;
}

/* Those of strata with both sides, less the mean of theirs; returns how many. */
static size_t align(struct dw_rank_item *out, const struct dw_rank_item *items, size_t count,
                    struct stratum strata[DW_STRATA_MAX])
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        add_value(&strata[items[i].stratum], &items[i]);
    for (size_t i = 0; i < count; i++) {
        const struct stratum *own = &strata[items[i].stratum];
        if (!(own->count[0] > 0 && own->count[1] > 0))
            continue;
        out[kept] = items[i];
        out[kept++].value -= own->mean;
    }
    return kept;
}

/* Ranks sorted items; returns the sum of side 1's ranks. */
static double rank(const struct dw_rank_item *items, size_t count,
                   struct stratum strata[DW_STRATA_MAX])
{
    double sum = 0;
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first; next < count && items[next].value == items[first].value;)
            next++;
        double middle = ((double)first + 1 + (double)next) / 2;
        for (size_t i = first; i < next; i++) {
            strata[items[i].stratum].ranks += middle;
            strata[items[i].stratum].squares += middle * middle;
            sum += items[i].side == 1 ? middle : 0;
        }
    }
    return sum;
}

struct dw_aligned_ranks dw_aligned_rank_test(const struct dw_rank_item *items, size_t count)
{
    struct dw_aligned_ranks out = { 0 };
    struct stratum strata[DW_STRATA_MAX] = { 0 };
    struct dw_rank_item *aligned = dw_alloc_array0(count + 1, sizeof(*aligned));
    size_t kept = align(aligned, items, count, strata);
    qsort(aligned, kept, sizeof(*aligned), compare_values);
    double off = rank(aligned, kept, strata), variance = 0;
    for (size_t s = 0; s < DW_STRATA_MAX; s++) {
        double n = strata[s].count[1], all = n + strata[s].count[0];
        if (!(n > 0 && n < all))
            continue;
        double mean = strata[s].ranks / all;
        off -= n * mean;
        variance +=
            n * (all - n) / (all * (all - 1)) * fmax(strata[s].squares - strata[s].ranks * mean, 0);
    }
    free(aligned);
    out.known = variance > 0;
    if (out.known) {
        out.z = copysign(fmax(fabs(off) - .5, 0), off) / sqrt(variance);
        out.p = fmin(1, 2 * dw_normal_tail(fabs(out.z)));
    }
    return out;
}
