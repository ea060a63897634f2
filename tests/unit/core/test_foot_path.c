/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/foot_path.h"

static const struct dw_foot_view view = { 1000, 500, .5 };

static struct dw_foot_point point(int64_t time_ms, float x, bool bridged)
{
    return (struct dw_foot_point){ time_ms * 1000, x, .5F, .2F, bridged };
}

static void between_two_points_people_walk_straight_on(void **state)
{
    (void)state;
    struct dw_foot_path path = { 0 };
    const struct dw_foot_point points[] = { point(0, 0, false), point(500, .5F, false) };
    dw_foot_path(&path, points, DW_LENGTH(points), &view);
    assert_int_equal(path.count, 6);
    for (size_t i = 0; i < path.count; i++) {
        const struct dw_replay_point *step = &path.items[i];
        struct dw_point feet = dw_box_anchor(step->box, DW_ANCHOR_FOOTPRINT);
        assert_int_equal(step->time_us, i * 100000);
        assert_true(fabs(feet.x - 100. * (double)i) < .01);
        assert_true(fabs(feet.y - 250) < .01);
        assert_true(fabs((double)step->box.h - 100) < .01);
        assert_true(step->gap_us == 0 && step->score == .5);
    }
    free(path.items);
}

static void far_between_points_nobody_was_there(void **state)
{
    (void)state;
    struct dw_foot_path path = { 0 };
    const struct dw_foot_point points[] = { point(0, 0, false), point(1501, .5F, false) };
    dw_foot_path(&path, points, DW_LENGTH(points), &view);
    assert_int_equal(path.count, 2);
    dw_foot_path(&path, points, 0, &view);
    assert_int_equal(path.count, 0);
    free(path.items);
}

static void bridged_points_know_how_long_nobody_was_seen(void **state)
{
    (void)state;
    struct dw_foot_path path = { 0 };
    const struct dw_foot_point points[] = { point(0, 0, false), point(500, 0, true),
                                            point(1000, 0, true), point(1500, 0, false) };
    dw_foot_path(&path, points, DW_LENGTH(points), &view);
    assert_int_equal(path.count, 16);
    for (size_t i = 0; i < path.count; i++) {
        const struct dw_replay_point *step = &path.items[i];
        bool unseen = step->time_us >= 250000 && step->time_us < 1250000;
        assert_int_equal(step->gap_us, unseen ? 1000000 : 0);
        assert_true(step->score == (unseen ? 0 : .5));
    }
    free(path.items);
}

static void tell(void *user, const struct dw_visit *visit)
{
    *(struct dw_visit *)user = *visit;
}

static void a_path_makes_the_visit_its_points_say(void **state)
{
    (void)state;
    struct dw_foot_path path = { 0 };
    struct dw_visit visit = { .dwell_us = -1 };
    struct dw_zone zone = { .corners = { { .3, 0 }, { .7, 0 }, { .7, 1 }, { .3, 1 } },
                            .corner_count = 4,
                            .rules = dw_zone_rules_default() };
    struct dw_foot_point points[41];
    for (int i = 0; i < 41; i++) /* in at 6 s, out at 14 s */
        points[i] = point(i * 500, (float)i / 40, false);
    dw_foot_path(&path, points, DW_LENGTH(points), &view);
    struct dw_replay replay = { .zone = &zone,
                                .rules = &zone.rules,
                                .width_px = 1000,
                                .height_px = 500,
                                .interval_us = DW_FOOT_STEP_US,
                                .end_us = 60000000,
                                .reason = DW_END_STOPPED,
                                .tell = tell,
                                .user = &visit };
    dw_replay_path(&replay, path.items, path.count);
    assert_in_range(visit.enter_us, 6000000, 6200000);
    assert_in_range(visit.dwell_us, 7800000, 8200000);
    assert_int_equal(visit.end_reason, DW_END_LEFT);
    assert_int_equal(visit.enter_side, 4);
    assert_int_equal(visit.exit_side, 2);
    assert_false(visit.cut_start || visit.cut_end);

    /* The last third of the way alone: inside from the first, and when a gap begins. */
    replay.from_us = 9800000;
    replay.end_us = 12600000;
    replay.reason = DW_END_GAP;
    dw_foot_path(&path, &points[20], 6, &view);
    dw_replay_path(&replay, path.items, path.count);
    assert_int_equal(visit.end_reason, DW_END_GAP);
    assert_true(visit.cut_start && visit.cut_end);
    assert_int_equal(visit.enter_us, 10000000);
    assert_int_equal(visit.exit_us, 12600000);
    free(path.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(between_two_points_people_walk_straight_on),
        cmocka_unit_test(far_between_points_nobody_was_there),
        cmocka_unit_test(bridged_points_know_how_long_nobody_was_seen),
        cmocka_unit_test(a_path_makes_the_visit_its_points_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
