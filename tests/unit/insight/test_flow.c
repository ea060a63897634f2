/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "insight/flow.h"

enum zone { DOOR, SHELF, TILL, ZONES };

static struct dw_flow flow_of(struct dw_flow_visit *visits, size_t count)
{
    struct dw_flow flow;
    dw_flow(&flow, ZONES, visits, count, 100);
    return flow;
}

static void ways_are_counted_from_zone_to_zone(void **state)
{
    (void)state;
    struct dw_flow_visit visits[] = {
        { 1, 2, TILL, 50, 60, false, false },   { 1, 1, DOOR, 0, 10, false, false },
        { 1, 1, SHELF, 20, 40, false, false },  { 1, 2, DOOR, 0, 10, false, false },
        { 1, 1, TILL, 100, 120, false, false },
    };
    struct dw_flow flow = flow_of(visits, DW_LENGTH(visits));
    assert_int_equal(flow.ways, 2);
    assert_int_equal(flow.next[DOOR * ZONES + SHELF], 1);
    assert_int_equal(flow.next[DOOR * ZONES + TILL], 1);
    assert_int_equal(flow.next[SHELF * ZONES + TILL], 1);
    assert_int_equal(flow.visits[DOOR], 2);
    assert_int_equal(flow.first[DOOR], 2);
    assert_int_equal(flow.last[TILL], 2);
    dw_flow_fini(&flow);
}

static void who_was_away_for_long_begins_anew(void **state)
{
    (void)state;
    struct dw_flow_visit visits[] = { { 1, 1, DOOR, 0, 10, false, false },
                                      { 1, 1, SHELF, 110, 120, false, false },
                                      { 1, 1, SHELF, 221, 230, false, false } };
    struct dw_flow flow = flow_of(visits, DW_LENGTH(visits));
    assert_int_equal(flow.ways, 2);
    assert_int_equal(flow.next[DOOR * ZONES + SHELF], 1); /* exactly the gap is within it */
    assert_int_equal(flow.next[SHELF * ZONES + SHELF], 0);
    assert_int_equal(flow.last[SHELF], 2);
    dw_flow_fini(&flow);
}

static void the_same_number_in_another_run_is_somebody_else(void **state)
{
    (void)state;
    struct dw_flow_visit visits[] = { { 1, 1, DOOR, 0, 10, false, false },
                                      { 2, 1, SHELF, 20, 30, false, false } };
    struct dw_flow flow = flow_of(visits, DW_LENGTH(visits));
    assert_int_equal(flow.ways, 2);
    assert_int_equal(flow.next[DOOR * ZONES + SHELF], 0);
    dw_flow_fini(&flow);
}

static void a_long_visit_holds_the_way_together(void **state)
{
    (void)state;
    struct dw_flow_visit visits[] = { { 1, 1, DOOR, 0, 500, false, false },
                                      { 1, 1, SHELF, 10, 20, false, false },
                                      { 1, 1, TILL, 550, 560, false, false } };
    struct dw_flow flow = flow_of(visits, DW_LENGTH(visits));
    assert_int_equal(flow.ways, 1);
    assert_int_equal(flow.next[SHELF * ZONES + TILL], 1);
    dw_flow_fini(&flow);
}

static void where_a_cut_visit_led_is_not_known(void **state)
{
    (void)state;
    struct dw_flow_visit visits[] = { { 1, 1, DOOR, 0, 10, true, true },
                                      { 1, 2, DOOR, 0, 10, false, false } };
    struct dw_flow flow = flow_of(visits, DW_LENGTH(visits));
    assert_int_equal(flow.unknown[DOOR], 1);
    assert_int_equal(flow.last[DOOR], 1);
    assert_int_equal(flow.ways_first, 1);
    assert_int_equal(flow.ways_last, 1);
    dw_flow_fini(&flow);
}

static void every_visit_leads_somewhere(void **state)
{
    (void)state;
    struct dw_flow_visit visits[300];
    for (size_t i = 0; i < DW_LENGTH(visits); i++)
        visits[i] = (struct dw_flow_visit){ (int64_t)(i % 2),
                                            (int64_t)(i % 7),
                                            i % ZONES,
                                            (int64_t)(i * 31 % 977),
                                            (int64_t)(i * 31 % 977 + i % 5),
                                            i % 3 == 0,
                                            i % 11 == 0 };
    struct dw_flow flow = flow_of(visits, DW_LENGTH(visits));
    for (size_t zone = 0; zone < ZONES; zone++) {
        size_t sum = flow.last[zone] + flow.unknown[zone];
        for (size_t to = 0; to < ZONES; to++)
            sum += flow.next[zone * ZONES + to];
        assert_int_equal(sum, flow.visits[zone]);
    }
    dw_flow_fini(&flow);
}

static void nobody_goes_nowhere(void **state)
{
    (void)state;
    struct dw_flow flow;
    dw_flow(&flow, 0, NULL, 0, 100);
    assert_int_equal(flow.ways, 0);
    dw_flow_fini(&flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_are_counted_from_zone_to_zone),
        cmocka_unit_test(who_was_away_for_long_begins_anew),
        cmocka_unit_test(the_same_number_in_another_run_is_somebody_else),
        cmocka_unit_test(a_long_visit_holds_the_way_together),
        cmocka_unit_test(where_a_cut_visit_led_is_not_known),
        cmocka_unit_test(every_visit_leads_somewhere),
        cmocka_unit_test(nobody_goes_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
