/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/wall_time.h"
#include "media/resolve.h"

static bool stop_if(const void *opaque)
{
    return opaque != NULL;
}

static void numbers_are_known_at_once(void **state)
{
    (void)state;
    assert_int_equal(dw_resolve("127.0.0.1", 0, stop_if, NULL), 0);
    assert_int_equal(dw_resolve("::1", 0, stop_if, NULL), 0);
}

static void names_are_asked_for(void **state)
{
    (void)state;
    assert_int_equal(dw_resolve("localhost", 10 * DW_SECOND_US, stop_if, NULL), 0);
}

static void what_is_not_said_in_time_is_not_waited_for(void **state)
{
    (void)state;
    int64_t before_us = dw_clock_us(CLOCK_MONOTONIC);
    int answer = dw_resolve("nobody.invalid", 100000, stop_if, NULL);
    assert_true(answer == -ENOENT || answer == -ETIMEDOUT);
    assert_int_equal(dw_resolve("nobody.invalid", 0, stop_if, NULL), -ETIMEDOUT);
    assert_int_equal(dw_resolve("nobody.invalid", INT64_MAX / 2, stop_if, state), -ETIMEDOUT);
    assert_true(dw_clock_us(CLOCK_MONOTONIC) - before_us < 2 * DW_SECOND_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_known_at_once),
        cmocka_unit_test(names_are_asked_for),
        cmocka_unit_test(what_is_not_said_in_time_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
