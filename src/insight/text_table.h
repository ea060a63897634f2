/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table in plain text. Columns that do not fit the width go to a second block under the first,
 * with the first column repeated. Cells are taken over as they are: tame them before.
 */
#ifndef DW_INSIGHT_TEXT_TABLE_H
#define DW_INSIGHT_TEXT_TABLE_H

#include "base/buf.h"
#include "base/vec.h"
#include "insight/report.h"

struct dw_text_column {
    const char *heading; /* static */
    bool left;           /* aligned left, else right */
    bool breaks;         /* where a second block begins best */
    bool belongs;        /* to the column before it: no block begins here */
};

struct dw_text_table {
    const struct dw_text_column *columns;
    size_t column_count;
    DW_VEC(char *) cells; /* row by row */
};

/* Adds the next cell, copied. */
void dw_text_table_add(struct dw_text_table *table, const char *text);
void dw_text_table_write(const struct dw_text_table *table, const struct dw_report_style *style,
                         struct dw_buf *out);
void dw_text_table_fini(struct dw_text_table *table);

/* Columns on the terminal: two for wide letters, none for accents, if the locale knows them. */
size_t dw_text_width(const char *text);

/*
 * A name for a terminal: control characters (which could move its cursor), broken UTF-8 and, unless
 * style->utf8, all beyond ASCII become '?'.
 */
void dw_text_tame(struct dw_buf *out, const char *text, const struct dw_report_style *style);

/* A sentence as an item of a list, over as many lines as it takes; tamed. */
void dw_text_note(struct dw_buf *out, const char *note, const struct dw_report_style *style);

#endif
