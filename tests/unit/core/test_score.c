/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/score.h"
#include "lib/prop.h"

#define VISITS_MAX 4
#define FPS 2.0
#define FEET_MAX 800

static void assert_near(double actual, double wanted)
{
    if (!(fabs(actual - wanted) < 1e-9))
        fail_msg("%.9g is not %.9g", actual, wanted);
}

/* A scene: visits on both sides, and each person's feet stand still at x = 100 * place. */
struct side {
    struct dw_score_visit visits[VISITS_MAX];
    int places[VISITS_MAX]; /* of the visitor; all at 0 by default */
};

static size_t count_visits(const struct side *side)
{
    size_t count = 0;
    while (count < VISITS_MAX && side->visits[count].person != 0)
        count++;
    return count;
}

/* Feet for each visit, on the frames that it covers. */
static struct dw_score_side build(const struct side *side, struct dw_score_foot feet[FEET_MAX])
{
    struct dw_score_side built = { side->visits, count_visits(side), feet, 0 };
    for (size_t i = 0; i < built.visit_count; i++) {
        const struct dw_score_visit *visit = &side->visits[i];
        for (int frame = (int)(visit->enter_s * FPS); frame < visit->exit_s * FPS; frame++)
            feet[built.foot_count++] = (struct dw_score_foot){
                .person = visit->person,
                .frame = frame,
                .foot_px = { 100 * side->places[i], 50 },
                .h_px = 100,
            };
    }
    dw_score_sort_feet(feet, built.foot_count);
    return built;
}

static struct dw_score compare(const struct side *truth, const struct side *measured)
{
    struct dw_score_foot true_feet[FEET_MAX], measured_feet[FEET_MAX];
    struct dw_score_side a = build(truth, true_feet), b = build(measured, measured_feet);
    return dw_score_compare(&a, &b, 2, FPS, 60);
}

static const struct side two_true = { .visits = { { 0, 1, 0, 10 }, { 0, 2, 20, 24 } } };

static void a_perfect_measurement_has_perfect_figures(void **state)
{
    (void)state;
    struct dw_score score = compare(&two_true, &two_true);
    assert_int_equal(score.matched, 2);
    assert_int_equal(score.matched_in_time, 2);
    assert_near(dw_score_precision(&score), 1);
    assert_near(dw_score_recall(&score), 1);
    assert_near(dw_score_f1(&score), 1);
    assert_near(dw_score_f1_in_time(&score), 1);
    assert_near(score.dwell_error_s, 0);
    assert_near(score.missed_dwell_s, 0);
    assert_near(score.occupancy_error, 0);
    assert_near(score.zone_count_error, 0);
    assert_int_equal(score.long_true, 1);
    assert_int_equal(score.long_found, 1);
}

static void pairs_count_from_half_an_overlap_in_time(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct dw_score_visit measured;
        int matched;
    } cases[] = {
        { "exactly the true visit", { 0, 7, 10, 20 }, 1 },
        { "its first half", { 0, 7, 10, 15 }, 1 },
        { "less than half of it", { 0, 7, 10, 14.9 }, 0 },
        { "twice as long", { 0, 7, 5, 25 }, 1 },
        { "more than twice as long", { 0, 7, 4.9, 25 }, 0 },
        { "a third shared", { 0, 7, 15, 25 }, 0 },
        { "apart", { 0, 7, 30, 40 }, 0 },
        { "in another zone", { 1, 7, 10, 20 }, 0 },
    };
    const struct side truth = { .visits = { { 0, 1, 10, 20 } } };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct side measured = { .visits = { cases[i].measured } };
        struct dw_score score = compare(&truth, &measured);
        if (score.matched != cases[i].matched || score.matched_in_time != cases[i].matched)
            fail_msg("%s: %d matched", cases[i].name, score.matched);
    }
}

static void precision_recall_and_f1_count_strict_pairs(void **state)
{
    (void)state;
    /* One found, one missed, two invented. */
    const struct side measured = {
        .visits = { { 0, 1, 0, 10 }, { 0, 2, 40, 44 }, { 1, 3, 0, 5 } },
    };
    struct dw_score score = compare(&two_true, &measured);
    assert_int_equal(score.true_visits, 2);
    assert_int_equal(score.measured_visits, 3);
    assert_near(dw_score_precision(&score), 1.0 / 3);
    assert_near(dw_score_recall(&score), 0.5);
    assert_near(dw_score_f1(&score), 0.4);
}

static void strict_pairs_also_stood_at_the_same_place(void **state)
{
    (void)state;
    const struct side truth = { .visits = { { 0, 1, 0, 10 }, { 0, 2, 0, 10 } },
                                .places = { 0, 1 } };
    const struct side swapped = { .visits = { { 0, 8, 0, 10 }, { 0, 9, 0, 10 } },
                                  .places = { 1, 0 } };
    const struct side elsewhere = { .visits = { { 0, 8, 0, 10 }, { 0, 9, 0, 10 } },
                                    .places = { 0, 3 } };
    struct dw_score score = compare(&truth, &swapped);
    assert_int_equal(score.matched, 2);
    score = compare(&truth, &elsewhere);
    assert_int_equal(score.matched, 1);
    assert_int_equal(score.matched_in_time, 2);
    assert_near(dw_score_f1(&score), 0.5);
    assert_near(dw_score_f1_in_time(&score), 1);
}

static void the_median_foot_distance_decides_about_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double distances[5]; /* body heights, a frame each */
        int matched;
    } cases[] = {
        { "all at the same place", { 0, 0, 0, 0, 0 }, 1 },
        { "two of five far away", { 0.1, 9, 0.1, 9, 0.1 }, 1 },
        { "three of five far away", { 0.1, 9, 9, 9, 0.1 }, 0 },
        { "just under 0.35 heights", { 0.34, 0.34, 0.34, 0.34, 0.34 }, 1 },
        { "0.35 heights", { 0.35, 0.35, 0.35, 0.35, 0.35 }, 0 },
    };
    const struct dw_score_visit visit = { 0, 1, 0, 2.5 };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_score_foot true_feet[5], feet[5];
        for (int f = 0; f < 5; f++) {
            true_feet[f] = (struct dw_score_foot){ 1, f, { 100, 100 }, 200, 0 };
            feet[f] =
                (struct dw_score_foot){ 1, f, { 100 + 200 * cases[i].distances[f], 100 }, 90, 0 };
        }
        struct dw_score_side truth = { &visit, 1, true_feet, 5 }, measured = { &visit, 1, feet, 5 };
        struct dw_score score = dw_score_compare(&truth, &measured, 1, FPS, 10);
        if (score.matched != cases[i].matched)
            fail_msg("%s", cases[i].name);
    }
}

static void without_true_feet_the_time_alone_counts(void **state)
{
    (void)state;
    struct dw_score_side truth = { two_true.visits, 2, NULL, 0 };
    struct dw_score score = dw_score_compare(&truth, &truth, 1, FPS, 60);
    assert_int_equal(score.matched, 2);
}

static void one_visit_pairs_with_one_other_so_that_all_overlaps_together_are_highest(void **state)
{
    (void)state;
    const struct side truth = { .visits = { { 0, 1, 0, 10 }, { 0, 2, 2, 12 } } };
    const struct side one = { .visits = { { 0, 5, 1, 11 } } };
    struct dw_score score = compare(&truth, &one);
    assert_int_equal(score.matched, 1);
    const struct side split = { .visits = { { 0, 5, 0, 5 }, { 0, 6, 5, 10 } } };
    const struct side single = { .visits = { { 0, 1, 0, 10 } } };
    score = compare(&single, &split);
    assert_int_equal(score.matched, 1);
    assert_near(dw_score_precision(&score), 0.5);
    /* Greedy pairing would take the exact copy and leave the other alone. */
    const struct side near = { .visits = { { 0, 5, 2, 12 }, { 0, 6, 4, 14 } } };
    score = compare(&truth, &near);
    assert_int_equal(score.matched, 2);
}

static void dwell_error_is_over_strict_pairs_and_bias_over_everything(void **state)
{
    (void)state;
    /* 10 s measured as 8 s, 4 s as 5 s, and 6 s invented. */
    const struct side measured = {
        .visits = { { 0, 1, 0, 8 }, { 0, 2, 20, 25 }, { 1, 3, 0, 6 } },
    };
    struct dw_score score = compare(&two_true, &measured);
    assert_near(score.dwell_error_s, 3);
    assert_near(score.relative_error, 2.0 / 10 + 1.0 / 4);
    assert_near(score.true_dwell_s, 14);
    assert_near(score.measured_dwell_s, 19);
}

static void the_end_to_end_error_counts_what_is_missed_and_invented_in_full(void **state)
{
    (void)state;
    /* 10 s as 8 s; 4 s missed; 6 s invented. */
    const struct side measured = { .visits = { { 0, 1, 0, 8 }, { 1, 3, 0, 6 } } };
    struct dw_score score = compare(&two_true, &measured);
    assert_near(score.missed_dwell_s, 2 + 4 + 6);
}

static void long_visits_are_those_of_ten_seconds_or_more(void **state)
{
    (void)state;
    const struct side truth = {
        .visits = { { 0, 1, 0, 10 }, { 0, 2, 20, 29.9 }, { 1, 3, 0, 20 } },
    };
    const struct side measured = { .visits = { { 0, 1, 0, 9 }, { 0, 2, 20, 30 } } };
    struct dw_score score = compare(&truth, &measured);
    assert_int_equal(score.long_true, 2);
    assert_int_equal(score.long_found, 1);
    assert_near(score.long_relative_error, 0.1);
}

static void people_are_those_with_a_visit_once_each(void **state)
{
    (void)state;
    const struct side truth = {
        .visits = { { 0, 1, 0, 4 }, { 1, 1, 10, 14 }, { 0, 2, 0, 4 } },
    };
    const struct side measured = {
        .visits = { { 0, 4, 0, 4 }, { 1, 5, 10, 14 }, { 0, 6, 0, 4 }, { 0, 6, 30, 33 } },
    };
    struct dw_score score = compare(&truth, &measured);
    assert_int_equal(score.true_people, 2);
    assert_int_equal(score.measured_people, 3);
}

static void occupancy_is_compared_each_second_in_each_zone(void **state)
{
    (void)state;
    const struct side truth = { .visits = { { 0, 1, 0, 10 }, { 0, 2, 5, 10 } } };
    const struct side measured = { .visits = { { 0, 1, 0, 8 }, { 1, 2, 0, 3 } } };
    struct dw_score score = compare(&truth, &measured);
    /* Zone 0: one missing during 5..7, two during 8..9; zone 1: one too many during 0..2. */
    assert_near(score.occupancy_error, 3 + 4 + 3);
    assert_int_equal(score.occupancy_samples, 120);
}

static void counts_are_compared_zone_by_zone(void **state)
{
    (void)state;
    const struct side truth = { .visits = { { 0, 1, 0, 4 }, { 0, 2, 10, 14 } } };
    const struct side measured = { .visits = { { 0, 1, 0, 4 }, { 1, 2, 0, 4 }, { 1, 3, 9, 14 } } };
    struct dw_score score = compare(&truth, &measured);
    assert_near(score.zone_count_error, 0.5 + 2);
    assert_int_equal(score.zones, 2);
}

static void pooled_figures_are_made_from_sums(void **state)
{
    (void)state;
    const struct side none = { 0 };
    struct dw_score found = compare(&two_true, &two_true), missed = compare(&two_true, &none);
    struct dw_score pooled = { 0 };
    dw_score_add(&pooled, &found);
    dw_score_add(&pooled, &missed);
    assert_near(dw_score_precision(&pooled), 1);
    assert_near(dw_score_recall(&pooled), 0.5);
    assert_near(dw_score_f1(&pooled), 2.0 / 3);
    assert_near(pooled.missed_dwell_s, 14);
    assert_int_equal(pooled.long_true, 2);
    assert_int_equal(pooled.zones, 4);
}

static void where_there_is_nothing_figures_are_zero(void **state)
{
    (void)state;
    const struct side none = { 0 };
    struct dw_score score = compare(&none, &none);
    assert_near(dw_score_precision(&score), 0);
    assert_near(dw_score_recall(&score), 0);
    assert_near(dw_score_f1(&score), 0);
}

static void overlap_in_time_is_intersection_over_union(void **state)
{
    (void)state;
    assert_near(dw_score_overlap(0, 10, 0, 10), 1);
    assert_near(dw_score_overlap(0, 10, 5, 15), 1.0 / 3);
    assert_near(dw_score_overlap(0, 10, 2, 4), 0.2);
    assert_near(dw_score_overlap(0, 1, 1, 2), 0);
    assert_near(dw_score_overlap(0, 1, 5, 6), 0);
}

static struct side any_side(struct prop *prop)
{
    struct side side = { 0 };
    int64_t count = prop_int(prop, 0, VISITS_MAX);
    for (int64_t i = 0; i < count; i++) {
        double enter_s = (double)prop_int(prop, 0, 60) / 2;
        side.visits[i] = (struct dw_score_visit){ (int)prop_int(prop, 0, 1), i + 1, enter_s,
                                                  enter_s + (double)prop_int(prop, 2, 40) / 2 };
        side.places[i] = (int)prop_int(prop, 0, 1);
    }
    return side;
}

static void figures_stay_within_their_bounds(void **state)
{
    (void)state;
    PROP(prop, 2000)
    {
        struct side truth = any_side(&prop), measured = any_side(&prop);
        struct dw_score score = compare(&truth, &measured), mirror = compare(&measured, &truth);
        prop_assert(&prop, score.matched <= DW_MIN(score.true_visits, score.measured_visits));
        prop_assert(&prop, score.matched <= score.matched_in_time);
        prop_assert(&prop, score.long_found <= score.long_true);
        prop_assert(&prop, score.matched == mirror.matched);
        prop_assert(&prop, fabs(score.missed_dwell_s - mirror.missed_dwell_s) < 1e-9);
        prop_assert(&prop, fabs(score.measured_dwell_s - score.true_dwell_s) <=
                               score.missed_dwell_s + 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_perfect_measurement_has_perfect_figures),
        cmocka_unit_test(pairs_count_from_half_an_overlap_in_time),
        cmocka_unit_test(precision_recall_and_f1_count_strict_pairs),
        cmocka_unit_test(strict_pairs_also_stood_at_the_same_place),
        cmocka_unit_test(the_median_foot_distance_decides_about_the_place),
        cmocka_unit_test(without_true_feet_the_time_alone_counts),
        cmocka_unit_test(one_visit_pairs_with_one_other_so_that_all_overlaps_together_are_highest),
        cmocka_unit_test(dwell_error_is_over_strict_pairs_and_bias_over_everything),
        cmocka_unit_test(the_end_to_end_error_counts_what_is_missed_and_invented_in_full),
        cmocka_unit_test(long_visits_are_those_of_ten_seconds_or_more),
        cmocka_unit_test(people_are_those_with_a_visit_once_each),
        cmocka_unit_test(occupancy_is_compared_each_second_in_each_zone),
        cmocka_unit_test(counts_are_compared_zone_by_zone),
        cmocka_unit_test(pooled_figures_are_made_from_sums),
        cmocka_unit_test(where_there_is_nothing_figures_are_zero),
        cmocka_unit_test(overlap_in_time_is_intersection_over_union),
        cmocka_unit_test(figures_stay_within_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
