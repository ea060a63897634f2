/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The assignment problem: pairs rows with columns one to one at the least total cost, leaving out
 * pairs that are too dear. Shortest augmenting paths in the manner of Jonker and Volgenant (1987),
 * over the pairs that are offered alone: most people are near few boxes. Pure.
 */
#ifndef DW_CORE_ASSIGN_H
#define DW_CORE_ASSIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

/* A column that a row may have. */
struct dw_assign_offer {
    int column;
    double cost;
};

struct dw_assign_row {
    size_t first; /* of its offers */
    double potential;
};

struct dw_assign_column {
    int row;      /* that has it, or -1 */
    int way;      /* column from which the path came here */
    bool reached; /* by the path that is looked for ... */
    bool settled; /* ... and gone on from */
    double potential, slack;
};

/* Memory for problems of any size, grown as needed; all zero is a valid start. */
struct dw_assign {
    double limit;
    DW_VEC(struct dw_assign_row) rows;
    DW_VEC(struct dw_assign_column) columns;
    DW_VEC(struct dw_assign_offer) offers;
    DW_VEC(int) reached;
};

void dw_assign_fini(struct dw_assign *assign);

/* Begins a problem without rows yet. Pairs that cost more than `limit` are never made (a row or
 * column is rather left alone: each costs limit / 2 then). */
void dw_assign_begin(struct dw_assign *assign, size_t columns, double limit);

/* The next row, without offers yet. */
void dw_assign_row(struct dw_assign *assign);

/* The row begun last may have `column` at this cost; too dear, or NaN, is no offer. */
void dw_assign_offer(struct dw_assign *assign, size_t column, double cost);

/* column_of[row] gets the column, or -1. O(n^3) for the largest group of rows and columns that
 * offers connect. */
void dw_assign_solve(struct dw_assign *assign, int *column_of);

#endif
