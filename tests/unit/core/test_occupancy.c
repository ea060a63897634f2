/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who counts in a zone, to the frame. In the stories below a character is a frame of 100 ms of one
 * person: '#' seen inside, '.' seen outside, '?' not seen. Counts are told as "seconds:people".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/macros.h"
#include "core/occupancy.h"
#include "unit/core/scene.h"

#define FRAME_US 100000
#define QUARTER_US INT64_C(900000000)
#define PERSONS_MAX 4

static struct dw_zone zone = { .name = "shelf",
                               .corners = { { .5, 0 }, { 1, 0 }, { 1, 1 }, { .5, 1 } },
                               .corner_count = 4 };
static const struct dw_layout layout = { .zones = &zone, .zone_count = 1 };

static struct dw_occupancy *occupancy_from(int64_t start_wall_us)
{
    zone.rules = dw_zone_rules_default();
    struct dw_occupancy_conf conf = { &layout, 1000, 1000, start_wall_us };
    return dw_occupancy_create(&conf);
}

static struct dw_sighting sighting(int64_t person, int64_t time_us, bool inside)
{
    float x = inside ? 700 : 200;
    return (struct dw_sighting){
        .person = person, .time_us = time_us, .box = { x, 300, 50, 200 }, .score = .9
    };
}

static void tell(struct dw_buf *told, const struct dw_occupancy_output *output)
{
    for (size_t i = 0; i < output->change_count; i++)
        dw_buf_printf(told, "%s%.1f:%d", told->length > 0 ? " " : "",
                      (double)output->changes[i].time_us / 1e6, output->changes[i].people);
}

static struct dw_occupancy_output play_frame(struct dw_occupancy *occupancy,
                                             const char *const *stories, size_t frame)
{
    struct dw_sighting live[PERSONS_MAX];
    struct dw_occupancy_input input = { (int64_t)frame * FRAME_US, FRAME_US, live, 0 };
    for (int64_t person = 1; stories[person - 1] != NULL; person++) {
        char kind = stories[person - 1][frame];
        if (kind != '?')
            live[input.count++] = sighting(person, input.time_us, kind == '#');
    }
    return dw_occupancy_step(occupancy, &input);
}

static void assert_counts(const char *const *stories, const char *wanted)
{
    struct dw_occupancy *occupancy = occupancy_from(0);
    struct dw_buf told = { 0 };
    for (size_t frame = 0; stories[0][frame] != '\0'; frame++) {
        struct dw_occupancy_output output = play_frame(occupancy, stories, frame);
        tell(&told, &output);
    }
    assert_string_equal(dw_buf_text(&told), wanted);
    dw_buf_fini(&told);
    dw_occupancy_destroy(occupancy);
}

#define STORIES(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void somebody_counts_once_inside_for_enter_after_and_until_grace_has_passed(void **state)
{
    (void)state;
    /* Inside from 0.5 on; last presence ends at 1.5; more than 1 s later, at 2.6, it is over. */
    assert_counts(STORIES(".....##########..............."), "0.0:0 0.7:1 2.6:0");
}

static void a_step_outside_within_grace_does_not_change_the_count(void **state)
{
    (void)state;
    assert_counts(STORIES("#####..........#####"), "0.0:0 0.2:1");
}

static void somebody_unseen_counts_for_bridge_and_again_when_seen_within_link(void **state)
{
    (void)state;
    /* Last seen at 0.9, so present until 1.0; more than 2 s later, at 3.1, nobody knows. */
    assert_counts(STORIES("##########?????????????????????????????#####"),
                  "0.0:0 0.2:1 3.1:0 3.9:1");
}

static void somebody_unseen_within_bridge_who_comes_back_goes_on_with_the_same_stay(void **state)
{
    (void)state;
    const char *const *stories = STORIES("##########???????????????##########");
    struct dw_occupancy *occupancy = occupancy_from(0);
    size_t count = 0;
    for (size_t frame = 0; stories[0][frame] != '\0'; frame++) {
        (void)play_frame(occupancy, stories, frame);
        const struct dw_present *present = dw_occupancy_present(occupancy, &count);
        assert_true(frame < 2 || (count == 1 && present->enter_us == 0));
        if (frame >= 10 && frame < 25) /* what was not seen is not known yet */
            assert_int_equal(present->dwell_us, 1000000);
    }
    const struct dw_present *present = dw_occupancy_present(occupancy, &count);
    assert_int_equal(present->dwell_us, 3400000);
    dw_occupancy_destroy(occupancy);
}

static void people_are_counted_together(void **state)
{
    (void)state;
    assert_counts(STORIES("##########", "...#######", ".....#####"), "0.0:0 0.2:1 0.5:2 0.7:3");
}

static void a_gap_makes_the_count_unknown_and_nobody_is_remembered(void **state)
{
    (void)state;
    struct dw_occupancy *occupancy = occupancy_from(0);
    struct dw_buf told = { 0 };
    const char *const *stories = STORIES("#####");
    struct dw_occupancy_output output = { 0 };
    for (size_t frame = 0; frame < 5; frame++)
        (void)play_frame(occupancy, stories, frame);
    assert_int_equal(dw_occupancy_people(occupancy, 0), 1);
    output = dw_occupancy_stop(occupancy, 500000);
    tell(&told, &output);
    assert_int_equal(dw_occupancy_people(occupancy, 0), DW_PEOPLE_UNKNOWN);
    struct dw_sighting same = sighting(1, 60000000, true);
    output =
        dw_occupancy_step(occupancy, &(struct dw_occupancy_input){ 60000000, FRAME_US, &same, 1 });
    tell(&told, &output);
    assert_string_equal(dw_buf_text(&told), "0.5:-1 60.0:0");
    dw_buf_fini(&told);
    dw_occupancy_destroy(occupancy);
}

static void quarter_hours_begin_by_the_wall_clock_and_leave_gaps_out(void **state)
{
    (void)state;
    /* Measuring begins 2 s before a quarter hour ends; somebody is there for all of it. */
    struct dw_occupancy *occupancy = occupancy_from(10 * QUARTER_US - 2000000);
    struct dw_occupancy_output output = { 0 };
    for (int64_t frame = 0; frame <= 20; frame++) {
        struct dw_sighting there = sighting(1, frame * FRAME_US, true);
        output = dw_occupancy_step(
            occupancy, &(struct dw_occupancy_input){ frame * FRAME_US, FRAME_US, &there, 1 });
        assert_int_equal(output.quarter_count, frame == 20);
    }
    assert_int_equal(output.quarters[0].start_us, 2000000 - QUARTER_US);
    assert_int_equal(output.quarters[0].measured_us, 2000000);
    assert_int_equal(output.quarters[0].person_us, 1800000);
    assert_int_equal(output.quarters[0].peak, 1);

    (void)dw_occupancy_stop(occupancy, 5000000);
    (void)dw_occupancy_step(occupancy, &(struct dw_occupancy_input){ 9000000, FRAME_US, NULL, 0 });
    output = dw_occupancy_finish(occupancy, 10000000);
    assert_int_equal(output.quarter_count, 1);
    assert_int_equal(output.quarters[0].start_us, 2000000);
    assert_int_equal(output.quarters[0].measured_us, 4000000); /* 2 to 5, 9 to 10 */
    assert_int_equal(output.quarters[0].person_us, 3000000);
    assert_int_equal(output.quarters[0].peak, 1);
    dw_occupancy_destroy(occupancy);
}

/* --- On random scenes ----------------------------------------------------------------------- */

/* What is added up beside it, frame by frame. */
struct sums {
    int people[SCENE_ZONES_MAX], peak[SCENE_ZONES_MAX];
    int64_t person_us[SCENE_ZONES_MAX], measured_us;
};

static void note_changes(struct prop *prop, struct sums *sums,
                         const struct dw_occupancy_output *output, int64_t time_us)
{
    for (size_t i = 0; i < output->change_count; i++) {
        const struct dw_occupancy_change *change = &output->changes[i];
        prop_assert(prop, change->time_us == time_us);
        prop_assert(prop, change->people >= DW_PEOPLE_UNKNOWN);
        prop_assert(prop, change->people != sums->people[change->zone]);
        sums->people[change->zone] = change->people;
        sums->peak[change->zone] = DW_MAX(sums->peak[change->zone], change->people);
    }
}

static void check_present(struct prop *prop, const struct dw_occupancy *occupancy,
                          const struct sums *sums, size_t zones, int64_t now_us)
{
    size_t count = 0;
    const struct dw_present *present = dw_occupancy_present(occupancy, &count);
    int people[SCENE_ZONES_MAX] = { 0 };
    for (size_t i = 0; i < count; i++) {
        people[present[i].zone]++;
        prop_assert(prop, present[i].dwell_us >= 0);
        prop_assert(prop, present[i].enter_us + present[i].dwell_us <= now_us);
        for (size_t j = 0; j < i; j++)
            prop_assert(prop, present[i].zone != present[j].zone ||
                                  present[i].person != present[j].person);
    }
    for (size_t i = 0; i < zones; i++)
        prop_assert(prop, people[i] == sums->people[i] &&
                              people[i] == dw_occupancy_people(occupancy, (int)i));
}

static void pass_time(struct sums *sums, size_t zones, int64_t us)
{
    sums->measured_us += us;
    for (size_t i = 0; i < zones; i++)
        sums->person_us[i] += DW_MAX(sums->people[i], 0) * us;
}

/* Measures the scene with a lane, and counts along. */
static void count_along(struct prop *prop, const struct scene *scene)
{
    struct shot shot;
    shot_begin(&shot, scene, (struct take){ 0 });
    struct dw_occupancy_conf conf = { &shot.layout, scene->width_px, scene->height_px, 0 };
    struct dw_occupancy *occupancy = dw_occupancy_create(&conf);
    struct sums sums = { 0 };
    int64_t before_us = 0;
    for (size_t i = 0; i < SCENE_ZONES_MAX; i++)
        sums.people[i] = DW_PEOPLE_UNKNOWN;
    for (size_t f = 0; f < scene->frames.count; f++) {
        const struct scene_frame *frame = &scene->frames.items[f];
        struct dw_occupancy_output output = { 0 };
        if (frame->after_gap) {
            int64_t end_us = before_us + dw_lane_interval_us(shot.lane);
            pass_time(&sums, scene->zone_count, end_us - before_us);
            (void)dw_lane_gap(shot.lane, frame->time_us);
            output = dw_occupancy_stop(occupancy, end_us);
            note_changes(prop, &sums, &output, end_us);
        } else if (f > 0) {
            pass_time(&sums, scene->zone_count, frame->time_us - before_us);
        }
        struct dw_track_input input = { frame->time_us, (int64_t)f,
                                        &scene->detections.items[frame->first], frame->count,
                                        NULL };
        struct dw_lane_output lane = dw_lane_step(shot.lane, &input);
        output = dw_occupancy_step(
            occupancy, &(struct dw_occupancy_input){ frame->time_us, dw_lane_interval_us(shot.lane),
                                                     lane.live, lane.live_count });
        note_changes(prop, &sums, &output, frame->time_us);
        check_present(prop, occupancy, &sums, scene->zone_count, frame->time_us);
        before_us = frame->time_us;
    }
    struct dw_occupancy_output output = dw_occupancy_finish(occupancy, before_us);
    prop_assert(prop, sums.measured_us == 0 || output.quarter_count == scene->zone_count);
    for (size_t i = 0; i < output.quarter_count; i++) {
        const struct dw_occupancy_quarter *quarter = &output.quarters[i];
        prop_assert(prop, quarter->measured_us == sums.measured_us);
        prop_assert(prop, quarter->person_us == sums.person_us[quarter->zone]);
        prop_assert(prop, quarter->peak == sums.peak[quarter->zone]);
    }
    dw_occupancy_destroy(occupancy);
    shot_fini(&shot);
}

static void counts_are_who_is_present_and_quarter_hours_their_sum_in_any_scene(void **state)
{
    (void)state;
    PROP(prop, 60)
    {
        struct scene scene;
        scene_make(&scene, &prop);
        count_along(&prop, &scene);
        scene_fini(&scene);
    }
}

/* By the visit model, worked out from the whole story so far on each frame. */
static void whoever_is_seen_all_the_time_counts_for_their_visit_and_grace(void **state)
{
    (void)state;
    PROP(prop, 300)
    {
        char story[200];
        char now = '.';
        for (size_t i = 0; i < sizeof(story) - 1; i++) {
            if (prop_chance(&prop, .08))
                now = now == '.' ? '#' : '.';
            story[i] = now;
        }
        story[sizeof(story) - 1] = '\0';
        struct dw_occupancy *occupancy = occupancy_from(0);
        for (size_t frame = 0; story[frame] != '\0'; frame++) {
            (void)play_frame(occupancy, STORIES(story), frame);
            /* By hand: the stay's presences lie at most 10 frames apart, the last at most 10 ago,
             * and the first to the last make 3 frames or more. */
            size_t last = frame + 1, first = 0, at = 0;
            while (last > 0 && story[last - 1] != '#')
                last--;
            for (first = at = last; at > 0 && first - at <= 10; at--)
                first = story[at - 1] == '#' ? at - 1 : first;
            bool open = last > 0 && last - first >= 3 && frame <= last + 10;
            prop_assert(&prop, dw_occupancy_people(occupancy, 0) == open);
        }
        dw_occupancy_destroy(occupancy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_counts_once_inside_for_enter_after_and_until_grace_has_passed),
        cmocka_unit_test(a_step_outside_within_grace_does_not_change_the_count),
        cmocka_unit_test(somebody_unseen_counts_for_bridge_and_again_when_seen_within_link),
        cmocka_unit_test(somebody_unseen_within_bridge_who_comes_back_goes_on_with_the_same_stay),
        cmocka_unit_test(people_are_counted_together),
        cmocka_unit_test(a_gap_makes_the_count_unknown_and_nobody_is_remembered),
        cmocka_unit_test(quarter_hours_begin_by_the_wall_clock_and_leave_gaps_out),
        cmocka_unit_test(counts_are_who_is_present_and_quarter_hours_their_sum_in_any_scene),
        cmocka_unit_test(whoever_is_seen_all_the_time_counts_for_their_visit_and_grace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
