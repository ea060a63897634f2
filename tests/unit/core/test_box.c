/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/box.h"
#include "core/ground.h"
#include "core/kalman.h"
#include "core/visit.h"
#include "lib/prop.h"

static void move(struct dw_kalman *filter, double dt, double q_position, double q_velocity,
                 double damping)
{
    struct dw_motion motion = dw_motion_over(dt, q_position, q_velocity, damping);
    dw_kalman_predict(filter, &motion);
}

static void assert_near(double actual, double wanted, double tolerance)
{
    if (!(fabs(actual - wanted) <= tolerance))
        fail_msg("%.9g is not within %g of %.9g", actual, tolerance, wanted);
}

static void overlap_of_boxes_is_intersection_over_union(void **state)
{
    (void)state;
    static const struct {
        struct dw_box a, b;
        double iou, covered;
    } cases[] = {
        { { 0, 0, 10, 10 }, { 0, 0, 10, 10 }, 1, 1 },
        { { 0, 0, 10, 10 }, { 5, 0, 10, 10 }, 1.0 / 3, 0.5 },
        { { 0, 0, 10, 10 }, { 2, 2, 5, 5 }, 0.25, 0.25 },
        { { 2, 2, 5, 5 }, { 0, 0, 10, 10 }, 0.25, 1 },
        { { 0, 0, 10, 10 }, { 10, 0, 10, 10 }, 0, 0 },
        { { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, 0, 0 },
        { { 0, 0, -5, 10 }, { -5, 0, 10, 10 }, 0, 0 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        assert_near(dw_box_iou(cases[i].a, cases[i].b), cases[i].iou, 1e-9);
        assert_near(dw_box_covered(cases[i].a, cases[i].b), cases[i].covered, 1e-9);
    }
}

static void people_stand_where_their_anchor_is(void **state)
{
    (void)state;
    const struct dw_box box = { 100, 200, 50, 120 };
    struct dw_point foot = dw_box_anchor(box, DW_ANCHOR_FOOTPRINT);
    struct dw_point bottom = dw_box_anchor(box, DW_ANCHOR_BOTTOM_CENTER);
    struct dw_point center = dw_box_anchor(box, DW_ANCHOR_CENTER);
    assert_near(foot.x, 125, 0);
    assert_near(foot.y, 320, 0);
    assert_near(bottom.y, 320, 0);
    assert_near(center.x, 125, 0);
    assert_near(center.y, 260, 0);
}

static void a_box_between_two_lies_on_the_line_between_them(void **state)
{
    (void)state;
    struct dw_box a = { 0, 10, 20, 40 }, b = { 10, 30, 40, 80 };
    struct dw_box quarter = dw_box_mix(a, b, 0.25);
    assert_near((double)quarter.x, 2.5, 1e-6);
    assert_near((double)quarter.y, 15, 1e-6);
    assert_near((double)quarter.w, 25, 1e-6);
    assert_near((double)quarter.h, 50, 1e-6);
}

static void a_pixel_on_the_floor_has_a_place_in_metres_and_one_in_the_sky_has_none(void **state)
{
    (void)state;
    /* A camera 3 m up that looks along Y at the horizon, row 100: v = 100 + 600 / Y. */
    const double matrix[9] = { 200, 320, 0, 0, 100, 600, 0, 1, 0 };
    struct dw_ground ground = { 0 };
    struct dw_point metres = { 0 };
    assert_true(dw_ground_init(&ground, matrix, (struct dw_point){ 320, 480 }));
    assert_true(dw_ground_to_world(&ground, (struct dw_point){ 420, 200 }, &metres));
    assert_near(metres.y, 6, 1e-9);
    assert_near(metres.x, 3, 1e-9);
    assert_false(dw_ground_to_world(&ground, (struct dw_point){ 320, 50 }, &metres));
    assert_false(dw_ground_to_world(&ground, (struct dw_point){ 320, 100 }, &metres));
}

static void the_sign_of_a_ground_matrix_does_not_matter(void **state)
{
    (void)state;
    const double matrix[9] = { -200, -320, 0, 0, -100, -600, 0, -1, 0 };
    struct dw_ground ground = { 0 };
    struct dw_point metres = { 0 };
    assert_true(dw_ground_init(&ground, matrix, (struct dw_point){ 320, 480 }));
    assert_true(dw_ground_to_world(&ground, (struct dw_point){ 420, 200 }, &metres));
    assert_near(metres.y, 6, 1e-9);
}

static void a_matrix_that_cannot_be_inverted_is_no_ground(void **state)
{
    (void)state;
    const double flat[9] = { 1, 2, 3, 2, 4, 6, 0, 0, 1 };
    const double none[9] = { (double)NAN, 0, 0, 0, 1, 0, 0, 0, 1 };
    struct dw_ground ground = { 0 };
    assert_false(dw_ground_init(&ground, flat, (struct dw_point){ 0, 0 }));
    assert_false(dw_ground_init(&ground, none, (struct dw_point){ 0, 0 }));
}

static void a_filter_learns_a_steady_walk(void **state)
{
    (void)state;
    struct dw_kalman filter = dw_kalman_start(0, 25, 10000);
    for (int i = 1; i <= 30; i++) {
        move(&filter, 0.1, 1, 100, 0);
        dw_kalman_update(&filter, 12.0 * i, 25);
    }
    assert_near(filter.velocity, 120, 1);
    assert_near(filter.position, 360, 1);
    assert_true(filter.p00 > 0 && filter.p11 > 0 &&
                filter.p01 * filter.p01 < filter.p00 * filter.p11);
}

static void who_is_unseen_slows_down_and_stops(void **state)
{
    (void)state;
    struct dw_kalman filter = { .position = 0, .velocity = 100, .p00 = 1, .p11 = 1 };
    for (int i = 0; i < 100; i++)
        move(&filter, 0.1, 1, 1, 0.8);
    assert_near(filter.position, 80, 0.1);
    assert_near(filter.velocity, 0, 0.01);
}

static void two_small_steps_predict_what_one_big_step_does(void **state)
{
    (void)state;
    PROP(prop, 500)
    {
        struct dw_kalman one = { prop_real(&prop, -9, 9), prop_real(&prop, -9, 9),
                                 prop_real(&prop, 1, 2), prop_real(&prop, -1, 1),
                                 prop_real(&prop, 1, 2) };
        struct dw_kalman two = one;
        double dt = prop_real(&prop, 0.01, 1), damping = prop_chance(&prop, 0.5) ? 0 : 0.8;
        move(&one, 2 * dt, 0, 0, damping);
        move(&two, dt, 0, 0, damping);
        move(&two, dt, 0, 0, damping);
        prop_assert(&prop, fabs(one.position - two.position) < 1e-9);
        prop_assert(&prop, fabs(one.velocity - two.velocity) < 1e-9);
        prop_assert(&prop, fabs(one.p00 - two.p00) < 1e-9);
        prop_assert(&prop, fabs(one.p11 - two.p11) < 1e-9);
    }
}

static void reasons_and_roles_are_read_as_they_are_written(void **state)
{
    (void)state;
    for (int i = 0; i < DW_END_REASON_COUNT; i++)
        assert_int_equal(dw_end_reason_parse(dw_end_reason_name((enum dw_end_reason)i)), i);
    for (int i = 0; i < DW_ROLE_COUNT; i++)
        assert_int_equal(dw_role_parse(dw_role_name((enum dw_role)i)), i);
    assert_int_equal(dw_end_reason_parse("vanished"), -1);
    assert_int_equal(dw_role_parse(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlap_of_boxes_is_intersection_over_union),
        cmocka_unit_test(people_stand_where_their_anchor_is),
        cmocka_unit_test(a_box_between_two_lies_on_the_line_between_them),
        cmocka_unit_test(a_pixel_on_the_floor_has_a_place_in_metres_and_one_in_the_sky_has_none),
        cmocka_unit_test(the_sign_of_a_ground_matrix_does_not_matter),
        cmocka_unit_test(a_matrix_that_cannot_be_inverted_is_no_ground),
        cmocka_unit_test(a_filter_learns_a_steady_walk),
        cmocka_unit_test(who_is_unseen_slows_down_and_stops),
        cmocka_unit_test(two_small_steps_predict_what_one_big_step_does),
        cmocka_unit_test(reasons_and_roles_are_read_as_they_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
