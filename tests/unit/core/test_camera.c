/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/camera.h"
#include "core/ground.h"
#include "lib/prop.h"

static struct dw_camera any_camera(struct prop *prop)
{
    return (struct dw_camera){
        .width_px = 1280,
        .height_px = 720,
        .focal_px = prop_real(prop, 500, 2000),
        .tilt = prop_real(prop, 0.1, 1.1),
        .roll = prop_real(prop, -0.2, 0.2),
        .height_m = prop_real(prop, 2, 6),
    };
}

static void
the_middle_of_a_camera_down_at_45_degrees_shows_what_is_as_far_as_it_is_high(void **state)
{
    (void)state;
    struct dw_camera camera = { 640, 480, 600, atan(1), 0, 3 };
    struct dw_point place = { 9, 9 };
    assert_true(dw_camera_place(&camera, (struct dw_point){ 320, 240 }, &place));
    assert_true(fabs(place.x) < 1e-9 && fabs(place.y - 3) < 1e-9);
}

static void a_level_camera_sees_no_floor_above_the_middle(void **state)
{
    (void)state;
    struct dw_camera camera = { 640, 480, 600, 0, 0, 3 };
    struct dw_point place;
    assert_false(dw_camera_place(&camera, (struct dw_point){ 320, 239 }, &place));
    assert_false(dw_camera_place(&camera, (struct dw_point){ 320, 240 }, &place));
    assert_true(dw_camera_place(&camera, (struct dw_point){ 320, 300 }, &place));
    assert_true(dw_camera_body_px(&camera, (struct dw_point){ 320, 239 }, 1.7) <= 0);
    /* 3 m up, 60 px below the horizon: 20 px a metre. */
    assert_true(fabs(dw_camera_body_px(&camera, (struct dw_point){ 320, 300 }, 1.7) - 34) < 1e-9);
}

static void a_positive_roll_lifts_the_left_end_of_the_horizon(void **state)
{
    (void)state;
    struct dw_camera camera = { 640, 480, 600, 0, 0.1, 3 };
    struct dw_point place;
    assert_true(dw_camera_place(&camera, (struct dw_point){ 0, 230 }, &place));
    assert_false(dw_camera_place(&camera, (struct dw_point){ 640, 250 }, &place));
}

static void the_matrix_and_the_place_of_a_pixel_agree(void **state)
{
    (void)state;
    PROP(prop, 500)
    {
        struct dw_camera camera = any_camera(&prop);
        struct dw_point pixel = { prop_real(&prop, 0, 1280), prop_real(&prop, 0, 720) };
        struct dw_point place, other;
        struct dw_ground ground = { 0 };
        double matrix[9];
        dw_camera_matrix(&camera, matrix);
        prop_assert(&prop, dw_ground_init(&ground, matrix, (struct dw_point){ 640, 720 }));
        bool seen = dw_camera_place(&camera, pixel, &place);
        prop_assert(&prop, seen == dw_ground_to_world(&ground, pixel, &other));
        if (seen && hypot(place.x, place.y) < 1000)
            prop_assert(&prop, hypot(place.x - other.x, place.y - other.y) < 1e-6);
    }
}

/* A head above the floor is a foot of the same camera hung lower by the height of the body. */
static void a_body_reaches_up_to_where_its_head_is(void **state)
{
    (void)state;
    PROP(prop, 500)
    {
        struct dw_camera camera = any_camera(&prop), lower = camera;
        lower.height_m -= 1.7;
        double to_foot[9], to_head[9], w[2];
        struct dw_point place = { prop_real(&prop, -5, 5), prop_real(&prop, 3, 30) }, ends[2];
        dw_camera_matrix(&camera, to_foot);
        dw_camera_matrix(&lower, to_head);
        for (int i = 0; i < 2; i++) {
            const double *m = i == 0 ? to_foot : to_head;
            w[i] = m[6] * place.x + m[7] * place.y + m[8];
            ends[i].x = (m[0] * place.x + m[1] * place.y + m[2]) / w[i];
            ends[i].y = (m[3] * place.x + m[4] * place.y + m[5]) / w[i];
        }
        double px = dw_camera_body_px(&camera, ends[0], 1.7);
        if (w[1] > 0)
            prop_assert(&prop, fabs(px - (ends[0].y - ends[1].y)) < 1e-6 * (1 + px));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_middle_of_a_camera_down_at_45_degrees_shows_what_is_as_far_as_it_is_high),
        cmocka_unit_test(a_level_camera_sees_no_floor_above_the_middle),
        cmocka_unit_test(a_positive_roll_lifts_the_left_end_of_the_horizon),
        cmocka_unit_test(the_matrix_and_the_place_of_a_pixel_agree),
        cmocka_unit_test(a_body_reaches_up_to_where_its_head_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
