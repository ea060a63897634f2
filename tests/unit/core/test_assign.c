/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/assign.h"
#include "lib/prop.h"

#define SIDE_MAX 6

/* The least cost by trying everything: each row takes each free column, or stays alone. */
static double least_cost(const double *cost, size_t rows, size_t columns, double limit, size_t row,
                         unsigned taken)
{
    if (row == rows) {
        size_t alone = columns;
        for (size_t j = 0; j < columns; j++)
            alone -= (taken >> j) & 1;
        return (double)alone * limit / 2;
    }
    double best = limit / 2 + least_cost(cost, rows, columns, limit, row + 1, taken);
    for (size_t j = 0; j < columns; j++) {
        double own = cost[row * columns + j];
        if ((taken >> j & 1) == 0 && own <= limit)
            best =
                fmin(best, own + least_cost(cost, rows, columns, limit, row + 1, taken | 1u << j));
    }
    return best;
}

static double cost_of(const double *cost, size_t rows, size_t columns, double limit,
                      const int *column_of)
{
    double sum = limit / 2 * (double)columns;
    for (size_t i = 0; i < rows; i++)
        sum += column_of[i] < 0 ? limit / 2 : cost[i * columns + (size_t)column_of[i]] - limit / 2;
    return sum;
}

static void solve(struct dw_assign *assign, const double *cost, size_t rows, size_t columns,
                  double limit, int *column_of)
{
    dw_assign_begin(assign, columns, limit);
    for (size_t i = 0; i < rows; i++) {
        dw_assign_row(assign);
        for (size_t j = 0; j < columns; j++)
            dw_assign_offer(assign, j, cost[i * columns + j]);
    }
    dw_assign_solve(assign, column_of);
}

static void pairs_cost_no_more_than_the_best_of_all_possibilities(void **state)
{
    (void)state;
    struct dw_assign assign = { 0 };
    PROP(prop, 3000)
    {
        double cost[SIDE_MAX * SIDE_MAX];
        int column_of[SIDE_MAX];
        size_t rows = (size_t)prop_int(&prop, 0, SIDE_MAX);
        size_t columns = (size_t)prop_int(&prop, 0, SIDE_MAX);
        bool coarse = prop_chance(&prop, 0.5); /* many ties */
        double limit = prop_real(&prop, 0, 1.2);
        for (size_t i = 0; i < rows * columns; i++)
            cost[i] = coarse ? (double)prop_int(&prop, 0, 4) / 4 : prop_real(&prop, 0, 1);
        solve(&assign, cost, rows, columns, limit, column_of);

        unsigned taken = 0;
        for (size_t i = 0; i < rows; i++) {
            if (column_of[i] < 0)
                continue;
            unsigned bit = 1u << column_of[i];
            prop_assert(&prop, (taken & bit) == 0);
            prop_assert(&prop, cost[i * columns + (size_t)column_of[i]] <= limit);
            taken |= bit;
        }
        double reached = cost_of(cost, rows, columns, limit, column_of);
        double least = least_cost(cost, rows, columns, limit, 0, 0);
        prop_assert(&prop, fabs(reached - least) < 1e-9);
    }
    dw_assign_fini(&assign);
}

static void what_is_too_dear_or_not_a_number_stays_alone(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double cost[4], limit;
        int wanted[2];
    } cases[] = {
        { "a swap is cheaper than the greedy choice", { 1, 2, 2, 9 }, 10, { 1, 0 } },
        { "one pair over the limit is left out", { 0.2, 5, 5, 5 }, 1, { 0, -1 } },
        { "nothing within the limit", { 5, 5, 5, 5 }, 1, { -1, -1 } },
        { "not a number is no pair", { (double)NAN, 0.5, (double)NAN, 0.4 }, 1, { -1, 1 } },
        { "infinity is no pair", { (double)INFINITY, 0, 0, (double)INFINITY }, 1, { 1, 0 } },
    };
    struct dw_assign assign = { 0 };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        int column_of[2] = { 7, 7 };
        solve(&assign, cases[i].cost, 2, 2, cases[i].limit, column_of);
        if (column_of[0] != cases[i].wanted[0] || column_of[1] != cases[i].wanted[1])
            fail_msg("%s: got %d %d", cases[i].name, column_of[0], column_of[1]);
    }
    dw_assign_fini(&assign);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_cost_no_more_than_the_best_of_all_possibilities),
        cmocka_unit_test(what_is_too_dear_or_not_a_number_stays_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
