/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/wall_time.h"
#include "media/media_clock.h"

#define TENTH_US (DW_SECOND_US / 10)

static struct dw_media_clock clock_at(int64_t stamp_us)
{
    struct dw_media_clock clock = { .interval_us = TENTH_US };
    assert_int_equal(dw_media_clock_step(&clock, stamp_us, -1), 0);
    return clock;
}

static void the_first_stamp_is_time_zero(void **state)
{
    (void)state;
    struct dw_media_clock clock = clock_at(-7 * DW_SECOND_US);
    assert_int_equal(clock.time_us, 0);
    assert_int_equal(dw_media_clock_step(&clock, -7 * DW_SECOND_US + 40000, -1), 0);
    assert_int_equal(clock.time_us, 40000);
}

static void a_stutter_of_up_to_five_seconds_is_plain_time(void **state)
{
    (void)state;
    struct dw_media_clock clock = clock_at(0);
    assert_false(dw_media_clock_jumps(&clock, 5 * DW_SECOND_US));
    assert_int_equal(dw_media_clock_step(&clock, 5 * DW_SECOND_US, -1), 0);
    assert_int_equal(clock.time_us, 5 * DW_SECOND_US);
}

static void slow_pictures_may_stutter_for_twenty_of_them(void **state)
{
    (void)state;
    struct dw_media_clock clock = { .interval_us = 2 * DW_SECOND_US };
    (void)dw_media_clock_step(&clock, 0, -1);
    assert_false(dw_media_clock_jumps(&clock, 40 * DW_SECOND_US));
    assert_true(dw_media_clock_jumps(&clock, 40 * DW_SECOND_US + 1));
}

static void a_hole_in_a_file_takes_its_time_unmeasured(void **state)
{
    (void)state;
    struct dw_media_clock clock = clock_at(0);
    assert_int_equal(dw_media_clock_step(&clock, 60 * DW_SECOND_US, -1), 60 * DW_SECOND_US);
    assert_int_equal(clock.time_us, 60 * DW_SECOND_US);
}

static void a_jump_back_goes_on_by_one_interval(void **state)
{
    (void)state;
    struct dw_media_clock clock = clock_at(9800 * DW_SECOND_US);
    assert_int_equal(dw_media_clock_step(&clock, 0, -1), TENTH_US);
    assert_int_equal(clock.time_us, TENTH_US);
    assert_int_equal(dw_media_clock_step(&clock, TENTH_US, -1), 0);
    assert_int_equal(clock.time_us, 2 * TENTH_US);
}

static void a_jump_over_a_day_is_not_believed(void **state)
{
    (void)state;
    struct dw_media_clock clock = clock_at(-(INT64_C(1) << 61));
    assert_int_equal(dw_media_clock_step(&clock, INT64_C(1) << 61, -1), TENTH_US);
    assert_int_equal(clock.time_us, TENTH_US);
}

static void a_live_jump_takes_the_time_that_really_passed(void **state)
{
    (void)state;
    struct dw_media_clock clock = clock_at(0);
    int64_t passed_us = 12 * DW_SECOND_US;
    assert_int_equal(dw_media_clock_step(&clock, 37600 * DW_SECOND_US, passed_us), passed_us);
    assert_int_equal(clock.time_us, passed_us);
    assert_int_equal(dw_media_clock_step(&clock, 0, 10), TENTH_US);
    assert_int_equal(clock.time_us, passed_us + TENTH_US);
}

static void a_single_odd_stamp_is_mended_between_its_neighbours(void **state)
{
    (void)state;
    struct dw_media_clock clock = clock_at(0);
    assert_int_equal(dw_media_clock_mend(&clock, 2 * TENTH_US), TENTH_US);
    assert_int_equal(dw_media_clock_mend(&clock, TENTH_US), TENTH_US / 2);
    assert_int_equal(dw_media_clock_mend(&clock, 10 * TENTH_US), TENTH_US);
    assert_int_equal(dw_media_clock_mend(&clock, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_stamp_is_time_zero),
        cmocka_unit_test(a_stutter_of_up_to_five_seconds_is_plain_time),
        cmocka_unit_test(slow_pictures_may_stutter_for_twenty_of_them),
        cmocka_unit_test(a_hole_in_a_file_takes_its_time_unmeasured),
        cmocka_unit_test(a_jump_back_goes_on_by_one_interval),
        cmocka_unit_test(a_jump_over_a_day_is_not_believed),
        cmocka_unit_test(a_live_jump_takes_the_time_that_really_passed),
        cmocka_unit_test(a_single_odd_stamp_is_mended_between_its_neighbours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
