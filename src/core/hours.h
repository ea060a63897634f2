/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening hours: times of the day on days of the week, by the clock on the shop's wall. Whoever
 * asks knows the local time; this knows no time zones. Plain values, pure.
 */
#ifndef DW_CORE_HOURS_H
#define DW_CORE_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DW_HOURS_SPANS_MAX 14

struct dw_hours_span {
    unsigned days; /* on which it begins; bit 0 is Monday */
    int from_min;  /* minutes since midnight, 0..1439 */
    int minutes;   /* how long, 1..1440; it may reach into the next day */
};

/* No span: always open. */
struct dw_hours {
    struct dw_hours_span spans[DW_HOURS_SPANS_MAX];
    size_t count;
};

/* The minute of the week, from Monday 00:00, of a local time counted from 1970 as if it were UTC.
 */
int dw_hours_week_minute(int64_t local_us);

bool dw_hours_open(const struct dw_hours *hours, int week_minute);

#endif
