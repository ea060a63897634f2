/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/vec.h"
#include "base/wall_time.h"
#include "engine/analysis.h"
#include "unit/engine/film_file.h"

struct audience {
    char path[FILM_PATH_SIZE];
    struct dw_zone zone;
    struct dw_layout layout;
    struct dw_analysis_conf conf;
    DW_VEC(struct dw_lane_event) events;
    int moments, ends;
    DW_VEC(struct dw_gap) gaps; /* as they grew */
    int gaps_over, tries, frames_after;
    atomic_bool stop;
    int stop_after; /* moments; 0: never */
};

static void observe(void *user, const struct dw_output_moment *moment)
{
    struct audience *audience = user;
    for (size_t i = 0; i < moment->lane.event_count; i++)
        dw_vec_push(&audience->events, moment->lane.events[i]);
    if (moment->gap != NULL)
        dw_vec_push(&audience->gaps, *moment->gap);
    audience->gaps_over += moment->gap != NULL && !moment->gap_goes_on;
    audience->frames_after += audience->tries > 0 && moment->frame != NULL;
    audience->moments++;
    audience->ends += moment->frame == NULL;
    if (audience->moments == audience->stop_after)
        atomic_store(&audience->stop, true);
}

/* A film of `frames` at 10 frames/s in front of one zone that fills the picture. */
static void seat(struct audience *audience, int frames)
{
    *audience = (struct audience){
        .zone = { .name = "picture",
                  .corners = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } },
                  .corner_count = 4,
                  .rules = dw_zone_rules_default() },
    };
    film_file_write(audience->path, frames);
    audience->layout = (struct dw_layout){ .zones = &audience->zone, .zone_count = 1 };
    audience->conf = (struct dw_analysis_conf){
        .url = audience->path,
        .source = { .fps = 10, .width_px = 640, .height_px = 480, .stop = &audience->stop },
        .layout = &audience->layout,
        .site = "shop",
        .camera = "front",
        .start_wall_us = 0,
        .settings = dw_settings_default(),
        .observe = observe,
        .user = audience,
    };
}

static void leave(struct audience *audience)
{
    unlink(audience->path);
    dw_vec_fini(&audience->events);
    dw_vec_fini(&audience->gaps);
}

static void a_film_is_measured_from_its_first_frame_to_the_end_of_its_last(void **state)
{
    (void)state;
    struct audience audience;
    struct dw_analysis_result result;
    struct dw_err err = { 0 };
    seat(&audience, 50);
    if (dw_analysis_run(&audience.conf, &result, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(result.end_us, 5 * DW_SECOND_US);
    assert_int_equal(result.pipeline.frames, 50);
    assert_int_equal(result.visits, 1);
    assert_int_equal(result.passes, 0);
    assert_false(result.stopped);
    assert_string_equal(result.warning, "");
    assert_string_equal(result.model, "");
    assert_int_equal(audience.moments, 51);
    assert_int_equal(audience.ends, 1);

    assert_int_equal(audience.events.count, 2);
    const struct dw_visit *entered = &audience.events.items[0].visit;
    const struct dw_visit *finished = &audience.events.items[1].visit;
    static const uint8_t none[16];
    assert_memory_equal(entered->id, finished->id, 16);
    assert_memory_not_equal(finished->id, none, 16);
    assert_int_equal(finished->dwell_us, 5 * DW_SECOND_US);
    assert_true(finished->cut_start && finished->cut_end);
    leave(&audience);
}

static void a_measurement_that_is_stopped_ends_with_what_was_measured(void **state)
{
    (void)state;
    struct audience audience;
    struct dw_analysis_result result;
    seat(&audience, 5000);
    audience.stop_after = 30;
    assert_int_equal(dw_analysis_run(&audience.conf, &result, NULL), 0);
    assert_true(result.stopped);
    assert_int_equal(audience.ends, 1);
    assert_true(result.end_us >= 3 * DW_SECOND_US && result.end_us < 100 * DW_SECOND_US);
    assert_int_equal(result.visits, 1);
    leave(&audience);
}

static void an_output_that_fails_ends_the_measurement_with_its_sentence(void **state)
{
    (void)state;
    static const char *const names[] = { "visits", "tracks", "events", "store" };
    for (size_t i = 0; i < DW_LENGTH(names); i++) {
        struct audience audience;
        struct dw_analysis_result result;
        struct dw_err err = { 0 };
        seat(&audience, 50);
        audience.conf.outputs[0].name = names[i];
        audience.conf.outputs[0].path = "/no/such/folder/file";
        audience.conf.output_count = 1;
        assert_true(dw_analysis_run(&audience.conf, &result, &err) < 0);
        assert_non_null(strstr(err.text, "/no/such/folder/file"));
        assert_int_equal(audience.moments, 0);
        leave(&audience);
    }
}

static void a_missing_source_or_ground_model_is_named(void **state)
{
    (void)state;
    struct audience audience;
    struct dw_analysis_result result;
    struct dw_err err = { 0 };
    seat(&audience, 5);
    audience.conf.ground_path = "/no/such/ground.json";
    assert_int_equal(dw_analysis_run(&audience.conf, &result, &err), -ENOENT);
    assert_non_null(strstr(err.text, "/no/such/ground.json"));
    audience.conf.url = "/no/such/film.csv";
    assert_int_equal(dw_analysis_run(&audience.conf, &result, &err), -ENOENT);
    assert_non_null(strstr(err.text, "/no/such/film.csv"));
    leave(&audience);
}

/* --- Sources that are gone ------------------------------------------------------------------ */

#define NAP_US 30000

/* The film is there again at the third try; after that, measuring goes on for 25 frames. */
static bool again(void *user, const struct dw_err *why)
{
    struct audience *audience = user;
    assert_non_null(strstr(why->text, audience->path));
    nanosleep(&(struct timespec){ .tv_nsec = NAP_US * 1000 }, NULL);
    if (++audience->tries == 3)
        film_file_rewrite(audience->path, 40);
    return audience->tries < 5;
}

static void stop_after_a_while(void *user, const struct dw_output_moment *moment)
{
    struct audience *audience = user;
    observe(user, moment);
    if (audience->tries == 0 && audience->moments == 10)
        unlink(audience->path);
    if (audience->frames_after == 25)
        atomic_store(&audience->stop, true);
}

/* A film that plays for ever, at its own speed, as a camera would: 1 s a round. */
static void seat_before_camera(struct audience *audience)
{
    seat(audience, 20);
    audience->conf.source.fps = 20;
    audience->conf.source.loop = true;
    audience->conf.paced = true;
    audience->conf.again = again;
    audience->conf.observe = stop_after_a_while;
}

static void a_camera_that_breaks_off_leaves_one_gap_that_grows(void **state)
{
    (void)state;
    struct audience audience;
    struct dw_analysis_result result;
    seat_before_camera(&audience);
    assert_int_equal(dw_analysis_run(&audience.conf, &result, NULL), 0);
    assert_int_equal(audience.tries, 3);
    assert_int_equal(audience.gaps.count, 4);
    assert_int_equal(audience.gaps_over, 1);
    for (size_t i = 0; i < audience.gaps.count; i++) {
        const struct dw_gap *gap = &audience.gaps.items[i];
        assert_string_equal(gap->reason, "camera down");
        assert_int_equal(gap->start_us, audience.gaps.items[0].start_us);
        assert_true(i == 0 || gap->end_us >= gap[-1].end_us + NAP_US || i == 3);
    }
    assert_in_range(audience.gaps.items[0].start_us, DW_SECOND_US / 2, DW_SECOND_US);
    const struct dw_visit *before = &audience.events.items[1].visit;
    assert_int_equal(before->end_reason, DW_END_GAP);
    assert_int_equal(before->exit_us, audience.gaps.items[0].start_us);
    const struct dw_visit *after = &audience.events.items[audience.events.count - 1].visit;
    assert_true(after->cut_start);
    assert_int_equal(after->enter_us, audience.gaps.items[3].end_us);
    leave(&audience);
}

static void a_camera_that_is_gone_from_the_beginning_was_not_measured_until_it_came(void **state)
{
    (void)state;
    struct audience audience;
    struct dw_analysis_result result;
    seat_before_camera(&audience);
    unlink(audience.path);
    assert_int_equal(dw_analysis_run(&audience.conf, &result, NULL), 0);
    assert_int_equal(audience.gaps.count, 1);
    assert_int_equal(audience.gaps_over, 1);
    assert_int_equal(audience.gaps.items[0].start_us, 0);
    assert_true(audience.gaps.items[0].end_us >= 3 * NAP_US);
    assert_int_equal(audience.events.items[0].visit.enter_us, audience.gaps.items[0].end_us);
    leave(&audience);
}

static bool give_up(void *user, const struct dw_err *why)
{
    (void)why;
    ((struct audience *)user)->tries++;
    return false;
}

static void nobody_tries_for_longer_than_asked(void **state)
{
    (void)state;
    struct audience audience;
    struct dw_analysis_result result;
    seat_before_camera(&audience);
    audience.conf.again = give_up;
    assert_int_equal(dw_analysis_run(&audience.conf, &result, NULL), -ENOENT);
    assert_int_equal(audience.tries, 1);
    assert_int_equal(audience.ends, 2); /* the gap, and the end of the run */
    leave(&audience);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_film_is_measured_from_its_first_frame_to_the_end_of_its_last),
        cmocka_unit_test(a_measurement_that_is_stopped_ends_with_what_was_measured),
        cmocka_unit_test(an_output_that_fails_ends_the_measurement_with_its_sentence),
        cmocka_unit_test(a_missing_source_or_ground_model_is_named),
        cmocka_unit_test(a_camera_that_breaks_off_leaves_one_gap_that_grows),
        cmocka_unit_test(a_camera_that_is_gone_from_the_beginning_was_not_measured_until_it_came),
        cmocka_unit_test(nobody_tries_for_longer_than_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
