/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/span.h"

void dw_spans_add(struct dw_spans *spans, int64_t start_us, int64_t end_us)
{
    if (start_us < end_us)
        dw_vec_push(spans, ((struct dw_span){ start_us, end_us }));
}

static int compare(const void *left, const void *right)
{
    const struct dw_span *a = left, *b = right;
    return (a->start_us > b->start_us) - (a->start_us < b->start_us);
}

void dw_spans_merge(struct dw_spans *spans)
{
    size_t kept = 0;
    if (spans->count > 1)
        qsort(spans->items, spans->count, sizeof(*spans->items), compare);
    for (size_t i = 0; i < spans->count; i++) {
        struct dw_span *last = kept > 0 ? &spans->items[kept - 1] : NULL;
        if (last != NULL && spans->items[i].start_us <= last->end_us)
            last->end_us = DW_MAX(last->end_us, spans->items[i].end_us);
        else
            spans->items[kept++] = spans->items[i];
    }
    spans->count = kept;
}

int64_t dw_spans_total(const struct dw_spans *spans)
{
    int64_t total_us = 0;
    for (size_t i = 0; i < spans->count; i++)
        total_us += spans->items[i].end_us - spans->items[i].start_us;
    return total_us;
}
