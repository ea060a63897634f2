/* SPDX-License-Identifier: Apache-2.0 */
/* The drawings of the HTML report, as inline SVG with a title and description for screen readers.
 * `z0` to `z5` are the colours of zones, given by the page's style. */
#ifndef DW_INSIGHT_REPORT_PLOT_H
#define DW_INSIGHT_REPORT_PLOT_H

#include "insight/report.h"

/* The colour of a camera's n-th zone. */
static inline int dw_plot_colour(size_t number)
{
    return (int)(number % 6);
}

/* Foot tracks, zones and lines on an empty ground of the picture's shape: no picture is stored. */
void dw_plot_map(const struct dw_report *report, const struct dw_report_camera *camera,
                 struct dw_buf *out);

/* Share of visits still there after each time, on a logarithmic axis, with median and levels. */
void dw_plot_dwell(const struct dw_report_zone *zone, int colour, struct dw_buf *out);

/* Each visit as a bar over time, and under it how many people were present, zone by zone. */
void dw_plot_timeline(const struct dw_report *report, const struct dw_report_camera *camera,
                      struct dw_buf *out);

#endif
