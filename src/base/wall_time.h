/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wall time as text. Times are int64_t microseconds since 1970-01-01T00:00:00Z. Media time, which
 * all measuring uses, is a plain int64_t of microseconds and needs no functions.
 */
#ifndef DW_BASE_WALL_TIME_H
#define DW_BASE_WALL_TIME_H

#include <stdint.h>

#include "base/err.h"

#define DW_SECOND_US INT64_C(1000000)
#define DW_ISO8601_SIZE 32

/* "2026-11-22T09:15:00.250Z" (milliseconds, UTC; ISO 8601). Returns `out`. */
const char *dw_time_iso8601(char out[DW_ISO8601_SIZE], int64_t wall_us);

/*
 * Reads "2026-11-22", "2026-11-22T09:15", "...:30.25", each with an optional "Z" or "+01:00" at the
 * end (none: UTC). -EINVAL with a sentence when it is anything else.
 */
int dw_time_parse(int64_t *wall_us, const char *text, struct dw_err *err);

int64_t dw_time_from_seconds(double seconds);
double dw_time_to_seconds(int64_t us);

#endif
