/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "insight/heat_map.h"
#include "lib/near.h"

static struct dw_foot_point point(double time_s, float x, float y)
{
    return (
        struct dw_foot_point){ .time_us = dw_time_from_seconds(time_s), .x_norm = x, .y_norm = y };
}

static void who_stands_warms_one_cell(void **state)
{
    (void)state;
    struct dw_heat_map map;
    struct dw_foot_point points[] = { point(0, .3F, .6F), point(.5, .3F, .6F), point(1, .3F, .6F) };
    dw_heat_map_init(&map, 4, 2);
    dw_heat_map_add(&map, points, DW_LENGTH(points));
    assert_near(map.seconds[1 * 4 + 1], 1, 1e-9);
    assert_near(map.inside_s, 1, 1e-9);
    dw_heat_map_fini(&map);
}

static void who_walks_warms_all_cells_on_the_way(void **state)
{
    (void)state;
    struct dw_heat_map map;
    struct dw_foot_point points[] = { point(0, 0, .5F), point(2, .9999F, .5F) };
    dw_heat_map_init(&map, 4, 1);
    dw_heat_map_add(&map, points, DW_LENGTH(points));
    for (int i = 0; i < 4; i++)
        assert_near(map.seconds[i], .5, .05);
    assert_near(map.inside_s, 2, 1e-9);
    dw_heat_map_fini(&map);
}

static void where_nobody_was_seen_nobody_was(void **state)
{
    (void)state;
    struct dw_heat_map map;
    struct dw_foot_point points[] = { point(0, .1F, .5F), point(2.1, .9F, .5F),
                                      point(2.6, .9F, 1.2F), point(3.1, .9F, 1.2F) };
    dw_heat_map_init(&map, 4, 1);
    dw_heat_map_add(&map, points, DW_LENGTH(points));
    assert_near(map.seconds[0], 0, 1e-9);
    assert_true(map.outside_s >= .5);
    assert_near(map.inside_s + map.outside_s, 1, 1e-9);
    dw_heat_map_fini(&map);
}

static void smoothing_loses_no_time(void **state)
{
    (void)state;
    struct dw_heat_map map;
    struct dw_foot_point points[] = { point(0, .01F, .01F), point(1, .01F, .01F) };
    double sum = 0;
    dw_heat_map_init(&map, 9, 5);
    dw_heat_map_add(&map, points, DW_LENGTH(points));
    dw_heat_map_smooth(&map, 2);
    for (int i = 0; i < 9 * 5; i++)
        sum += map.seconds[i];
    assert_near(sum, 1, 1e-9);
    assert_true(map.seconds[0] < .5 && map.seconds[0] > map.seconds[1]);
    assert_near(dw_heat_map_most(&map), map.seconds[0], 1e-12);
    dw_heat_map_fini(&map);
}

static void the_middle_is_smoothed_to_all_sides_alike(void **state)
{
    (void)state;
    struct dw_heat_map map;
    dw_heat_map_init(&map, 5, 5);
    map.seconds[12] = 1;
    dw_heat_map_smooth(&map, .5);
    assert_near(map.seconds[11], map.seconds[13], 1e-12);
    assert_near(map.seconds[7], map.seconds[11], 1e-12);
    /* Of weights 1 and exp(-2), within 2 cells: 1 / (1 + 2 e^-2 + 2 e^-8), squared. */
    assert_near(map.seconds[12], .6185, 1e-3);
    dw_heat_map_fini(&map);
}

static void the_picture_is_bright_where_people_stand(void **state)
{
    (void)state;
    struct dw_heat_map map;
    struct dw_heat_picture picture;
    dw_heat_map_init(&map, 8, 4);
    map.seconds[2 * 8 + 6] = 60;
    dw_heat_picture_make(&picture, &map, NULL, 81, 41);
    int x = (int)(6.5 / 8 * 81), y = (int)(2.5 / 4 * 41);
    assert_int_equal(picture.image.width_px, 81);
    assert_true(picture.image.y[y * 81 + x] > 150);
    assert_true(picture.image.y[0] < 40);
    assert_int_equal(picture.image.u[0], 128);
    dw_heat_picture_fini(&picture);
    dw_heat_map_fini(&map);
}

static void an_empty_map_leaves_the_picture_as_it_was(void **state)
{
    (void)state;
    struct dw_heat_map map;
    struct dw_heat_picture picture;
    static const uint8_t luma[] = { 16, 100, 0, 235, 50, 0 };
    static const uint8_t blue[] = { 90 }, red[] = { 200 };
    struct dw_image ground = { luma, blue, red, 3, 1, 1, 2, 2, false };
    dw_heat_map_init(&map, 8, 4);
    dw_heat_picture_make(&picture, &map, &ground, 0, 0);
    assert_int_equal(picture.image.y[0], 16);
    assert_int_equal(picture.image.y[1], 100);
    assert_int_equal(picture.image.y[2], 235);
    assert_int_equal(picture.image.y[3], 50);
    assert_int_equal(picture.image.u[0], 90);
    assert_int_equal(picture.image.v[0], 200);
    dw_heat_picture_fini(&picture);
    dw_heat_map_fini(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_stands_warms_one_cell),
        cmocka_unit_test(who_walks_warms_all_cells_on_the_way),
        cmocka_unit_test(where_nobody_was_seen_nobody_was),
        cmocka_unit_test(smoothing_loses_no_time),
        cmocka_unit_test(the_middle_is_smoothed_to_all_sides_alike),
        cmocka_unit_test(the_picture_is_bright_where_people_stand),
        cmocka_unit_test(an_empty_map_leaves_the_picture_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
