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

#define UNKNOWN ((double)NAN)

struct choice {
    struct dw_link_offer offers[3];
    int chosen;
};

static void assert_choices(const struct choice *choices, size_t count)
{
    struct dw_link_params params = dw_link_params_default();
    params.look_tie = 0.1;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(dw_link_choose(&params, choices[i].offers, 3), choices[i].chosen);
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
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct choice choice = { .chosen = cases[i].chosen };
        for (int k = 0; k < 3; k++)
            choice.offers[k] = (struct dw_link_offer){ cases[i].costs[k], UNKNOWN };
        assert_choices(&choice, 1);
    }
    assert_int_equal(dw_link_choose(&params, NULL, 0), -1);
}

static void looks_decide_between_rivals_when_they_are_clear(void **state)
{
    (void)state;
    static const struct choice choices[] = {
        /* the cheapest looks most alike, or the rival does */
        { { { 0.5, 0.1 }, { 0.6, 0.3 }, { NEVER, 0 } }, 0 },
        { { { 0.5, 0.3 }, { 0.6, 0.1 }, { NEVER, 0 } }, 1 },
        /* not clear, or not known */
        { { { 0.5, 0.2 }, { 0.6, 0.15 }, { NEVER, 0 } }, -1 },
        { { { 0.5, 0.2 }, { 0.6, UNKNOWN }, { NEVER, 0 } }, -1 },
        { { { 0.5, UNKNOWN }, { 0.6, 0.1 }, { NEVER, 0 } }, -1 },
        /* all rivals must be less alike */
        { { { 0.5, 0.3 }, { 0.6, 0.1 }, { 0.55, 0.12 } }, -1 },
        { { { 0.5, 0.3 }, { 0.6, 0.1 }, { 0.55, 0.25 } }, 1 },
        /* who is plain, or too dear for a rival, has none */
        { { { 0.3, 0.3 }, { 0.31, 0.1 }, { NEVER, 0 } }, 0 },
        { { { 0.5, 0.3 }, { 0.9, 0.1 }, { NEVER, 0 } }, 0 },
        /* the rival is acceptable himself, or nobody is chosen */
        { { { 1.2, 0.3 }, { 1.4, 0.1 }, { NEVER, 0 } }, -1 },
    };
    assert_choices(choices, DW_LENGTH(choices));
}

static const struct dw_appearance red = { .weight = 2, .size = 2, .sum = { 1, 0 } };
static const struct dw_appearance reddish = { .weight = 2, .size = 2, .sum = { 1, 0.5f } };
static const struct dw_appearance blue = { .weight = 2, .size = 2, .sum = { 0, 1 } };

static struct dw_track_end dressed(struct dw_track_end end, const struct dw_appearance *look)
{
    end.look = look;
    return end;
}

static void two_who_look_too_unlike_are_never_linked(void **state)
{
    (void)state;
    struct dw_track_end before = dressed(end_at(0, 100, 0), &red), after = end_at(1, 105, 0);
    assert_true(isfinite(cost(before, dressed(after, &reddish))));
    assert_true(isinf(cost(before, dressed(after, &blue))));
}

static void a_look_that_nobody_knows_changes_nothing(void **state)
{
    (void)state;
    static const struct dw_appearance unknown = { 0 };
    struct dw_track_end before = end_at(0, 100, 0), after = end_at(1, 105, 0);
    double unseen = cost(before, after);
    assert_true(cost(dressed(before, &red), after) == unseen);
    assert_true(cost(dressed(before, &red), dressed(after, &unknown)) == unseen);
}

static void who_looks_alike_may_be_further_and_longer_away(void **state)
{
    (void)state;
    struct dw_link_params params = dw_link_params_default();
    struct dw_track_end before = end_at(0, 100, 0), aside = end_at(1, 190, 0);
    struct dw_track_end walking = end_at(0, 100, 120), later = end_at(4, 200, 120);
    assert_true(isinf(cost(before, aside)));
    assert_true(isfinite(cost(dressed(before, &red), dressed(aside, &reddish))));
    assert_true(isinf(cost(walking, later)));
    assert_true(isfinite(cost(dressed(walking, &red), dressed(later, &reddish))));
    assert_int_equal(dw_link_longest_us(&params), 8000000);
    params.move_us = 4000000;
    assert_int_equal(dw_link_longest_us(&params), 10000000);
    params.stand_us = 0;
    params.look_trust = 0;
    assert_int_equal(dw_link_longest_us(&params), 4000000);
}

static void an_end_is_a_line_through_its_points(void **state)
{
    (void)state;
    struct dw_track_point points[10];
    for (int i = 0; i < 10; i++)
        points[i] = (struct dw_track_point){ i * 100000, { 10 + 5.0 * i, 300 - 2.0 * i }, 80 };
    struct dw_track_end end = dw_track_end_fit(points, 10, 900000);
    assert_true(fabs(end.foot_px.x - 55) < 1e-9 && fabs(end.foot_px.y - 282) < 1e-9);
    assert_true(fabs(end.velocity.x - 50) < 1e-9 && fabs(end.velocity.y + 20) < 1e-9);
    assert_true(fabs(end.h_px - 80) < 1e-9);
    end = dw_track_end_fit(points, 1, 0);
    assert_true(end.velocity.x == 0 && end.foot_px.x == 10);
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
        cmocka_unit_test(looks_decide_between_rivals_when_they_are_clear),
        cmocka_unit_test(two_who_look_too_unlike_are_never_linked),
        cmocka_unit_test(a_look_that_nobody_knows_changes_nothing),
        cmocka_unit_test(who_looks_alike_may_be_further_and_longer_away),
        cmocka_unit_test(an_end_is_a_line_through_its_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
