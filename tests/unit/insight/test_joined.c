/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/joined.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "lib/near.h"

#define S DW_SECOND_US

static void staff_who_are_there_keep_nobody_waiting(void **state)
{
    (void)state;
    const struct dw_joined_stay stays[] = { { 0, 100 * S, true }, { 10 * S, 20 * S, false } };
    struct dw_duration durations[2];
    assert_int_equal(dw_joined(stays, 2, durations), 1);
    assert_near(durations[0].value, 0, 0);
    assert_false(durations[0].cut);
}

static void staff_who_come_end_the_wait(void **state)
{
    (void)state;
    const struct dw_joined_stay stays[] = { { 0, 60 * S, false },
                                            { 5 * S, 60 * S, false },
                                            { 30 * S, 40 * S, true },
                                            { 35 * S, 60 * S, false } };
    const double waits[] = { 30, 25, 0 };
    struct dw_duration durations[4];
    assert_int_equal(dw_joined(stays, 4, durations), 3);
    for (int i = 0; i < 3; i++) {
        assert_near(durations[i].value, waits[i], 1e-9);
        assert_false(durations[i].cut);
    }
}

static void who_leaves_first_waited_that_long_or_longer(void **state)
{
    (void)state;
    const struct dw_joined_stay stays[] = { { 0, 10 * S, true },
                                            { 10 * S, 20 * S, false }, /* they had just gone */
                                            { 20 * S, 30 * S, true },
                                            { 40 * S, 45 * S, false } };
    struct dw_duration durations[4];
    assert_int_equal(dw_joined(stays, 4, durations), 2);
    assert_near(durations[0].value, 10, 1e-9);
    assert_true(durations[0].cut);
    assert_near(durations[1].value, 5, 1e-9);
    assert_true(durations[1].cut);
}

static void a_short_visit_of_staff_hides_no_longer_one(void **state)
{
    (void)state;
    const struct dw_joined_stay stays[] = { { 0, 100 * S, true },
                                            { 1 * S, 2 * S, true },
                                            { 50 * S, 60 * S, false } };
    struct dw_duration durations[3];
    assert_int_equal(dw_joined(stays, 3, durations), 1);
    assert_near(durations[0].value, 0, 0);
    assert_int_equal(dw_joined(stays, 2, durations), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(staff_who_are_there_keep_nobody_waiting),
        cmocka_unit_test(staff_who_come_end_the_wait),
        cmocka_unit_test(who_leaves_first_waited_that_long_or_longer),
        cmocka_unit_test(a_short_visit_of_staff_hides_no_longer_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
