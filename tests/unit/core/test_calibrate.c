/* SPDX-License-Identifier: Apache-2.0 */
/* People walk about before cameras whose place is known. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/vec.h"
#include "core/calibrate.h"
#include "lib/prop.h"

#define WIDTH 1280
#define HEIGHT 720
#define FPS 5

struct walk {
    struct dw_point from, step; /* metres, metres a frame */
    double body_m;
};

struct crowd {
    DW_VEC(struct dw_sighting) seen;
    struct dw_camera camera;
    double hidden;   /* share of boxes of half hidden people */
    double top, low; /* feet between these shares of the picture */
    int64_t people;
};

static double normal(struct prop *prop, double mean, double deviation)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += prop_real(prop, 0, 1);
    return mean + deviation * sum;
}

static bool project(const struct dw_camera *camera, struct dw_point place, double up_m,
                    struct dw_point *pixel)
{
    struct dw_camera lower = *camera;
    double m[9];
    lower.height_m -= up_m;
    dw_camera_matrix(&lower, m);
    double w = m[6] * place.x + m[7] * place.y + m[8];
    pixel->x = (m[0] * place.x + m[1] * place.y + m[2]) / w;
    pixel->y = (m[3] * place.x + m[4] * place.y + m[5]) / w;
    return w > 0.2;
}

static struct walk start_walk(const struct crowd *crowd, struct prop *prop)
{
    struct dw_point middle = { 0, 0 };
    for (int i = 0; i < 1000; i++) {
        struct dw_point pixel = { prop_real(prop, 0.1, 0.9) * WIDTH,
                                  prop_real(prop, crowd->top, crowd->low) * HEIGHT };
        if (dw_camera_place(&crowd->camera, pixel, &middle) && hypot(middle.x, middle.y) < 25)
            break;
    }
    double heading = prop_real(prop, 0, 6.2832), pace = normal(prop, 1.25, 0.2) / FPS;
    struct walk walk = { middle,
                         { pace * cos(heading), pace * sin(heading) },
                         normal(prop, 1.7, 0.08) };
    walk.from.x -= 4 * FPS * walk.step.x;
    walk.from.y -= 4 * FPS * walk.step.y;
    return walk;
}

/* The box of a body a third as wide as tall, as a detector gives it: noisy, often with its lower
 * part behind something, and ending at the picture. */
static bool detect(const struct crowd *crowd, struct prop *prop, const struct walk *walk, int at,
                   struct dw_box *box)
{
    struct dw_point place = { walk->from.x + at * walk->step.x, walk->from.y + at * walk->step.y };
    struct dw_point foot, head;
    if (!project(&crowd->camera, place, 0, &foot) ||
        !project(&crowd->camera, place, walk->body_m, &head) || foot.y < crowd->top * HEIGHT ||
        foot.y > crowd->low * HEIGHT)
        return false;
    double h = foot.y - head.y, noise = 0.015 * h;
    double bottom = normal(prop, foot.y, noise), top = normal(prop, head.y, noise);
    if (prop_chance(prop, crowd->hidden))
        bottom -= prop_real(prop, 0.1, 0.6) * h;
    double left = fmin(foot.x, head.x) - h / 6, right = fmax(foot.x, head.x) + h / 6;
    left = fmax(normal(prop, left, noise), 0);
    right = fmin(normal(prop, right, noise), WIDTH);
    top = fmax(top, 0);
    bottom = fmin(bottom, HEIGHT);
    *box = (struct dw_box){ (float)left, (float)top, (float)(right - left), (float)(bottom - top) };
    return right - left > 5 && bottom - top > 20;
}

/* One after another, so that nobody stands before another. */
static void walk_about(struct crowd *crowd, struct prop *prop, int people)
{
    for (int i = 0; i < people; i++) {
        struct walk walk = start_walk(crowd, prop);
        crowd->people++;
        for (int at = 0; at < 8 * FPS; at++) {
            int64_t frame = crowd->people * 8 * FPS + at;
            struct dw_sighting sighting = { .person = crowd->people,
                                            .time_us = frame * 1000000 / FPS,
                                            .frame = frame,
                                            .score = 0.9 };
            if (!detect(crowd, prop, &walk, at, &sighting.box))
                continue;
            sighting.seen = sighting.box;
            dw_vec_push(&crowd->seen, sighting);
        }
    }
}

static int learn(struct dw_calibration *out, const struct crowd *crowd, struct dw_err *err)
{
    const struct dw_calibrate_conf conf = { WIDTH, HEIGHT, 1.7 };
    return dw_calibrate(out, crowd->seen.items, crowd->seen.count, &conf, err);
}

static struct dw_calibrate_match compare(const struct crowd *crowd, const struct dw_camera *learned)
{
    struct dw_ground ours = { 0 }, known = { 0 };
    struct dw_point floor_px = { WIDTH / 2.0, HEIGHT };
    double matrix[9];
    DW_VEC(struct dw_point) feet = { 0 };
    dw_camera_matrix(&crowd->camera, matrix);
    assert_true(dw_ground_init(&known, matrix, floor_px));
    dw_camera_matrix(learned, matrix);
    assert_true(dw_ground_init(&ours, matrix, floor_px));
    for (size_t i = 0; i < crowd->seen.count; i++)
        dw_vec_push(&feet, dw_box_anchor(crowd->seen.items[i].box, DW_ANCHOR_BOTTOM_CENTER));
    struct dw_calibrate_match match = dw_calibrate_compare(&ours, &known, feet.items, feet.count);
    dw_vec_fini(&feet);
    return match;
}

static struct crowd usual_crowd(void)
{
    return (struct crowd){
        .camera = { WIDTH, HEIGHT, 900, 0.45, 0.02, 3 },
        .top = 0,
        .low = 1,
    };
}

static void cameras_of_all_kinds_are_found_though_a_third_of_the_boxes_are_too_short(void **state)
{
    (void)state;
    int learned = 0, refused = 0;
    double errors = 0;
    PROP(prop, 16)
    {
        struct crowd crowd = usual_crowd();
        struct dw_calibration result;
        struct dw_err err = { 0 };
        crowd.camera.height_m = prop_real(&prop, 2.2, 6);
        crowd.camera.tilt = prop_real(&prop, 10, 60) / 57.29578;
        crowd.camera.roll = prop_real(&prop, -2, 2) / 57.29578;
        crowd.camera.focal_px = prop_real(&prop, 0.45, 1.2) * WIDTH;
        crowd.hidden = 0.3;
        walk_about(&crowd, &prop, 80);
        int r = learn(&result, &crowd, &err);
        if (r == 0) {
            struct dw_calibrate_match match = compare(&crowd, &result.camera);
            prop_assert(&prop, match.error < 0.1);
            prop_assert(&prop, fabs(match.scale - 1) < 0.2);
            prop_assert(&prop, result.height_error < 0.1 && result.distance_error < 0.2);
            errors += match.error;
            learned++;
        } else {
            /* Near and steep cameras show hardly anybody from head to foot. */
            prop_assert(&prop, r == -ENODATA && strstr(err.text, "in full view") != NULL);
            refused++;
        }
        dw_vec_fini(&crowd.seen);
    }
    if (learned > 1)
        assert_true(errors / learned < 0.035 && refused < learned / 3);
}

static void figures_come_with_intervals_that_hold_the_truth(void **state)
{
    (void)state;
    PROP(prop, 1)
    {
        struct crowd crowd = usual_crowd();
        struct dw_calibration result;
        walk_about(&crowd, &prop, 80);
        assert_int_equal(learn(&result, &crowd, NULL), 0);
        prop_assert(&prop, result.height_m.low < 3 && result.height_m.high > 3);
        prop_assert(&prop, result.tilt_deg.low < 25.8 && result.tilt_deg.high > 25.8);
        prop_assert(&prop, result.focal_px.low < 900 && result.focal_px.high > 900);
        prop_assert(&prop, result.focal_doubt < 0.5);
        prop_assert(&prop, result.people > 40 && result.observations > 500);
        dw_vec_fini(&crowd.seen);
    }
}

static void the_same_people_in_any_order_give_the_same_camera(void **state)
{
    (void)state;
    PROP(prop, 1)
    {
        struct crowd crowd = usual_crowd();
        struct dw_calibration one, other;
        walk_about(&crowd, &prop, 40);
        assert_int_equal(learn(&one, &crowd, NULL), 0);
        for (size_t i = crowd.seen.count - 1; i > 0; i--) {
            size_t j = (size_t)prop_int(&prop, 0, (int64_t)i);
            struct dw_sighting held = crowd.seen.items[i];
            crowd.seen.items[i] = crowd.seen.items[j];
            crowd.seen.items[j] = held;
        }
        assert_int_equal(learn(&other, &crowd, NULL), 0);
        assert_memory_equal(&one, &other, sizeof(one));
        dw_vec_fini(&crowd.seen);
    }
}

/* Learns from `people` and wants the refusal to say that. */
static void assert_refused(struct crowd *crowd, struct prop *prop, int people, const char *sentence)
{
    struct dw_calibration result;
    struct dw_err err = { 0 };
    walk_about(crowd, prop, people);
    int r = learn(&result, crowd, &err);
    if (r != -ENODATA || strstr(err.text, sentence) == NULL)
        fail_msg("wanted: %s\n  got:    %d %s", sentence, r, err.text);
    dw_vec_fini(&crowd->seen);
}

static void too_little_to_learn_from_is_refused_with_what_is_missing(void **state)
{
    (void)state;
    PROP(prop, 1)
    {
        struct crowd empty = usual_crowd(), few = usual_crowd(), flat = usual_crowd();
        assert_refused(&empty, &prop, 0, "0 people walked through the picture in full view");
        assert_refused(&few, &prop, 4, "at least 6 are wanted");
        flat.top = 0.5;
        flat.low = 0.6;
        assert_refused(&flat, &prop, 80, "of the picture's height, the nearest");
    }
}

static void boxes_of_any_height_are_no_people_on_a_floor(void **state)
{
    (void)state;
    PROP(prop, 1)
    {
        struct crowd crowd = usual_crowd();
        struct dw_calibration result;
        struct dw_err err = { 0 };
        walk_about(&crowd, &prop, 80);
        for (size_t i = 0; i < crowd.seen.count; i++)
            crowd.seen.items[i].seen.h = (float)exp(prop_real(&prop, 3, 5.5));
        assert_int_equal(learn(&result, &crowd, &err), -ENODATA);
        assert_true(err.text[0] != '\0');
        dw_vec_fini(&crowd.seen);
    }
}

static void
mannequins_covered_and_bridged_boxes_and_those_cut_by_the_border_do_not_count(void **state)
{
    (void)state;
    static const struct dw_box boxes[] = {
        { 600, 200, 60, 180 }, /* stands still */
        { 100, 0, 60, 180 },   /* reaches the border */
        { 900, 200, 60, 180 }, /* covered by the next */
        { 910, 230, 60, 180 }, /* stands still, too */
    };
    struct dw_calibration result;
    DW_VEC(struct dw_sighting) seen = { 0 };
    for (int frame = 0; frame < 50; frame++)
        for (int i = 0; i < 4; i++)
            dw_vec_push(&seen, ((struct dw_sighting){ .person = i + 1,
                                                      .time_us = frame * 200000,
                                                      .frame = frame,
                                                      .box = boxes[i],
                                                      .seen = boxes[i],
                                                      .score = frame % 2 == 0 ? 0.9 : 0 }));
    const struct dw_calibrate_conf conf = { WIDTH, HEIGHT, 1.7 };
    assert_int_equal(dw_calibrate(&result, seen.items, seen.count, &conf, NULL), -ENODATA);
    assert_int_equal(result.people, 0);
    assert_int_equal(result.cut, 25);
    assert_int_equal(result.hidden, 25);
    dw_vec_fini(&seen);
}

static void a_ground_twice_as_big_differs_by_its_scale_only(void **state)
{
    (void)state;
    struct crowd crowd = usual_crowd();
    struct dw_camera twice = crowd.camera;
    twice.height_m *= 2;
    PROP(prop, 1)
    {
        walk_about(&crowd, &prop, 20);
        struct dw_calibrate_match match = compare(&crowd, &twice);
        prop_assert(&prop, fabs(match.scale - 2) < 1e-6);
        prop_assert(&prop, match.error < 1e-6 && match.error_p90 < 1e-6 && match.pairs > 1000);
    }
    dw_vec_clear(&crowd.seen);
    assert_int_equal(compare(&crowd, &twice).pairs, 0);
    dw_vec_fini(&crowd.seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cameras_of_all_kinds_are_found_though_a_third_of_the_boxes_are_too_short),
        cmocka_unit_test(figures_come_with_intervals_that_hold_the_truth),
        cmocka_unit_test(the_same_people_in_any_order_give_the_same_camera),
        cmocka_unit_test(too_little_to_learn_from_is_refused_with_what_is_missing),
        cmocka_unit_test(boxes_of_any_height_are_no_people_on_a_floor),
        cmocka_unit_test(
            mannequins_covered_and_bridged_boxes_and_those_cut_by_the_border_do_not_count),
        cmocka_unit_test(a_ground_twice_as_big_differs_by_its_scale_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
