/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/prop.h"
#include "unit/core/film.h"

/* Two zones that share the edge x = 0.5, and a line up the middle of the picture. */
#define RULES                                                                                      \
    {                                                                                              \
        .enter_after_us = 300000, .grace_us = 1000000, .bridge_us = 2000000, .link_us = 8000000,   \
        .min_dwell_us = 1000000, .stop_us = 3000000, .engage_us = 10000000, .hysteresis = 0.025    \
    }

static struct dw_zone zones[] = {
    { .name = "left",
      .corners = { { 0.3, 0.5 }, { 0.5, 0.5 }, { 0.5, 0.9 }, { 0.3, 0.9 } },
      .corner_count = 4,
      .rules = RULES },
    { .name = "right",
      .corners = { { 0.5, 0.5 }, { 0.7, 0.5 }, { 0.7, 0.9 }, { 0.5, 0.9 } },
      .corner_count = 4,
      .rules = RULES },
};
static struct dw_line lines[] = { { .name = "up", .start = { 0.5, 1 }, .end = { 0.5, 0 } } };

static const struct dw_layout left_zone = { .zones = zones, .zone_count = 1 };
static const struct dw_layout two_zones = { .zones = zones, .zone_count = 2 };
static const struct dw_layout one_line = { .lines = lines, .line_count = 1 };

static struct film film_of(struct dw_layout layout, double length_s)
{
    return (struct film){
        .layout = layout, .length_s = length_s, .fps = 10, .width_px = 1000, .height_px = 1000
    };
}

static struct actor *cast(struct film *film, const struct mark *marks, size_t count)
{
    struct actor *actor = &film->actors[film->actor_count++];
    for (size_t i = 0; i < count; i++)
        actor->marks[i] = marks[i];
    actor->mark_count = count;
    return actor;
}

#define CAST(film, marks) cast((film), (marks), DW_LENGTH(marks))

static void assert_told(char *told, const char *wanted)
{
    if (strcmp(told, wanted) != 0)
        fail_msg("wanted: %s\n  got:    %s", wanted, told);
    free(told);
}

static void assert_visits(struct film *film, const char *wanted)
{
    film_play(film);
    assert_told(film_visits(film), wanted);
    film_fini(film);
}

static void assert_crossings(struct film *film, const char *wanted)
{
    film_play(film);
    assert_told(film_crossings(film), wanted);
    film_fini(film);
}

/* In over the left edge, 4 s in the zone, out over the bottom edge. */
static const struct mark in_and_out[] = {
    { 0, 0.1, 0.7 }, { 3, 0.4, 0.7 }, { 7, 0.4, 0.7 }, { 10, 0.4, 1.0 }
};

static void somebody_who_walks_in_and_out_makes_one_visit(void **state)
{
    (void)state;
    struct film film = film_of(left_zone, 15);
    CAST(&film, in_and_out);
    assert_visits(&film, "0 1 2.1-9.1 left 4>3");
}

static void visits_do_not_depend_on_the_resolution_of_the_picture(void **state)
{
    (void)state;
    static const int sizes[][2] = { { 320, 320 }, { 640, 640 }, { 1920, 1920 }, { 4000, 4000 } };
    for (size_t i = 0; i < DW_LENGTH(sizes); i++) {
        struct film film = film_of(left_zone, 15);
        film.width_px = sizes[i][0];
        film.height_px = sizes[i][1];
        CAST(&film, in_and_out);
        assert_visits(&film, "0 1 2.1-9.1 left 4>3");
    }
}

static void visits_depend_on_the_frame_rate_by_a_quarter_of_a_second_at_most(void **state)
{
    (void)state;
    static const double rates[] = { 2, 3, 4, 5, 7, 10, 12.5, 15, 25, 30 };
    for (size_t i = 0; i < DW_LENGTH(rates); i++) {
        struct film film = film_of(left_zone, 15);
        film.fps = rates[i];
        CAST(&film, in_and_out);
        film_play(&film);
        const struct dw_lane_event *last = &film.events.items[film.events.count - 1];
        assert_int_equal(film.events.count, 2);
        assert_int_equal(last->kind, DW_LANE_FINISHED);
        assert_true(fabs((double)last->visit.enter_us / 1e6 - 2.05) < 0.25);
        assert_true(fabs((double)last->visit.exit_us / 1e6 - 9.05) < 0.25);
        film_fini(&film);
    }
}

static void whoever_sways_on_an_edge_makes_one_visit_or_none(void **state)
{
    (void)state;
    static const struct mark at_edge[] = { { 0, 0.1, 0.7 }, { 2, 0.3, 0.7 }, { 20, 0.3, 0.7 } };
    struct film film = film_of(left_zone, 20);
    zones[0].rules.grace_us = 0;
    zones[0].rules.bridge_us = 0;
    CAST(&film, at_edge)->sway = 0.005; /* half of what counts as in or out */
    film_play(&film);
    char *told = film_visits(&film);
    assert_null(strchr(told, ','));
    free(told);
    film_fini(&film);
    zones[0].rules.grace_us = 1000000;
    zones[0].rules.bridge_us = 2000000;

    struct film wide = film_of(left_zone, 20);
    CAST(&wide, at_edge)->sway = 0.03; /* in and out every second: the excursions are short */
    film_play(&wide);
    told = film_visits(&wide);
    assert_true(strlen(told) > 0);
    assert_null(strchr(told, ','));
    free(told);
    film_fini(&wide);
}

static void a_step_from_zone_to_zone_ends_one_visit_and_begins_the_other(void **state)
{
    (void)state;
    static const struct mark across[] = { { 0, 0.1, 0.7 }, { 3, 0.4, 0.7 },  { 6, 0.4, 0.7 },
                                          { 8, 0.6, 0.7 }, { 11, 0.6, 0.7 }, { 14, 0.9, 0.7 } };
    struct film film = film_of(two_zones, 20);
    CAST(&film, across);
    assert_visits(&film, "0 1 2.1-7.1 left 4>2, 1 1 7.1-12.1 left 4>2");
}

static void who_is_inside_at_the_start_is_cut_and_who_appears_inside_later_is_not(void **state)
{
    (void)state;
    static const struct mark early[] = { { 0, 0.35, 0.7 }, { 6, 0.35, 0.7 }, { 9, 0.05, 0.7 } };
    static const struct mark late[] = { { 2, 0.45, 0.7 }, { 8, 0.45, 0.7 }, { 10, 0.45, 1.0 } };
    struct film film = film_of(left_zone, 20);
    CAST(&film, early);
    CAST(&film, late);
    assert_visits(&film, "0 1 0.0-6.6 left cut_start 0>4, 0 2 2.0-9.4 left 0>3");
}

static void a_gap_cuts_visits_on_both_sides_and_makes_everybody_new(void **state)
{
    (void)state;
    static const struct mark stands[] = { { 0.5, 0.1, 0.7 }, { 2.5, 0.4, 0.7 }, { 30, 0.4, 0.7 } };
    struct film film = film_of(left_zone, 20);
    film.gap_from_s = 8;
    film.gap_to_s = 13;
    CAST(&film, stands);
    assert_visits(&film,
                  "0 1 1.9-8.0 gap cut_end 4>0, 0 2 13.0-20.0 stopped cut_start cut_end 0>0");
}

static void a_gap_right_after_the_first_frame_does_not_spoil_the_frame_interval(void **state)
{
    (void)state;
    struct dw_lane_conf conf = { .layout = &left_zone,
                                 .width_px = 1000,
                                 .height_px = 1000,
                                 .interval_us = 100000,
                                 .track = dw_track_params_default() };
    struct dw_lane *lane = dw_lane_create(&conf);
    struct dw_track_input input = { 0 };
    dw_lane_step(lane, &input);
    input.time_us = 60000000;
    input.frame = 1;
    dw_lane_gap(lane, input.time_us);
    dw_lane_step(lane, &input);
    assert_int_equal(dw_lane_interval_us(lane), 100000);
    dw_lane_destroy(lane);
}

static void the_frame_interval_is_the_median_of_the_last_fifteen(void **state)
{
    (void)state;
    struct dw_lane_conf conf = { .layout = &left_zone,
                                 .width_px = 1000,
                                 .height_px = 1000,
                                 .interval_us = 100000,
                                 .track = dw_track_params_default() };
    static const struct {
        int frames;
        int64_t apart_us, usual_us;
    } stretches[] = {
        { 1, 0, 100000 },      /* nothing known: as configured */
        { 1, 50000, 50000 },   /* the first interval counts at once */
        { 1, 30000, 50000 },   /* of two the longer */
        { 1, 40000, 40000 },   /* the one in the middle, whichever came last */
        { 1, 9000000, 50000 }, /* a hiccup moves little */
        { 1, 20000, 40000 },   { 15, 60000, 60000 }, { 7, 10000, 60000 }, { 1, 10000, 10000 },
    };
    struct dw_lane *lane = dw_lane_create(&conf);
    struct dw_track_input input = { .time_us = 123456789 };
    for (size_t i = 0; i < DW_LENGTH(stretches); i++) {
        for (int f = 0; f < stretches[i].frames; f++) {
            input.time_us += stretches[i].apart_us;
            input.frame++;
            dw_lane_step(lane, &input);
        }
        assert_int_equal(dw_lane_interval_us(lane), stretches[i].usual_us);
    }
    assert_int_equal(dw_lane_judged_us(lane), input.time_us - dw_track_latest_us(&conf.track));
    dw_lane_destroy(lane);
}

static void a_pillar_for_a_second_and_a_half_is_bridged(void **state)
{
    (void)state;
    struct film film = film_of(left_zone, 15);
    struct actor *actor = CAST(&film, in_and_out);
    actor->hidden_from_s = 4;
    actor->hidden_to_s = 5.5;
    assert_visits(&film, "0 1 2.1-9.1 left bridged 1.5 4>3");
}

static void who_is_linked_at_the_last_moment_goes_on_with_the_visit(void **state)
{
    (void)state;
    static const struct mark waits[] = {
        { 0, 0.1, 0.7 }, { 3, 0.4, 0.7 }, { 19, 0.4, 0.7 }, { 22, 0.4, 1.0 }
    };
    struct film film = film_of(left_zone, 40);
    film.fps = 20;
    struct actor *actor = CAST(&film, waits);
    actor->hidden_from_s = 7;
    actor->hidden_to_s = 14.95; /* and then it takes some frames until it shows who it is */
    assert_visits(&film, "0 1 2.1-21.1 left bridged 8.0 4>3");
}

static void who_vanishes_inside_is_lost_at_the_last_sight(void **state)
{
    (void)state;
    struct film film = film_of(left_zone, 30);
    struct actor *actor = CAST(&film, in_and_out);
    actor->hidden_from_s = 5;
    actor->hidden_to_s = 99;
    assert_visits(&film, "0 1 2.1-5.0 lost 4>0");
}

static void everybody_who_finished_had_entered_before(void **state)
{
    (void)state;
    struct film film = film_of(two_zones, 20);
    CAST(&film, in_and_out);
    film_play(&film);
    assert_int_equal(film.events.count, 2);
    assert_int_equal(film.events.items[0].kind, DW_LANE_ENTERED);
    assert_int_equal(film.events.items[0].visit.enter_us, film.events.items[1].visit.enter_us);
    assert_int_equal(film.events.items[0].visit.enter_side, 4);
    assert_int_equal(film.most_open, 1);
    film_fini(&film);
}

static void the_visits_going_on_can_be_asked_for_at_any_moment(void **state)
{
    (void)state;
    struct dw_lane_conf conf = { .layout = &two_zones,
                                 .width_px = 1000,
                                 .height_px = 1000,
                                 .interval_us = 100000,
                                 .track = dw_track_params_default() };
    /* One in the left zone, one in the right, from 0.8 s on. */
    const struct dw_detection standing[] = { { { 350, 450, 100, 250 }, 0.9F },
                                             { { 550, 450, 100, 250 }, 0.8F } };
    conf.track.lag_us = 0;
    struct dw_lane *lane = dw_lane_create(&conf);
    struct dw_visit visits[3] = { { .person = -1 }, { .person = -1 }, { .person = -1 } };
    for (int i = 0; i <= 20; i++) {
        struct dw_track_input input = { i * 100000, i, standing, i >= 8 ? 2 : 0, NULL };
        dw_lane_step(lane, &input);
    }
    assert_int_equal(dw_lane_open_visits(lane, visits, 1), 2);
    assert_int_equal(visits[0].person, 1);
    assert_int_equal(visits[1].person, -1);
    assert_int_equal(dw_lane_open_visits(lane, visits, 3), 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(visits[i].zone, i);
        assert_int_equal(visits[i].person, i + 1);
        assert_int_equal(visits[i].enter_us, 800000);
        assert_int_equal(visits[i].exit_us, 2100000);
        assert_false(visits[i].cut_start || visits[i].cut_end);
    }
    assert_int_equal(visits[2].person, -1);
    dw_lane_finish(lane, 2100000, DW_END_STOPPED);
    assert_int_equal(dw_lane_open_visits(lane, visits, 3), 0);
    dw_lane_destroy(lane);
    dw_lane_destroy(NULL);
}

static void a_line_is_crossed_once_in_the_direction_of_the_walk(void **state)
{
    (void)state;
    static const struct mark to_right[] = { { 0, 0.2, 0.7 }, { 6, 0.8, 0.7 } };
    static const struct mark to_left[] = { { 0, 0.8, 0.7 }, { 6, 0.2, 0.7 } };
    static const struct mark there_and_back[] = { { 0, 0.2, 0.7 },
                                                  { 6, 0.8, 0.7 },
                                                  { 12, 0.2, 0.7 } };
    static const struct mark along[] = { { 0, 0.45, 0.3 }, { 6, 0.45, 0.9 } };
    struct film film = film_of(one_line, 15);
    CAST(&film, to_right);
    assert_crossings(&film, "0 1 3.2 right");
    film = film_of(one_line, 15);
    CAST(&film, to_left);
    assert_crossings(&film, "0 1 3.2 left");
    film = film_of(one_line, 15);
    CAST(&film, there_and_back);
    assert_crossings(&film, "0 1 3.2 right, 0 1 9.2 left");
    film = film_of(one_line, 15);
    CAST(&film, along);
    assert_crossings(&film, "");
}

static void whoever_dithers_on_a_line_crosses_it_once(void **state)
{
    (void)state;
    static const struct mark waits[] = {
        { 0, 0.2, 0.7 }, { 3, 0.5, 0.7 }, { 12, 0.5, 0.7 }, { 15, 0.8, 0.7 }
    };
    static const struct mark turns_back[] = {
        { 0, 0.2, 0.7 }, { 3, 0.5, 0.7 }, { 12, 0.5, 0.7 }, { 15, 0.2, 0.7 }
    };
    struct film film = film_of(one_line, 20);
    CAST(&film, waits)->sway = 0.005;
    film_play(&film);
    assert_int_equal(film.events.count, 1);
    assert_true(film.events.items[0].crossing.to_right);
    film_fini(&film);
    film = film_of(one_line, 20);
    CAST(&film, turns_back)->sway = 0.005;
    assert_crossings(&film, "");
}

static void the_way_around_the_end_of_a_line_is_no_crossing(void **state)
{
    (void)state;
    struct dw_line half = { .name = "half", .start = { 0.5, 1 }, .end = { 0.5, 0.6 } };
    static const struct mark around[] = { { 0, 0.3, 0.5 }, { 4, 0.7, 0.5 } };
    struct film film = film_of((struct dw_layout){ .lines = &half, .line_count = 1 }, 10);
    CAST(&film, around);
    assert_crossings(&film, "");
}

static void speed_is_measured_on_the_ground(void **state)
{
    (void)state;
    /* 10 m from side to side, 10 m from top to bottom, seen from above. */
    const double matrix[9] = { 100, 0, 0, 0, 100, 0, 0, 0, 1 };
    static const struct mark walk[] = { { 0, 0.1, 0.7 }, { 8, 0.9, 0.7 } };
    struct film film = film_of(left_zone, 15);
    assert_true(dw_ground_init(&film.ground, matrix, (struct dw_point){ 500, 1000 }));
    CAST(&film, walk);
    film_play(&film);
    const struct dw_visit *visit = &film.events.items[1].visit;
    assert_true(fabs(visit->speed_avg - 1) < 0.05);
    assert_true(fabs(visit->speed_min - 1) < 0.05);
    film_fini(&film);

    struct film unknown = film_of(left_zone, 15);
    CAST(&unknown, walk);
    film_play(&unknown);
    assert_true(unknown.events.items[1].visit.speed_avg < 0);
    film_fini(&unknown);
}

static void whose_feet_are_above_the_horizon_has_no_speed(void **state)
{
    (void)state;
    /* The horizon is at y = 650: the walk along y = 600 is in the sky, its ends are on the floor.
     */
    const double matrix[9] = { 1000, 500, 0, 0, 650, 1000, 0, 1, 0 };
    static const struct mark walk[] = {
        { 0, 0.4, 0.6 }, { 4, 0.45, 0.6 }, { 5, 0.45, 0.85 }, { 8, 0.45, 0.85 }
    };
    struct film film = film_of(left_zone, 12);
    assert_true(dw_ground_init(&film.ground, matrix, (struct dw_point){ 500, 1000 }));
    CAST(&film, walk);
    film.length_s = 4;
    film_play(&film);
    assert_true(film.events.items[1].visit.speed_avg < 0);
    film_fini(&film);
    film.length_s = 12;
    film_play(&film);
    assert_true(film.events.items[1].visit.speed_avg >= 0);
    film_fini(&film);
}

/* What holds for any walks: checked visit by visit, person by person, zone by zone. */
static void check_film(struct prop *prop, const struct film *film)
{
    size_t entered = 0, finished = 0;
    int64_t length_us = llround(film->length_s * 1e6);
    for (size_t i = 0; i < film->events.count; i++) {
        const struct dw_lane_event *event = &film->events.items[i];
        const struct dw_visit *a = &event->visit;
        entered += event->kind == DW_LANE_ENTERED;
        finished += event->kind == DW_LANE_FINISHED;
        if (event->kind != DW_LANE_FINISHED)
            continue;
        prop_assert(prop, a->observed_us + a->bridged_us == a->dwell_us);
        prop_assert(prop, a->dwell_us <= a->exit_us - a->enter_us);
        prop_assert(prop, a->enter_us >= 0 && a->exit_us <= length_us + 1000000);
        prop_assert(prop, a->pass == (a->dwell_us < 1000000));
        for (size_t j = 0; j < i; j++) {
            const struct dw_visit *b = &film->events.items[j].visit;
            if (film->events.items[j].kind == DW_LANE_FINISHED && a->zone == b->zone &&
                a->person == b->person)
                prop_assert(prop, a->enter_us >= b->exit_us || b->enter_us >= a->exit_us);
        }
    }
    prop_assert(prop, entered == finished);
}

static void visits_of_one_person_in_one_zone_never_overlap(void **state)
{
    (void)state;
    PROP(prop, 200)
    {
        struct film film = film_of(two_zones, 25);
        film.fps = prop_real(&prop, 4, 30);
        if (prop_chance(&prop, 0.3)) {
            film.gap_from_s = prop_real(&prop, 1, 20);
            film.gap_to_s = film.gap_from_s + prop_real(&prop, 0, 10);
        }
        film.actor_count = (size_t)prop_int(&prop, 1, ACTORS_MAX);
        for (size_t i = 0; i < film.actor_count; i++) {
            struct actor *actor = &film.actors[i];
            double time_s = prop_real(&prop, 0, 5);
            actor->mark_count = (size_t)prop_int(&prop, 2, MARKS_MAX);
            actor->hidden_from_s = prop_real(&prop, 0, 20);
            actor->hidden_to_s = actor->hidden_from_s + prop_real(&prop, 0, 4);
            actor->sway = prop_real(&prop, 0, 0.02);
            for (size_t m = 0; m < actor->mark_count; m++) {
                actor->marks[m] =
                    (struct mark){ time_s, prop_real(&prop, 0, 1), prop_real(&prop, 0.3, 1) };
                time_s += prop_real(&prop, 0.5, 8);
            }
        }
        film_play(&film);
        check_film(&prop, &film);
        film_fini(&film);
    }
}

/* Who stands to the left goes for three seconds; the detector lists people in another order then.
 */
static void looks_stay_with_their_boxes_whatever_the_order(void **state)
{
    (void)state;
    struct dw_lane_conf conf = { .layout = &two_zones,
                                 .width_px = 1000,
                                 .height_px = 1000,
                                 .interval_us = 100000,
                                 .track = dw_track_params_default() };
    const float red[] = { 1, 0 }, blue[] = { 0, 1 };
    const struct dw_detection left = { { 300, 450, 100, 250 }, 0.9F };
    const struct dw_detection right = { { 600, 450, 100, 250 }, 0.8F };
    struct dw_look reds, blues;
    dw_look_set(&reds, red, 2, 1);
    dw_look_set(&blues, blue, 2, 1);
    struct dw_lane *lane = dw_lane_create(&conf);
    int64_t persons = 0;
    for (int i = 0; i < 100; i++) {
        const struct dw_detection before[] = { right, left }, after[] = { left, right };
        const struct dw_look looks_before[] = { blues, reds }, looks_after[] = { reds, blues };
        struct dw_track_input input = { i * 100000, i, i < 50 ? before : after,
                                        i >= 30 && i < 60 ? 1 : 2,
                                        i < 50 ? looks_before : looks_after };
        if (i >= 50 && i < 60) { /* still only the one to the right */
            input.detections = &after[1];
            input.looks = &looks_after[1];
        }
        struct dw_lane_output output = dw_lane_step(lane, &input);
        assert_true(dw_lane_judged_us(lane) < input.time_us);
        for (size_t k = 0; k < output.live_count; k++)
            persons = DW_MAX(persons, output.live[k].person);
    }
    assert_int_equal(persons, 2);
    dw_lane_destroy(lane);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_who_walks_in_and_out_makes_one_visit),
        cmocka_unit_test(visits_do_not_depend_on_the_resolution_of_the_picture),
        cmocka_unit_test(visits_depend_on_the_frame_rate_by_a_quarter_of_a_second_at_most),
        cmocka_unit_test(whoever_sways_on_an_edge_makes_one_visit_or_none),
        cmocka_unit_test(a_step_from_zone_to_zone_ends_one_visit_and_begins_the_other),
        cmocka_unit_test(who_is_inside_at_the_start_is_cut_and_who_appears_inside_later_is_not),
        cmocka_unit_test(a_gap_cuts_visits_on_both_sides_and_makes_everybody_new),
        cmocka_unit_test(a_gap_right_after_the_first_frame_does_not_spoil_the_frame_interval),
        cmocka_unit_test(the_frame_interval_is_the_median_of_the_last_fifteen),
        cmocka_unit_test(a_pillar_for_a_second_and_a_half_is_bridged),
        cmocka_unit_test(who_is_linked_at_the_last_moment_goes_on_with_the_visit),
        cmocka_unit_test(who_vanishes_inside_is_lost_at_the_last_sight),
        cmocka_unit_test(everybody_who_finished_had_entered_before),
        cmocka_unit_test(the_visits_going_on_can_be_asked_for_at_any_moment),
        cmocka_unit_test(a_line_is_crossed_once_in_the_direction_of_the_walk),
        cmocka_unit_test(whoever_dithers_on_a_line_crosses_it_once),
        cmocka_unit_test(the_way_around_the_end_of_a_line_is_no_crossing),
        cmocka_unit_test(speed_is_measured_on_the_ground),
        cmocka_unit_test(whose_feet_are_above_the_horizon_has_no_speed),
        cmocka_unit_test(visits_of_one_person_in_one_zone_never_overlap),
        cmocka_unit_test(looks_stay_with_their_boxes_whatever_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
