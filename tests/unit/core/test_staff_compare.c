/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/staff_compare.h"

static void each_way_is_judged_by_the_marks_and_all_are_counted(void **state)
{
    (void)state;
    const struct {
        enum dw_role mark, first, second;
    } people[] = {
        { DW_ROLE_STAFF, DW_ROLE_STAFF, DW_ROLE_STAFF },
        { DW_ROLE_STAFF, DW_ROLE_UNKNOWN, DW_ROLE_STAFF },
        { DW_ROLE_STAFF, DW_ROLE_SHOPPER, DW_ROLE_UNKNOWN },
        { DW_ROLE_SHOPPER, DW_ROLE_SHOPPER, DW_ROLE_STAFF },
        { DW_ROLE_SHOPPER, DW_ROLE_SHOPPER, DW_ROLE_SHOPPER },
        { DW_ROLE_UNKNOWN, DW_ROLE_SHOPPER, DW_ROLE_STAFF },
    };
    struct dw_staff_compared compared = { 0 };
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
        dw_staff_compared_add(&compared, people[i].mark, people[i].first, people[i].second);
    assert_int_equal(compared.people[DW_ROLE_SHOPPER][DW_ROLE_STAFF], 2);
    assert_int_equal(compared.people[DW_ROLE_STAFF][DW_ROLE_SHOPPER], 0);
    struct dw_staff_marks first = dw_staff_compared_marks(&compared, 0),
                          second = dw_staff_compared_marks(&compared, 1);
    assert_int_equal(first.staff, 3);
    assert_int_equal(first.shoppers, 2);
    assert_int_equal(first.staff_found, 1);
    assert_int_equal(first.shoppers_found, 0);
    assert_int_equal(second.staff, 3);
    assert_int_equal(second.staff_found, 2);
    assert_int_equal(second.shoppers_found, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        each_way_is_judged_by_the_marks_and_all_are_counted) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
