/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/local_day.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/wall_time.h"

#define HOUR_US (3600 * DW_SECOND_US)
#define QUARTER_US (900 * DW_SECOND_US)

static struct dw_err why[1];

static void set_zone(const char *name)
{
    if (dw_local_zone_set(name, why) < 0)
        fail_msg("%s", why->text);
}

static int64_t at(const char *text)
{
    int64_t wall_us = 0;
    assert_int_equal(dw_time_parse(&wall_us, text, why), 0);
    return wall_us;
}

static int64_t day_of(const char *date)
{
    int64_t day = 0;
    assert_int_equal(dw_local_date_parse(&day, date, why), 0);
    return day;
}

static void days_begin_and_end_by_the_clock_on_the_wall(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *date, *start;
        int hours;
    } cases[] = {
        { NULL, "2026-03-29", "2026-03-29T00:00Z", 24 },
        { "UTC", "2026-10-25", "2026-10-25T00:00Z", 24 },
        { "Europe/Berlin", "2026-01-15", "2026-01-14T23:00Z", 24 },
        { "Europe/Berlin", "2026-03-29", "2026-03-28T23:00Z", 23 },
        { "Europe/Berlin", "2026-07-15", "2026-07-14T22:00Z", 24 },
        { "Europe/Berlin", "2026-10-25", "2026-10-24T22:00Z", 25 },
        { "America/New_York", "2026-03-08", "2026-03-08T05:00Z", 23 },
        { "Australia/Sydney", "2026-04-05", "2026-04-04T13:00Z", 25 },
        { "Pacific/Kiritimati", "2026-06-01", "2026-05-31T10:00Z", 24 },
        { "Asia/Kathmandu", "2026-06-01", "2026-05-31T18:15Z", 24 },
        /* No 00:00 on this day: clocks went from 23:59 to 01:00. */
        { "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00Z", 23 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        set_zone(cases[i].zone);
        int64_t day = day_of(cases[i].date), start_us = dw_local_day_start(day);
        assert_int_equal(start_us, at(cases[i].start));
        assert_int_equal(dw_local_day_start(day + 1) - start_us, cases[i].hours * HOUR_US);
        assert_int_equal(dw_local_day(start_us), day);
        assert_int_equal(dw_local_day(start_us - 1), day - 1);
        assert_int_equal(dw_local_day(dw_local_day_start(day + 1) - 1), day);
    }
}

static int hour_at(const char *time)
{
    int hour = -1;
    dw_local_hours(&hour, at(time) / QUARTER_US, 1, day_of("2026-01-01"));
    return hour;
}

static void an_hour_that_comes_twice_is_the_same_hour(void **state)
{
    (void)state;
    set_zone("Europe/Berlin");
    int autumn = (int)(day_of("2026-10-25") - day_of("2026-01-01")) * 24;
    int spring = (int)(day_of("2026-03-29") - day_of("2026-01-01")) * 24;
    assert_int_equal(hour_at("2026-10-25T00:30Z"), autumn + 2);
    assert_int_equal(hour_at("2026-10-25T01:30Z"), autumn + 2);
    assert_int_equal(hour_at("2026-03-29T00:59Z"), spring + 1);
    assert_int_equal(hour_at("2026-03-29T01:00Z"), spring + 3);
}

static void hours_of_years_are_those_of_their_quarters_one_by_one(void **state)
{
    (void)state;
    enum { QUARTERS = 2 * 366 * 96 };
    static const char *const zones[] = { "Europe/Berlin", "Asia/Kathmandu", "America/Havana",
                                         "Australia/Lord_Howe", "Pacific/Apia" };
    static int hours[QUARTERS];
    for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++) {
        set_zone(zones[z]);
        int64_t first_day = day_of("2025-01-01");
        int64_t first = dw_local_day_start(first_day) / QUARTER_US;
        dw_local_hours(hours, first, QUARTERS, first_day);
        for (int i = 0; i < QUARTERS; i++) {
            time_t seconds = (time_t)((first + i) * 900);
            struct tm tm = { 0 };
            localtime_r(&seconds, &tm);
            int64_t day = dw_local_day((first + i) * QUARTER_US) - first_day;
            assert_int_equal(hours[i], day * 24 + tm.tm_hour);
        }
    }
}

static void dates_are_read_written_and_have_weekdays(void **state)
{
    (void)state;
    char text[DW_DATE_SIZE];
    set_zone("Europe/Berlin");
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(dw_local_weekday(day_of("1970-01-01")), 3);
    assert_int_equal(dw_local_weekday(day_of("2026-11-23")), 0);
    assert_int_equal(dw_local_weekday(day_of("2026-11-29")), 6);
    assert_int_equal(dw_local_weekday(-4), 6);
    assert_string_equal(dw_local_date(text, day_of("2024-02-29")), "2024-02-29");
}

static void what_is_no_date_or_no_time_zone_is_refused(void **state)
{
    (void)state;
    static const char *const dates[] = { "", "2026-2-3", "2026-02-30", "2026-02-03T10:00Z", "x" };
    static const char *const zones[] = { "", "Mars/Olympus", "../passwd", "/etc/passwd",
                                         "Europe.x" };
    int64_t day = 7;
    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
        assert_int_equal(dw_local_date_parse(&day, dates[i], why), -EINVAL);
    assert_int_equal(day, 7);
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
        assert_int_equal(dw_local_zone_set(zones[i], why), -EINVAL);
    assert_int_equal(dw_local_zone_set("Europe", why), -EINVAL);
    assert_int_equal(dw_local_zone_set("zone.tab", why), -EINVAL);
}

static void the_offset_of_a_place_follows_its_clock_and_the_standard_one_does_not(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *when;
        double hours, standard_hours;
    } cases[] = {
        { NULL, "2026-07-01T12:00Z", 0, 0 },
        { "Europe/Berlin", "2026-01-15T12:00Z", 1, 1 },
        { "Europe/Berlin", "2026-03-30T12:00Z", 2, 1 },
        { "Europe/Berlin", "2026-07-15T12:00Z", 2, 1 },
        { "Europe/Dublin", "2026-07-15T12:00Z", 1, 0 },
        { "America/New_York", "2026-03-09T12:00Z", -4, -5 },
        { "America/St_Johns", "2026-08-01T12:00Z", -2.5, -3.5 },
        { "Australia/Sydney", "2026-01-15T12:00Z", 11, 10 },
        { "Asia/Kathmandu", "2026-06-01T12:00Z", 5.75, 5.75 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        set_zone(cases[i].zone);
        int64_t when_us = at(cases[i].when);
        assert_true(dw_local_offset(when_us) == (int64_t)(cases[i].hours * (double)HOUR_US));
        assert_true(dw_local_standard_offset(when_us) ==
                    (int64_t)(cases[i].standard_hours * (double)HOUR_US));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_begin_and_end_by_the_clock_on_the_wall),
        cmocka_unit_test(an_hour_that_comes_twice_is_the_same_hour),
        cmocka_unit_test(hours_of_years_are_those_of_their_quarters_one_by_one),
        cmocka_unit_test(dates_are_read_written_and_have_weekdays),
        cmocka_unit_test(what_is_no_date_or_no_time_zone_is_refused),
        cmocka_unit_test(the_offset_of_a_place_follows_its_clock_and_the_standard_one_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
