/* SPDX-License-Identifier: Apache-2.0 */
/* What time it is, in microseconds. Not for core, which knows media time only. */
#ifndef DW_BASE_CLOCK_H
#define DW_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID, ... */
int64_t dw_clock_us(clockid_t clock);

/* The wall clock: since 1970-01-01T00:00:00Z. */
int64_t dw_now_us(void);

/* Notices that the wall clock was set. All zero is a valid start. */
struct dw_clock_watch {
    bool known;
    int64_t ahead_us; /* of the clock that only goes on */
};

/* By how much it was set since the last call. `going_us`: CLOCK_BOOTTIME at the same moment. */
int64_t dw_clock_set_by(struct dw_clock_watch *watch, int64_t wall_us, int64_t going_us);

#endif
