/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of spans of time, start <= t < end, in microseconds: what was scheduled, what was measured.
 */
#ifndef DW_INSIGHT_SPAN_H
#define DW_INSIGHT_SPAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

struct dw_span {
    int64_t start_us, end_us;
};

struct dw_spans {
    struct dw_span *items;
    size_t count, capacity;
};

/* Adds a span unless it is empty. */
void dw_spans_add(struct dw_spans *spans, int64_t start_us, int64_t end_us);

/* Sorts by time and joins what overlaps or touches. */
void dw_spans_merge(struct dw_spans *spans);

/* Length of all spans together. */
int64_t dw_spans_total(const struct dw_spans *spans);

#endif
