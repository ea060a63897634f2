/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/vec.h"
#include "core/presence.h"

/* The most at once. */
static int most(struct dw_presence *presence)
{
    int present = 0, found = 0;
    dw_presence_sort(presence);
    for (size_t i = 0; i < presence->count; i++) {
        present += presence->items[i].change;
        found = present > found ? present : found;
    }
    assert_int_equal(present, 0);
    dw_vec_fini(presence);
    return found;
}

static void nobody_makes_no_steps(void **state)
{
    (void)state;
    struct dw_presence presence = { 0 };
    dw_presence_add(&presence, 5, 5);
    dw_presence_add(&presence, 5, 4);
    assert_int_equal(presence.count, 0);
    assert_int_equal(most(&presence), 0);
}

static void who_leaves_as_another_comes_is_not_there_with_them(void **state)
{
    (void)state;
    struct dw_presence presence = { 0 };
    dw_presence_add(&presence, 7, 9);
    dw_presence_add(&presence, 1, 7);
    assert_int_equal(most(&presence), 1);
}

static void those_who_overlap_are_there_at_once(void **state)
{
    (void)state;
    struct dw_presence presence = { 0 };
    dw_presence_add(&presence, 6, 9);
    dw_presence_add(&presence, 1, 7);
    dw_presence_add(&presence, 2, 3);
    dw_presence_add(&presence, 6, 8);
    assert_int_equal(most(&presence), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_makes_no_steps),
        cmocka_unit_test(who_leaves_as_another_comes_is_not_there_with_them),
        cmocka_unit_test(those_who_overlap_are_there_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
