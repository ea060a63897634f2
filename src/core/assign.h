/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The assignment problem: pairs rows with columns one to one at the least total cost, leaving out
 * pairs that are too dear. Shortest augmenting paths in the manner of Jonker and Volgenant (1987).
 */
#ifndef DW_CORE_ASSIGN_H
#define DW_CORE_ASSIGN_H

#include <stddef.h>

/* Memory for problems of any size, grown as needed; all zero is a valid start. */
struct dw_assign {
    double *numbers;
    int *indices;
    size_t capacity;
};

void dw_assign_fini(struct dw_assign *assign);

/*
 * `cost` is a row-major matrix of rows x columns; pairs that cost more than `limit` are never made
 * (a row or column is rather left alone: each costs limit / 2 then). column_of[row] gets the
 * column, or -1. NaN counts as too dear. O(n^3) for the largest group of rows and columns
 * that affordable pairs connect.
 */
void dw_assign_solve(struct dw_assign *assign, const double *cost, size_t rows, size_t columns,
                     double limit, int *column_of);

#endif
