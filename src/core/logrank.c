/* SPDX-License-Identifier: Apache-2.0 */
#include "core/logrank.h"

#include <math.h>
#include <stdlib.h>

#include "core/distribution.h"

static int compare(const void *left, const void *right)
{
    const struct dw_logrank_item *a = left, *b = right;
    if (a->stratum != b->stratum)
        return a->stratum < b->stratum ? -1 : 1;
    return (a->duration.value > b->duration.value) - (a->duration.value < b->duration.value);
}

static void add_time(struct dw_logrank *out, const double at_risk[2], const double ended[2])
{
    double n = at_risk[0] + at_risk[1], d = ended[0] + ended[1];
    for (int side = 0; side < 2; side++) {
        out->observed[side] += ended[side];
        out->expected[side] += d * at_risk[side] / n;
    }
    if (n > 1)
        out->variance += d * (n - d) * at_risk[0] * at_risk[1] / (n * n * (n - 1));
}

/* One stratum, shortest first. */
static void add_stratum(struct dw_logrank *out, const struct dw_logrank_item *items, size_t count)
{
    double at_risk[2] = { 0 };
    for (size_t i = 0; i < count; i++)
        at_risk[items[i].side]++;
    for (size_t i = 0; i < count;) {
        double time = items[i].duration.value, ended[2] = { 0 }, gone[2] = { 0 };
        for (; i < count && items[i].duration.value == time; i++) {
            gone[items[i].side]++;
            ended[items[i].side] += items[i].duration.cut ? 0 : 1;
        }
        add_time(out, at_risk, ended);
        at_risk[0] -= gone[0];
        at_risk[1] -= gone[1];
    }
}

struct dw_logrank dw_logrank_test(struct dw_logrank_item *items, size_t count)
{
    struct dw_logrank out = { 0 };
    if (count > 1)
        qsort(items, count, sizeof(*items), compare);
    for (size_t i = 0; i < count;) {
        size_t first = i;
        while (i < count && items[i].stratum == items[first].stratum)
            i++;
        add_stratum(&out, &items[first], i - first);
    }
    out.known = out.variance > 0;
    if (out.known) {
        double off = out.observed[0] - out.expected[0];
        out.chi_square = off * off / out.variance;
        out.p = 2 * dw_normal_tail(sqrt(out.chi_square));
    }
    return out;
}
