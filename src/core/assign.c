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
 * To leave a row and a column alone costs the limit, and to leave more columns alone than that is
 * the same for every solution. So each row may end in a column of its own, which costs the limit
 * and which no other row can reach: it has no place in memory and its potential stays 0.
 * Potentials and paths are indexed from 1; 0 is the path's start.
 */
struct problem {
    const double *cost; /* of all rows and columns */
    size_t stride;
    const int *row_at, *column_at; /* those of this component */
    size_t rows, columns;
    double limit;
    double *row_potential, *column_potential, *slack;
    int *row_of, *way, *used;
    double alone_slack; /* of the cheapest way to leave a row alone ... */
    int alone_way;      /* ... which begins at this column's row */
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

/* Moves the potentials such that the columns at distance `least` are reached. */
static void move_potentials(struct problem *p, double least)
{
    for (size_t j = 0; j <= p->columns; j++) {
        if (p->used[j]) {
            p->row_potential[p->row_of[j]] += least;
            p->column_potential[j] -= least;
        } else {
            p->slack[j] -= least;
        }
    }
    p->alone_slack -= least;
}

/* One step of Dijkstra over the reduced costs: marks `column` and returns the next one, or -1 when
 * it is cheaper to leave a row alone. */
static int step(struct problem *p, int column)
{
    int row = p->row_of[column], next = -1;
    const double *cost = p->cost + (size_t)p->row_at[row - 1] * p->stride;
    double potential = p->row_potential[row], least = DBL_MAX;
    p->used[column] = 1;
    if (p->limit - potential < p->alone_slack) {
        p->alone_slack = p->limit - potential;
        p->alone_way = column;
    }
    for (size_t j = 1; j <= p->columns; j++) {
        if (p->used[j])
            continue;
        double own = cost[p->column_at[j - 1]];
        double reduced = own <= p->limit ? own - potential - p->column_potential[j] : DBL_MAX;
        if (reduced < p->slack[j]) {
            p->slack[j] = reduced;
            p->way[j] = column;
        }
        if (p->slack[j] < least) {
            least = p->slack[j];
            next = (int)j;
        }
    }
    if (p->alone_slack < least) {
        least = p->alone_slack;
        next = -1;
    }
    move_potentials(p, least);
    return next;
}

static void augment(struct problem *p, size_t row)
{
    for (size_t j = 0; j <= p->columns; j++) {
        p->slack[j] = DBL_MAX;
        p->used[j] = 0;
    }
    p->alone_slack = DBL_MAX;
    p->alone_way = 0;
    p->row_of[0] = (int)row + 1;
    int column = 0;
    do {
        column = step(p, column);
    } while (column >= 0 && p->row_of[column] != 0);
    if (column < 0)
        column = p->alone_way;
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
    for (size_t i = 0; i <= p->rows; i++)
        p->row_potential[i] = 0;
    for (size_t j = 0; j <= p->columns; j++) {
        p->column_potential[j] = 0;
        p->row_of[j] = p->way[j] = 0;
    }
    for (size_t i = 0; i < p->rows; i++)
        augment(p, i);
    for (size_t j = 1; j <= p->columns; j++)
        if (p->row_of[j] > 0)
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
