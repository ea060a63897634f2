/* SPDX-License-Identifier: Apache-2.0 */
/* Drawings that kinds of reports share, as report_plot.h makes them: inline SVG for report.css. */
#ifndef DW_INSIGHT_KIND_PLOT_H
#define DW_INSIGHT_KIND_PLOT_H

#include "insight/sheet.h"

struct dw_plot_bar {
    const char *label;
    struct dw_estimate value; /* without an interval: low and high NAN; unknown: value NAN */
};

/*
 * Bars lying below each other, each from zero to its value with its interval over it. `id` makes
 * the drawing's names in the page its own: letters.
 */
void dw_plot_bars(const char *id, const char *title, enum dw_sheet_unit unit,
                  const struct dw_plot_bar *bars, size_t count, struct dw_buf *out);

#define DW_PLOT_GRID_WIDTH 720.0

/* Cells coloured by the square root of their values, so that little shows beside much. */
struct dw_plot_grid {
    const char *id, *title; /* as of dw_plot_bars() */
    size_t columns, rows;
    const char *const *column_labels, *const *row_labels; /* or NULL both: no margins */
    const double *values;                                 /* row by row; NAN: no cell */
    double cell_height;
    bool numbers;     /* written into the cells */
    const char *over; /* more SVG, on top; or NULL */
};

void dw_plot_grid(const struct dw_plot_grid *grid, struct dw_buf *out);

#endif
