/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "insight/html.h"
#include "insight/kind_plot.h"

#define TOP 28.0
#define SIDE 150.0 /* for the names of rows */

static double most_of(const struct dw_plot_grid *grid)
{
    double most = 0;
    for (size_t i = 0; i < grid->columns * grid->rows; i++)
        most = isnan(grid->values[i]) ? most : fmax(most, grid->values[i]);
    return most;
}

static void put_text(double x, double y, const char *anchor, const char *text, struct dw_buf *out)
{
    dw_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    dw_html_text(out, text);
    dw_buf_puts(out, "</text>");
}

/* What is not known is no cell; zero is an empty one. */
static void draw_cell(const struct dw_plot_grid *grid, double value, const double box[4],
                      double share, struct dw_buf *out)
{
    if (isnan(value))
        return;
    dw_buf_printf(out,
                  "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.2f\""
                  " fill-opacity=\"%.3f\"/>",
                  box[0], box[1], box[2], box[3], share);
    if (!grid->numbers || value <= 0)
        return;
    dw_buf_printf(out,
                  "<text class=\"name\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%.*f"
                  "</text>",
                  box[0] + box[2] / 2, box[1] + box[3] / 2 + 4,
                  value < 9.95 && value != floor(value) ? 1 : 0, value);
}

static void draw_labels(const struct dw_plot_grid *grid, double left, double width, double height,
                        struct dw_buf *out)
{
    for (size_t i = 0; i < grid->columns; i++)
        put_text(left + ((double)i + .5) * width, TOP - 10, "middle", grid->column_labels[i], out);
    for (size_t i = 0; i < grid->rows; i++)
        put_text(left - 8, TOP + ((double)i + .5) * height + 4, "end", grid->row_labels[i], out);
}

void dw_plot_grid(const struct dw_plot_grid *grid, struct dw_buf *out)
{
    bool labels = grid->column_labels != NULL;
    double left = labels ? SIDE : 0, top = labels ? TOP : 0;
    double width = (DW_PLOT_GRID_WIDTH - left) / (double)grid->columns;
    double height = grid->cell_height, most = fmax(most_of(grid), 1e-9);
    dw_buf_printf(out,
                  "<svg viewBox=\"0 0 %.0f %.1f\" role=\"img\" aria-labelledby=\"%s-t %s-d\">"
                  "<title id=\"%s-t\">",
                  DW_PLOT_GRID_WIDTH, top + (double)grid->rows * height + 2, grid->id, grid->id,
                  grid->id);
    dw_html_text(out, grid->title);
    dw_buf_printf(out,
                  "</title><desc id=\"%s-d\">The stronger the colour, the more; the figures are in "
                  "the tables and in the JSON.</desc><g class=\"z1\">",
                  grid->id);
    for (size_t i = 0; i < grid->columns * grid->rows; i++) {
        size_t row = i / grid->columns;
        const double box[] = { left + (double)(i % grid->columns) * width,
                               top + (double)row * height, width, height };
        draw_cell(grid, grid->values[i], box, sqrt(grid->values[i] / most), out);
    }
    dw_buf_puts(out, "</g>");
    if (labels)
        draw_labels(grid, left, width, height, out);
    dw_buf_puts(out, grid->over != NULL ? grid->over : "");
    dw_buf_puts(out, "</svg>");
}
