/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The expected values are derived by hand from the papers' formulas, as the comments show.
 * TrackEval 1.2.0, run once on the same boxes, printed the same to all six decimals it was asked
 * for.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/mot.h"
#include "lib/prop.h"

#define FRAMES 4
#define FEET_MAX 200

static void assert_near(double actual, double wanted)
{
    if (!(fabs(actual - wanted) < 1e-9))
        fail_msg("%.9g is not %.9g", actual, wanted);
}

/* Boxes of 100 x 100, named by their left edge: a shift of 25 leaves an overlap of 75 / 125 = 0.6,
 * one of 50 leaves 1 / 3. */
struct place {
    int64_t person;
    int frame;
    float x;
};

struct scene {
    struct dw_score_foot feet[FEET_MAX];
    size_t count;
};

static struct dw_score_side build(struct scene *scene, const struct place *places, size_t count)
{
    for (size_t i = 0; i < count; i++)
        scene->feet[scene->count++] = dw_score_foot_of(places[i].person, places[i].frame,
                                                       (struct dw_box){ places[i].x, 0, 100, 100 });
    dw_score_sort_feet(scene->feet, scene->count);
    return (struct dw_score_side){ .feet = scene->feet, .foot_count = scene->count };
}

#define COMPARE(truth, measured, uncounted, skipped)                                               \
    compare((const struct place *[]){ truth, measured, uncounted },                                \
            (const size_t[]){ DW_LENGTH(truth), DW_LENGTH(measured), DW_LENGTH(uncounted) },       \
            skipped)

static struct dw_mot compare(const struct place *const places[3], const size_t counts[3],
                             const bool *skipped)
{
    struct scene scenes[3] = { 0 };
    struct dw_score_side sides[3];
    for (int i = 0; i < 3; i++)
        sides[i] = build(&scenes[i], places[i], counts[i]);
    struct dw_mot_input input = { &sides[0], &sides[1], &sides[2], FRAMES, skipped };
    return dw_mot_compare(&input);
}

/* Two people for four frames each, and somebody uncounted. Number 1 shows the first exactly, then
 * number 2 does with an overlap of 0.6; number 3 shows the second on three frames with 1 / 3;
 * number 4 shows the uncounted one, then nobody. */
static const struct place two_true[] = { { 1, 0, 0 },    { 1, 1, 0 },    { 1, 2, 0 },
                                         { 1, 3, 0 },    { 2, 0, 1000 }, { 2, 1, 1000 },
                                         { 2, 2, 1000 }, { 2, 3, 1000 } };
static const struct place four_numbers[] = { { 1, 0, 0 },    { 1, 1, 0 },    { 2, 2, 25 },
                                             { 2, 3, 25 },   { 3, 0, 1050 }, { 3, 1, 1050 },
                                             { 3, 2, 1050 }, { 4, 0, 2000 }, { 4, 1, 2000 },
                                             { 4, 2, 3000 } };
static const struct place uncounted[] = { { 9, 0, 2000 }, { 9, 1, 2000 } };

static void a_case_made_by_hand_has_the_figures_of_the_papers(void **state)
{
    (void)state;
    struct dw_mot mot = COMPARE(two_true, four_numbers, uncounted, NULL);
    assert_int_equal(mot.true_boxes, 8);
    assert_int_equal(mot.measured_boxes, 8); /* two of ten follow the uncounted */

    /*
     * Overlaps 0.05 .. 0.30 (6 of 19): 7 pairs, 1 missed, 1 false. Each pair of people is together
     * on 2 of 4, 2 of 4 and 3 of 4 frames: the sum over pairs is 2/2 + 2/2 + 9/4.
     * 0.35 .. 0.60 (6): 4 pairs, sum 2. 0.65 .. 0.95 (7): 2 pairs, sum 1.
     */
    double det = (6 * 7.0 / 9 + 6 * 4.0 / 12 + 7 * 2.0 / 14) / 19;
    double ass = (6 * 4.25 / 7 + 6 * 2.0 / 4 + 7 * 1.0 / 2) / 19;
    double hota =
        (6 * sqrt(7.0 / 9 * 4.25 / 7) + 6 * sqrt(1.0 / 3 * 0.5) + 7 * sqrt(1.0 / 7 * 0.5)) / 19;
    assert_near(dw_mot_detection_accuracy(&mot), det);   /* 0.403509 */
    assert_near(dw_mot_association_accuracy(&mot), ass); /* 0.533835 */
    assert_near(dw_mot_hota(&mot), hota);                /* 0.444391 */

    /* Overlap 0.5: 4 pairs, 4 false, and the first person's number changes once. */
    assert_int_equal(mot.switches, 1);
    assert_near(dw_mot_mota(&mot), (4.0 - 4 - 1) / 8);
    /* One to one, the first person can keep one of two numbers: 2 boxes. */
    assert_near(dw_mot_idf1(&mot), 2 * 2.0 / (8 + 8));
}

/* Number 1 follows a person all the time, at last with an overlap of 0.6; then number 2 is there
 * with an overlap of 1. */
static const struct place one_true[] = { { 1, 0, 0 }, { 1, 1, 0 }, { 1, 2, 0 } };
static const struct place rival[] = { { 1, 0, 0 }, { 1, 1, 0 }, { 1, 2, 25 }, { 2, 2, 0 } };
static const struct place nobody[] = { { 9, FRAMES, 0 } }; /* after the end */

static void whoever_was_followed_so_far_is_preferred_to_a_better_box(void **state)
{
    (void)state;
    struct dw_mot mot = COMPARE(one_true, rival, nobody, NULL);
    /* Together: 2 + .6 / 1.6 of 3 + 3 frames against 1 / 1.6 of 3 + 1: 0.655 * 0.6 > 0.185 * 1.
     * Up to 0.60 (12): 3 pairs, 1 false, together always. Above (7): 2 pairs, 1 missed, 2 false,
     * together on 2 of 4. */
    assert_near(dw_mot_hota(&mot), (12 * sqrt(0.75) + 7 * sqrt(0.4 * 0.5)) / 19);
    assert_int_equal(mot.switches, 0);
    assert_near(dw_mot_mota(&mot), (3.0 - 1) / 3);
    assert_near(dw_mot_idf1(&mot), 2 * 3.0 / (3 + 4));
}

static void a_frame_without_measured_boxes_does_not_end_a_following(void **state)
{
    (void)state;
    const struct place late[] = { { 1, 0, 0 }, { 1, 2, 25 }, { 2, 2, 0 } };
    struct dw_mot mot = COMPARE(one_true, late, nobody, NULL);
    assert_int_equal(mot.switches, 0);
    assert_int_equal(mot.clear_pairs, 2);
    assert_near(dw_mot_mota(&mot), (2.0 - 1) / 3);
}

static void skipped_frames_do_not_count(void **state)
{
    (void)state;
    const bool last_two[FRAMES] = { false, false, true, true };
    struct dw_mot mot = COMPARE(one_true, rival, nobody, last_two);
    assert_int_equal(mot.true_boxes, 2);
    assert_near(dw_mot_hota(&mot), 1);
    assert_near(dw_mot_mota(&mot), 1);
    assert_near(dw_mot_idf1(&mot), 1);
}

static void nobody_measured_is_zero_and_not_a_division_by_zero(void **state)
{
    (void)state;
    struct dw_mot mot = COMPARE(one_true, nobody, nobody, NULL);
    assert_int_equal(mot.true_boxes, 3);
    assert_near(dw_mot_hota(&mot), 0);
    assert_near(dw_mot_mota(&mot), 0);
    mot = (struct dw_mot){ 0 };
    assert_near(dw_mot_hota(&mot), 0);
    assert_near(dw_mot_mota(&mot), 0);
    assert_near(dw_mot_idf1(&mot), 0);
}

static void pooling_adds_up_before_dividing(void **state)
{
    (void)state;
    struct dw_mot one = COMPARE(two_true, four_numbers, uncounted, NULL), sum = one;
    dw_mot_add(&sum, &one);
    assert_int_equal(sum.switches, 2);
    assert_int_equal(sum.true_boxes, 16);
    assert_near(dw_mot_hota(&sum), dw_mot_hota(&one));
    assert_near(dw_mot_idf1(&sum), dw_mot_idf1(&one));
    struct dw_mot other = COMPARE(one_true, rival, nobody, NULL);
    dw_mot_add(&other, &one);
    assert_near(dw_mot_mota(&other), (2.0 - 1) / (3 + 8));
    assert_near(dw_mot_idf1(&other), 2 * (3.0 + 2) / (7 + 16));
}

/* Random people and numbers; then the same with other numbers for the same people. */
static void what_the_numbers_are_does_not_matter(void **state)
{
    (void)state;
    PROP(prop, 200)
    {
        struct place truth[8], measured[8], renumbered[8];
        for (int i = 0; i < 8; i++) {
            truth[i] = (struct place){ i / 2, i % 2, (float)prop_real(&prop, 0, 300) };
            measured[i] = (struct place){ i / 2, i % 2, (float)prop_real(&prop, 0, 300) };
            renumbered[i] = measured[i];
            renumbered[i].person = 100 - measured[i].person;
        }
        struct dw_mot a = COMPARE(truth, measured, nobody, NULL);
        struct dw_mot b = COMPARE(truth, renumbered, nobody, NULL);
        struct dw_mot same = COMPARE(truth, truth, nobody, NULL);
        prop_assert(&prop, fabs(dw_mot_idf1(&a) - dw_mot_idf1(&b)) < 1e-12);
        prop_assert(&prop, fabs(dw_mot_mota(&a) - dw_mot_mota(&b)) < 1e-12);
        prop_assert(&prop, fabs(dw_mot_hota(&a) - dw_mot_hota(&b)) < 1e-12);
        prop_assert(&prop, dw_mot_hota(&a) <= 1 && dw_mot_idf1(&a) <= 1 && dw_mot_mota(&a) <= 1);
        prop_assert(&prop, dw_mot_mota(&same) == 1 && dw_mot_idf1(&same) == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_made_by_hand_has_the_figures_of_the_papers),
        cmocka_unit_test(whoever_was_followed_so_far_is_preferred_to_a_better_box),
        cmocka_unit_test(a_frame_without_measured_boxes_does_not_end_a_following),
        cmocka_unit_test(skipped_frames_do_not_count),
        cmocka_unit_test(nobody_measured_is_zero_and_not_a_division_by_zero),
        cmocka_unit_test(pooling_adds_up_before_dividing),
        cmocka_unit_test(what_the_numbers_are_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
