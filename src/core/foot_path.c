/* SPDX-License-Identifier: Apache-2.0 */
#include "core/foot_path.h"

#include "base/macros.h"
#include "base/vec.h"

/* Points are half a second apart, and a little more where few frames are analysed. */
#define APART_US 1500000

static int64_t middle(const struct dw_foot_point *a, const struct dw_foot_point *b)
{
    return a->time_us + (b->time_us - a->time_us) / 2;
}

/*
 * How long the person was unseen around the bridged point `at`. The last sighting before was
 * somewhere between the last point seen and the first bridged, on average halfway.
 */
static int64_t unseen_around(const struct dw_foot_point *points, size_t count, size_t at)
{
    size_t first = at, last = at;
    while (first > 0 && points[first].bridged)
        first--;
    while (last + 1 < count && points[last].bridged)
        last++;
    int64_t from_us =
        points[first].bridged ? points[first].time_us : middle(&points[first], &points[first + 1]);
    int64_t to_us =
        points[last].bridged ? points[last].time_us : middle(&points[last - 1], &points[last]);
    return DW_MAX(to_us - from_us, 1);
}

static void add_step(struct dw_foot_path *path, const struct dw_foot_point *point, int64_t gap_us,
                     const struct dw_foot_view *view)
{
    float h = point->h_norm * (float)view->height_px;
    dw_vec_push(path, ((struct dw_replay_point){
                          .time_us = point->time_us,
                          .gap_us = gap_us,
                          .box = { .x = point->x_norm * (float)view->width_px,
                                   .y = point->y_norm * (float)view->height_px - h,
                                   .h = h },
                          .score = gap_us > 0 ? 0 : view->score,
                      }));
}

static struct dw_foot_point between(const struct dw_foot_point *a, const struct dw_foot_point *b,
                                    int64_t time_us)
{
    float t = (float)(time_us - a->time_us) / (float)(b->time_us - a->time_us);
    return (struct dw_foot_point){
        .time_us = time_us,
        .x_norm = a->x_norm + (b->x_norm - a->x_norm) * t,
        .y_norm = a->y_norm + (b->y_norm - a->y_norm) * t,
        .h_norm = a->h_norm + (b->h_norm - a->h_norm) * t,
    };
}

/* The steps between a point and the next, each unseen or not as the nearer of the two. */
static void walk_on(struct dw_foot_path *path, const struct dw_foot_point *at,
                    const int64_t gaps_us[2], const struct dw_foot_view *view)
{
    const struct dw_foot_point *next = at + 1;
    int64_t halfway_us = middle(at, next);
    if (next->time_us - at->time_us > APART_US)
        return;
    for (int64_t t = at->time_us + DW_FOOT_STEP_US; t < next->time_us; t += DW_FOOT_STEP_US) {
        struct dw_foot_point step = between(at, next, t);
        add_step(path, &step, gaps_us[t < halfway_us ? 0 : 1], view);
    }
}

void dw_foot_path(struct dw_foot_path *path, const struct dw_foot_point *points, size_t count,
                  const struct dw_foot_view *view)
{
    int64_t gaps_us[2] = { 0, 0 }; /* around this point and the next */
    dw_vec_clear(path);
    for (size_t i = 0; i < count; i++) {
        gaps_us[0] = gaps_us[1];
        if (!points[i].bridged)
            gaps_us[0] = 0;
        else if (gaps_us[0] == 0)
            gaps_us[0] = unseen_around(points, count, i);
        add_step(path, &points[i], gaps_us[0], view);
        if (i + 1 == count)
            break;
        gaps_us[1] = points[i + 1].bridged ? gaps_us[0] : 0;
        if (points[i + 1].bridged && gaps_us[0] == 0)
            gaps_us[1] = unseen_around(points, count, i + 1);
        walk_on(path, &points[i], gaps_us, view);
    }
}
