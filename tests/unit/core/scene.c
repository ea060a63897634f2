/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/core/scene.h"

#include <inttypes.h>
#include <math.h>

#define PEOPLE_MAX 8
#define FALSE_SCORE_MOST 0.95

/* Somebody on stage. Normalised; heights grow towards the camera. */
struct walker {
    double from_s, to_s; /* in the picture */
    struct dw_point at, goal;
    double speed;     /* a second; 0: stands */
    double until_s;   /* goes on with something else then */
    double missed_s;  /* the detector misses them until then */
    double size;      /* of the usual height */
    double certainty; /* of the detector */
};

/* What kind of scene it is. */
struct mood {
    double length_s, interval_s, jitter;       /* of times */
    double misses, false_boxes, doubled, gaps; /* chances a second, or a box */
    double noise;                              /* of boxes, in heights */
    bool whole_px, one_score;                  /* coarse detectors make ties */
};

static struct dw_point anywhere(struct prop *prop)
{
    return (struct dw_point){ prop_real(prop, 0, 1), prop_real(prop, 0.35, 1) };
}

static struct dw_zone_rules any_rules(struct prop *prop)
{
    struct dw_zone_rules rules = dw_zone_rules_default();
    if (prop_chance(prop, 0.5))
        return rules;
    rules.enter_after_us = prop_int(prop, 0, 1000000);
    rules.grace_us = prop_int(prop, 0, 2000000);
    rules.bridge_us = prop_int(prop, 0, 3000000);
    rules.link_us = prop_int(prop, 0, 9000000);
    rules.reentry_us = prop_chance(prop, 0.5) ? 0 : prop_int(prop, 0, 8000000);
    rules.min_dwell_us = prop_int(prop, 0, 3000000);
    rules.hysteresis = prop_real(prop, 0, 0.05);
    rules.anchor = (enum dw_anchor)prop_int(prop, DW_ANCHOR_FOOTPRINT, DW_ANCHOR_CENTER);
    return rules;
}

/* A polygon around a point; zones may overlap. */
static struct dw_zone any_zone(struct prop *prop)
{
    struct dw_zone zone = { .corner_count = (size_t)prop_int(prop, 3, 7),
                            .rules = any_rules(prop) };
    struct dw_point middle = anywhere(prop);
    double turned = prop_real(prop, 0, 6.28), reach = prop_real(prop, 0.15, 0.5);
    for (size_t i = 0; i < zone.corner_count; i++) {
        double angle = turned + 6.2832 * (double)i / (double)zone.corner_count;
        double r = reach * prop_real(prop, 0.5, 1);
        zone.corners[i] = (struct dw_point){ middle.x + r * cos(angle), middle.y + r * sin(angle) };
    }
    return zone;
}

static struct mood any_mood(struct prop *prop)
{
    bool steady = prop_chance(prop, 0.3);
    return (struct mood){
        .length_s = prop_real(prop, 8, 24),
        .interval_s = 1 / prop_real(prop, 2, 30),
        .jitter = steady ? 0 : prop_real(prop, 0, 0.9),
        .misses = prop_chance(prop, 0.3) ? 0 : prop_real(prop, 0, 0.5),
        .false_boxes = prop_chance(prop, 0.4) ? 0 : prop_real(prop, 0, 0.3),
        .doubled = prop_chance(prop, 0.5) ? 0 : prop_real(prop, 0, 0.1),
        .gaps = prop_chance(prop, 0.7) ? 0 : 0.08,
        .noise = prop_real(prop, 0, 0.05),
        .whole_px = prop_chance(prop, 0.4),
        .one_score = prop_chance(prop, 0.3),
    };
}

static struct walker any_walker(struct prop *prop, const struct mood *mood)
{
    double from_s = prop_chance(prop, 0.3) ? 0 : prop_real(prop, 0, mood->length_s);
    return (struct walker){
        .from_s = from_s,
        .to_s = from_s + prop_real(prop, 1, mood->length_s),
        .at = anywhere(prop),
        .size = prop_real(prop, 0.8, 1.1),
        .certainty = prop_real(prop, 0.6, 1.1),
    };
}

static void live(struct walker *walker, struct prop *prop, const struct mood *mood, double now_s,
                 double passed_s)
{
    if (now_s >= walker->until_s) {
        walker->speed = prop_chance(prop, 0.5) ? 0 : prop_real(prop, 0.03, 0.25);
        walker->goal = anywhere(prop);
        walker->until_s = now_s + prop_real(prop, 0.5, 6);
    }
    double dx = walker->goal.x - walker->at.x, dy = walker->goal.y - walker->at.y;
    double way = hypot(dx, dy), step = fmin(walker->speed * passed_s, way);
    if (way > 0) {
        walker->at.x += dx / way * step;
        walker->at.y += dy / way * step;
    }
    if (prop_chance(prop, mood->misses * passed_s))
        walker->missed_s = now_s + prop_real(prop, 0, 4);
}

/* The box in pixels of somebody whose feet are here. */
static struct dw_box box_at(const struct scene *scene, struct dw_point feet, double size)
{
    double h = size * (0.15 + 0.3 * feet.y) * scene->height_px, w = 0.4 * h;
    return (struct dw_box){ (float)(feet.x * scene->width_px - w / 2),
                            (float)(feet.y * scene->height_px - h), (float)w, (float)h };
}

static float noisy(struct prop *prop, const struct mood *mood, float value, float h)
{
    double noise = mood->noise * (double)h;
    double moved = (double)value + prop_real(prop, -noise, noise);
    return (float)(mood->whole_px ? round(moved) : moved);
}

static void add_box(struct scene *scene, struct prop *prop, const struct mood *mood,
                    struct dw_box box, double score)
{
    struct dw_detection detection = {
        .box = { noisy(prop, mood, box.x, box.h), noisy(prop, mood, box.y, box.h),
                 noisy(prop, mood, box.w, box.h), noisy(prop, mood, box.h, box.h) },
        .score = mood->one_score ? 0.9F : (float)score,
    };
    dw_vec_push(&scene->detections, detection);
}

/* Whether somebody in front hides most of person `at`. */
static bool is_hidden(const struct dw_box *boxes, const bool *there, size_t count, size_t at)
{
    for (size_t i = 0; i < count; i++) {
        bool in_front = boxes[i].y + boxes[i].h > boxes[at].y + boxes[at].h;
        if (i != at && there[i] && in_front && dw_box_covered(boxes[at], boxes[i]) > 0.6)
            return true;
    }
    return false;
}

static void see(struct scene *scene, struct prop *prop, const struct mood *mood,
                const struct walker *walkers, size_t count, double now_s)
{
    struct dw_box boxes[PEOPLE_MAX];
    bool there[PEOPLE_MAX];
    for (size_t i = 0; i < count; i++) {
        boxes[i] = box_at(scene, walkers[i].at, walkers[i].size);
        there[i] = now_s >= walkers[i].from_s && now_s < walkers[i].to_s;
    }
    for (size_t i = 0; i < count; i++) {
        bool seen = there[i] && now_s >= walkers[i].missed_s;
        if (!seen || is_hidden(boxes, there, count, i))
            continue;
        double score = fmin(walkers[i].certainty * prop_real(prop, 0.7, 1.2), 0.99);
        add_box(scene, prop, mood, boxes[i], score);
        if (prop_chance(prop, mood->doubled))
            add_box(scene, prop, mood, boxes[i], prop_chance(prop, 0.5) ? score : score * 0.8);
    }
    if (prop_chance(prop, mood->false_boxes))
        add_box(scene, prop, mood, box_at(scene, anywhere(prop), 1),
                prop_real(prop, 0.1, FALSE_SCORE_MOST));
}

static void film(struct scene *scene, struct prop *prop, const struct mood *mood,
                 struct walker *walkers, size_t count)
{
    double now_s = 0, passed_s = 0;
    bool after_gap = false;
    while (now_s < mood->length_s) {
        size_t first = scene->detections.count;
        for (size_t i = 0; i < count; i++)
            live(&walkers[i], prop, mood, now_s, passed_s);
        see(scene, prop, mood, walkers, count, now_s);
        dw_vec_push(&scene->frames, ((struct scene_frame){ llround(now_s * 1e6), after_gap, first,
                                                           scene->detections.count - first }));
        passed_s = mood->interval_s * (1 + mood->jitter * prop_real(prop, -1, 1));
        if (prop_chance(prop, 0.01))
            passed_s += prop_real(prop, 0, 2);
        after_gap = prop_chance(prop, mood->gaps * passed_s);
        if (after_gap)
            passed_s += prop_real(prop, 0, 5);
        now_s += passed_s;
    }
}

void scene_make(struct scene *scene, struct prop *prop)
{
    struct mood mood = any_mood(prop);
    *scene = (struct scene){
        .zone_count = (size_t)prop_int(prop, 1, SCENE_ZONES_MAX),
        .line_count = (size_t)prop_int(prop, 0, SCENE_LINES_MAX),
        .width_px = prop_chance(prop, 0.5) ? 1280 : 641,
        .height_px = prop_chance(prop, 0.5) ? 720 : 480,
        .interval_us = llround(mood.interval_s * 1e6),
    };
    for (size_t i = 0; i < scene->zone_count; i++)
        scene->zones[i] = any_zone(prop);
    for (size_t i = 0; i < scene->line_count; i++)
        scene->lines[i] = (struct dw_line){ .start = anywhere(prop), .end = anywhere(prop) };
    struct walker walkers[PEOPLE_MAX];
    size_t count = (size_t)prop_int(prop, 2, PEOPLE_MAX);
    for (size_t i = 0; i < count; i++)
        walkers[i] = any_walker(prop, &mood);
    film(scene, prop, &mood, walkers, count);
}

void scene_fini(struct scene *scene)
{
    dw_vec_fini(&scene->frames);
    dw_vec_fini(&scene->detections);
}

/* Where the scene has what the shot has at `index`, and the other way round. */
static size_t in_scene(const struct shot *shot, size_t index, size_t count)
{
    return shot->take.zones_backwards ? count - 1 - index : index;
}

void shot_begin(struct shot *shot, const struct scene *scene, struct take take)
{
    int larger = DW_MAX(take.larger, 1);
    *shot = (struct shot){ .scene = scene, .take = take, .order = { .state = take.shuffled } };
    shot->take.larger = larger;
    for (size_t i = 0; i < scene->zone_count; i++)
        shot->zones[i] = scene->zones[in_scene(shot, i, scene->zone_count)];
    for (size_t i = 0; i < scene->line_count; i++)
        shot->lines[i] = scene->lines[in_scene(shot, i, scene->line_count)];
    shot->layout = (struct dw_layout){ .zones = shot->zones,
                                       .zone_count = scene->zone_count,
                                       .lines = shot->lines,
                                       .line_count = scene->line_count };
    struct dw_lane_conf conf = {
        .layout = &shot->layout,
        .width_px = larger * scene->width_px,
        .height_px = larger * scene->height_px,
        .interval_us = scene->interval_us,
        .track = dw_track_params_default(),
    };
    shot->lane = dw_lane_create(&conf);
}

static void keep(struct shot *shot, struct dw_lane_output output, int64_t now_us)
{
    for (size_t i = 0; i < output.event_count; i++) {
        struct take_event *kept = dw_vec_add(&shot->events);
        *kept = (struct take_event){ output.events[i], now_us };
        struct dw_lane_event *event = &kept->event;
        const struct scene *scene = shot->scene;
        if (event->kind == DW_LANE_CROSSED)
            event->crossing.line =
                (int)in_scene(shot, (size_t)event->crossing.line, scene->line_count);
        else
            event->visit.zone = (int)in_scene(shot, (size_t)event->visit.zone, scene->zone_count);
    }
    for (size_t i = 0; i < output.sighting_count; i++)
        dw_vec_push(&shot->sightings, output.sightings[i]);
}

static void shuffle(struct shot *shot)
{
    for (size_t i = shot->boxes.count; i > 1; i--) {
        size_t other = (size_t)prop_int(&shot->order, 0, (int64_t)i - 1);
        struct dw_detection last = shot->boxes.items[i - 1];
        shot->boxes.items[i - 1] = shot->boxes.items[other];
        shot->boxes.items[other] = last;
    }
}

static void lay_out_boxes(struct shot *shot, const struct scene_frame *frame)
{
    float larger = (float)shot->take.larger;
    dw_vec_clear(&shot->boxes);
    for (size_t i = 0; i < frame->count; i++) {
        struct dw_detection detection = shot->scene->detections.items[frame->first + i];
        struct dw_box *box = &detection.box;
        *box =
            (struct dw_box){ larger * box->x, larger * box->y, larger * box->w, larger * box->h };
        dw_vec_push(&shot->boxes, detection);
    }
    if (shot->take.shuffled != 0)
        shuffle(shot);
}

bool shot_step(struct shot *shot)
{
    const struct scene *scene = shot->scene;
    if (shot->next == scene->frames.count) {
        int64_t end_us = scene->frames.items[shot->next - 1].time_us + shot->take.later_us +
                         dw_lane_interval_us(shot->lane);
        keep(shot, dw_lane_finish(shot->lane, end_us, DW_END_STOPPED), end_us);
        return false;
    }
    const struct scene_frame *frame = &scene->frames.items[shot->next];
    int64_t now_us = frame->time_us + shot->take.later_us;
    if (frame->after_gap)
        keep(shot, dw_lane_gap(shot->lane, now_us), now_us);
    lay_out_boxes(shot, frame);
    struct dw_track_input input = { now_us, (int64_t)shot->next++, shot->boxes.items,
                                    shot->boxes.count, NULL };
    keep(shot, dw_lane_step(shot->lane, &input), now_us);
    return true;
}

void shot_take(struct shot *shot, const struct scene *scene, struct take take)
{
    shot_begin(shot, scene, take);
    while (shot_step(shot))
        continue;
}

void shot_fini(struct shot *shot)
{
    dw_lane_destroy(shot->lane);
    dw_vec_fini(&shot->boxes);
    dw_vec_fini(&shot->events);
    dw_vec_fini(&shot->sightings);
}

static void tell_box(const struct shot *shot, struct dw_buf *out, struct dw_box box)
{
    double larger = shot->take.larger;
    dw_buf_printf(out, " at %a %a %a %a", (double)box.x / larger, (double)box.y / larger,
                  (double)box.w / larger, (double)box.h / larger);
}

static void tell_visit(const struct shot *shot, struct dw_buf *out,
                       const struct dw_lane_event *event)
{
    const struct dw_visit *v = &event->visit;
    int64_t later_us = shot->take.later_us;
    dw_buf_printf(out, "zone %d %s: person %" PRId64 " %" PRId64 "-%" PRId64, v->zone,
                  event->kind == DW_LANE_ENTERED ? "entered" : "finished", v->person,
                  v->enter_us - later_us, v->exit_us - later_us);
    dw_buf_printf(out, " dwell %" PRId64 " bridged %" PRId64 " links %d %s", v->dwell_us,
                  v->bridged_us, v->links, dw_end_reason_name(v->end_reason));
    dw_buf_printf(out, "%s%s%s %d>%d", v->pass ? " pass" : "", v->cut_start ? " cut_start" : "",
                  v->cut_end ? " cut_end" : "", v->enter_side, v->exit_side);
    dw_buf_printf(out, " score %a frames %" PRId64 ": %" PRId64 "-%" PRId64, v->score, v->frames,
                  v->enter_frame, v->exit_frame);
    tell_box(shot, out, v->last_box);
}

static void tell_crossing(const struct shot *shot, struct dw_buf *out, const struct dw_crossing *c)
{
    dw_buf_printf(out, "line %d: person %" PRId64 " %" PRId64 " frame %" PRId64 " %s score %a",
                  c->line, c->person, c->time_us - shot->take.later_us, c->frame,
                  c->to_right ? "right" : "left", c->score);
    tell_box(shot, out, c->box);
}

static void tell_events(const struct shot *shot, struct dw_buf *out, bool crossings, int index)
{
    for (size_t i = 0; i < shot->events.count; i++) {
        const struct dw_lane_event *event = &shot->events.items[i].event;
        bool crossing = event->kind == DW_LANE_CROSSED;
        int place = crossing ? event->crossing.line : event->visit.zone;
        if (crossing != crossings || place != index)
            continue;
        if (crossing)
            tell_crossing(shot, out, &event->crossing);
        else
            tell_visit(shot, out, event);
        dw_buf_printf(out, " told %" PRId64 "\n",
                      shot->events.items[i].told_us - shot->take.later_us);
    }
}

void shot_tell(const struct shot *shot, struct dw_buf *out)
{
    for (size_t i = 0; i < shot->scene->zone_count; i++)
        tell_events(shot, out, false, (int)i);
    for (size_t i = 0; i < shot->scene->line_count; i++)
        tell_events(shot, out, true, (int)i);
    for (size_t i = 0; i < shot->sightings.count; i++) {
        const struct dw_sighting *s = &shot->sightings.items[i];
        dw_buf_printf(out, "%" PRId64 ": person %" PRId64 " score %a gap %" PRId64 "%s",
                      s->time_us - shot->take.later_us, s->person, s->score, s->gap_us,
                      s->linked ? " linked" : "");
        tell_box(shot, out, s->box);
        dw_buf_puts(out, "\n");
    }
}
