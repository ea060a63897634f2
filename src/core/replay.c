/* SPDX-License-Identifier: Apache-2.0 */
#include "core/replay.h"

#include "core/stay.h"

static bool judge_inside(const struct dw_replay *replay, const struct dw_replay_point *point,
                         bool first, bool was_inside)
{
    struct dw_point anchor = dw_box_anchor(point->box, replay->rules->anchor);
    struct dw_point norm = { anchor.x / replay->width_px, anchor.y / replay->height_px };
    double depth_px = dw_zone_depth(replay->zone, norm, replay->width_px, replay->height_px);
    double margin_px = first ? 0 : replay->rules->hysteresis * (double)point->box.h;
    return depth_px > (was_inside ? -margin_px : margin_px);
}

void dw_replay_path(const struct dw_replay *replay, const struct dw_replay_point *points,
                    size_t count)
{
    struct dw_stay stay = { 0 };
    struct dw_visit closed;
    bool inside = false;
    for (size_t i = 0; i < count; i++) {
        inside = judge_inside(replay, &points[i], i == 0, inside);
        struct dw_presence presence = {
            .time_us = points[i].time_us,
            .interval_us = replay->interval_us,
            .gap_us = points[i].gap_us,
            .inside = inside,
            .score = points[i].score,
            .speed = -1,
            .box = points[i].box,
        };
        if ((dw_stay_step(&stay, replay->rules, &presence, &closed) & DW_STAY_CLOSED) != 0)
            replay->tell(replay->user, &closed);
    }
    if (dw_stay_finish(&stay, replay->rules, replay->end_us, DW_END_STOPPED, &closed))
        replay->tell(replay->user, &closed);
}
