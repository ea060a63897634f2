/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "insight/staffing.h"
#include "lib/near.h"

static const struct dw_staffing_conf conf = { .per_employee = 4,
                                              .min_shift_hours = 2,
                                              .max_shift_hours = 8 };

static struct dw_staffing_hour hour_of(double entries, double occupancy)
{
    return (struct dw_staffing_hour){ entries, occupancy, 3600 };
}

/* Five Mondays; from 9 to 12 o'clock 10, 20, 30, 40, 50 enter and 1, 2, 3, 4, 5 are there. */
static void make_mondays(struct dw_staffing_day days[5])
{
    for (int week = 0; week < 5; week++) {
        days[week] = (struct dw_staffing_day){ .weekday = 0 };
        for (int hour = 8; hour < 13; hour++)
            days[week].hours[hour] = hour_of(0, 0);
        for (int hour = 9; hour < 12; hour++)
            days[week].hours[hour] = hour_of(10 * (week + 1), week + 1);
    }
}

static void an_hour_has_its_median_and_spread_over_weeks(void **state)
{
    (void)state;
    struct dw_staffing_day days[5];
    static struct dw_staffing staffing;
    make_mondays(days);
    dw_staffing(&staffing, &conf, days, 5);
    const struct dw_week_hour *nine = &staffing.hours[0][9];
    assert_int_equal(nine->weeks, 5);
    assert_near(nine->entries.p10, 14, 1e-9); /* type 7: 10 + .4 * 10 */
    assert_near(nine->entries.median, 30, 1e-9);
    assert_near(nine->entries.p90, 46, 1e-9);
    assert_near(nine->occupancy.p90, 4.6, 1e-9);
    assert_int_equal(nine->people, 2); /* 4.6 / 4, rounded up */
}

static void closed_is_not_unmeasured(void **state)
{
    (void)state;
    struct dw_staffing_day days[5];
    static struct dw_staffing staffing;
    make_mondays(days);
    days[0].hours[8] = hour_of(1, .1); /* a cleaner, once */
    days[0].hours[14] = (struct dw_staffing_hour){ 9, 9, 1799 };
    dw_staffing(&staffing, &conf, days, 5);
    assert_int_equal(staffing.hours[0][8].state, DW_HOUR_CLOSED);
    assert_int_equal(staffing.hours[0][8].people, 0);
    assert_int_equal(staffing.hours[0][9].state, DW_HOUR_OPEN);
    assert_int_equal(staffing.hours[0][14].state, DW_HOUR_UNMEASURED);
    assert_int_equal(staffing.hours[1][9].state, DW_HOUR_UNMEASURED);
}

static void the_busiest_hours_are_those_with_most_entries(void **state)
{
    (void)state;
    struct dw_staffing_day days[5];
    static struct dw_staffing staffing;
    make_mondays(days);
    for (int week = 0; week < 5; week++)
        days[week].hours[11].entries = 100;
    dw_staffing(&staffing, &conf, days, 5);
    assert_int_equal(staffing.busiest_count, 3);
    assert_int_equal(staffing.busiest[0], 11);
    assert_int_equal(staffing.busiest[1], 9);
    assert_int_equal(staffing.busiest[2], 10);
}

static void only_so_many_busiest_hours_are_kept(void **state)
{
    (void)state;
    static struct dw_staffing staffing;
    struct dw_staffing_day day = { .weekday = 6 };
    for (int hour = 0; hour < DW_SHIFT_HOURS; hour++)
        day.hours[hour] = hour_of(hour, 1);
    dw_staffing(&staffing, &conf, &day, 1);
    assert_int_equal(staffing.busiest_count, DW_BUSIEST);
    for (int i = 0; i < DW_BUSIEST; i++)
        assert_int_equal(staffing.busiest[i], 6 * 24 + 23 - i);
}

static void shifts_cover_what_is_suggested(void **state)
{
    (void)state;
    struct dw_staffing_day days[5];
    static struct dw_staffing staffing;
    make_mondays(days);
    dw_staffing(&staffing, &conf, days, 5);
    const struct dw_staffing_plan *plan = &staffing.plans[0];
    assert_int_equal(plan->shift_count, 1);
    assert_int_equal(plan->shifts[0].from_hour, 9);
    assert_int_equal(plan->shifts[0].to_hour, 12);
    assert_int_equal(plan->shifts[0].people, 2);
    assert_int_equal(plan->needed_hours, 6);
    assert_int_equal(plan->paid_hours, 6);
    assert_int_equal(staffing.plans[1].shift_count, 0);
}

static void exactly_enough_is_enough(void **state)
{
    (void)state;
    static struct dw_staffing staffing;
    struct dw_staffing_day day = { .weekday = 2 };
    day.hours[9] = hour_of(1, 8);
    day.hours[10] = hour_of(1, 8.1);
    day.hours[11] = hour_of(1, 0);
    dw_staffing(&staffing, &conf, &day, 1);
    assert_int_equal(staffing.hours[2][9].people, 2);
    assert_int_equal(staffing.hours[2][10].people, 3);
    assert_int_equal(staffing.hours[2][11].people, 1); /* open: somebody is there */
}

static void no_days_are_no_hours(void **state)
{
    (void)state;
    static struct dw_staffing staffing;
    dw_staffing(&staffing, &conf, NULL, 0);
    assert_int_equal(staffing.busiest_count, 0);
    assert_int_equal(staffing.hours[0][0].state, DW_HOUR_UNMEASURED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_has_its_median_and_spread_over_weeks),
        cmocka_unit_test(closed_is_not_unmeasured),
        cmocka_unit_test(the_busiest_hours_are_those_with_most_entries),
        cmocka_unit_test(only_so_many_busiest_hours_are_kept),
        cmocka_unit_test(shifts_cover_what_is_suggested),
        cmocka_unit_test(exactly_enough_is_enough),
        cmocka_unit_test(no_days_are_no_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
