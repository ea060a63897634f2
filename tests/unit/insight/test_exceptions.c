/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "insight/exceptions.h"
#include "lib/near.h"

#define DAY_S 36000

static struct dw_exception_day day_of(int weekday, double engages)
{
    return (struct dw_exception_day){ .weekday = weekday, .engages = engages, .measured_s = DAY_S };
}

static void a_day_far_below_its_weekday_is_one(void **state)
{
    (void)state;
    struct dw_exception_day days[] = { day_of(0, 100), day_of(0, 104), day_of(0, 40), day_of(0, 96),
                                       day_of(0, 100) };
    assert_int_equal(dw_exceptions_find(days, 5), 1);
    assert_true(dw_exception(&days[2]));
    assert_near(days[2].expected, 100, 1e-9);
    /* 2 (sqrt(40.375) - sqrt(100.375)) / sqrt(1 + pi / 8); the spread of all is below 1. */
    assert_near(days[2].z, -6.2110, 1e-3);
}

static void saturdays_are_not_compared_with_mondays(void **state)
{
    (void)state;
    struct dw_exception_day days[8];
    for (int i = 0; i < 4; i++) {
        days[2 * i] = day_of(0, 50);
        days[2 * i + 1] = day_of(5, 200);
    }
    assert_int_equal(dw_exceptions_find(days, 8), 0);
    assert_near(days[1].expected, 200, 1e-9);
}

static void half_a_day_measured_is_compared_with_half(void **state)
{
    (void)state;
    struct dw_exception_day days[] = { day_of(0, 100),
                                       day_of(0, 100),
                                       day_of(0, 100),
                                       { .weekday = 0, .engages = 50, .measured_s = DAY_S / 2 } };
    assert_int_equal(dw_exceptions_find(days, 4), 0);
    assert_near(days[3].expected, 50, 1e-9);
    assert_near(days[3].z, 0, 1e-9);
}

static void three_other_days_are_the_least(void **state)
{
    (void)state;
    struct dw_exception_day days[] = { day_of(0, 100), day_of(0, 100), day_of(0, 0) };
    assert_int_equal(dw_exceptions_find(days, 3), 0);
    assert_false(days[2].known);
}

static void a_day_that_was_not_measured_is_none(void **state)
{
    (void)state;
    struct dw_exception_day days[] = {
        day_of(0, 100), day_of(0, 100), day_of(0, 100), day_of(0, 100), { .weekday = 0 }
    };
    assert_int_equal(dw_exceptions_find(days, 5), 0);
    assert_false(days[4].known);
    assert_true(days[0].known);
}

static void a_display_whose_days_differ_much_wants_more(void **state)
{
    (void)state;
    static const double counts[] = { 60, 140, 80, 120, 100, 55, 145, 100 };
    struct dw_exception_day days[9];
    for (int i = 0; i < 8; i++)
        days[i] = day_of(0, counts[i]);
    days[8] = day_of(0, 50); /* 5 deviations of chance alone */
    assert_int_equal(dw_exceptions_find(days, 9), 0);
    assert_true(days[8].z < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_far_below_its_weekday_is_one),
        cmocka_unit_test(saturdays_are_not_compared_with_mondays),
        cmocka_unit_test(half_a_day_measured_is_compared_with_half),
        cmocka_unit_test(three_other_days_are_the_least),
        cmocka_unit_test(a_day_that_was_not_measured_is_none),
        cmocka_unit_test(a_display_whose_days_differ_much_wants_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
