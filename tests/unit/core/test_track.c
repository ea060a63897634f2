/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "base/vec.h"
#include "core/track.h"
#include "lib/prop.h"

/* A tracker, the frame that is being put together for it, and all it has ever said. */
struct studio {
    struct dw_tracker *tracker;
    int64_t time_us, frame;
    DW_VEC(struct dw_detection) detections;
    DW_VEC(struct dw_sighting) seen;
    size_t last; /* sightings that the last frame brought */
    size_t live; /* people seen on it */
};

/* What the tests speak of; the rest is as it is by default. Without lag all is told at once. */
static struct studio studio_open_with(int64_t lag_us)
{
    struct dw_track_params params = dw_track_params_default();
    params.high = 0.6;
    params.low = 0.1;
    params.birth = 0.7;
    params.birth_iou = 0.6;
    params.confirm_hits = 3;
    params.confirm_us = 1000000;
    params.lost_us = 2000000;
    params.lag_us = lag_us;
    struct dw_view view = { 0 };
    return (struct studio){ .tracker = dw_tracker_create(&params, &view) };
}

static struct studio studio_open(void)
{
    return studio_open_with(0);
}

static void studio_close(struct studio *studio)
{
    dw_tracker_destroy(studio->tracker);
    dw_vec_fini(&studio->detections);
    dw_vec_fini(&studio->seen);
}

/* Somebody 100 px high and 40 px wide whose feet are at (x, y). */
static void show(struct studio *studio, double x, double y, double score)
{
    dw_vec_push(
        &studio->detections,
        ((struct dw_detection){ { (float)x - 20, (float)y - 100, 40, 100 }, (float)score }));
}

static void keep(struct studio *studio, struct dw_track_output output)
{
    studio->last = output.count;
    studio->live = output.live_count;
    for (size_t i = 0; i < output.count; i++)
        dw_vec_push(&studio->seen, output.sightings[i]);
}

static void shoot(struct studio *studio, int64_t interval_us)
{
    struct dw_track_input input = { studio->time_us, studio->frame, studio->detections.items,
                                    studio->detections.count, NULL };
    keep(studio, dw_tracker_step(studio->tracker, &input));
    dw_vec_clear(&studio->detections);
    studio->time_us += interval_us;
    studio->frame++;
}

static void shoot_many(struct studio *studio, int frames, double x, double score)
{
    for (int i = 0; i < frames; i++) {
        if (score > 0)
            show(studio, x, 300, score);
        shoot(studio, 100000);
    }
}

static int64_t persons_of(const struct studio *studio)
{
    int64_t most = 0;
    for (size_t i = 0; i < studio->seen.count; i++)
        most = DW_MAX(most, studio->seen.items[i].person);
    return most;
}

static void somebody_new_counts_from_the_third_sight_and_was_there_from_the_first(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    shoot_many(&studio, 2, 100, 0.9);
    assert_int_equal(studio.seen.count, 0);
    shoot_many(&studio, 1, 100, 0.9);
    assert_int_equal(studio.seen.count, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(studio.seen.items[i].person, 1);
        assert_int_equal(studio.seen.items[i].frame, i);
        assert_int_equal(studio.seen.items[i].time_us, i * 100000);
        assert_int_equal(studio.seen.items[i].gap_us, 0);
    }
    shoot_many(&studio, 1, 100, 0.9);
    assert_int_equal(studio.last, 1);
    studio_close(&studio);
}

static void a_miss_before_counting_is_filled_in_like_any_other(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    shoot_many(&studio, 1, 100, 0.9);
    shoot_many(&studio, 2, 100, 0);
    shoot_many(&studio, 2, 100, 0.9);
    assert_int_equal(studio.seen.count, 5);
    assert_int_equal(studio.seen.items[0].gap_us, 0);
    assert_int_equal(studio.seen.items[1].gap_us, 300000);
    assert_int_equal(studio.seen.items[2].gap_us, 300000);
    assert_int_equal(studio.seen.items[3].gap_us, 0);
    studio_close(&studio);
}

static void a_ghost_of_two_frames_is_nobody(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    for (int i = 0; i < 10; i++) {
        shoot_many(&studio, 2, 100, 0.95);
        shoot_many(&studio, 15, 100, 0);
    }
    assert_int_equal(studio.seen.count, 0);
    studio_close(&studio);
}

static void who_is_seen_on_every_other_frame_is_one_person_all_the_time(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    for (int i = 0; i < 40; i++)
        shoot_many(&studio, 1, 100, i % 2 == 0 ? 0.9 : 0);
    assert_int_equal(persons_of(&studio), 1);
    assert_int_equal(studio.seen.count, 39);
    studio_close(&studio);
}

static void a_short_absence_is_bridged_between_the_two_places(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    shoot_many(&studio, 10, 100, 0.9);
    shoot_many(&studio, 9, 100, 0);
    assert_int_equal(studio.seen.count, 10);
    shoot_many(&studio, 1, 110, 0.9);
    assert_int_equal(studio.last, 10);
    for (int i = 0; i < 9; i++) {
        const struct dw_sighting *bridged = &studio.seen.items[10 + i];
        assert_int_equal(bridged->person, 1);
        assert_int_equal(bridged->frame, 10 + i);
        assert_int_equal(bridged->gap_us, 1000000);
        assert_true(bridged->score == 0);
        assert_true(fabs((double)bridged->box.x - (81 + i)) < 3);
        assert_false(bridged->linked);
    }
    studio_close(&studio);
}

static void somebody_standing_who_comes_back_after_seconds_is_linked(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    shoot_many(&studio, 10, 100, 0.9);
    shoot_many(&studio, 60, 100, 0);
    assert_true(dw_tracker_follows(studio.tracker, 1));
    shoot_many(&studio, 10, 102, 0.9);
    assert_int_equal(persons_of(&studio), 1);
    assert_int_equal(studio.seen.count, 80);
    for (size_t i = 10; i < 70; i++) {
        assert_true(studio.seen.items[i].linked);
        assert_int_equal(studio.seen.items[i].gap_us, 6100000);
    }
    assert_true(studio.seen.items[70].linked);
    assert_int_equal(studio.seen.items[70].gap_us, 0);
    assert_false(studio.seen.items[71].linked);
    studio_close(&studio);
}

static void who_leaps_aside_is_linked_though_no_frame_lies_between(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    shoot_many(&studio, 10, 100, 0.9);
    shoot_many(&studio, 10, 142, 0.9);
    assert_int_equal(persons_of(&studio), 1);
    assert_int_equal(studio.seen.count, 20);
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(studio.seen.items[i].gap_us, 0);
        assert_true(studio.seen.items[i].linked == (i == 10));
    }
    studio_close(&studio);
}

static void who_comes_back_too_late_or_elsewhere_is_somebody_new(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    shoot_many(&studio, 10, 100, 0.9);
    shoot_many(&studio, 30, 100, 0);
    shoot_many(&studio, 10, 400, 0.9);
    assert_int_equal(persons_of(&studio), 2);
    shoot_many(&studio, 110, 100, 0);
    assert_false(dw_tracker_follows(studio.tracker, 1));
    assert_false(dw_tracker_follows(studio.tracker, 2));
    shoot_many(&studio, 10, 200, 0.9);
    assert_int_equal(persons_of(&studio), 3);
    studio_close(&studio);
}

static void doubtful_detections_keep_somebody_alive_but_make_nobody_new(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    shoot_many(&studio, 20, 100, 0.4);
    assert_int_equal(studio.seen.count, 0);
    shoot_many(&studio, 3, 100, 0.9);
    shoot_many(&studio, 50, 100, 0.3);
    assert_int_equal(studio.last, 1);
    assert_int_equal(persons_of(&studio), 1);
    for (size_t i = 0; i < studio.seen.count; i++)
        assert_int_equal(studio.seen.items[i].gap_us, 0);
    studio_close(&studio);
}

static void nobody_is_born_on_top_of_somebody(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    for (int i = 0; i < 20; i++) {
        show(&studio, 100, 300, 0.9);
        show(&studio, 107, 303, 0.8);
        shoot(&studio, 100000);
    }
    assert_int_equal(persons_of(&studio), 1);
    for (int i = 0; i < 20; i++) {
        show(&studio, 100, 300, 0.9);
        show(&studio, 130, 303, 0.8);
        shoot(&studio, 100000);
    }
    assert_int_equal(persons_of(&studio), 2);
    studio_close(&studio);
}

static void people_who_cross_keep_their_numbers(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    for (int i = 0; i <= 60; i++) {
        double way = 5.0 * i; /* half a body height a second, each */
        show(&studio, 100 + way, 300, 0.9);
        show(&studio, 400 - way, 330, 0.9);
        shoot(&studio, 100000);
    }
    assert_int_equal(persons_of(&studio), 2);
    const struct dw_sighting *first = &studio.seen.items[0];
    for (size_t i = 0; i < studio.seen.count; i++) {
        const struct dw_sighting *s = &studio.seen.items[i];
        bool upper = s->box.y < 210;
        assert_true(upper == (s->person == first->person));
    }
    studio_close(&studio);
}

static void who_passes_behind_a_standing_person_comes_out_as_the_same(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    for (int i = 0; i <= 60; i++) {
        double x = 100 + 5.0 * i;
        show(&studio, 250, 300, 0.95);
        if (fabs(x - 250) > 25)
            show(&studio, x, 295, 0.85);
        shoot(&studio, 100000);
    }
    assert_int_equal(persons_of(&studio), 2);
    int64_t walker = 0;
    for (size_t i = 0; i < studio.seen.count; i++) {
        const struct dw_sighting *s = &studio.seen.items[i];
        if (s->frame == 0 && s->box.x < 150)
            walker = s->person;
        if (s->frame == 60 && s->box.x > 350)
            assert_int_equal(s->person, walker);
    }
    studio_close(&studio);
}

static void one_person_is_one_person_at_any_frame_rate(void **state)
{
    (void)state;
    static const double rates[] = { 1, 1.25, 2, 3, 5, 7.5, 10, 15, 25, 30 };
    for (size_t i = 0; i < DW_LENGTH(rates); i++) {
        struct studio studio = studio_open();
        int64_t interval_us = llround(1e6 / rates[i]);
        while (studio.time_us < 10000000) {
            show(&studio, 100 + 30 * (double)studio.time_us / 1e6, 300, 0.9);
            shoot(&studio, interval_us);
        }
        if (persons_of(&studio) != 1 || (int64_t)studio.seen.count != studio.frame ||
            studio.seen.items[0].time_us != 0)
            fail_msg("%g frames/s: %d persons, %zu sightings of %d", rates[i],
                     (int)persons_of(&studio), studio.seen.count, (int)studio.frame);
        studio_close(&studio);
    }
}

static void one_person_is_one_person_when_frames_come_at_irregular_times(void **state)
{
    (void)state;
    PROP(prop, 100)
    {
        struct studio studio = studio_open();
        int64_t interval_us = prop_int(&prop, 33000, 200000);
        while (studio.time_us < 10000000) {
            show(&studio, 100 + 40 * (double)studio.time_us / 1e6, 300, 0.9);
            shoot(&studio, prop_int(&prop, interval_us / 4, 2 * interval_us));
        }
        prop_assert(&prop, persons_of(&studio) == 1);
        prop_assert(&prop, (int64_t)studio.seen.count == studio.frame);
        studio_close(&studio);
    }
}

static void after_a_reset_everybody_is_new_and_numbers_go_on(void **state)
{
    (void)state;
    struct studio studio = studio_open();
    shoot_many(&studio, 10, 100, 0.9);
    dw_tracker_reset(studio.tracker);
    assert_false(dw_tracker_follows(studio.tracker, 1));
    studio.time_us += 60000000;
    shoot_many(&studio, 10, 100, 0.9);
    assert_int_equal(persons_of(&studio), 2);
    assert_int_equal(studio.seen.items[10].person, 2);
    assert_int_equal(studio.seen.items[10].gap_us, 0);
    studio_close(&studio);
}

/* What must hold whatever the detector invents. */
static void check_sightings(struct prop *prop, const struct studio *studio, int64_t *last_frame,
                            int64_t *persons)
{
    size_t first = studio->seen.count - studio->last;
    for (size_t i = first; i < studio->seen.count; i++) {
        const struct dw_sighting *s = &studio->seen.items[i];
        bool is_new = s->person == *persons + 1;
        prop_assert(prop, s->person >= 1 && (s->person <= *persons || is_new));
        if (is_new)
            last_frame[++*persons] = -1;
        prop_assert(prop, s->frame > last_frame[s->person]);
        prop_assert(prop, s->frame < studio->frame);
        prop_assert(prop, (s->gap_us == 0) == (s->score > 0));
        bool no_hole = is_new || last_frame[s->person] < 0 || s->frame == last_frame[s->person] + 1;
        prop_assert(prop, no_hole);
        last_frame[s->person] = s->frame;
    }
}

static void nobody_is_twice_on_a_frame_and_time_only_goes_forward(void **state)
{
    (void)state;
    PROP(prop, 150)
    {
        enum { PEOPLE = 6, FRAMES = 150, MOST = 2000 };
        struct studio studio = studio_open();
        double x[PEOPLE], speed[PEOPLE];
        int64_t last_frame[MOST], persons = 0, interval_us = prop_int(&prop, 33000, 600000);
        for (int i = 0; i < PEOPLE; i++) {
            x[i] = prop_real(&prop, 0, 400);
            speed[i] = prop_real(&prop, -150, 150);
        }
        for (int frame = 0; frame < FRAMES; frame++) {
            for (int i = 0; i < PEOPLE; i++) {
                x[i] += speed[i] * (double)interval_us / 1e6;
                if (x[i] < 0 || x[i] > 400)
                    speed[i] = -speed[i];
                if (prop_chance(&prop, 0.8))
                    show(&studio, x[i] + prop_real(&prop, -4, 4), 300 + 10 * i,
                         prop_real(&prop, 0.05, 1));
            }
            if (prop_chance(&prop, 0.2))
                show(&studio, prop_real(&prop, 0, 400), prop_real(&prop, 250, 400),
                     prop_real(&prop, 0.05, 1));
            shoot(&studio, prop_int(&prop, 1, 2 * interval_us));
            check_sightings(&prop, &studio, last_frame, &persons);
            prop_assert(&prop, persons < MOST - 20);
        }
        studio_close(&studio);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_new_counts_from_the_third_sight_and_was_there_from_the_first),
        cmocka_unit_test(a_miss_before_counting_is_filled_in_like_any_other),
        cmocka_unit_test(a_ghost_of_two_frames_is_nobody),
        cmocka_unit_test(who_is_seen_on_every_other_frame_is_one_person_all_the_time),
        cmocka_unit_test(a_short_absence_is_bridged_between_the_two_places),
        cmocka_unit_test(somebody_standing_who_comes_back_after_seconds_is_linked),
        cmocka_unit_test(who_leaps_aside_is_linked_though_no_frame_lies_between),
        cmocka_unit_test(who_comes_back_too_late_or_elsewhere_is_somebody_new),
        cmocka_unit_test(doubtful_detections_keep_somebody_alive_but_make_nobody_new),
        cmocka_unit_test(nobody_is_born_on_top_of_somebody),
        cmocka_unit_test(people_who_cross_keep_their_numbers),
        cmocka_unit_test(who_passes_behind_a_standing_person_comes_out_as_the_same),
        cmocka_unit_test(one_person_is_one_person_at_any_frame_rate),
        cmocka_unit_test(one_person_is_one_person_when_frames_come_at_irregular_times),
        cmocka_unit_test(after_a_reset_everybody_is_new_and_numbers_go_on),
        cmocka_unit_test(nobody_is_twice_on_a_frame_and_time_only_goes_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
