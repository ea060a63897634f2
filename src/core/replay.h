/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The visits of a path that is known from beginning to end: the rules of docs/visit-model.md over
 * one person's points in one zone, as a lane applies them while measuring. For paths that no
 * tracker made (perfect association), and for those that one made earlier (foot tracks). Media time
 * in microseconds. Pure.
 */
#ifndef DW_CORE_REPLAY_H
#define DW_CORE_REPLAY_H

#include <stddef.h>
#include <stdint.h>

#include "core/visit.h"
#include "core/zone.h"

struct dw_replay_point {
    int64_t time_us;
    int64_t gap_us; /* filled in: the person was unseen this long around it; 0: really seen */
    struct dw_box box;
    double score;
    bool linked; /* the gap lies between two tracks that were joined */
};

/* Where and by which rules. */
struct dw_replay {
    const struct dw_zone *zone;
    const struct dw_zone_rules *rules; /* instead of the zone's own */
    int width_px, height_px;
    int64_t interval_us; /* a point stands for [time, time + interval) */
    int64_t from_us;     /* measuring began: who is inside then was there before; or INT64_MIN */
    int64_t end_us;      /* measuring ended ... */
    enum dw_end_reason reason;                              /* ... for this reason */
    void (*tell)(void *user, const struct dw_visit *visit); /* visits and passes, by time */
    void *user;
};

/* Points in order of time. */
void dw_replay_path(const struct dw_replay *replay, const struct dw_replay_point *points,
                    size_t count);

#endif
