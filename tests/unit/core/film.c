/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/core/film.h"

#include <math.h>

#include "base/buf.h"

#define HEIGHT_NORM 0.25 /* of a person, of the picture's height */

static bool stands_at(const struct actor *actor, double time_s, struct dw_point *feet)
{
    for (size_t i = 0; i + 1 < actor->mark_count; i++) {
        const struct mark *a = &actor->marks[i], *b = a + 1;
        if (time_s < a->time_s - 1e-9 || time_s > b->time_s + 1e-9)
            continue;
        double t = (time_s - a->time_s) / (b->time_s - a->time_s);
        feet->x = a->x_norm + t * (b->x_norm - a->x_norm) + actor->sway * sin(6.2832 * time_s);
        feet->y = a->y_norm + t * (b->y_norm - a->y_norm);
        return time_s < actor->hidden_from_s - 1e-9 || time_s >= actor->hidden_to_s - 1e-9;
    }
    return false;
}

static size_t see(const struct film *film, double time_s, struct dw_detection *detections)
{
    size_t count = 0;
    for (size_t i = 0; i < film->actor_count; i++) {
        struct dw_point feet;
        if (!stands_at(&film->actors[i], time_s, &feet))
            continue;
        double h = HEIGHT_NORM * film->height_px, w = 0.4 * h;
        detections[count++] = (struct dw_detection){
            .box = { (float)(feet.x * film->width_px - w / 2),
                     (float)(feet.y * film->height_px - h), (float)w, (float)h },
            .score = 0.9F,
        };
    }
    return count;
}

static void keep(struct film *film, struct dw_lane_output output)
{
    for (size_t i = 0; i < output.event_count; i++)
        dw_vec_push(&film->events, output.events[i]);
}

void film_play(struct film *film)
{
    struct dw_lane_conf conf = {
        .layout = &film->layout,
        .width_px = film->width_px,
        .height_px = film->height_px,
        .interval_us = llround(1e6 / film->fps),
        .track = dw_track_params_default(),
        .ground = film->ground,
    };
    struct dw_lane *lane = dw_lane_create(&conf);
    int64_t frame = 0, interval_us = conf.interval_us, time_us = 0;
    bool in_gap = false;
    for (int64_t i = 0; (double)i / film->fps < film->length_s - 1e-9; i++) {
        double time_s = (double)i / film->fps;
        time_us = llround(1e6 * time_s);
        if (time_s >= film->gap_from_s - 1e-9 && time_s < film->gap_to_s - 1e-9) {
            in_gap = true;
            continue;
        }
        if (in_gap)
            keep(film, dw_lane_gap(lane, time_us));
        in_gap = false;
        struct dw_detection detections[ACTORS_MAX];
        size_t count = see(film, time_s, detections);
        struct dw_track_input input = { time_us, frame++, detections, count, NULL };
        keep(film, dw_lane_step(lane, &input));
        film->most_open = DW_MAX(film->most_open, dw_lane_open_visits(lane, NULL, 0));
    }
    keep(film, dw_lane_finish(lane, time_us + interval_us, DW_END_STOPPED));
    dw_lane_destroy(lane);
}

void film_fini(struct film *film)
{
    dw_vec_fini(&film->events);
}

static void tell_visit(struct dw_buf *out, const struct dw_visit *v)
{
    dw_buf_printf(out, "%s%d %d %.1f-%.1f %s", out->length > 0 ? ", " : "", v->zone, (int)v->person,
                  (double)v->enter_us / 1e6, (double)v->exit_us / 1e6,
                  dw_end_reason_name(v->end_reason));
    if (v->bridged_us > 0)
        dw_buf_printf(out, " bridged %.1f", (double)v->bridged_us / 1e6);
    dw_buf_printf(out, "%s%s%s", v->pass ? " pass" : "", v->cut_start ? " cut_start" : "",
                  v->cut_end ? " cut_end" : "");
    dw_buf_printf(out, " %d>%d", v->enter_side, v->exit_side);
}

char *film_visits(const struct film *film)
{
    struct dw_buf out = { 0 };
    for (size_t i = 0; i < film->events.count; i++)
        if (film->events.items[i].kind == DW_LANE_FINISHED)
            tell_visit(&out, &film->events.items[i].visit);
    dw_buf_puts(&out, "");
    return out.data;
}

char *film_crossings(const struct film *film)
{
    struct dw_buf out = { 0 };
    for (size_t i = 0; i < film->events.count; i++) {
        const struct dw_crossing *c = &film->events.items[i].crossing;
        if (film->events.items[i].kind == DW_LANE_CROSSED)
            dw_buf_printf(&out, "%s%d %d %.1f %s", out.length > 0 ? ", " : "", c->line,
                          (int)c->person, (double)c->time_us / 1e6, c->to_right ? "right" : "left");
    }
    dw_buf_puts(&out, "");
    return out.data;
}
