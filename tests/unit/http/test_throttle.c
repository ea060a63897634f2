/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "http/throttle.h"

#define NOW_US INT64_C(1795338900000000)

static int setup(void **state)
{
    *state = dw_throttle_create();
    return 0;
}

static int teardown(void **state)
{
    dw_throttle_destroy(*state);
    return 0;
}

static int after(struct dw_throttle *throttle, const char *key, int64_t seconds)
{
    return dw_throttle_try(throttle, key, 5, NOW_US + seconds * DW_SECOND_US);
}

static void a_few_tries_are_free(void **state)
{
    for (int i = 0; i < 5; i++)
        assert_int_equal(after(*state, "anna", 0), 0);
    assert_int_equal(after(*state, "anna", 0), 15);
    assert_int_equal(after(*state, "emil", 0), 0);
}

static void each_further_try_waits_twice_as_long_up_to_a_quarter_of_an_hour(void **state)
{
    static const int waits[] = { 15, 30, 60, 120, 240, 480, 900, 900 };
    int64_t at = 0;
    for (int i = 0; i < 5; i++)
        after(*state, "anna", at);
    for (size_t i = 0; i < DW_LENGTH(waits); i++) {
        assert_int_equal(after(*state, "anna", at + 1), waits[i] - 1);
        at += waits[i];
        assert_int_equal(after(*state, "anna", at), 0);
    }
}

static void success_and_an_hour_of_peace_forget_all(void **state)
{
    for (int i = 0; i < 5; i++)
        after(*state, "anna", 0);
    dw_throttle_clear(*state, "anna");
    assert_int_equal(after(*state, "anna", 0), 0);
    for (int i = 0; i < 4; i++)
        after(*state, "anna", 0);
    assert_int_not_equal(after(*state, "anna", 0), 0);
    assert_int_equal(after(*state, "anna", 3601), 0);
    assert_int_equal(after(*state, "anna", 3601), 0);
}

static void a_flood_of_names_is_kept_in_bounds(void **state)
{
    char name[32];
    for (int i = 0; i < 100000; i++) {
        snprintf(name, sizeof(name), "name %d", i);
        assert_int_equal(after(*state, name, 0), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_few_tries_are_free, setup, teardown),
        cmocka_unit_test_setup_teardown(
            each_further_try_waits_twice_as_long_up_to_a_quarter_of_an_hour, setup, teardown),
        cmocka_unit_test_setup_teardown(success_and_an_hour_of_peace_forget_all, setup, teardown),
        cmocka_unit_test_setup_teardown(a_flood_of_names_is_kept_in_bounds, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
