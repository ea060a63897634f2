/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Follows people from frame to frame: detections in, sightings of numbered people out. A tracker in
 * the class of ByteTrack (Zhang et al. 2022): certain detections are matched first, doubtful ones
 * only keep people alive who are already followed. Beyond it: a person counts after M hits in
 * total, never un-counted by a miss, and the first hits are reported late but with their own times
 * (back-dated); people who stood still are found again by their last observation (as in OC-SORT,
 * Cao et al. 2023); nobody new is born on top of somebody followed.
 *
 * Times are media time, distances are body heights, so that frame rate and picture size do not
 * matter. Pure: no clock, no I/O; one thread at a time.
 */
#ifndef DW_CORE_TRACK_H
#define DW_CORE_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "core/box.h"
#include "core/link.h"
#include "core/look.h"

struct dw_track_params {
    double high, low, birth; /* detection scores: certain, doubtful, enough for somebody new */
    int confirm_hits;        /* hits in all before a person counts */
    int64_t confirm_us;      /* ... within this time of the first */
    int64_t lost_us;         /* how long somebody unseen is looked for */
    double match_limit;      /* dearest pair, certain detections: 1 - IoU weighed with the score */
    double low_iou;          /* least overlap for doubtful detections */
    int64_t low_us;          /* doubtful ones count only for people seen within this time */
    double tentative_limit;  /* dearest pair for people who do not count yet */
    double recover_iou;      /* least overlap with the last observation */
    double birth_iou;        /* nobody is born overlapping somebody more than this */
    double reach;            /* how far a box is widened when matching, box sizes per second */
    double noise, noise_birth; /* std of a measured position, in heights; of the unknown velocity */
    double q_position, q_velocity; /* process noise, heights^2/s and heights^2/s^3 */
    double damping_s;              /* velocity of the unseen fades with this time constant */
    int64_t decide_us;             /* somebody new near a lost person waits this long for a link */
    struct dw_link_params link;
};

struct dw_track_params dw_track_params_default(void);

/* A numbered person at a moment. */
struct dw_sighting {
    int64_t person;    /* from 1, never reused */
    int64_t time_us;   /* media time of the frame; may lie in the past (back-dated, bridged) */
    int64_t frame;     /* index of that frame */
    struct dw_box box; /* pixels */
    double score;      /* 0 when bridged */
    int64_t gap_us;    /* bridged: how long the person was unseen around this moment; else 0 */
    bool linked;       /* the gap lies between two tracks that were joined */
};

struct dw_tracker;

struct dw_tracker *dw_tracker_create(const struct dw_track_params *params);
void dw_tracker_destroy(struct dw_tracker *tracker);
DW_DEFINE_AUTO(tracker)

/* One analysed frame. */
struct dw_track_input {
    int64_t time_us; /* rises from call to call */
    int64_t frame;   /* index, rises too */
    const struct dw_detection *detections;
    size_t count;
    const struct dw_look *looks; /* one for each detection; NULL: there are no pictures */
};

/*
 * Takes the next frame; the sightings it brought, those of each person in order of time, stay valid
 * until the next call.
 */
size_t dw_tracker_step(struct dw_tracker *tracker, const struct dw_track_input *input,
                       const struct dw_sighting **sightings);

/* Forgets everybody (the stream had a gap); numbers go on. */
void dw_tracker_reset(struct dw_tracker *tracker);

/* Whether the person may still be seen again under the same number. */
bool dw_tracker_follows(const struct dw_tracker *tracker, int64_t person);

#endif
