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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wall_clock_counts_microseconds_since_1970),
        cmocka_unit_test(the_monotonic_clock_counts_the_same_microseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
