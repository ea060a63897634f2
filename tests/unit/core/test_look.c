/* SPDX-License-Identifier: Apache-2.0 */
#include "core/look.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/track.h"

#define RED 0.0
#define BLUE (3.14159265 / 2)

/* A look that points into the direction `angle` of a plane. */
static struct dw_look look_of(double angle, double weight)
{
    const float vector[3] = { 40 * (float)cos(angle), 40 * (float)sin(angle), 0 };
    struct dw_look look;
    dw_look_set(&look, vector, 3, weight);
    return look;
}

static struct dw_appearance known_as(double angle)
{
    struct dw_appearance appearance = { 0 };
    struct dw_look look = look_of(angle, 1);
    dw_appearance_add(&appearance, &look);
    return appearance;
}

static void the_distance_is_one_minus_the_cosine(void **state)
{
    (void)state;
    struct dw_appearance a = known_as(0);
    for (double angle = 0; angle < 3.2; angle += 0.1) {
        struct dw_appearance b = known_as(angle);
        assert_true(fabs(dw_appearance_distance(&a, &b) - (1 - cos(angle))) < 0.01);
    }
}

static void a_vector_of_nothing_is_no_look(void **state)
{
    (void)state;
    const float vectors[][2] = { { 0, 0 }, { NAN, 1 }, { INFINITY, 0 } };
    for (size_t i = 0; i < DW_LENGTH(vectors); i++) {
        struct dw_look look;
        struct dw_appearance appearance = { 0 };
        dw_look_set(&look, vectors[i], 2, 1);
        dw_appearance_add(&appearance, &look);
        assert_true(look.weight == 0 && appearance.weight == 0);
    }
}

static void nobody_is_known_before_looks_are_worth_a_good_one(void **state)
{
    (void)state;
    struct dw_appearance known = known_as(0), other = { 0 };
    struct dw_look poor = look_of(0, 0.6);
    assert_true(isnan(dw_appearance_distance(&known, NULL)));
    assert_true(isnan(dw_appearance_distance(NULL, &known)));
    assert_true(isnan(dw_appearance_distance(&known, &other)));
    dw_appearance_add(&other, &poor);
    assert_true(isnan(dw_appearance_distance(&known, &other)));
    dw_appearance_add(&other, &poor);
    assert_true(fabs(dw_appearance_distance(&known, &other)) < 0.01);
}

static void better_looks_count_more(void **state)
{
    (void)state;
    struct dw_appearance red = known_as(RED), mixed = { 0 };
    struct dw_look good = look_of(RED, 1), poor = look_of(BLUE, 0.5);
    dw_appearance_add(&mixed, &good);
    dw_appearance_add(&mixed, &poor);
    assert_true(fabs(dw_appearance_distance(&red, &mixed) - (1 - cos(atan(0.5)))) < 0.01);
}

static void joined_appearances_are_those_of_all_their_looks(void **state)
{
    (void)state;
    struct dw_appearance red = known_as(RED), blue = known_as(BLUE), nobody = { 0 };
    dw_appearance_join(&nobody, &red);
    assert_true(fabs(dw_appearance_distance(&nobody, &red)) < 0.01);
    dw_appearance_join(&nobody, &blue);
    assert_true(nobody.weight == 2 && nobody.size == 3);
    assert_true(fabs(dw_appearance_distance(&nobody, &red) - (1 - sqrt(0.5))) < 0.01);
}

static void who_stands_behind_another_is_seen_less(void **state)
{
    (void)state;
    const struct dw_detection people[] = {
        { { 0, 0, 40, 100 }, 1 },   /* behind, its right half covered */
        { { 20, 20, 40, 100 }, 1 }, /* in front */
        { { 20, 50, 40, 100 }, 1 }, /* before both */
        { { 500, 0, 40, 100 }, 1 }, /* alone */
    };
    assert_true(fabs(dw_look_visible(people, 2, 0) - 0.6) < 1e-6);
    assert_true(fabs(dw_look_visible(people, 2, 1) - 1) < 1e-6);
    assert_true(fabs(dw_look_visible(people, 4, 0) - 0.35) < 1e-6); /* too low, as promised */
    assert_true(fabs(dw_look_visible(people, 4, 1) - 0.3) < 1e-6);
    assert_true(fabs(dw_look_visible(people, 4, 2) - 1) < 1e-6);
    assert_true(fabs(dw_look_visible(people, 4, 3) - 1) < 1e-6);
}

/* Somebody stands for two seconds, is gone for three, and somebody stands there again. */
static int64_t people_where_one_left_and_one_came(double before, double after)
{
    struct dw_track_params params = dw_track_params_default();
    const struct dw_view view = { 0 };
    struct dw_tracker *tracker = dw_tracker_create(&params, &view);
    const struct dw_detection person = { { 100, 200, 40, 100 }, 0.9f };
    int64_t persons = 0;
    for (int frame = 0; frame < 70; frame++) {
        struct dw_look look = look_of(frame < 20 ? before : after, 1);
        bool gone = frame >= 20 && frame < 50;
        struct dw_track_input input = { frame * INT64_C(100000), frame, &person, !gone, &look };
        struct dw_track_output output = dw_tracker_step(tracker, &input);
        for (size_t i = 0; i < output.live_count; i++)
            persons = DW_MAX(persons, output.live[i].person);
    }
    dw_tracker_destroy(tracker);
    return persons;
}

static void a_track_goes_on_with_who_looks_the_same_and_not_with_another(void **state)
{
    (void)state;
    assert_int_equal(people_where_one_left_and_one_came(RED, RED), 1);
    assert_int_equal(people_where_one_left_and_one_came(RED, RED + 0.3), 1);
    assert_int_equal(people_where_one_left_and_one_came(RED, BLUE), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_distance_is_one_minus_the_cosine),
        cmocka_unit_test(a_vector_of_nothing_is_no_look),
        cmocka_unit_test(nobody_is_known_before_looks_are_worth_a_good_one),
        cmocka_unit_test(better_looks_count_more),
        cmocka_unit_test(joined_appearances_are_those_of_all_their_looks),
        cmocka_unit_test(who_stands_behind_another_is_seen_less),
        cmocka_unit_test(a_track_goes_on_with_who_looks_the_same_and_not_with_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
