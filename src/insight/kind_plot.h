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

#endif
