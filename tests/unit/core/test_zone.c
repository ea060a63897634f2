/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/zone.h"
#include "lib/prop.h"

static const struct dw_zone square = {
    .corners = { { 0.2, 0.2 }, { 0.8, 0.2 }, { 0.8, 0.8 }, { 0.2, 0.8 } },
    .corner_count = 4,
};

/* An L: the upper right quarter is outside. */
static const struct dw_zone corner_shelf = {
    .corners = { { 0, 0 }, { 0.5, 0 }, { 0.5, 0.5 }, { 1, 0.5 }, { 1, 1 }, { 0, 1 } },
    .corner_count = 6,
};

static const struct dw_zone triangle = {
    .corners = { { 0.2, 0.8 }, { 0.5, 0.2 }, { 0.8, 0.8 } },
    .corner_count = 3,
};

/* Points are at the height of its corners. */
static const struct dw_zone diamond = {
    .corners = { { 0.5, 0.2 }, { 0.8, 0.5 }, { 0.5, 0.8 }, { 0.2, 0.5 } },
    .corner_count = 4,
};

static const struct dw_zone bow_tie = {
    .corners = { { 0, 0 }, { 1, 1 }, { 1, 0 }, { 0, 1 } },
    .corner_count = 4,
};

static void points_are_inside_by_the_even_odd_rule(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const struct dw_zone *zone;
        struct dw_point point;
        bool inside;
    } cases[] = {
        { "the middle of a square", &square, { 0.5, 0.5 }, true },
        { "left of it", &square, { 0.1, 0.5 }, false },
        { "above it", &square, { 0.5, 0.1 }, false },
        { "on the height of a corner, outside", &square, { 0.9, 0.2 }, false },
        { "the long arm of an L", &corner_shelf, { 0.25, 0.25 }, true },
        { "the foot of an L", &corner_shelf, { 0.75, 0.75 }, true },
        { "the notch of an L", &corner_shelf, { 0.75, 0.25 }, false },
        { "the middle of a triangle", &triangle, { 0.5, 0.6 }, true },
        { "beside its top", &triangle, { 0.3, 0.3 }, false },
        { "the middle of a diamond, as high as two corners", &diamond, { 0.5, 0.5 }, true },
        { "left of it, as high as two corners", &diamond, { 0.1, 0.5 }, false },
        { "left of its top corner", &diamond, { 0.1, 0.2 }, false },
        { "left of its bottom corner", &diamond, { 0.1, 0.8 }, false },
        { "the left wing of a bow tie", &bow_tie, { 0.1, 0.5 }, true },
        { "between the wings of a bow tie", &bow_tie, { 0.5, 0.1 }, false },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++)
        if (dw_zone_contains(cases[i].zone, cases[i].point) != cases[i].inside)
            fail_msg("%s", cases[i].name);
}

static void neighbouring_zones_share_no_point_and_leave_none_out(void **state)
{
    (void)state;
    const struct dw_zone left = { .corners = { { 0, 0 }, { 0.5, 0 }, { 0.5, 1 }, { 0, 1 } },
                                  .corner_count = 4 };
    const struct dw_zone right = { .corners = { { 0.5, 0 }, { 1, 0 }, { 1, 1 }, { 0.5, 1 } },
                                   .corner_count = 4 };
    for (int i = 1; i < 100; i++) {
        struct dw_point point = { i / 100.0, 0.5 };
        assert_int_equal(dw_zone_contains(&left, point) + dw_zone_contains(&right, point), 1);
    }
}

static struct dw_zone any_zone(struct prop *prop)
{
    struct dw_zone zone = { .corner_count = (size_t)prop_int(prop, 3, 9) };
    for (size_t i = 0; i < zone.corner_count; i++)
        zone.corners[i] = (struct dw_point){ prop_real(prop, 0, 1), prop_real(prop, 0, 1) };
    return zone;
}

static void it_does_not_matter_where_the_list_of_corners_begins_nor_which_way_it_goes(void **state)
{
    (void)state;
    PROP(prop, 2000)
    {
        struct dw_zone zone = any_zone(&prop), turned = zone, reversed = zone;
        size_t count = zone.corner_count, by = (size_t)prop_int(&prop, 1, 8);
        for (size_t i = 0; i < count; i++) {
            turned.corners[i] = zone.corners[(i + by) % count];
            reversed.corners[i] = zone.corners[count - 1 - i];
        }
        struct dw_point point = { prop_real(&prop, -0.1, 1.1), prop_real(&prop, -0.1, 1.1) };
        bool inside = dw_zone_contains(&zone, point);
        prop_assert(&prop, dw_zone_contains(&turned, point) == inside);
        prop_assert(&prop, dw_zone_contains(&reversed, point) == inside);
        prop_assert(&prop, fabs(dw_zone_area(&turned) - dw_zone_area(&zone)) < 1e-12);
        prop_assert(&prop, fabs(dw_zone_area(&reversed) - dw_zone_area(&zone)) < 1e-12);
        prop_assert(&prop, dw_zone_self_crossings(&turned) == dw_zone_self_crossings(&zone));
    }
}

static void depth_is_positive_inside_and_negative_outside(void **state)
{
    (void)state;
    PROP(prop, 2000)
    {
        struct dw_zone zone = any_zone(&prop);
        struct dw_point point = { prop_real(&prop, -0.1, 1.1), prop_real(&prop, -0.1, 1.1) };
        double depth_px = dw_zone_depth(&zone, point, 1920, 1080);
        prop_assert(&prop, depth_px == 0 || (depth_px > 0) == dw_zone_contains(&zone, point));
    }
}

static void depth_is_the_way_to_the_nearest_edge_in_pixels(void **state)
{
    (void)state;
    struct dw_point below_top = { 0.5, 0.3 }, near_left = { 0.21, 0.5 }, off_corner = { 0.1, 0.1 };
    assert_true(fabs(dw_zone_depth(&square, below_top, 1000, 500) - 50) < 1e-9);
    assert_true(fabs(dw_zone_depth(&square, near_left, 1000, 500) - 10) < 1e-9);
    assert_true(fabs(dw_zone_depth(&square, off_corner, 1000, 500) + hypot(100, 50)) < 1e-9);
    /* In line with an edge, and as far beyond its end as it is long. */
    struct dw_point in_line = { 1.4, 0.2 };
    assert_true(fabs(dw_zone_depth(&square, in_line, 1000, 500) + 600) < 1e-9);
    /* The scale is the unit, whatever it is. */
    assert_true(fabs(dw_zone_depth(&square, below_top, 1, 1) - 0.1) < 1e-9);
    assert_true(fabs(dw_zone_depth(&square, below_top, 0.5, 0.5) - 0.05) < 1e-9);
    /* To each edge of a triangle: below, left, right. */
    struct dw_point at_floor = { 0.5, 0.75 }, left = { 0.3, 0.4 }, right = { 0.7, 0.4 };
    double slope_px = 300 / hypot(300, 600);
    assert_true(fabs(dw_zone_depth(&triangle, at_floor, 1000, 1000) - 50) < 1e-9);
    assert_true(fabs(dw_zone_depth(&triangle, left, 1000, 1000) + 200 * slope_px) < 1e-9);
    assert_true(fabs(dw_zone_depth(&triangle, right, 1000, 1000) + 200 * slope_px) < 1e-9);
}

static void a_way_into_or_out_of_a_zone_names_the_edge_it_crosses_first(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct dw_point from, to;
        int side;
    } cases[] = {
        { "in over the top edge", { 0.5, 0.1 }, { 0.5, 0.3 }, 1 },
        { "in over the right edge", { 0.9, 0.5 }, { 0.7, 0.5 }, 2 },
        { "out over the bottom edge", { 0.5, 0.7 }, { 0.5, 0.9 }, 3 },
        { "out over the left edge", { 0.3, 0.5 }, { 0.1, 0.5 }, 4 },
        { "right through: the edge nearest to the start", { 0.1, 0.5 }, { 0.9, 0.5 }, 4 },
        { "in from the very edge", { 0.5, 0.2 }, { 0.5, 0.3 }, 1 },
        { "no edge between two points inside", { 0.3, 0.3 }, { 0.7, 0.7 }, 0 },
        { "no edge between two points outside", { 0.1, 0.1 }, { 0.1, 0.9 }, 0 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        int side = dw_zone_crossed_side(&square, cases[i].from, cases[i].to);
        if (side != cases[i].side)
            fail_msg("%s: got %d", cases[i].name, side);
    }
}

static void of_two_edges_on_the_way_the_first_counts_however_long_they_are(void **state)
{
    (void)state;
    const struct dw_zone funnel = {
        .corners = { { 0.1, 0.2 }, { 0.9, 0.2 }, { 0.55, 0.8 }, { 0.45, 0.8 } },
        .corner_count = 4,
    };
    struct dw_point above = { 0.5, 0.1 }, below = { 0.5, 0.95 };
    assert_int_equal(dw_zone_crossed_side(&funnel, above, below), 1);
    assert_int_equal(dw_zone_crossed_side(&funnel, below, above), 3);
}

static void a_way_from_outside_to_inside_always_crosses_an_edge(void **state)
{
    (void)state;
    PROP(prop, 2000)
    {
        struct dw_zone zone = any_zone(&prop);
        struct dw_point a = { prop_real(&prop, 0, 1), prop_real(&prop, 0, 1) };
        struct dw_point b = { prop_real(&prop, 0, 1), prop_real(&prop, 0, 1) };
        int side = dw_zone_crossed_side(&zone, a, b);
        prop_assert(&prop, side >= 0 && side <= (int)zone.corner_count);
        if (dw_zone_contains(&zone, a) != dw_zone_contains(&zone, b))
            prop_assert(&prop, side > 0);
    }
}

static void polygons_that_cross_themselves_are_found(void **state)
{
    (void)state;
    assert_int_equal(dw_zone_self_crossings(&square), 0);
    assert_int_equal(dw_zone_self_crossings(&corner_shelf), 0);
    assert_int_equal(dw_zone_self_crossings(&bow_tie), 1);
}

static void a_corner_that_reaches_another_edge_crosses_it_wherever_the_list_begins(void **state)
{
    (void)state;
    static const struct dw_point corners[] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0.5, 0 }, { 0, 1 } };
    size_t count = DW_LENGTH(corners);
    for (size_t first = 0; first < count; first++) {
        struct dw_zone pinched = { .corner_count = count };
        for (size_t i = 0; i < count; i++)
            pinched.corners[i] = corners[(first + i) % count];
        assert_int_equal(dw_zone_self_crossings(&pinched), 2); /* by both edges of the corner */
    }
}

static void area_is_that_of_the_polygon(void **state)
{
    (void)state;
    assert_true(fabs(dw_zone_area(&square) - 0.36) < 1e-12);
    assert_true(fabs(dw_zone_area(&corner_shelf) - 0.75) < 1e-12);
}

static void stand_at_the_start_of_a_line_face_its_end_and_the_side_is_known(void **state)
{
    (void)state;
    /* Walking up the picture: right is right. */
    const struct dw_line up = { .start = { 0.5, 0.9 }, .end = { 0.5, 0.1 } };
    struct dw_point left = { 0.4, 0.5 }, right = { 0.6, 0.5 }, above = { 0.6, 0.05 };
    assert_int_equal(dw_line_crossed(&up, left, right), 1);
    assert_int_equal(dw_line_crossed(&up, right, left), -1);
    assert_int_equal(dw_line_crossed(&up, left, left), 0);
    assert_int_equal(dw_line_crossed(&up, (struct dw_point){ 0.4, 0.05 }, above), 0);
    const struct dw_line down = { .start = { 0.5, 0.1 }, .end = { 0.5, 0.9 } };
    assert_int_equal(dw_line_crossed(&down, left, right), -1);
}

static void no_point_of_a_zone_is_outside_its_bounds(void **state)
{
    (void)state;
    struct dw_point least, most;
    dw_zone_bounds(&corner_shelf, &least, &most);
    assert_true(least.x == 0 && least.y == 0 && most.x == 1 && most.y == 1);
    dw_zone_bounds(&square, &least, &most);
    assert_true(least.x == 0.2 && least.y == 0.2 && most.x == 0.8 && most.y == 0.8);
    PROP(prop, 500)
    {
        struct dw_zone zone = { .corner_count = 5 };
        for (size_t i = 0; i < zone.corner_count; i++)
            zone.corners[i] = (struct dw_point){ prop_real(&prop, 0, 1), prop_real(&prop, 0, 1) };
        dw_zone_bounds(&zone, &least, &most);
        for (int i = 0; i < 20; i++) {
            struct dw_point p = { prop_real(&prop, 0, 1), prop_real(&prop, 0, 1) };
            bool within = p.x >= least.x && p.x <= most.x && p.y >= least.y && p.y <= most.y;
            prop_assert(&prop, within || !dw_zone_contains(&zone, p));
        }
    }
}

static void a_line_crossed_in_two_steps_or_at_a_joint_is_crossed_once(void **state)
{
    (void)state;
    const struct dw_line line = { .start = { 0.5, 0.9 }, .end = { 0.5, 0.1 } };
    struct dw_point left = { 0.25, 0.5 }, on = { 0.5, 0.5 }, right = { 0.75, 0.5 };
    assert_int_equal(dw_line_crossed(&line, left, on) + dw_line_crossed(&line, on, right), 1);
    assert_int_equal(dw_line_crossed(&line, right, on) + dw_line_crossed(&line, on, left), -1);
    assert_int_equal(dw_line_crossed(&line, left, on) + dw_line_crossed(&line, on, left), 0);
    assert_int_equal(dw_line_crossed(&line, right, on) + dw_line_crossed(&line, on, right), 0);

    /* The way leads through the point where one line ends and the next begins. */
    const struct dw_line lower = { .start = { 0.5, 0.9 }, .end = { 0.5, 0.5 } };
    const struct dw_line upper = { .start = { 0.5, 0.5 }, .end = { 0.5, 0.1 } };
    assert_int_equal(dw_line_crossed(&lower, left, right) + dw_line_crossed(&upper, left, right),
                     1);
    assert_int_equal(dw_line_crossed(&lower, right, left) + dw_line_crossed(&upper, right, left),
                     -1);
}

static void a_layout_can_be_emptied_again_and_again(void **state)
{
    (void)state;
    struct dw_layout layout = { .zones = calloc(1, sizeof(struct dw_zone)), .zone_count = 1 };
    for (int i = 0; i < 2; i++) {
        dw_layout_fini(&layout);
        assert_true(layout.zones == NULL && layout.lines == NULL);
        assert_int_equal(layout.zone_count + layout.line_count, 0);
    }
}

static void the_settings_are_those_of_the_visit_model_unless_said(void **state)
{
    (void)state;
    struct dw_zone_rules rules = dw_zone_rules_default();
    assert_int_equal(rules.enter_after_us, 300000);
    assert_int_equal(rules.grace_us, 1000000);
    assert_int_equal(rules.bridge_us, 2000000);
    assert_int_equal(rules.link_us, 8000000);
    assert_int_equal(rules.reentry_us, 0);
    assert_int_equal(rules.min_dwell_us, 1000000);
    assert_int_equal(rules.stop_us, 3000000);
    assert_int_equal(rules.engage_us, 10000000);
    assert_true(rules.hysteresis == 0.005);
    assert_int_equal(rules.anchor, DW_ANCHOR_FOOTPRINT);
}

static void a_visit_is_final_after_the_longest_of_its_waits(void **state)
{
    (void)state;
    struct dw_zone_rules rules = dw_zone_rules_default();
    assert_int_equal(dw_zone_rules_final_us(&rules), 8000000);
    rules.link_us = 0;
    assert_int_equal(dw_zone_rules_final_us(&rules), 2000000);
    rules.grace_us = 3000000;
    assert_int_equal(dw_zone_rules_final_us(&rules), 3000000);
    rules.reentry_us = 60000000;
    assert_int_equal(dw_zone_rules_final_us(&rules), 60000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_inside_by_the_even_odd_rule),
        cmocka_unit_test(neighbouring_zones_share_no_point_and_leave_none_out),
        cmocka_unit_test(it_does_not_matter_where_the_list_of_corners_begins_nor_which_way_it_goes),
        cmocka_unit_test(depth_is_positive_inside_and_negative_outside),
        cmocka_unit_test(depth_is_the_way_to_the_nearest_edge_in_pixels),
        cmocka_unit_test(a_way_into_or_out_of_a_zone_names_the_edge_it_crosses_first),
        cmocka_unit_test(of_two_edges_on_the_way_the_first_counts_however_long_they_are),
        cmocka_unit_test(a_way_from_outside_to_inside_always_crosses_an_edge),
        cmocka_unit_test(polygons_that_cross_themselves_are_found),
        cmocka_unit_test(a_corner_that_reaches_another_edge_crosses_it_wherever_the_list_begins),
        cmocka_unit_test(area_is_that_of_the_polygon),
        cmocka_unit_test(stand_at_the_start_of_a_line_face_its_end_and_the_side_is_known),
        cmocka_unit_test(no_point_of_a_zone_is_outside_its_bounds),
        cmocka_unit_test(a_line_crossed_in_two_steps_or_at_a_joint_is_crossed_once),
        cmocka_unit_test(a_layout_can_be_emptied_again_and_again),
        cmocka_unit_test(the_settings_are_those_of_the_visit_model_unless_said),
        cmocka_unit_test(a_visit_is_final_after_the_longest_of_its_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
