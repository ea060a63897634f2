/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

static void the_wall_clock_counts_microseconds_since_1970(void **state)
{
    (void)state;
    int64_t before_us = (int64_t)time(NULL) * 1000000;
    int64_t now_us = dw_now_us();
    int64_t after_us = ((int64_t)time(NULL) + 2) * 1000000; /* time() may lag by a tick */
    assert_true(before_us <= now_us && now_us < after_us);
}

static void the_monotonic_clock_counts_the_same_microseconds(void **state)
{
    (void)state;
    int64_t before_us = dw_clock_us(CLOCK_MONOTONIC);
    nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
    assert_true(dw_clock_us(CLOCK_MONOTONIC) - before_us >= 20000);
}

static void a_clock_that_was_set_is_noticed_once(void **state)
{
    (void)state;
    struct dw_clock_watch watch = { 0 };
    assert_int_equal(dw_clock_set_by(&watch, 5000, 100), 0);
    assert_int_equal(dw_clock_set_by(&watch, 6000, 1100), 0);
    assert_int_equal(dw_clock_set_by(&watch, 10000, 1200), 3900);
    assert_int_equal(dw_clock_set_by(&watch, 10100, 1300), 0);
    assert_int_equal(dw_clock_set_by(&watch, 0, 1400), -10200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wall_clock_counts_microseconds_since_1970),
        cmocka_unit_test(the_monotonic_clock_counts_the_same_microseconds),
        cmocka_unit_test(a_clock_that_was_set_is_noticed_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
