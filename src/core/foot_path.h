/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foot tracks, two points a second, as paths that the visit rules can be applied to
 * (core/replay.h): ten steps a second, straight on between two points. Pure.
 */
#ifndef DW_CORE_FOOT_PATH_H
#define DW_CORE_FOOT_PATH_H

#include "core/replay.h"

/* A step of a path stands for so long. */
#define DW_FOOT_STEP_US INT64_C(100000)

struct dw_foot_path {
    struct dw_replay_point *items;
    size_t count, capacity;
};

struct dw_foot_view {
    int width_px, height_px;
    double score; /* of each step; foot tracks keep none */
};

/*
 * Replaces `path` by the steps of one person; `points` in order of time. Between points more than a
 * second and a half apart nobody was there. How long somebody was unseen around bridged points is
 * known to half a second; whether two tracks were joined there is not, and `linked` is false.
 */
void dw_foot_path(struct dw_foot_path *path, const struct dw_foot_point *points, size_t count,
                  const struct dw_foot_view *view);

#endif
