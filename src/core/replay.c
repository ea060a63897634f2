/* SPDX-License-Identifier: Apache-2.0 */
#include "core/replay.h"

#include "core/stay.h"

/* Where the person was, as in core/lane.c. */
struct place {
    bool inside;                  /* with hysteresis */
    struct dw_point outer, inner; /* last anchors outside and inside the polygon, normalised */
};

/* Returns the edge that was stepped over, or 0. */
static int judge_inside(const struct dw_replay *replay, const struct dw_replay_point *point,
                        bool first, struct place *place)
{
    struct dw_point anchor = dw_box_anchor(point->box, replay->rules->anchor);
    struct dw_point norm = { anchor.x / replay->width_px, anchor.y / replay->height_px };
    double depth_px = dw_zone_depth(replay->zone, norm, replay->width_px, replay->height_px);
    double margin_px = first ? 0 : replay->rules->hysteresis * (double)point->box.h;
    bool was_inside = place->inside;
    int side = 0;
    place->inside = depth_px > (was_inside ? -margin_px : margin_px);
    if (!first && place->inside != was_inside)
        side = dw_zone_crossed_side(replay->zone, was_inside ? place->inner : place->outer, norm);
    *(depth_px > 0 ? &place->inner : &place->outer) = norm;
    return side;
}

void dw_replay_path(const struct dw_replay *replay, const struct dw_replay_point *points,
                    size_t count)
{
    struct dw_stay stay = { 0 };
    struct dw_visit closed;
    struct place place = { 0 };
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0;
        int side = judge_inside(replay, &points[i], first, &place);
        struct dw_presence presence = {
            .time_us = points[i].time_us,
            .interval_us = replay->interval_us,
            .linked = points[i].linked,
            .gap_us = points[i].gap_us,
            .inside = place.inside,
            .cut_start = first && points[i].time_us <= replay->from_us + DW_CUT_START_US,
            .side = side,
            .score = points[i].score,
            .speed = -1,
            .box = points[i].box,
        };
        if ((dw_stay_step(&stay, replay->rules, &presence, &closed) & DW_STAY_CLOSED) != 0)
            replay->tell(replay->user, &closed);
    }
    if (dw_stay_finish(&stay, replay->rules, replay->end_us, replay->reason, &closed))
        replay->tell(replay->user, &closed);
}
