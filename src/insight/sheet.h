/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a kind of report says: tables, plots and sentences, filled once and then written for a
 * terminal, as JSON, CSV or one HTML page. All zero is an empty sheet; everything handed in is
 * copied but columns, which are static. One thread at a time; free with dw_sheet_fini().
 */
#ifndef DW_INSIGHT_SHEET_H
#define DW_INSIGHT_SHEET_H

#include "base/buf.h"
#include "base/vec.h"
#include "core/stats.h"
#include "insight/report.h"

enum dw_sheet_unit {
    DW_SHEET_TEXT,
    DW_SHEET_COUNT,   /* a whole number */
    DW_SHEET_NUMBER,  /* 12.3 */
    DW_SHEET_SHARE,   /* 0..1, shown as % */
    DW_SHEET_CHANGE,  /* relative: 0.25 is shown as +25 % */
    DW_SHEET_POINTS,  /* difference of two shares: 0.25 is shown as +25.0 points */
    DW_SHEET_SECONDS, /* shown as "4.2 s", "3 min 05 s" */
    DW_SHEET_P,       /* of a test */
};

struct dw_sheet_column {
    const char *key;     /* in JSON and CSV: "stop_rate" */
    const char *heading; /* for people: "stop rate" */
    enum dw_sheet_unit unit;
    bool interval; /* cells have low and high: an interval of 95 % */
    bool breaks;   /* where a second block of a table too wide begins best */
};

struct dw_sheet_cell {
    char *text;
    struct dw_estimate number; /* NAN: not known; INFINITY: not reached */
};

struct dw_sheet_table {
    char *key, *title;
    const struct dw_sheet_column *columns;
    size_t column_count;
    bool data;                          /* too long to be read: in JSON and CSV only */
    DW_VEC(struct dw_sheet_cell) cells; /* row by row */
};

struct dw_sheet_plot {
    char *svg, *caption;
};

struct dw_sheet {
    char *kind, *title, *period; /* "displays"; "Displays side by side"; "2026-11-01 to ..." */
    char *place;                 /* ", camera door, zone shelf"; "" or NULL: all there are */
    bool simulated;              /* stands above everything else */
    DW_VEC(struct dw_sheet_table) tables;
    DW_VEC(struct dw_sheet_plot) plots;
    DW_VEC(char *) notes;    /* sentences: verdicts, what to doubt */
    DW_VEC(char *) formulas; /* "stop rate = stops / (visits + passes)" */
};

void dw_sheet_fini(struct dw_sheet *sheet);

/* The table stays valid until the next is added; fill its rows cell by cell. */
struct dw_sheet_table *dw_sheet_add_table(struct dw_sheet *sheet, const char *key,
                                          const char *title, const struct dw_sheet_column *columns,
                                          size_t column_count);
void dw_sheet_text(struct dw_sheet_table *table, const char *text);
void dw_sheet_number(struct dw_sheet_table *table, double value);
void dw_sheet_estimate(struct dw_sheet_table *table, struct dw_estimate estimate);

/* `svg` as report_plot.h makes them: classes of report.css, title and desc inside. */
void dw_sheet_plot(struct dw_sheet *sheet, const char *svg, const char *caption);
void dw_sheet_note(struct dw_sheet *sheet, const char *format, ...) DW_PRINTF(2, 3);
void dw_sheet_formula(struct dw_sheet *sheet, const char *format, ...) DW_PRINTF(2, 3);

/*
 * JSON: one object, tables under their keys as arrays of rows, a cell with an interval as {"value",
 * "low", "high"}; what is not known is null; "tables" says what tables there are, with title and
 * columns. CSV (RFC 4180): the tables with an empty line between;
 * a cell with an interval takes three columns, KEY, KEY_low and KEY_high; unknown is empty.
 */
void dw_sheet_write_text(const struct dw_sheet *sheet, const struct dw_report_style *style,
                         struct dw_buf *out);
void dw_sheet_write_json(const struct dw_sheet *sheet, struct dw_buf *out);
void dw_sheet_write_csv(const struct dw_sheet *sheet, struct dw_buf *out);
void dw_sheet_write_html(const struct dw_sheet *sheet, struct dw_buf *out);

#endif
