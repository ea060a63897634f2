/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "lib/prop.h"

static void times_are_written_in_milliseconds_of_utc(void **state)
{
    (void)state;
    char text[DW_ISO8601_SIZE];
    assert_string_equal(dw_time_iso8601(text, 0), "1970-01-01T00:00:00.000Z");
    assert_string_equal(dw_time_iso8601(text, INT64_C(1795338900250999)),
                        "2026-11-22T09:15:00.250Z");
    assert_string_equal(dw_time_iso8601(text, -1), "1969-12-31T23:59:59.999Z");
    assert_string_equal(dw_time_iso8601(text, INT64_MAX), "invalid");
    assert_string_equal(dw_time_iso8601(text, INT64_C(253402300799999999)),
                        "9999-12-31T23:59:59.999Z");
    assert_string_equal(dw_time_iso8601(text, INT64_C(253402300800000000)), "invalid");
}

static void times_are_read_in_the_forms_people_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds, us;
    } cases[] = {
        { "2026-11-22", 1795305600, 0 },
        { "2026-11-22T09:15", 1795338900, 0 },
        { "2026-11-22 09:15", 1795338900, 0 },
        { "2026-11-22T09:15Z", 1795338900, 0 },
        { "2026-11-22T09:15:00Z", 1795338900, 0 },
        { "2026-11-22T09:15:00.25Z", 1795338900, 250000 },
        { "2026-11-22T09:15:00.123456789Z", 1795338900, 123456 },
        { "2026-11-22T10:15:00+01:00", 1795338900, 0 },
        { "2026-11-22T04:15:00-0500", 1795338900, 0 },
        { "2024-02-29", 1709164800, 0 },
        { "1970-01-01T00:00:00Z", 0, 0 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        int64_t wall_us = -1;
        struct dw_err err = { 0 };
        if (dw_time_parse(&wall_us, cases[i].text, &err) != 0)
            fail_msg("%s", err.text);
        assert_int_equal(wall_us, cases[i].seconds * DW_SECOND_US + cases[i].us);
    }
}

static void what_is_no_time_is_refused_with_an_example(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "now",
        "22.11.2026",
        "2026-11",
        "2026-13-01",
        "2026-00-01",
        "2026-11-00",
        "2026-11-32",
        "2026-02-29",
        "2026-11-31",
        "1969-12-31",
        "2026-11-22T",
        "2026-11-22T9:15",
        "2026-11-22T24:00",
        "2026-11-22T09:60",
        "2026-11-22T09:15:61",
        "2026-11-22T09:15:00X",
        "2026-11-22T09:15:00+1",
        "2026-11-22T09:15:00+15:00",
        "2026-11-22T09:15:00Zz",
        "2026-11-22 ",
    };
    for (size_t i = 0; i < DW_LENGTH(wrong); i++) {
        int64_t wall_us = 77;
        struct dw_err err = { 0 };
        if (dw_time_parse(&wall_us, wrong[i], &err) != -EINVAL)
            fail_msg("'%s' was taken for a time", wrong[i]);
        assert_non_null(strstr(err.text, "is no time: write it like 2026-11-22T09:15:00Z"));
        assert_int_equal(wall_us, 77);
    }
}

static void what_is_written_is_read_as_the_same_millisecond(void **state)
{
    (void)state;
    PROP(prop, 5000)
    {
        char text[DW_ISO8601_SIZE];
        int64_t wall_us = prop_int(&prop, 0, INT64_C(253402300799999999)), again = -1;
        prop_assert(&prop, dw_time_parse(&again, dw_time_iso8601(text, wall_us), NULL) == 0);
        prop_assert(&prop, again == wall_us / 1000 * 1000);
    }
}

static void seconds_and_microseconds_are_the_same_thing(void **state)
{
    (void)state;
    assert_int_equal(dw_time_from_seconds(1.25), 1250000);
    assert_int_equal(dw_time_from_seconds(0.1 + 0.2), 300000);
    assert_int_equal(dw_time_from_seconds(-1.5), -1500000);
    PROP(prop, 1000)
    {
        int64_t us = prop_int(&prop, 0, INT64_C(1000000000000));
        prop_assert(&prop, dw_time_from_seconds(dw_time_to_seconds(us)) == us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written_in_milliseconds_of_utc),
        cmocka_unit_test(times_are_read_in_the_forms_people_write),
        cmocka_unit_test(what_is_no_time_is_refused_with_an_example),
        cmocka_unit_test(what_is_written_is_read_as_the_same_millisecond),
        cmocka_unit_test(seconds_and_microseconds_are_the_same_thing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
