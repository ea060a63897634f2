/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Visits as CSV (RFC 4180): one visit or pass a line under a line of column names, which docs/
 * export.md lists. Written with all columns; read with any of them in any order, also from other
 * systems. Memory is bounded whatever a file holds.
 */
#ifndef DW_SINK_VISITS_CSV_H
#define DW_SINK_VISITS_CSV_H

#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"
#include "core/visit.h"

#define DW_CSV_COLUMNS_MAX 256

struct dw_visit_row {
    char site[128], camera[128], zone[128]; /* "": not said */
    char run[64];                           /* persons are numbered by run; "": not said */
    bool simulated;                         /* nobody measured it */
    struct dw_visit visit;                  /* wall time; id all zero: not said; zone is not used */
};

void dw_visits_csv_names(struct dw_buf *out);
void dw_visits_csv_write(struct dw_buf *out, const struct dw_visit_row *row);
/* The same as one line of JSON. */
void dw_visits_csv_json(struct dw_buf *out, const struct dw_visit_row *row);

struct dw_visits_csv {
    FILE *file;   /* borrowed */
    int64_t line; /* that the last row began on, from 1 */
    int64_t next_line;
    struct dw_buf record; /* fields, each with a NUL behind it */
    DW_VEC(size_t) fields;
    int columns[DW_CSV_COLUMNS_MAX]; /* what each is; -1: unknown */
    size_t column_count;
    struct dw_buf unknown; /* their names, for people */
};

/* Reads the line of names: 0, or -EINVAL or -EIO with a sentence. Free with dw_visits_csv_fini()
 * in any case. */
int dw_visits_csv_init(struct dw_visits_csv *csv, FILE *file, struct dw_err *err);
void dw_visits_csv_fini(struct dw_visits_csv *csv);

/*
 * The next row: 1, 0 at the end, -EINVAL when it is no good, with a sentence that names line,
 * column, value and what is wanted (reading may go on), -EIO or -E2BIG (it may not).
 */
int dw_visits_csv_read(struct dw_visits_csv *csv, struct dw_visit_row *row, struct dw_err *err);

#endif
