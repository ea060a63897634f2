/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Follows people from frame to frame: detections in, sightings of numbered people out.
 *
 * Who is who is a question of likelihood: how well a box fits where somebody was expected
 * (core/body.h), how likely somebody is to be seen at all (those whom others cover are not), and
 * how likely a box is to be nobody or somebody new. Each frame is one assignment of the boxes to
 * the people; low scores only keep people alive who count already, as in ByteTrack (Zhang et al.
 * 2022). A person counts after M hits in total, never un-counted by a miss, and the first hits are
 * told late but with their own times. Whoever is hidden is waited for longer than whoever should
 * be in view, and slows down meanwhile. Nobody new is born on top of somebody followed.
 *
 * Where people were is told with a fixed lag and smoothed backwards over it, since boxes jitter by
 * several percent of their height, and at the edge of a zone that would be visits. Who is seen
 * right now is told at once, beside it.
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
#include "core/body.h"
#include "core/link.h"
#include "core/look.h"

struct dw_track_params {
    double high, low, birth;   /* detection scores: certain, doubtful, enough for somebody new */
    double weight, weight_low; /* ln of how much rarer a box is that shows nobody known: a certain
                                  one, a doubtful one; per body height of error in each direction */
    double recover_iou; /* whoever moved as nobody expected: least overlap with the last box */
    double birth_iou;   /* nobody is born overlapping somebody more than this */
    int confirm_hits;   /* hits in all before a person counts */
    int64_t confirm_us; /* ... within this time of the first */
    double seen;        /* chance that somebody in view is detected on a frame */
    double covered;     /* share of it that somebody covered by others loses */
    double tentative;   /* share of it left for those who do not count yet */
    double missed_s, unseen_s; /* it fades with these times of being missed in view, and unseen */
    int64_t lost_us;           /* how long somebody missed in view is looked for */
    int64_t hidden_us;         /* how long somebody hidden is */
    int64_t lag_us;            /* where people were is told this late, and up to half more */
    int64_t decide_us;         /* somebody new near a lost person waits this long for a link */
    struct dw_body_params body;
    struct dw_link_params link;
};

struct dw_track_params dw_track_params_default(void);

/* How late sightings are told at the most: they are told in blocks of half the lag. */
int64_t dw_track_latest_us(const struct dw_track_params *params);

/* A numbered person at a moment. */
struct dw_sighting {
    int64_t person;     /* from 1, never reused */
    int64_t time_us;    /* media time of the frame */
    int64_t frame;      /* index of that frame */
    struct dw_box box;  /* where the person was, pixels */
    struct dw_box seen; /* what the detector gave; empty when bridged */
    double score;       /* 0 when bridged */
    int64_t gap_us;     /* bridged: how long the person was unseen around this moment; else 0 */
    bool linked;        /* the gap lies between two tracks that were joined, or is as long; without
                           a gap: the first sighting of a track that was joined */
};

struct dw_tracker;

struct dw_tracker *dw_tracker_create(const struct dw_track_params *params,
                                     const struct dw_view *view);
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

/* What a frame brought; valid until the next call. */
struct dw_track_output {
    const struct dw_sighting *sightings; /* where people were; those of each in order of time */
    size_t count;
    const struct dw_sighting *live; /* who counts and is seen on this frame, not smoothed */
    size_t live_count;
};

struct dw_track_output dw_tracker_step(struct dw_tracker *tracker,
                                       const struct dw_track_input *input);

/* What was not told yet, when no frame follows or the next one comes after a gap. */
struct dw_track_output dw_tracker_finish(struct dw_tracker *tracker);

/* Sightings of before this moment have all been told, but for those that bridge a gap. */
int64_t dw_tracker_settled_us(const struct dw_tracker *tracker);

/* Forgets everybody (the stream had a gap); numbers go on. */
void dw_tracker_reset(struct dw_tracker *tracker);

/* Whether the person may still be seen again under the same number. */
bool dw_tracker_follows(const struct dw_tracker *tracker, int64_t person);

#endif
