/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/heat_floor.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/near.h"

/* Straight down on 8 m by 4.5 m, 100 pixels a metre, Y up. */
static const double from_the_ceiling[9] = { 100, 0, 0, 0, -100, 450, 0, 0, 1 };
/* Towards Y, the horizon 100 pixels from the top: the floor comes nearer to it with distance. */
static const double across_the_shop[9] = { 100, 80, 400, 0, 20, 450, 0, .2, 1 };

static struct dw_heat_floor floor_of(const double to_image[9])
{
    struct dw_heat_floor floor = { .width_px = 800, .height_px = 450 };
    assert_true(dw_ground_init(&floor.ground, to_image, (struct dw_point){ 400, 449 }));
    return floor;
}

static void the_floor_grows_with_who_walks_on_it(void **state)
{
    (void)state;
    struct dw_heat_floor floor = floor_of(from_the_ceiling);
    assert_false(dw_heat_floor_known(&floor));
    dw_heat_floor_widen(&floor, (struct dw_point){ .25, .5 }); /* 2 m, 2.25 m */
    dw_heat_floor_widen(&floor, (struct dw_point){ .75, 1 });  /* 6 m, 0 m */
    assert_near(floor.left, 1.5, 1e-9);
    assert_near(floor.right, 6.5, 1e-9);
    assert_near(floor.bottom, -.5, 1e-9);
    assert_near(floor.top, 2.75, 1e-9);
}

static void places_come_back_in_metres(void **state)
{
    (void)state;
    struct dw_heat_floor floor = floor_of(from_the_ceiling);
    struct dw_err err = { 0 };
    struct dw_point place = { 0 };
    assert_int_equal(dw_heat_floor_parse(&floor, "8,0,0,4.5", &err), 0);
    assert_true(dw_heat_floor_place(&floor, (struct dw_point){ .2, .3 }, &place));
    assert_near(place.x, .2, 1e-9); /* all of the picture is all of the floor */
    assert_near(place.y, .3, 1e-9);
    struct dw_point metres = dw_heat_floor_metres(&floor, place);
    assert_near(metres.x, 1.6, 1e-9);
    assert_near(metres.y, 3.15, 1e-9);
}

static void what_is_above_the_horizon_or_far_off_is_no_floor(void **state)
{
    (void)state;
    struct dw_heat_floor floor = floor_of(across_the_shop);
    struct dw_point place = { 0 };
    assert_false(dw_heat_floor_place(&floor, (struct dw_point){ .5, .1 }, &place));
    dw_heat_floor_widen(&floor, (struct dw_point){ .5, .1 });
    dw_heat_floor_widen(&floor, (struct dw_point){ .5, .23 }); /* 97 m */
    assert_false(dw_heat_floor_known(&floor));
    dw_heat_floor_widen(&floor, (struct dw_point){ .5, .5 });
    assert_true(dw_heat_floor_known(&floor));
}

static void no_rectangle_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = { "",        "1,2,3",     "1,2,3,4,5", "1,2,1,4",  "0,2,4,2",
                                         "a,b,c,d", "0,0,inf,1", "0,0,nan,1", "0,0,8,5 m" };
    for (size_t i = 0; i < DW_LENGTH(wrong); i++) {
        struct dw_heat_floor floor = { .width_px = 800 };
        struct dw_err err = { 0 };
        assert_int_equal(dw_heat_floor_parse(&floor, wrong[i], &err), -EINVAL);
        assert_non_null(strstr(err.text, "wants X0,Y0,X1,Y1"));
        assert_false(dw_heat_floor_known(&floor));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_floor_grows_with_who_walks_on_it),
        cmocka_unit_test(places_come_back_in_metres),
        cmocka_unit_test(what_is_above_the_horizon_or_far_off_is_no_floor),
        cmocka_unit_test(no_rectangle_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
