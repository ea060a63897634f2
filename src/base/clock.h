/* SPDX-License-Identifier: Apache-2.0 */
/* What time it is, in microseconds. Not for core, which knows media time only. */
#ifndef DW_BASE_CLOCK_H
#define DW_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID, ... */
int64_t dw_clock_us(clockid_t clock);

/* The wall clock: since 1970-01-01T00:00:00Z. */
int64_t dw_now_us(void);

#endif
