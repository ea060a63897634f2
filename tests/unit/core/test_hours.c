/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/hours.h"

#define MINUTE_US INT64_C(60000000)
#define MINUTE(day, hour, minute) ((day)*1440 + (hour)*60 + (minute))

static void the_week_begins_on_monday_at_midnight(void **state)
{
    (void)state;
    int64_t monday_us = INT64_C(20418) * 1440 * MINUTE_US; /* 2025-11-26 was a Wednesday */
    assert_int_equal(dw_hours_week_minute(monday_us), MINUTE(2, 0, 0));
    assert_int_equal(dw_hours_week_minute(0), MINUTE(3, 0, 0));
    assert_int_equal(dw_hours_week_minute(-1), MINUTE(2, 23, 59));
    assert_int_equal(dw_hours_week_minute(4 * 1440 * MINUTE_US - 1), MINUTE(6, 23, 59));
    assert_int_equal(dw_hours_week_minute(4 * 1440 * MINUTE_US), 0);
    assert_int_equal(dw_hours_week_minute(-3 * 1440 * MINUTE_US - 1), MINUTE(6, 23, 59));
}

static void without_hours_it_is_always_open(void **state)
{
    (void)state;
    struct dw_hours hours = { 0 };
    assert_true(dw_hours_open(&hours, 0) && dw_hours_open(&hours, MINUTE(6, 23, 59)));
}

static void hours_hold_from_their_first_minute_to_before_their_last(void **state)
{
    (void)state;
    struct dw_hours hours = { { { 0x3f, 9 * 60, 11 * 60 } }, 1 }; /* mon-sat 09:00-20:00 */
    assert_false(dw_hours_open(&hours, MINUTE(0, 8, 59)));
    assert_true(dw_hours_open(&hours, MINUTE(0, 9, 0)));
    assert_true(dw_hours_open(&hours, MINUTE(5, 19, 59)));
    assert_false(dw_hours_open(&hours, MINUTE(5, 20, 0)));
    assert_false(dw_hours_open(&hours, MINUTE(6, 12, 0)));
}

static void a_night_reaches_into_the_next_day_and_the_next_week(void **state)
{
    (void)state;
    struct dw_hours hours = { { { 1U << 6, 22 * 60, 4 * 60 } }, 1 }; /* sun 22:00-02:00 */
    assert_true(dw_hours_open(&hours, MINUTE(6, 23, 0)));
    assert_true(dw_hours_open(&hours, MINUTE(0, 1, 59)));
    assert_false(dw_hours_open(&hours, MINUTE(0, 2, 0)));
    assert_false(dw_hours_open(&hours, MINUTE(5, 23, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_week_begins_on_monday_at_midnight),
        cmocka_unit_test(without_hours_it_is_always_open),
        cmocka_unit_test(hours_hold_from_their_first_minute_to_before_their_last),
        cmocka_unit_test(a_night_reaches_into_the_next_day_and_the_next_week),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
