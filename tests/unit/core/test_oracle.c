/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/match.h"
#include "core/oracle.h"
#include "core/replay.h"
#include "core/truth.h"
#include "lib/prop.h"

#define FPS 10.0
#define FEET_MAX 400

static struct dw_zone half = { .corners = { { 0, 0 }, { 0.5, 0 }, { 0.5, 1 }, { 0, 1 } },
                               .corner_count = 4 };

/* The left half of a picture of 1000 x 1000, by the settings of the benchmark. */
static struct dw_layout left_half(void)
{
    half.rules = dw_zone_rules_default();
    return (struct dw_layout){ .zones = &half, .zone_count = 1 };
}

static struct dw_score_foot foot(int64_t person, int frame, double x)
{
    return (struct dw_score_foot){ person, frame, { x, 500 }, 100, 40 };
}

static struct dw_oracle measure(const struct dw_score_side *truth,
                                const struct dw_score_side *detections, double gap_s)
{
    struct dw_layout layout = left_half();
    struct dw_oracle_conf conf = { &layout, 1000, 1000, FPS, 20, (int64_t)(gap_s * 1e6) };
    struct dw_oracle oracle;
    dw_oracle_init(&oracle, &conf, truth, detections);
    return oracle;
}

static void boxes_are_paired_for_the_largest_overlap_of_all(void **state)
{
    (void)state;
    struct dw_score_foot a[] = { foot(1, 0, 100), foot(2, 0, 120), foot(3, 1, 100), foot(4, 9, 0) };
    struct dw_score_foot b[] = { foot(0, 0, 108), foot(0, 0, 90), foot(0, 1, 150), foot(0, 9, 0) };
    struct dw_score_side left = { .feet = a, .foot_count = 4 };
    struct dw_score_side right = { .feet = b, .foot_count = 4 };
    int partner_of[4];
    dw_match_sides(&left, &right, 2, 0.3, partner_of);
    assert_int_equal(partner_of[0], 1);
    assert_int_equal(partner_of[1], 0);
    assert_int_equal(partner_of[2], -1); /* too far away */
    assert_int_equal(partner_of[3], -1); /* after the last frame */
}

/* Detections on frames 0 to 29 and 60 to 89 of one who stands there for nine seconds. */
static void gaps_are_filled_up_to_the_limit(void **state)
{
    (void)state;
    struct dw_score_foot truth[90], seen[62];
    struct dw_score_side true_side = { .feet = truth, .foot_count = 90 };
    struct dw_score_side detections = { .feet = seen };
    for (int f = 0; f < 90; f++) {
        truth[f] = foot(7, f, 200);
        if (f < 30 || f >= 60)
            seen[detections.foot_count++] = foot(0, f, 203);
    }
    seen[detections.foot_count++] = foot(0, 40, 400); /* nobody stands there */
    seen[detections.foot_count++] = foot(0, 41, 400);

    struct dw_oracle oracle = measure(&true_side, &detections, 5);
    assert_int_equal(oracle.visit_count, 1);
    assert_int_equal(oracle.foot_count, 90);
    assert_int_equal(oracle.visits[0].person, 7);
    assert_true(fabs(oracle.visits[0].enter_s) < 1e-6);
    assert_true(fabs(oracle.visits[0].exit_s - 9) < 1e-6);
    dw_oracle_fini(&oracle);

    oracle = measure(&true_side, &detections, 1);
    assert_int_equal(oracle.visit_count, 2);
    assert_int_equal(oracle.foot_count, 60);
    assert_true(fabs(oracle.visits[0].exit_s - 3) < 1e-6);
    assert_true(fabs(oracle.visits[1].enter_s - 6) < 1e-6);
    dw_oracle_fini(&oracle);
}

static void people_keep_their_numbers_when_their_boxes_cross(void **state)
{
    (void)state;
    struct dw_score_foot truth[82], seen[82];
    for (int f = 0; f <= 40; f++) {
        truth[f] = foot(1, f, 100 + 5 * f);
        truth[41 + f] = foot(2, f, 300 - 5 * f);
        seen[f] = foot(0, f, 300 - 5 * f);
        seen[81 - f] = foot(0, f, 100 + 5 * f);
    }
    struct dw_score_side true_side = { .feet = truth, .foot_count = 82 };
    struct dw_score_side detections = { .feet = seen, .foot_count = 82 };
    struct dw_oracle oracle = measure(&true_side, &detections, 1);
    assert_int_equal(oracle.visit_count, 2);
    assert_int_equal(oracle.foot_count, 82);
    for (size_t i = 0; i < oracle.foot_count; i++)
        assert_true(fabs(oracle.feet[i].foot_px.x - truth[i].foot_px.x) < 1e-3);
    dw_oracle_fini(&oracle);
}

/* Nobody lingers at the edge, so that hysteresis has nothing to say. */
static void with_perfect_detections_it_is_the_truth(void **state)
{
    (void)state;
    struct dw_layout layout = left_half();
    struct dw_truth_picture picture = { &layout, FPS, 1000, 1000 };
    PROP(prop, 300)
    {
        struct dw_score_foot feet[FEET_MAX];
        struct dw_score_side side = { .feet = feet };
        for (int64_t person = 1; person <= 3; person++) {
            int from = (int)prop_int(&prop, 0, 30), until = (int)prop_int(&prop, 31, 120);
            double x = prop_chance(&prop, 0.5) ? 200 : 800;
            for (int f = from; f < until; f++) {
                if (prop_chance(&prop, 0.03))
                    x = 1000 - x;
                if (prop_chance(&prop, 0.95))
                    feet[side.foot_count++] = foot(person, f, x + 60 * (double)person);
            }
        }
        struct dw_score_visit *wanted = NULL;
        size_t count = dw_truth_visits(&wanted, feet, side.foot_count, &picture);
        struct dw_oracle oracle = measure(&side, &side, 1);
        struct dw_score_side a = { wanted, count, feet, side.foot_count };
        struct dw_score_side b = { oracle.visits, oracle.visit_count, oracle.feet,
                                   oracle.foot_count };
        struct dw_score score = dw_score_compare(&a, &b, 1, FPS, 20);
        prop_assert(&prop, score.matched == (int)count);
        prop_assert(&prop, oracle.visit_count == count);
        dw_oracle_fini(&oracle);
        free(wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_are_paired_for_the_largest_overlap_of_all),
        cmocka_unit_test(gaps_are_filled_up_to_the_limit),
        cmocka_unit_test(people_keep_their_numbers_when_their_boxes_cross),
        cmocka_unit_test(with_perfect_detections_it_is_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
