/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One camera's measuring: detections of a frame in; people, visits, passes and line crossings out.
 * It joins the tracker with the zones and lines. Media time only; the same input gives the same
 * output. Pure; one thread at a time.
 */
#ifndef DW_CORE_LANE_H
#define DW_CORE_LANE_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "core/ground.h"
#include "core/track.h"
#include "core/visit.h"
#include "core/zone.h"

struct dw_lane_conf {
    const struct dw_layout *layout; /* borrowed, must outlive the lane */
    int width_px, height_px;        /* of the picture the detections refer to */
    int64_t interval_us;            /* expected time between frames until it is known */
    struct dw_track_params track;
    struct dw_ground ground; /* unknown: no speeds, and perspective by guess */
};

enum dw_lane_event_kind {
    DW_LANE_ENTERED,  /* a visit opened: visit.enter_us, enter_side, last_box */
    DW_LANE_FINISHED, /* a visit or pass is final */
    DW_LANE_CROSSED,  /* a line */
};

struct dw_lane_event {
    enum dw_lane_event_kind kind;
    struct dw_visit visit;       /* ENTERED, FINISHED; id is zero: the engine gives it */
    struct dw_crossing crossing; /* CROSSED */
};

/* What came of one frame; valid until the next call on the lane. */
struct dw_lane_output {
    const struct dw_lane_event *events;
    size_t event_count;
    const struct dw_sighting *sightings; /* where people were, told with the tracker's lag */
    size_t sighting_count;
    const struct dw_sighting *live; /* who is seen on this frame, not smoothed */
    size_t live_count;
};

struct dw_lane;

struct dw_lane *dw_lane_create(const struct dw_lane_conf *conf);
void dw_lane_destroy(struct dw_lane *lane);
DW_DEFINE_AUTO(lane)

/* The next analysed frame; its time and index rise. */
struct dw_lane_output dw_lane_step(struct dw_lane *lane, const struct dw_track_input *input);

/* Nothing was measured until `resume_us`: visits going on are cut, people are forgotten. */
struct dw_lane_output dw_lane_gap(struct dw_lane *lane, int64_t resume_us);

/* Measuring ends; `end_us` is the end of the last frame. */
struct dw_lane_output dw_lane_finish(struct dw_lane *lane, int64_t end_us,
                                     enum dw_end_reason reason);

/*
 * The visits going on at this moment (also those whose person is unseen just now), as if they ended
 * at the last presence; at most `room`. Returns how many there are.
 */
size_t dw_lane_open_visits(const struct dw_lane *lane, struct dw_visit *visits, size_t room);

/* A person's anchor on zone `zone` (its rules say which point), normalised 0..1. */
struct dw_point dw_lane_anchor(const struct dw_lane *lane, enum dw_anchor anchor,
                               struct dw_box box);

/* Zones have been judged up to about this moment: the frame's, less the tracker's lag. */
int64_t dw_lane_judged_us(const struct dw_lane *lane);

/* The usual time between two frames, from what has been seen so far. */
int64_t dw_lane_interval_us(const struct dw_lane *lane);

#endif
