/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/macros.h"

#include "core/ranks.h"
#include "lib/near.h"
#include "lib/prop.h"

/*
 * Permeability of the human chorioamnion: Hollander and Wolfe, Nonparametric Statistical Methods,
 * table 4.1, the example of R's wilcox.test: W = 35, shift 0.305. The p of the normal approximation
 * is that of SciPy 1.17.1, mannwhitneyu(method='asymptotic').
 */
static void permeability_equals_hollander_and_wolfe(void **state)
{
    (void)state;
    double x[] = { .80, .83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, .73, 1.46 };
    double y[] = { 1.15, .88, .90, .74, 1.21 };
    struct dw_rank_test test = dw_rank_test(x, 10, y, 5);
    assert_true(test.known);
    assert_near(test.u, 35, 0);
    assert_near(test.share, .7, 1e-15);
    assert_near(test.p, .24462360512698333, 1e-12);
    assert_near(test.shift.value, .305, 1e-12);
    assert_near(test.shift.low, -.15, 1e-12);
    assert_near(test.shift.high, .76, 1e-12);
}

/* SciPy 1.17.1 and NumPy 2.4.6; the values are made up. */
static void ties_are_corrected_for(void **state)
{
    (void)state;
    double x[] = { 1, 2, 2, 3, 5, 5, 5, 8 }, y[] = { 2, 4, 5, 6, 7, 7, 9 };
    struct dw_rank_test test = dw_rank_test(x, 8, y, 7);
    assert_near(test.u, 15.5, 0);
    assert_near(test.p, .15921654578553635, 1e-12);
    assert_true(test.z < 0);
    assert_near(test.shift.value, -2, 0);
    assert_near(test.shift.low, -5, 0);
    assert_near(test.shift.high, 1, 0);
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void counting_finds_what_writing_all_pairs_down_finds(void **state)
{
    (void)state;
    PROP(prop, 200)
    {
        double x[20], y[20], pairs[400];
        size_t n = (size_t)prop_int(&prop, 1, 20), m = (size_t)prop_int(&prop, 1, 20), count = 0;
        double step = prop_chance(&prop, .5) ? 1 : 1e-3, wins = 0;
        for (size_t i = 0; i < n; i++)
            x[i] = step * (double)prop_int(&prop, -9, 9);
        for (size_t i = 0; i < m; i++)
            y[i] = step * (double)prop_int(&prop, -9, 9);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < m; k++) {
                wins += x[i] > y[k] ? 1 : x[i] == y[k] ? .5 : 0;
                pairs[count++] = x[i] - y[k];
            }
        qsort(pairs, count, sizeof(*pairs), compare);
        struct dw_rank_test test = dw_rank_test(x, n, y, m);
        double median = (pairs[(count - 1) / 2] + pairs[count / 2]) / 2;
        prop_assert(&prop, test.u == wins);
        prop_assert(&prop, test.shift.value == median);
        prop_assert(&prop, test.shift.low <= median && median <= test.shift.high);
    }
}

/* Ranks by counting, not by sorting. */
static void rank_all(const double *values, size_t count, double *ranks)
{
    for (size_t i = 0; i < count; i++) {
        ranks[i] = .5;
        for (size_t k = 0; k < count; k++)
            ranks[i] += values[k] < values[i] ? 1 : values[k] == values[i] ? .5 : 0;
    }
}

/* Two strata of five, two and three of which are of side 1: mean and variance of the sum of their
 * ranks over all 10 x 10 ways to choose them. */
static void aligned_ranks_are_judged_by_all_ways_to_deal_the_sides(void **state)
{
    (void)state;
    static const double values[] = { 1, 5, 4, 8, 2, 31, 36, 33, 39, 31 };
    static const size_t chosen[2] = { 2, 3 };
    enum { STRATUM = 5, COUNT = 2 * STRATUM };
    double aligned[COUNT], ranks[COUNT], sums[2][1 << STRATUM], sum = 0, squares = 0, ways = 0;
    for (size_t i = 0; i < COUNT; i++)
        aligned[i] = values[i] - (i < STRATUM ? 4 : 34);
    rank_all(aligned, COUNT, ranks);
    size_t found[2] = { 0 };
    for (unsigned bits = 0; bits < 1U << STRATUM; bits++)
        for (size_t s = 0; s < 2; s++)
            if ((size_t)__builtin_popcount(bits) == chosen[s]) {
                sums[s][found[s]] = 0;
                for (size_t i = 0; i < STRATUM; i++)
                    sums[s][found[s]] += (bits >> i & 1) != 0 ? ranks[s * STRATUM + i] : 0;
                found[s]++;
            }
    for (size_t a = 0; a < found[0]; a++)
        for (size_t b = 0; b < found[1]; b++) {
            double way = sums[0][a] + sums[1][b];
            sum += way;
            squares += way * way;
            ways++;
        }
    struct dw_rank_item items[COUNT];
    double own = 0, mean = sum / ways, spread = sqrt(squares / ways - mean * mean);
    for (size_t i = 0; i < COUNT; i++) {
        int side = i % STRATUM >= STRATUM - chosen[i / STRATUM];
        items[i] = (struct dw_rank_item){ (int)(i / STRATUM), side, values[i] };
        own += side == 1 ? ranks[i] : 0;
    }
    struct dw_aligned_ranks test = dw_aligned_rank_test(items, COUNT);
    assert_true(test.known);
    assert_near(test.z, (own - mean - copysign(.5, own - mean)) / spread, 1e-12);
    assert_near(test.p, erfc(fabs(test.z) / sqrt(2)), 1e-12);
}

static void a_stratum_of_one_side_says_nothing_of_aligned_ranks(void **state)
{
    (void)state;
    struct dw_rank_item items[] = { { 0, 0, 1 }, { 0, 1, 2 }, { 1, 1, 90 }, { 1, 1, 70 } };
    struct dw_aligned_ranks with = dw_aligned_rank_test(items, 4);
    struct dw_aligned_ranks without = dw_aligned_rank_test(items, 2);
    assert_true(with.known && without.known);
    assert_near(with.z, without.z, 0);
    assert_false(dw_aligned_rank_test(&items[2], 2).known);
    assert_false(dw_aligned_rank_test(NULL, 0).known);
}

static void nothing_to_tell_apart_gives_no_figure(void **state)
{
    (void)state;
    double x[] = { 3, 3 }, y[] = { 3 };
    assert_false(dw_rank_test(x, 2, y, 1).known);
    assert_false(dw_rank_test(x, 0, y, 1).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(permeability_equals_hollander_and_wolfe),
        cmocka_unit_test(ties_are_corrected_for),
        cmocka_unit_test(counting_finds_what_writing_all_pairs_down_finds),
        cmocka_unit_test(aligned_ranks_are_judged_by_all_ways_to_deal_the_sides),
        cmocka_unit_test(a_stratum_of_one_side_says_nothing_of_aligned_ranks),
        cmocka_unit_test(nothing_to_tell_apart_gives_no_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
