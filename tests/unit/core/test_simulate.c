/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/wall_time.h"
#include "core/simulate.h"
#include "lib/near.h"

/* Over many days: who passed a display, who of them stopped, and the days' luck. */
struct totals {
    double shoppers, passers, stops, staff, cut, gaps_us, open_days;
};

static struct totals add_up(const struct dw_simulate_conf *conf, int display, int days)
{
    struct dw_simulated_day found = { 0 };
    struct totals totals = { 0 };
    for (int day = 0; day < days; day++) {
        dw_simulate_day(conf, day, &found);
        totals.open_days += found.open;
        for (size_t i = 0; i < found.crossings.count; i++)
            totals.shoppers += found.crossings.items[i].inward;
        for (size_t i = 0; i < found.gaps.count; i++)
            totals.gaps_us += (double)(found.gaps.items[i].end_us - found.gaps.items[i].start_us);
        for (size_t i = 0; i < found.stays.count; i++) {
            const struct dw_simulated_stay *stay = &found.stays.items[i];
            bool counts = !stay->staff && stay->display == display;
            totals.staff += stay->staff;
            totals.cut += stay->cut_start || stay->cut_end;
            totals.passers += counts;
            totals.stops += counts && stay->exit_us - stay->enter_us >= 3 * DW_SECOND_US;
        }
    }
    dw_simulated_day_fini(&found);
    return totals;
}

static struct dw_simulate_conf steady(void)
{
    struct dw_simulate_conf conf = dw_simulate_default();
    conf.season = conf.day_spread = conf.stop_spread = conf.dwell_spread = 0;
    conf.gaps_per_day = 0;
    conf.staff = 0;
    return conf;
}

static void a_shop_is_as_it_was_described(void **state)
{
    (void)state;
    struct dw_simulate_conf conf = steady();
    struct dw_simulated_display display = dw_simulate_display(&conf, 2);
    struct totals totals = add_up(&conf, 2, 70);
    assert_near(totals.open_days, 60, 0);
    /* Within five standard errors. */
    assert_near(totals.shoppers / 60, 600, 5 * sqrt(600. / 60));
    assert_near(totals.passers / totals.shoppers, display.passing, 5 * .5 / sqrt(totals.shoppers));
    assert_near(totals.stops / totals.passers, display.stopping, 5 * .5 / sqrt(totals.passers));
    assert_near(totals.staff, 0, 0);
}

static void a_promotion_has_the_effect_that_was_put_in(void **state)
{
    (void)state;
    struct dw_simulate_conf conf = steady();
    struct totals before = add_up(&conf, 1, 56);
    conf.promotions[0] = (struct dw_promotion){ 1, 0, 55, 1, 1.3, 1.2, 1 };
    conf.promotion_count = 1;
    struct totals after = add_up(&conf, 1, 56), other = add_up(&conf, 0, 56);
    assert_near(after.passers / before.passers, 1.3, .06);
    assert_near(after.stops / after.passers / (before.stops / before.passers), 1.2, .06);
    conf.promotion_count = 0;
    assert_near(other.passers / add_up(&conf, 0, 56).passers, 1, .06);
}

static void schedules_are_kept(void **state)
{
    (void)state;
    struct dw_simulate_conf conf = steady();
    conf.promotions[0] = (struct dw_promotion){ 1, 10, 20, 2, 2, 1, 1 };
    conf.promotions[1] = (struct dw_promotion){ -1, 14, 14, 1, 1, 1, 3 };
    conf.promotion_count = 2;
    assert_near(dw_simulate_promoted(&conf, 1, 9).footfall, 1, 0);
    assert_near(dw_simulate_promoted(&conf, 1, 10).footfall, 2, 0);
    assert_near(dw_simulate_promoted(&conf, 1, 11).footfall, 1, 0);
    assert_near(dw_simulate_promoted(&conf, 1, 20).footfall, 2, 0);
    assert_near(dw_simulate_promoted(&conf, 1, 22).footfall, 1, 0);
    assert_near(dw_simulate_promoted(&conf, 0, 10).footfall, 1, 0);
    assert_near(dw_simulate_promoted(&conf, 1, 14).footfall, 2, 0);
    assert_near(dw_simulate_promoted(&conf, 1, 14).dwell, 3, 0);
}

static void a_day_is_the_same_every_time_and_by_itself(void **state)
{
    (void)state;
    struct dw_simulate_conf conf = dw_simulate_default();
    struct dw_simulated_day first = { 0 }, again = { 0 }, other = { 0 };
    dw_simulate_day(&conf, 3, &first);
    dw_simulate_day(&conf, 4, &again);
    dw_simulate_day(&conf, 3, &again);
    conf.seed = 2;
    dw_simulate_day(&conf, 3, &other);
    assert_true(first.stays.count > 100);
    assert_int_equal(first.stays.count, again.stays.count);
    for (size_t i = 0; i < first.stays.count; i++) {
        assert_int_equal(first.stays.items[i].enter_us, again.stays.items[i].enter_us);
        assert_int_equal(first.stays.items[i].exit_us, again.stays.items[i].exit_us);
    }
    assert_true(other.stays.items[0].enter_us != first.stays.items[0].enter_us);
    dw_simulated_day_fini(&first);
    dw_simulated_day_fini(&again);
    dw_simulated_day_fini(&other);
}

static void assert_outside_gaps(const struct dw_simulated_day *day,
                                const struct dw_simulated_stay *stay)
{
    bool at_start = false, at_end = stay->exit_us == day->close_us;
    assert_true(stay->exit_us >= stay->enter_us);
    for (size_t i = 0; i < day->gaps.count; i++) {
        const struct dw_gap *gap = &day->gaps.items[i];
        assert_true(stay->exit_us <= gap->start_us || stay->enter_us >= gap->end_us);
        at_start |= stay->enter_us == gap->end_us;
        at_end |= stay->exit_us == gap->start_us;
    }
    if (stay->cut_start)
        assert_true(at_start);
    if (stay->cut_end)
        assert_true(at_end);
}

static void nothing_is_seen_in_a_gap_and_what_it_cut_is_marked(void **state)
{
    (void)state;
    struct dw_simulate_conf conf = dw_simulate_default();
    struct dw_simulated_day day = { 0 };
    int cut_start = 0, cut_end = 0;
    conf.gaps_per_day = 12;
    conf.shoppers = 3000;
    for (int number = 0; number < 6; number++) {
        dw_simulate_day(&conf, number, &day);
        assert_true(day.gaps.count > 0);
        for (size_t i = 0; i < day.gaps.count; i++)
            assert_true(i == 0 || day.gaps.items[i].start_us > day.gaps.items[i - 1].end_us);
        for (size_t i = 0; i < day.stays.count; i++) {
            assert_outside_gaps(&day, &day.stays.items[i]);
            cut_start += day.stays.items[i].cut_start;
            cut_end += day.stays.items[i].cut_end;
        }
    }
    assert_true(cut_start > 10 && cut_end > 10);
    dw_simulated_day_fini(&day);
}

static void sundays_are_closed(void **state)
{
    (void)state;
    struct dw_simulate_conf conf = dw_simulate_default();
    struct dw_simulated_day day = { 0 };
    conf.first_weekday = 5;
    dw_simulate_day(&conf, 1, &day);
    assert_false(day.open);
    assert_int_equal(day.stays.count, 0);
    dw_simulate_day(&conf, 2, &day);
    assert_true(day.open);
    dw_simulated_day_fini(&day);
}

static void ids_differ(void **state)
{
    (void)state;
    uint8_t first[16], again[16], other[16];
    dw_simulated_id(first, 1, 2, 3);
    dw_simulated_id(again, 1, 2, 3);
    dw_simulated_id(other, 1, 2, 4);
    assert_memory_equal(first, again, 16);
    assert_memory_not_equal(first, other, 16);
    assert_int_equal(first[6] >> 4, 8);
    assert_int_equal(first[8] >> 6, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shop_is_as_it_was_described),
        cmocka_unit_test(a_promotion_has_the_effect_that_was_put_in),
        cmocka_unit_test(schedules_are_kept),
        cmocka_unit_test(a_day_is_the_same_every_time_and_by_itself),
        cmocka_unit_test(nothing_is_seen_in_a_gap_and_what_it_cut_is_marked),
        cmocka_unit_test(sundays_are_closed),
        cmocka_unit_test(ids_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
