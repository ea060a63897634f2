/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long shoppers in a zone were there until staff were, too. Works on a plain array that the
 * caller brings; reads no store. Any thread.
 */
#ifndef DW_INSIGHT_JOINED_H
#define DW_INSIGHT_JOINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/stats.h"

/* A visit to the zone. */
struct dw_joined_stay {
    int64_t enter_us, exit_us;
    bool staff;
};

/*
 * `stays` by time of entering. Writes a duration in seconds for each shopper's, at most `count`,
 * and returns how many: 0 when staff were there, else until the first of staff came in; cut, and
 * as long as the visit, when nobody came before they left. Staff who were there are taken to be
 * free: whether they spoke to anybody no camera says.
 */
size_t dw_joined(const struct dw_joined_stay *stays, size_t count, struct dw_duration *durations);

#endif
