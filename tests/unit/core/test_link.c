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
    return (struct dw_track_end){ .time_us = llround(time_s * 1e6),
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

/* The choice among people whose looks nobody knows. */
static int choose(const struct dw_link_params *params, const double costs[3])
{
    struct dw_link_offer offers[3];
    for (int i = 0; i < 3; i++)
        offers[i] = (struct dw_link_offer){ costs[i], UNKNOWN };
    return dw_link_choose(params, offers, 3);
}

/* Round numbers, so that costs can be worked out by hand: place + 0.3 growth / height + 0.03 s. */
static const struct dw_link_params round_params = {
    .stand_speed = 0.25,
    .stand_us = 8000000,
    .move_us = 2000000,
    .long_us = 3000000,
    .stand_least_us = 500000,
    .near = 0.5,
    .stand_growth = 0.125,
    .move_growth = 0.25,
    .damping_s = 2,
    .height = 0.2,
    .accept = 1,
    .sure = 0.25,
    .rival = 0.5,
};

static void assert_cost(struct dw_track_end a, struct dw_track_end b, double wanted)
{
    double got = dw_link_cost(&round_params, &a, &b);
    if (!(fabs(got - wanted) < 1e-9) && got != wanted)
        fail_msg("wanted %g, got %g", wanted, got);
}

static void a_place_costs_its_distance_by_what_the_absence_allows(void **state)
{
    (void)state;
    /* Standing, gone for 4 s: a whole height is allowed, and no more. */
    assert_cost(end_at(0, 100, 0), end_at(4, 150, 0), 0.5 + 0.12);
    assert_cost(end_at(0, 100, 0), end_at(4, 200, 0), 1 + 0.12);
    assert_cost(end_at(0, 100, 0), end_at(4, 201, 0), NEVER);
    /* Depth is foreshortened: up the picture the same way counts more. */
    struct dw_track_end further = end_at(4, 100, 0);
    further.foot_px.y -= 30;
    assert_cost(end_at(0, 100, 0), further, 0.5 + 0.12);
    /* Gone for 1 s they may also have walked: more is allowed. */
    assert_cost(end_at(0, 100, 0), end_at(1, 175, 0), 1 + 0.03);
    assert_cost(end_at(0, 100, 0), end_at(1, 176, 0), NEVER);
}

static void absences_may_last_just_as_long_as_is_said(void **state)
{
    (void)state;
    assert_cost(end_at(0, 100, 0), end_at(8, 100, 0), 0.24);
    assert_cost(end_at(0, 100, 0), end_at(8.000001, 100, 0), NEVER);
    assert_cost(end_at(0, 100, 100), end_at(2, 100 + 200 * (1 - exp(-1)), 100), 0.06);
    assert_cost(end_at(0, 100, 100), end_at(2.000001, 226, 100), NEVER);
    struct dw_track_end brief = end_at(0, 100, 0);
    brief.lasted_us = 499999;
    assert_cost(brief, end_at(3, 100, 0), 0.09);
    assert_cost(brief, end_at(3.000001, 100, 0), NEVER);
    brief.lasted_us = 500000;
    assert_cost(brief, end_at(4, 100, 0), 0.12);
    /* A quarter of a height a second is no longer standing. */
    assert_cost(end_at(0, 100, 25), end_at(4, 100, 0), NEVER);
    assert_cost(end_at(0, 100, 24.9), end_at(4, 100, 0), 0.12);
}

static void a_walk_goes_on_from_both_ends_and_slows_down(void **state)
{
    (void)state;
    double reach_px = 200 * (1 - exp(-0.5)); /* in 1 s, from 100 px/s */
    assert_cost(end_at(0, 100, 100), end_at(1, 100 + reach_px, 100), 0.03);
    /* Forward to the point; backward, at half the speed, half of the way is missing. */
    assert_cost(end_at(0, 100, 100), end_at(1, 100 + reach_px, 50),
                reach_px / 200 / 2 / 0.75 + 0.03);
    struct dw_track_end down = end_at(0, 100, 0), below = end_at(1, 100, 0);
    down.velocity.y = below.velocity.y = 100;
    below.foot_px.y += reach_px;
    assert_cost(down, below, 0.03);
}

static void only_two_who_move_can_move_against_each_other(void **state)
{
    (void)state;
    assert_true(isfinite(cost(end_at(0, 100, 60), end_at(0.5, 110, -20))));
    assert_true(isfinite(cost(end_at(0, 100, 20), end_at(0.5, 110, -60))));
    assert_true(isinf(cost(end_at(0, 100, 60), end_at(0.5, 110, -60))));
    struct dw_track_end up = end_at(0.5, 110, 0);
    up.velocity.y = -60; /* turned by a right angle: not against */
    assert_true(isfinite(cost(end_at(0, 100, 60), up)));
    struct dw_track_end a = end_at(0, 100, 0), b = end_at(0.5, 100, 0);
    a.velocity.y = 60;
    b.velocity.y = -60;
    assert_true(isinf(cost(a, b)));
}

static void height_costs_by_how_much_it_grew_or_shrank(void **state)
{
    (void)state;
    struct dw_track_end a = end_at(0, 100, 0), b = end_at(4, 100, 0);
    b.h_px = 100 * exp(0.1);
    assert_cost(a, b, 0.15 + 0.12);
    b.h_px = 100 * exp(-0.1);
    assert_cost(a, b, 0.15 + 0.12);
    b.h_px = 100 * exp(0.199);
    assert_true(isfinite(dw_link_cost(&round_params, &a, &b)));
    b.h_px = 100 * exp(0.201);
    assert_cost(a, b, NEVER);
    struct dw_link_params just = round_params;
    just.height = log(1.25);
    b.h_px = 125;
    assert_true(isfinite(dw_link_cost(&just, &a, &b)));
    b.h_px = 0; /* nonsense is nobody */
    assert_cost(a, b, NEVER);
    /* A distance is measured by the mean of the heights. */
    b = end_at(4, 150, 0);
    b.h_px = 110;
    assert_cost(a, b, 50 / 105.0 + 1.5 * log(1.1) + 0.12);
}

static void a_choice_fears_rivals_unless_it_is_sure(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double costs[3];
        int chosen;
    } cases[] = {
        { "as dear as is accepted is too dear", { 1, NEVER, NEVER }, -1 },
        { "a little less is not", { 0.999, NEVER, NEVER }, 0 },
        { "a rival at twice the cost is none", { 0.4, 0.8, NEVER }, 0 },
        { "a rival at less is one", { 0.4, 0.799, NEVER }, -1 },
        { "whether it comes first", { 0.799, 0.4, NEVER }, -1 },
        { "or last", { NEVER, 0.4, 0.799 }, -1 },
        { "or the best comes in between", { 0.799, 0.4, 2 }, -1 },
        { "the sure fear none", { 0.249, 0.2491, NEVER }, 0 },
        { "just not sure they do", { 0.25, 0.4, NEVER }, -1 },
        { "of two alike and sure the first", { 0.2, 0.2, 0.2 }, 0 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        int chosen = choose(&round_params, cases[i].costs);
        if (chosen != cases[i].chosen)
            fail_msg("%s: got %d", cases[i].name, chosen);
    }
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
        assert_int_equal(choose(&params, cases[i].costs), cases[i].chosen);
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
    struct dw_track_end before = end_at(0, 100, 0), aside = end_at(1, 210, 0);
    struct dw_track_end walking = end_at(0, 100, 120), later = end_at(5, 200, 120);
    assert_true(isinf(cost(before, aside)));
    assert_true(isfinite(cost(dressed(before, &red), dressed(aside, &reddish))));
    assert_true(isinf(cost(walking, later)));
    assert_true(isfinite(cost(dressed(walking, &red), dressed(later, &reddish))));
    assert_int_equal(dw_link_longest_us(&params), 8000000);
    params.look_trust = 2.5;
    assert_int_equal(dw_link_longest_us(&params), 10000000);
    params.stand_us = 0;
    params.look_trust = 0;
    assert_int_equal(dw_link_longest_us(&params), 4000000);
}

static double dressed_cost(const struct dw_link_params *params, struct dw_track_end to,
                           const struct dw_appearance *look)
{
    struct dw_track_end from = dressed(end_at(0, 100, 0), &red);
    to = dressed(to, look);
    return dw_link_cost(params, &from, &to);
}

static void all_that_is_allowed_grows_with_the_trust_in_looks(void **state)
{
    (void)state;
    struct dw_link_params params = round_params;
    params.look_veto = 1; /* just as far apart as red and blue */
    params.look_trust = 2;
    params.move_us = 0;
    assert_true(fabs(dressed_cost(&params, end_at(4, 150, 0), &red) - (0.25 + 0.12)) < 1e-9);
    assert_true(fabs(dressed_cost(&params, end_at(4, 150, 0), &blue) - (0.25 + 0.12)) < 1e-9);
    params.move_us = round_params.move_us;
    params.stand_us = 0;
    assert_true(fabs(dressed_cost(&params, end_at(1, 175, 0), &red) - (0.5 + 0.03)) < 1e-9);
}

static void looks_may_forbid_without_being_trusted_and_may_not_be_asked(void **state)
{
    (void)state;
    struct dw_link_params params = round_params;
    params.look_veto = 0.5;
    params.look_trust = 1;
    assert_true(isinf(dressed_cost(&params, end_at(4, 150, 0), &blue)));
    params.look_trust = 0;
    assert_true(fabs(dressed_cost(&params, end_at(4, 150, 0), &red) - (0.5 + 0.12)) < 1e-9);
}

static void a_choice_at_its_limits_is_none(void **state)
{
    (void)state;
    static const struct {
        double look_tie;
        struct dw_link_offer offers[3];
        int chosen;
    } cases[] = {
        /* as dear as is accepted, the cheapest or who looks alike */
        { 0.25, { { NEVER, 0 }, { 1, 0.5 }, { NEVER, 0 } }, -1 },
        { 0.25, { { 0.75, 0.5 }, { 1, 0.125 }, { NEVER, 0 } }, -1 },
        /* a rival before the cheapest; just no rival; just unlike enough; equal looks */
        { 0.25, { { 0.6, 0.125 }, { 0.5, 0.5 }, { NEVER, 0 } }, 0 },
        { 0.25, { { 0.5, 0.5 }, { 1, 0.125 }, { NEVER, 0 } }, 0 },
        { 0.25, { { 0.5, 0.5 }, { 0.6, 0.25 }, { NEVER, 0 } }, 1 },
        { 0, { { 0.5, 0.25 }, { 0.6, 0.25 }, { NEVER, 0 } }, 0 },
    };
    struct dw_link_params params = round_params;
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        params.look_tie = cases[i].look_tie;
        assert_int_equal(dw_link_choose(&params, cases[i].offers, 3), cases[i].chosen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_standing_may_come_back_for_eight_seconds_at_the_same_place),
        cmocka_unit_test(after_a_long_absence_the_first_track_must_have_lasted),
        cmocka_unit_test(somebody_walking_comes_back_where_the_walk_leads),
        cmocka_unit_test(another_height_is_another_person),
        cmocka_unit_test(time_never_runs_backwards),
        cmocka_unit_test(a_place_costs_its_distance_by_what_the_absence_allows),
        cmocka_unit_test(absences_may_last_just_as_long_as_is_said),
        cmocka_unit_test(a_walk_goes_on_from_both_ends_and_slows_down),
        cmocka_unit_test(only_two_who_move_can_move_against_each_other),
        cmocka_unit_test(height_costs_by_how_much_it_grew_or_shrank),
        cmocka_unit_test(a_choice_fears_rivals_unless_it_is_sure),
        cmocka_unit_test(a_choice_is_made_only_when_it_is_clear),
        cmocka_unit_test(looks_decide_between_rivals_when_they_are_clear),
        cmocka_unit_test(two_who_look_too_unlike_are_never_linked),
        cmocka_unit_test(a_look_that_nobody_knows_changes_nothing),
        cmocka_unit_test(who_looks_alike_may_be_further_and_longer_away),
        cmocka_unit_test(all_that_is_allowed_grows_with_the_trust_in_looks),
        cmocka_unit_test(looks_may_forbid_without_being_trusted_and_may_not_be_asked),
        cmocka_unit_test(a_choice_at_its_limits_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
