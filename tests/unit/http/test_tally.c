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

#include "http/tally.h"

static void visits_are_counted_by_zone_without_staff(void **state)
{
    (void)state;
    struct dw_tally tally = { 0 };
    dw_tally_add(&tally, "visit", "door", "{\"zone\":\"a\",\"dwell_s\":4,\"role\":\"shopper\"}");
    dw_tally_add(&tally, "visit", "door", "{\"zone\":\"a\",\"dwell_s\":10}");
    dw_tally_add(&tally, "visit", "door", "{\"zone\":\"a\",\"dwell_s\":9,\"role\":\"staff\"}");
    dw_tally_add(&tally, "pass", "door", "{\"zone\":\"a\"}");
    dw_tally_add(&tally, "visit", "till", "{\"zone\":\"a\",\"dwell_s\":1}");
    dw_tally_add(&tally, "moment", "till", "{\"zone\":\"b\"}");
    dw_tally_add(&tally, "visit", "till", "no JSON");
    assert_int_equal(tally.zones.count, 2);
    const struct dw_tally_zone *zone = &tally.zones.items[0];
    assert_string_equal(zone->camera, "door");
    assert_int_equal(zone->visits, 2);
    assert_int_equal(zone->passes, 1);
    for (size_t i = 0; i < DW_TALLY_BUCKETS; i++)
        assert_int_equal(zone->dwell[i],
                         (dw_tally_bounds_s[i] >= 4) + (dw_tally_bounds_s[i] >= 10));
    dw_tally_fini(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        visits_are_counted_by_zone_without_staff) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
