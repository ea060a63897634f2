/* SPDX-License-Identifier: Apache-2.0 */
#include "core/link.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"

#define NEVER ((double)INFINITY)

/* Somebody 100 px tall at (x, 500), moving at `speed` px/s to the right, after 2 s of being seen.
 */
static struct dw_track_end end_at(double time_s, double x, double speed)
{
    return (struct dw_track_end){ .time_us = (int64_t)(time_s * 1e6),
                                  .foot_px = { x, 500 },
                                  .velocity = { speed, 0 },
                                  .h_px = 100,
                                  .lasted_us = 2000000 };
}

static double cost(struct dw_track_end a, struct dw_track_end b)
{
    struct dw_link_params params = dw_link_params_default();
    return dw_link_cost(&params, &a, &b);
}

static void somebody_standing_may_come_back_for_eight_seconds_at_the_same_place(void **state)
{
    (void)state;
    assert_true(cost(end_at(0, 100, 0), end_at(1, 105, 0)) < 0.35);
    assert_true(isfinite(cost(end_at(0, 100, 0), end_at(7.9, 105, 0))));
    assert_true(isinf(cost(end_at(0, 100, 0), end_at(8.1, 105, 0))));
    assert_true(isinf(cost(end_at(0, 100, 0), end_at(6, 180, 0))));
}

static void after_a_long_absence_the_first_track_must_have_lasted(void **state)
{
    (void)state;
    struct dw_track_end brief = end_at(0, 100, 0);
    brief.lasted_us = 100000;
    assert_true(isinf(cost(brief, end_at(6, 100, 0))));
    assert_true(isfinite(cost(brief, end_at(1, 100, 0))));
}

static void somebody_walking_comes_back_where_the_walk_leads(void **state)
{
    (void)state;
    assert_true(cost(end_at(0, 100, 120), end_at(0.5, 150, 120)) < 0.5);
    assert_true(isinf(cost(end_at(0, 100, 120), end_at(0.5, 40, 120))));
    assert_true(isinf(cost(end_at(0, 100, 120), end_at(0.5, 120, -120))));
    assert_true(isinf(cost(end_at(0, 100, 120), end_at(5, 220, 120))));
}

static void another_height_is_another_person(void **state)
{
    (void)state;
    struct dw_track_end child = end_at(1, 100, 0);
    child.h_px = 70;
    assert_true(isinf(cost(end_at(0, 100, 0), child)));
}

static void time_never_runs_backwards(void **state)
{
    (void)state;
    assert_true(isinf(cost(end_at(1, 100, 0), end_at(1, 100, 0))));
    assert_true(isinf(cost(end_at(2, 100, 0), end_at(1, 100, 0))));
}

static void a_choice_is_made_only_when_it_is_clear(void **state)
{
    (void)state;
    static const struct {
        double costs[3];
        int chosen;
    } cases[] = {
        { { NEVER, NEVER, NEVER }, -1 }, { { NEVER, 0.5, NEVER }, 1 },
        { { 0.5, 0.6, NEVER }, -1 },     { { 0.9, NEVER, 0.5 }, 2 },
        { { 0.3, 0.31, 0.32 }, 0 },      { { NEVER, 1.4, NEVER }, -1 },
    };
    struct dw_link_params params = dw_link_params_default();
    for (size_t i = 0; i < DW_LENGTH(cases); i++)
        assert_int_equal(dw_link_choose(&params, cases[i].costs, 3), cases[i].chosen);
    assert_int_equal(dw_link_choose(&params, NULL, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_standing_may_come_back_for_eight_seconds_at_the_same_place),
        cmocka_unit_test(after_a_long_absence_the_first_track_must_have_lasted),
        cmocka_unit_test(somebody_walking_comes_back_where_the_walk_leads),
        cmocka_unit_test(another_height_is_another_person),
        cmocka_unit_test(time_never_runs_backwards),
        cmocka_unit_test(a_choice_is_made_only_when_it_is_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
