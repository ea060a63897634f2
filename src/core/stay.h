/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One person's stay in one zone: the rules of docs/visit-model.md as a state machine. It is fed the
 * person's sightings in order of time and says when a visit opens and when it is over. The visit
 * runs from the first to the last presence, never to the moment we became sure. Pure.
 */
#ifndef DW_CORE_STAY_H
#define DW_CORE_STAY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/box.h"
#include "core/visit.h"
#include "core/zone.h"

/* Somebody first seen inside this soon after measuring began was probably there before. */
#define DW_CUT_START_US 500000

/* What one sighting says about one zone. */
struct dw_presence {
    int64_t time_us;     /* of the frame */
    int64_t frame;       /* its index */
    int64_t interval_us; /* the frame stands for [time, time + interval) */
    bool linked;         /* ... between two tracks that were joined; the first of one that was */
    int64_t gap_us;      /* bridged: the person was unseen this long around it; 0: really seen */
    bool between;        /* no frame, but on the way from one to the next: counts for times alone */
    bool inside;
    bool cut_start; /* if a stay begins here, its true beginning was not seen */
    int side;       /* edge stepped over since the sighting before, 0 unknown */
    double score;
    double speed; /* m/s; negative: not known */
    struct dw_box box;
};

/* All zero is a valid start. Private, but for reading `open` and `visit`. */
struct dw_stay {
    bool held;          /* a stay is going on, perhaps interrupted */
    bool open;          /* ... and has lasted long enough to be told to the world */
    bool linking;       /* the last presence lay between two joined tracks */
    bool left;          /* the last sighting was outside */
    int64_t last_us;    /* end of the last presence */
    int64_t sampled_us; /* time of the last sighting */
    int64_t away_us;    /* absences that re-entry forgave */
    double score_sum, speed_sum;
    int64_t score_count, speed_count;
    struct dw_visit visit; /* as far as known */
};

enum dw_stay_change {
    DW_STAY_SAME = 0,
    DW_STAY_OPENED = 1, /* visit: enter, enter_side, last_box are valid */
    DW_STAY_CLOSED = 2, /* `closed` has been filled */
};

/*
 * The next sighting. Returns a set of changes; when it has DW_STAY_CLOSED, `closed` is the finished
 * visit (this sighting may already have begun the next).
 */
int dw_stay_step(struct dw_stay *stay, const struct dw_zone_rules *rules,
                 const struct dw_presence *presence, struct dw_visit *closed);

/* Time went on without a sighting: true when the stay is over and `closed` has been filled. */
bool dw_stay_advance(struct dw_stay *stay, const struct dw_zone_rules *rules, int64_t now_us,
                     struct dw_visit *closed);

/* Measuring ends at `now_us` for `reason`: true when there was a visit, which is now `closed`. */
bool dw_stay_finish(struct dw_stay *stay, const struct dw_zone_rules *rules, int64_t now_us,
                    enum dw_end_reason reason, struct dw_visit *closed);

/* The visit as it would be if it ended at the last presence; only while `open`. */
struct dw_visit dw_stay_so_far(const struct dw_stay *stay, const struct dw_zone_rules *rules);

#endif
