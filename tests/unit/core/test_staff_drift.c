/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff_drift.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A fifth are surely staff, most surely shoppers, some neither. */
static struct dw_staff_model model_of(uint32_t hundreds)
{
    struct dw_staff_model model = { .figures = { .sure = 0.9 } };
    model.spread.people[0] = 70 * hundreds;
    model.spread.people[4] = 10 * hundreds;
    model.spread.people[9] = 20 * hundreds;
    return model;
}

static void the_same_people_are_no_drift(void **state)
{
    (void)state;
    struct dw_staff_model model = model_of(10);
    struct dw_staff_spread now = { .people = { [0] = 70, [4] = 10, [9] = 20 } };
    struct dw_staff_drift drift = dw_staff_drift(&model.spread, model.figures.sure, &now);
    assert_true(fabs(drift.distance) < 1e-12 && !drift.drifted);
    assert_true(drift.people == 100 && fabs(drift.staff - 0.2) < 1e-12);
    assert_true(fabs(drift.then - 0.2) < 1e-12);
    assert_true(fabs(drift.unsure - 0.1) < 1e-12 && fabs(drift.unsure_then - 0.1) < 1e-12);
}

static void a_new_uniform_is_seen_by_the_unsure(void **state)
{
    (void)state;
    struct dw_staff_model model = model_of(10);
    struct dw_staff_spread now = { .people = { [0] = 60, [2] = 20, [4] = 20 } };
    struct dw_staff_drift drift = dw_staff_drift(&model.spread, model.figures.sure, &now);
    assert_true(drift.drifted);
    assert_true(fabs(drift.distance - 0.2) < 1e-12);
    assert_true(drift.staff == 0 && fabs(drift.unsure - 0.4) < 1e-12);
}

static void few_people_differ_by_chance(void **state)
{
    (void)state;
    struct dw_staff_model model = model_of(10);
    struct dw_staff_spread now = { .people = { [0] = 4, [4] = 2, [9] = 4 } };
    struct dw_staff_drift drift = dw_staff_drift(&model.spread, model.figures.sure, &now);
    assert_true(drift.distance > DW_STAFF_DRIFT_LEAST && drift.distance < drift.chance);
    assert_false(drift.drifted);
}

static void a_small_change_of_many_people_is_no_reason(void **state)
{
    (void)state;
    struct dw_staff_model model = model_of(1000);
    struct dw_staff_spread now = { .people = { [0] = 60000, [4] = 10000, [9] = 30000 } };
    struct dw_staff_drift drift = dw_staff_drift(&model.spread, model.figures.sure, &now);
    assert_true(drift.distance > drift.chance);
    assert_false(drift.drifted);
}

static void nothing_is_said_without_people_or_a_past(void **state)
{
    (void)state;
    struct dw_staff_model model = model_of(1), old = { 0 };
    struct dw_staff_spread nobody = { 0 }, somebody = { .people = { 1 } };
    assert_false(dw_staff_drift(&model.spread, model.figures.sure, &nobody).drifted);
    struct dw_staff_drift drift = dw_staff_drift(&old.spread, old.figures.sure, &somebody);
    assert_true(drift.people == 1 && drift.distance == 0 && !drift.drifted);
}

static void every_chance_has_its_bin(void **state)
{
    (void)state;
    struct dw_staff_spread spread = { 0 };
    dw_staff_spread_add(&spread, 0);
    dw_staff_spread_add(&spread, 0.55);
    dw_staff_spread_add(&spread, 1);
    dw_staff_spread_add(&spread, (double)NAN);
    assert_int_equal(spread.people[0], 1);
    assert_int_equal(spread.people[5], 1);
    assert_int_equal(spread.people[9], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_people_are_no_drift),
        cmocka_unit_test(a_new_uniform_is_seen_by_the_unsure),
        cmocka_unit_test(few_people_differ_by_chance),
        cmocka_unit_test(a_small_change_of_many_people_is_no_reason),
        cmocka_unit_test(nothing_is_said_without_people_or_a_past),
        cmocka_unit_test(every_chance_has_its_bin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
