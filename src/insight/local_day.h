/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days and hours as the clock on the shop's wall shows them: a day is 23 or 25 hours long when
 * summer time begins or ends. A day is a number, counted from 1970-01-01 by the local calendar;
 * times are wall time in microseconds.
 *
 * The time zone is that of the C library, one for the whole program: set it before threads start.
 * Until then local is UTC only if TZ says so; dw_local_zone_set(NULL) makes it so.
 */
#ifndef DW_INSIGHT_LOCAL_DAY_H
#define DW_INSIGHT_LOCAL_DAY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define DW_DATE_SIZE 16

/* An IANA name: "Europe/Berlin". NULL: UTC. -EINVAL with a sentence when it is not known here. */
int dw_local_zone_set(const char *name, struct dw_err *err);

/* Local time less UTC at a wall time, and as it is without summer time. */
int64_t dw_local_offset(int64_t wall_us);
int64_t dw_local_standard_offset(int64_t wall_us);

/* The day in which a wall time lies, and its hour on the clock, 0..23. */
int64_t dw_local_day(int64_t wall_us);
int dw_local_hour(int64_t wall_us);

/*
 * Of `count` quarter hours from one on, counted from 1970, the hour on the clock in which each
 * lies, counted from midnight of a day: 24 for each day, whatever the clocks do. Of the two hours
 * that have the same number when summer time ends both are the same hour.
 */
void dw_local_hours(int *hours, int64_t first_quarter, size_t count, int64_t first_day);

/* The first quarter hour of a day; that of the next day is its end. */
int64_t dw_local_day_start(int64_t day);

/* 0 is Monday. */
int dw_local_weekday(int64_t day);

/* "2026-11-22" and back. -EINVAL with a sentence when it is no date. */
const char *dw_local_date(char out[DW_DATE_SIZE], int64_t day);
int dw_local_date_parse(int64_t *day, const char *text, struct dw_err *err);

#endif
