/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/random.h"
#include "insight/shifts.h"

struct plan {
    struct dw_shift shifts[DW_SHIFTS_MAX];
    size_t count;
    int hours, people;
};

static struct plan cover(const int need[DW_SHIFT_HOURS], int min_hours, int max_hours)
{
    struct plan plan = { .count = 0 };
    plan.count = dw_shifts_cover(plan.shifts, need, min_hours, max_hours);
    for (size_t i = 0; i < plan.count; i++) {
        plan.hours += (plan.shifts[i].to_hour - plan.shifts[i].from_hour) * plan.shifts[i].people;
        plan.people += plan.shifts[i].people;
    }
    return plan;
}

static void assert_shift(const struct dw_shift *shift, int from, int to, int people)
{
    assert_int_equal(shift->from_hour, from);
    assert_int_equal(shift->to_hour, to);
    assert_int_equal(shift->people, people);
}

static void a_closed_day_needs_nobody(void **state)
{
    (void)state;
    int need[DW_SHIFT_HOURS] = { 0 };
    assert_int_equal(cover(need, 4, 8).count, 0);
}

static void one_even_day_is_one_shift(void **state)
{
    (void)state;
    int need[DW_SHIFT_HOURS] = { 0 };
    for (int hour = 9; hour < 17; hour++)
        need[hour] = 2;
    struct plan plan = cover(need, 4, 8);
    assert_int_equal(plan.count, 1);
    assert_shift(&plan.shifts[0], 9, 17, 2);
}

static void a_long_day_is_split_without_an_hour_too_many(void **state)
{
    (void)state;
    int need[DW_SHIFT_HOURS] = { 0 };
    for (int hour = 9; hour < 20; hour++)
        need[hour] = 1;
    struct plan plan = cover(need, 4, 8);
    assert_int_equal(plan.hours, 11);
    assert_int_equal(plan.people, 2);
}

static void a_peak_is_covered_by_the_shortest_shift_allowed(void **state)
{
    (void)state;
    int need[DW_SHIFT_HOURS] = { 0 };
    for (int hour = 9; hour < 17; hour++)
        need[hour] = 1;
    need[16] = 3; /* a shift that begins at 16 would outlast the day: it begins at 13 */
    struct plan plan = cover(need, 4, 8);
    assert_int_equal(plan.hours, 8 + 2 * 4);
    assert_int_equal(plan.count, 2);
    assert_shift(&plan.shifts[0], 9, 17, 1);
    assert_shift(&plan.shifts[1], 13, 17, 2);
}

static void peaks_are_covered_where_shifts_overlap(void **state)
{
    (void)state;
    int need[DW_SHIFT_HOURS] = { 0 };
    for (int hour = 8; hour < 22; hour++)
        need[hour] = 1;
    need[10] = need[16] = 2; /* 8 to 14, 10 to 17, 16 to 22: each peak lies in two of them */
    struct plan plan = cover(need, 6, 14);
    assert_int_equal(plan.hours, 6 + 7 + 6);
    assert_int_equal(plan.people, 3);
}

static void a_day_shorter_than_a_shift_is_one_shift(void **state)
{
    (void)state;
    int need[DW_SHIFT_HOURS] = { [10] = 1, [11] = 2, [12] = 1 };
    struct plan plan = cover(need, 4, 8);
    assert_int_equal(plan.count, 1);
    assert_shift(&plan.shifts[0], 10, 13, 2);
}

/* Hours of the best plan for the hours from `hour` on, by trying everything: three hours' need,
 * shifts of two hours. x[i] shifts begin at hour i; one of three hours counts as well. */
static int best_by_trying(const int need[3], int most)
{
    int best = 1000;
    for (int first = 0; first <= most; first++)
        for (int second = 0; second <= most; second++)
            for (int whole = 0; whole <= most; whole++)
                if (first + whole >= need[0] && first + second + whole >= need[1] &&
                    second + whole >= need[2])
                    best = DW_MIN(best, 2 * first + 2 * second + 3 * whole);
    return best;
}

static void no_plan_has_fewer_hours(void **state)
{
    (void)state;
    for (int code = 0; code < 4 * 4 * 4; code++) {
        int need[DW_SHIFT_HOURS] = {
            [9] = 1 + code % 4, [10] = code / 4 % 4, [11] = 1 + code / 16
        };
        assert_int_equal(cover(need, 2, 3).hours, best_by_trying(need + 9, 8));
    }
}

static void every_plan_covers_and_keeps_the_lengths(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (int round = 0; round < 200; round++) {
        int need[DW_SHIFT_HOURS] = { 0 };
        for (int hour = 7; hour < 21; hour++)
            need[hour] = 1 + (int)dw_random_below(&random, 9);
        struct plan plan = cover(need, 3 + round % 4, 8);
        for (size_t i = 0; i < plan.count; i++) {
            int from = plan.shifts[i].from_hour, to = plan.shifts[i].to_hour;
            assert_in_range(to - from, 3 + round % 4, 8);
            assert_true(from >= 7 && to <= 21);
            for (int hour = from; hour < to; hour++)
                need[hour] -= plan.shifts[i].people;
        }
        for (int hour = 0; hour < DW_SHIFT_HOURS; hour++)
            assert_true(need[hour] <= 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_day_needs_nobody),
        cmocka_unit_test(one_even_day_is_one_shift),
        cmocka_unit_test(a_long_day_is_split_without_an_hour_too_many),
        cmocka_unit_test(a_peak_is_covered_by_the_shortest_shift_allowed),
        cmocka_unit_test(peaks_are_covered_where_shifts_overlap),
        cmocka_unit_test(a_day_shorter_than_a_shift_is_one_shift),
        cmocka_unit_test(no_plan_has_fewer_hours),
        cmocka_unit_test(every_plan_covers_and_keeps_the_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
