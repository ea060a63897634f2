/* SPDX-License-Identifier: Apache-2.0 */
#include "core/assign.h"

#include <float.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"

/*
 * Rows and columns that no affordable pair connects do not concern each other: each connected
 * component is a problem of its own, and most are tiny.
 *
 * The rectangular problem with a limit becomes a square one of n = rows + columns: each row gets a
 * dummy column and each column a dummy row, at half the limit each; dummies pair up for nothing.
 * Potentials and paths are indexed from 1; 0 is the path's start.
 */
struct problem {
    const double *cost; /* of all rows and columns */
    size_t stride;
    const int *row_at, *column_at; /* those of this component */
    size_t rows, columns, n;
    double limit;
    double *row_potential, *column_potential, *slack;
    int *row_of, *way, *used;
};

void dw_assign_fini(struct dw_assign *assign)
{
    free(assign->numbers);
    free(assign->indices);
    *assign = (struct dw_assign){ 0 };
}

static void reserve(struct dw_assign *assign, size_t n)
{
    if (n <= assign->capacity)
        return;
    size_t capacity = 2 * n;
    assign->numbers = dw_realloc_array(assign->numbers, 3 * (capacity + 1), sizeof(double));
    assign->indices = dw_realloc_array(assign->indices, 5 * (capacity + 1), sizeof(int));
    assign->capacity = capacity;
}

static double pair_cost(const struct problem *p, size_t row, size_t column)
{
    return p->cost[(size_t)p->row_at[row] * p->stride + (size_t)p->column_at[column]];
}

static double cost_of(const struct problem *p, size_t row, size_t column)
{
    bool real_row = row < p->rows, real_column = column < p->columns;
    if (real_row && real_column) {
        double cost = pair_cost(p, row, column);
        return cost <= p->limit ? cost : 1e9;
    }
    if (!real_row && !real_column)
        return 0;
    bool own_dummy = real_row ? column - p->columns == row : row - p->rows == column;
    return own_dummy ? p->limit / 2 : 1e9;
}

/* One step of Dijkstra over the reduced costs: marks `column` and returns the next one. */
static int step(struct problem *p, int column)
{
    size_t row = (size_t)p->row_of[column] - 1;
    double least = DBL_MAX;
    int next = 0;
    p->used[column] = 1;
    for (size_t j = 1; j <= p->n; j++) {
        if (p->used[j])
            continue;
        double reduced =
            cost_of(p, row, j - 1) - p->row_potential[row + 1] - p->column_potential[j];
        if (reduced < p->slack[j]) {
            p->slack[j] = reduced;
            p->way[j] = column;
        }
        if (p->slack[j] < least) {
            least = p->slack[j];
            next = (int)j;
        }
    }
    for (size_t j = 0; j <= p->n; j++) {
        if (p->used[j]) {
            p->row_potential[p->row_of[j]] += least;
            p->column_potential[j] -= least;
        } else {
            p->slack[j] -= least;
        }
    }
    return next;
}

static void augment(struct problem *p, size_t row)
{
    for (size_t j = 0; j <= p->n; j++) {
        p->slack[j] = DBL_MAX;
        p->used[j] = 0;
    }
    p->row_of[0] = (int)row + 1;
    int column = 0;
    do {
        column = step(p, column);
    } while (p->row_of[column] != 0);
    while (column != 0) {
        int before = p->way[column];
        p->row_of[column] = p->row_of[before];
        column = before;
    }
}

static void solve(struct problem *p, int *column_of)
{
    if (p->rows == 1 && p->columns == 1) {
        column_of[p->row_at[0]] = p->column_at[0];
        return;
    }
    for (size_t j = 0; j <= p->n; j++) {
        p->row_potential[j] = p->column_potential[j] = 0;
        p->row_of[j] = p->way[j] = 0;
    }
    for (size_t i = 0; i < p->n; i++)
        augment(p, i);
    for (size_t j = 1; j <= p->columns; j++)
        if ((size_t)p->row_of[j] <= p->rows)
            column_of[p->row_at[p->row_of[j] - 1]] = p->column_at[j - 1];
}

/* Rows and columns not yet in a component, as two lists; those in one stand before `done`. */
struct rest {
    int *items;
    size_t count, done;
};

/* Moves the items of `to` that may pair with `from` (a row, or a column) into the component. */
static void connect(const struct problem *p, struct rest *to, int from, bool from_row)
{
    for (size_t i = to->done; i < to->count; i++) {
        size_t row = (size_t)(from_row ? from : to->items[i]);
        size_t column = (size_t)(from_row ? to->items[i] : from);
        if (!(p->cost[row * p->stride + column] <= p->limit))
            continue;
        int item = to->items[i];
        to->items[i] = to->items[to->done];
        to->items[to->done++] = item;
    }
}

static void next_component(struct problem *p, struct rest *rows, struct rest *columns)
{
    size_t row = rows->done++, column = columns->done;
    p->row_at = rows->items + row;
    p->column_at = columns->items + column;
    while (row < rows->done || column < columns->done) {
        for (; row < rows->done; row++)
            connect(p, columns, rows->items[row], true);
        for (; column < columns->done; column++)
            connect(p, rows, columns->items[column], false);
    }
    p->rows = (size_t)(rows->items + rows->done - p->row_at);
    p->columns = (size_t)(columns->items + columns->done - p->column_at);
    p->n = p->rows + p->columns;
}

void dw_assign_solve(struct dw_assign *assign, const double *cost, size_t rows, size_t columns,
                     double limit, int *column_of)
{
    for (size_t i = 0; i < rows; i++)
        column_of[i] = -1;
    if (rows == 0 || columns == 0)
        return;

    size_t n = rows + columns;
    reserve(assign, n);
    struct problem p = { .cost = cost, .stride = columns, .limit = limit };
    p.row_potential = assign->numbers;
    p.column_potential = p.row_potential + n + 1;
    p.slack = p.column_potential + n + 1;
    p.row_of = assign->indices;
    p.way = p.row_of + n + 1;
    p.used = p.way + n + 1;
    struct rest row_rest = { p.used + n + 1, rows, 0 };
    struct rest column_rest = { row_rest.items + rows, columns, 0 };
    for (size_t i = 0; i < rows; i++)
        row_rest.items[i] = (int)i;
    for (size_t j = 0; j < columns; j++)
        column_rest.items[j] = (int)j;
    while (row_rest.done < rows) {
        next_component(&p, &row_rest, &column_rest);
        if (p.columns > 0)
            solve(&p, column_of);
    }
}
