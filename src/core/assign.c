/* SPDX-License-Identifier: Apache-2.0 */
#include "core/assign.h"

#include <float.h>

/*
 * To leave a row and a column alone costs the limit, and to leave more columns alone than that is
 * the same for every solution. So each row may end in a column of its own, which costs the limit
 * and which no other row can reach: it has no place in memory and its potential stays 0. Column
 * `count` of them is the start of the path.
 */
struct path {
    struct dw_assign *assign;
    int start;
    double alone_slack; /* of the cheapest way to leave a row alone ... */
    int alone_way;      /* ... which begins at this column's row */
};

void dw_assign_fini(struct dw_assign *assign)
{
    dw_vec_fini(&assign->rows);
    dw_vec_fini(&assign->columns);
    dw_vec_fini(&assign->offers);
    dw_vec_fini(&assign->reached);
}

void dw_assign_begin(struct dw_assign *assign, size_t columns, double limit)
{
    assign->limit = limit;
    dw_vec_clear(&assign->rows);
    dw_vec_clear(&assign->columns);
    dw_vec_clear(&assign->offers);
    for (size_t i = 0; i <= columns; i++)
        dw_vec_push(&assign->columns, ((struct dw_assign_column){ .row = -1, .slack = DBL_MAX }));
}

void dw_assign_row(struct dw_assign *assign)
{
    dw_vec_push(&assign->rows, ((struct dw_assign_row){ .first = assign->offers.count }));
}

void dw_assign_offer(struct dw_assign *assign, size_t column, double cost)
{
    if (cost <= assign->limit)
        dw_vec_push(&assign->offers, ((struct dw_assign_offer){ (int)column, cost }));
}

/* Moves the potentials such that the columns at distance `least` are settled. */
static void move_potentials(struct path *path, double least)
{
    struct dw_assign *assign = path->assign;
    for (size_t i = 0; i < assign->reached.count; i++) {
        struct dw_assign_column *column = &assign->columns.items[assign->reached.items[i]];
        if (column->settled) {
            assign->rows.items[column->row].potential += least;
            column->potential -= least;
        } else {
            column->slack -= least;
        }
    }
    path->alone_slack -= least;
}

/* The columns that can be had instead of `at` by the row that has it. */
static void reach_from(struct path *path, int at)
{
    struct dw_assign *assign = path->assign;
    size_t row = (size_t)assign->columns.items[at].row, end = assign->offers.count;
    double potential = assign->rows.items[row].potential;
    if (row + 1 < assign->rows.count)
        end = assign->rows.items[row + 1].first;
    if (assign->limit - potential < path->alone_slack) {
        path->alone_slack = assign->limit - potential;
        path->alone_way = at;
    }
    for (size_t i = assign->rows.items[row].first; i < end; i++) {
        int index = assign->offers.items[i].column;
        struct dw_assign_column *column = &assign->columns.items[index];
        double reduced = assign->offers.items[i].cost - potential - column->potential;
        if (column->settled || !(reduced < column->slack))
            continue;
        if (!column->reached)
            dw_vec_push(&assign->reached, index);
        column->reached = true;
        column->slack = reduced;
        column->way = at;
    }
}

/* One step of Dijkstra over the reduced costs: settles column `at` and returns the next one, or -1
 * when it is cheaper to leave a row alone. */
static int step(struct path *path, int at)
{
    struct dw_assign *assign = path->assign;
    int next = -1;
    assign->columns.items[at].settled = true;
    reach_from(path, at);
    double least = DBL_MAX;
    for (size_t i = 0; i < assign->reached.count; i++) {
        int index = assign->reached.items[i];
        const struct dw_assign_column *column = &assign->columns.items[index];
        if (!column->settled && column->slack < least) {
            least = column->slack;
            next = index;
        }
    }
    if (path->alone_slack < least) {
        least = path->alone_slack;
        next = -1;
    }
    move_potentials(path, least);
    return next;
}

/* Gives `row` a column, or leaves it or another alone, whatever is cheapest. */
static void augment(struct dw_assign *assign, size_t row)
{
    struct path path = { assign, (int)assign->columns.count - 1, DBL_MAX, 0 };
    struct dw_assign_column *columns = assign->columns.items;
    int at = path.start;
    columns[at].row = (int)row;
    columns[at].reached = true;
    dw_vec_clear(&assign->reached);
    dw_vec_push(&assign->reached, at);
    do {
        at = step(&path, at);
    } while (at >= 0 && columns[at].row >= 0);
    if (at < 0)
        at = path.alone_way;
    while (at != path.start) {
        columns[at].row = columns[columns[at].way].row;
        at = columns[at].way;
    }
    for (size_t i = 0; i < assign->reached.count; i++) {
        struct dw_assign_column *column = &columns[assign->reached.items[i]];
        column->reached = column->settled = false;
        column->slack = DBL_MAX;
    }
}

void dw_assign_solve(struct dw_assign *assign, int *column_of)
{
    for (size_t i = 0; i < assign->rows.count; i++) {
        column_of[i] = -1;
        augment(assign, i);
    }
    for (size_t j = 0; j + 1 < assign->columns.count; j++)
        if (assign->columns.items[j].row >= 0)
            column_of[assign->columns.items[j].row] = (int)j;
}
