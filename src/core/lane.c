/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lane.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "core/inside.h"
#include "core/stay.h"

#define INTERVALS_KEPT 15

/* Speeds are taken over steps of this length, or the jitter of boxes would be running. */
#define SPEED_US 500000

/* Between frames that are farther apart people are followed along a straight line in steps of about
 * this length, or times at the edge of a zone would be as coarse as the frames. */
#define STEP_US 100000
#define STEPS_MAX 10

/* So far off a line, in body heights, somebody is clearly on one side of it. */
#define LINE_MARGIN 0.06

struct in_zone {
    struct dw_stay stay;
    struct dw_inside place;
};

struct at_line {
    struct dw_point settled; /* last anchor clearly off the line, normalised */
    bool known;
};

struct person {
    int64_t number;
    int64_t told_us;          /* time of the frame that last brought a sighting */
    struct dw_sighting last;  /* all zero: none yet */
    struct dw_point ground_m; /* where they were on the floor ... */
    int64_t ground_us;        /* ... at this time */
    bool on_ground;
    double speed; /* m/s over the last SPEED_US or more; negative: not known */
    struct in_zone *zones;
    struct at_line *lines;
};

struct ranked {
    const struct dw_detection *detection; /* as it came */
};

struct dw_lane {
    struct dw_lane_conf conf;
    struct dw_zone_view *zones; /* of the layout */
    struct dw_tracker *tracker;
    DW_VEC(struct person) persons;
    size_t found; /* index of the person that was looked up last */
    DW_VEC(struct dw_lane_event) events;
    DW_VEC(struct ranked) ranked;      /* detections of the frame, the surest first ... */
    DW_VEC(struct dw_detection) boxes; /* ... themselves */
    DW_VEC(struct dw_look) looks;      /* ... and how they look, when that is known */
    int64_t measured_from_us;          /* start of the unbroken stretch */
    int64_t now_us;
    int64_t intervals_us[INTERVALS_KEPT]; /* ring of the last times between frames */
    size_t interval_count, frame_count;
    int64_t interval_us; /* their median */
};

struct dw_lane *dw_lane_create(const struct dw_lane_conf *conf)
{
    struct dw_lane *lane = dw_alloc0(sizeof(*lane));
    lane->conf = *conf;
    lane->interval_us = conf->interval_us;
    struct dw_view view = { conf->width_px, conf->height_px, conf->ground };
    lane->tracker = dw_tracker_create(&conf->track, &view);
    lane->zones = dw_alloc_array0(conf->layout->zone_count, sizeof(*lane->zones));
    for (size_t i = 0; i < conf->layout->zone_count; i++)
        lane->zones[i] = dw_zone_view(&conf->layout->zones[i], conf->width_px, conf->height_px);
    return lane;
}

static void forget_person(struct dw_lane *lane, size_t at)
{
    free(lane->persons.items[at].zones);
    free(lane->persons.items[at].lines);
    dw_vec_remove(&lane->persons, at);
}

static void forget_everybody(struct dw_lane *lane)
{
    while (lane->persons.count > 0)
        forget_person(lane, lane->persons.count - 1);
    dw_tracker_reset(lane->tracker);
}

void dw_lane_destroy(struct dw_lane *lane)
{
    if (lane == NULL)
        return;
    forget_everybody(lane);
    dw_tracker_destroy(lane->tracker);
    dw_vec_fini(&lane->persons);
    dw_vec_fini(&lane->events);
    free(lane->zones);
    dw_vec_fini(&lane->ranked);
    dw_vec_fini(&lane->boxes);
    dw_vec_fini(&lane->looks);
    free(lane);
}

int64_t dw_lane_judged_us(const struct dw_lane *lane)
{
    return lane->now_us - dw_track_latest_us(&lane->conf.track);
}

int64_t dw_lane_interval_us(const struct dw_lane *lane)
{
    return lane->interval_us;
}

struct dw_point dw_lane_anchor(const struct dw_lane *lane, enum dw_anchor anchor, struct dw_box box)
{
    struct dw_point point = dw_box_anchor(box, anchor);
    return (struct dw_point){ point.x / lane->conf.width_px, point.y / lane->conf.height_px };
}

/* The median keeps a hiccup of the stream out of the frame interval. After a gap, time stands
 * where the frame is. */
static void learn_interval(struct dw_lane *lane, int64_t now_us)
{
    if (lane->frame_count++ > 0 && now_us > lane->now_us) {
        int64_t sorted[INTERVALS_KEPT] = { 0 };
        lane->intervals_us[lane->interval_count++ % INTERVALS_KEPT] = now_us - lane->now_us;
        size_t kept = DW_MIN(lane->interval_count, (size_t)INTERVALS_KEPT);
        for (size_t i = 0; i < kept; i++) {
            size_t at = i;
            for (; at > 0 && sorted[at - 1] > lane->intervals_us[i]; at--)
                sorted[at] = sorted[at - 1];
            sorted[at] = lane->intervals_us[i];
        }
        lane->interval_us = sorted[kept / 2];
    }
    lane->now_us = now_us;
}

/* Sightings come in nearly the same order frame by frame: the next is looked for from where the
 * last one was. */
static struct person *find_person(struct dw_lane *lane, int64_t number)
{
    size_t count = lane->persons.count, at = lane->found;
    for (size_t i = 0; i < count; i++, at++) {
        at = at < count ? at : 0;
        if (lane->persons.items[at].number == number) {
            lane->found = at;
            return &lane->persons.items[at];
        }
    }
    struct person *person = dw_vec_add(&lane->persons);
    person->number = number;
    person->speed = -1;
    person->zones = dw_alloc_array0(lane->conf.layout->zone_count, sizeof(*person->zones));
    person->lines = dw_alloc_array0(lane->conf.layout->line_count, sizeof(*person->lines));
    return person;
}

static void tell_visit(struct dw_lane *lane, enum dw_lane_event_kind kind, int zone, int64_t person,
                       const struct dw_visit *visit)
{
    struct dw_lane_event *event = dw_vec_add(&lane->events);
    event->kind = kind;
    event->visit = *visit;
    event->visit.zone = zone;
    event->visit.person = person;
}

/* `step_us`: it is no sighting, but one of the steps of this length that lead to it; 0: it is. */
static void visit_zone(struct dw_lane *lane, struct person *person, int index,
                       const struct dw_sighting *sighting, struct dw_point anchor_px,
                       int64_t step_us)
{
    const struct dw_zone *zone = &lane->conf.layout->zones[index];
    struct in_zone *at = &person->zones[index];
    bool first = !at->place.known;
    int side = dw_inside_judge(&at->place, &lane->zones[index], anchor_px, (double)sighting->box.h);
    if (!at->stay.held && !at->place.inside)
        return;

    struct dw_presence presence = {
        .time_us = sighting->time_us,
        .frame = sighting->frame,
        .interval_us = step_us > 0 ? step_us : lane->interval_us,
        .between = step_us > 0,
        .gap_us = sighting->gap_us,
        .linked = sighting->linked,
        .inside = at->place.inside,
        .cut_start = first && sighting->time_us - lane->measured_from_us <= DW_CUT_START_US,
        .side = side,
        .score = sighting->score,
        .speed = person->speed,
        .box = sighting->box,
    };

    struct dw_visit closed;
    int changes = dw_stay_step(&at->stay, &zone->rules, &presence, &closed);
    if ((changes & DW_STAY_CLOSED) != 0)
        tell_visit(lane, DW_LANE_FINISHED, index, person->number, &closed);
    if ((changes & DW_STAY_OPENED) != 0) {
        struct dw_visit so_far = dw_stay_so_far(&at->stay, &zone->rules);
        tell_visit(lane, DW_LANE_ENTERED, index, person->number, &so_far);
    }
}

static bool is_on_line(const struct dw_lane *lane, const struct dw_line *line,
                       struct dw_point point, double margin_px)
{
    double sx = lane->conf.width_px, sy = lane->conf.height_px;
    double dx = (line->end.x - line->start.x) * sx, dy = (line->end.y - line->start.y) * sy;
    double px = (point.x - line->start.x) * sx, py = (point.y - line->start.y) * sy;
    double off = dx * py - dy * px; /* distance times the length of the line */
    return off * off < margin_px * margin_px * (dx * dx + dy * dy);
}

/* Whoever dithers on the line has crossed it only when clearly on its other side. */
static void cross_line(struct dw_lane *lane, struct person *person, int index,
                       const struct dw_sighting *sighting)
{
    const struct dw_line *line = &lane->conf.layout->lines[index];
    struct at_line *at = &person->lines[index];
    struct dw_point anchor = dw_lane_anchor(lane, line->anchor, sighting->box);
    double margin_px = LINE_MARGIN * (double)sighting->box.h;
    if (at->known && is_on_line(lane, line, anchor, margin_px))
        return;

    int direction = at->known ? dw_line_crossed(line, at->settled, anchor) : 0;
    at->settled = anchor;
    at->known = true;
    if (direction == 0)
        return;
    struct dw_lane_event *event = dw_vec_add(&lane->events);
    event->kind = DW_LANE_CROSSED;
    event->crossing = (struct dw_crossing){
        .line = index,
        .person = person->number,
        .time_us = sighting->time_us,
        .frame = sighting->frame,
        .to_right = direction > 0,
        .box = sighting->box,
        .score = sighting->score,
    };
}

static void measure_speed(struct dw_lane *lane, struct person *person,
                          const struct dw_sighting *sighting)
{
    struct dw_point metres = { 0 }, feet = dw_box_anchor(sighting->box, DW_ANCHOR_FOOTPRINT);
    int64_t passed_us = sighting->time_us - person->ground_us;
    if (person->on_ground && passed_us < SPEED_US)
        return;
    bool known = dw_ground_to_world(&lane->conf.ground, feet, &metres);
    if (known && person->on_ground)
        person->speed = hypot(metres.x - person->ground_m.x, metres.y - person->ground_m.y) /
                        ((double)passed_us / 1e6);
    person->on_ground = known;
    person->ground_m = metres;
    person->ground_us = sighting->time_us;
}

static void visit_zones(struct dw_lane *lane, struct person *person,
                        const struct dw_sighting *sighting, int64_t step_us)
{
    struct dw_point anchors_px[DW_ANCHORS];
    for (int i = 0; i < DW_ANCHORS; i++)
        anchors_px[i] = dw_box_anchor(sighting->box, (enum dw_anchor)i);
    for (size_t i = 0; i < lane->conf.layout->zone_count; i++)
        visit_zone(lane, person, (int)i, sighting,
                   anchors_px[lane->conf.layout->zones[i].rules.anchor], step_us);
}

/* The way from the last sighting to this one, if somebody was really seen on both. */
static void fill_in(struct dw_lane *lane, struct person *person, const struct dw_sighting *sighting)
{
    const struct dw_sighting *last = &person->last;
    int64_t apart_us = sighting->time_us - last->time_us;
    int64_t steps = (apart_us + STEP_US / 2) / STEP_US;
    bool seen =
        last->person != 0 && last->gap_us == 0 && sighting->gap_us == 0 && !sighting->linked;
    if (!seen || steps > STEPS_MAX)
        return;
    struct dw_sighting step = *sighting;
    for (int64_t i = 1; i < steps; i++) {
        step.time_us = last->time_us + apart_us * i / steps;
        step.box = dw_box_mix(last->box, sighting->box, (double)i / (double)steps);
        visit_zones(lane, person, &step, apart_us / steps);
    }
}

static void take_sighting(struct dw_lane *lane, const struct dw_sighting *sighting)
{
    struct person *person = find_person(lane, sighting->person);
    person->told_us = lane->now_us;
    if (lane->conf.ground.known)
        measure_speed(lane, person, sighting);
    fill_in(lane, person, sighting);
    visit_zones(lane, person, sighting, 0);
    person->last = *sighting;
    for (size_t i = 0; i < lane->conf.layout->line_count; i++)
        cross_line(lane, person, (int)i, sighting);
}

static bool still_matters(const struct dw_lane *lane, const struct person *person)
{
    int64_t untold_us = lane->now_us - person->told_us;
    if (untold_us <= dw_track_latest_us(&lane->conf.track) ||
        dw_tracker_follows(lane->tracker, person->number))
        return true;
    for (size_t i = 0; i < lane->conf.layout->zone_count; i++)
        if (person->zones[i].stay.held)
            return true;
    return false;
}

static void advance_person(struct dw_lane *lane, struct person *person)
{
    struct dw_visit closed;
    int64_t settled_us = dw_tracker_settled_us(lane->tracker);
    for (size_t i = 0; i < lane->conf.layout->zone_count; i++) {
        const struct dw_zone_rules *rules = &lane->conf.layout->zones[i].rules;
        struct dw_stay *stay = &person->zones[i].stay;
        if (stay->held && dw_stay_advance(stay, rules, settled_us, &closed))
            tell_visit(lane, DW_LANE_FINISHED, (int)i, person->number, &closed);
    }
}

static void finish_everybody(struct dw_lane *lane, int64_t end_us, enum dw_end_reason reason)
{
    struct dw_visit closed;
    for (size_t p = 0; p < lane->persons.count; p++) {
        struct person *person = &lane->persons.items[p];
        for (size_t i = 0; i < lane->conf.layout->zone_count; i++) {
            const struct dw_zone_rules *rules = &lane->conf.layout->zones[i].rules;
            if (dw_stay_finish(&person->zones[i].stay, rules, end_us, reason, &closed))
                tell_visit(lane, DW_LANE_FINISHED, (int)i, person->number, &closed);
        }
    }
    forget_everybody(lane);
}

/* The surest first; then by place and size, so that no two orders of the same boxes are left. */
static int by_score(const void *a, const void *b)
{
    const struct dw_detection *one = ((const struct ranked *)a)->detection;
    const struct dw_detection *other = ((const struct ranked *)b)->detection;
    if (one->score != other->score)
        return one->score > other->score ? -1 : 1;
    const float pairs[][2] = {
        { one->box.x, other->box.x },
        { one->box.y, other->box.y },
        { one->box.w, other->box.w },
        { one->box.h, other->box.h },
    };
    for (size_t i = 0; i < DW_LENGTH(pairs); i++)
        if (pairs[i][0] != pairs[i][1])
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
    return 0;
}

/* Who is numbered first, and who wins a tie, must not hang on how a detector lists its boxes. */
static struct dw_track_input in_order(struct dw_lane *lane, const struct dw_track_input *input)
{
    dw_vec_clear(&lane->ranked);
    dw_vec_clear(&lane->boxes);
    dw_vec_clear(&lane->looks);
    for (size_t i = 0; i < input->count; i++)
        dw_vec_push(&lane->ranked, ((struct ranked){ &input->detections[i] }));
    if (input->count > 1)
        qsort(lane->ranked.items, input->count, sizeof(lane->ranked.items[0]), by_score);
    for (size_t i = 0; i < input->count; i++) {
        const struct dw_detection *detection = lane->ranked.items[i].detection;
        dw_vec_push(&lane->boxes, *detection);
        if (input->looks != NULL)
            dw_vec_push(&lane->looks, input->looks[detection - input->detections]);
    }
    return (struct dw_track_input){ input->time_us, input->frame, lane->boxes.items, input->count,
                                    input->looks != NULL ? lane->looks.items : NULL };
}

static struct dw_lane_output output_of(const struct dw_lane *lane,
                                       const struct dw_track_output *tracked)
{
    return (struct dw_lane_output){ lane->events.items, lane->events.count, tracked->sightings,
                                    tracked->count,     tracked->live,      tracked->live_count };
}

static void take_sightings(struct dw_lane *lane, const struct dw_track_output *tracked)
{
    for (size_t i = 0; i < tracked->count; i++)
        take_sighting(lane, &tracked->sightings[i]);
}

struct dw_lane_output dw_lane_step(struct dw_lane *lane, const struct dw_track_input *input)
{
    if (lane->frame_count == 0)
        lane->measured_from_us = input->time_us;
    learn_interval(lane, input->time_us);
    dw_vec_clear(&lane->events);

    struct dw_track_input ordered = in_order(lane, input);
    struct dw_track_output tracked = dw_tracker_step(lane->tracker, &ordered);
    take_sightings(lane, &tracked);
    for (size_t i = lane->persons.count; i-- > 0;) {
        advance_person(lane, &lane->persons.items[i]);
        if (!still_matters(lane, &lane->persons.items[i]))
            forget_person(lane, i);
    }
    return output_of(lane, &tracked);
}

/* What the tracker still had to tell, and then the end of all visits. */
static struct dw_lane_output end_all(struct dw_lane *lane, int64_t end_us,
                                     enum dw_end_reason reason)
{
    dw_vec_clear(&lane->events);
    struct dw_track_output tracked = dw_tracker_finish(lane->tracker);
    take_sightings(lane, &tracked);
    finish_everybody(lane, end_us, reason);
    return output_of(lane, &tracked);
}

struct dw_lane_output dw_lane_gap(struct dw_lane *lane, int64_t resume_us)
{
    struct dw_lane_output output = end_all(lane, lane->now_us + lane->interval_us, DW_END_GAP);
    lane->now_us = lane->measured_from_us = resume_us;
    return output;
}

struct dw_lane_output dw_lane_finish(struct dw_lane *lane, int64_t end_us,
                                     enum dw_end_reason reason)
{
    return end_all(lane, end_us, reason);
}

size_t dw_lane_open_visits(const struct dw_lane *lane, struct dw_visit *visits, size_t room)
{
    size_t count = 0;
    for (size_t p = 0; p < lane->persons.count; p++)
        for (size_t i = 0; i < lane->conf.layout->zone_count; i++) {
            const struct dw_stay *stay = &lane->persons.items[p].zones[i].stay;
            if (!stay->open)
                continue;
            if (count < room) {
                visits[count] = dw_stay_so_far(stay, &lane->conf.layout->zones[i].rules);
                visits[count].zone = (int)i;
                visits[count].person = lane->persons.items[p].number;
            }
            count++;
        }
    return count;
}
