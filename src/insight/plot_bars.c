/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "insight/html.h"
#include "insight/kind_plot.h"
#include "insight/report_plot.h"
#include "insight/sheet_write.h"

#define LABEL_MOST 22 /* letters */
#define WIDTH 720.0
#define LEFT 190.0
#define RIGHT 110.0
#define TOP 26.0
#define BOTTOM 12.0
#define ROW 30.0
#define BAR 14.0

/* Values from `low` to `high`, zero among them. */
struct scale {
    double low, high;
};

static double x_of(const struct scale *scale, double value)
{
    double at = (value - scale->low) / (scale->high - scale->low);
    return LEFT + fmin(fmax(at, 0), 1) * (WIDTH - LEFT - RIGHT);
}

static void widen(struct scale *scale, double value)
{
    if (!isfinite(value))
        return;
    scale->low = fmin(scale->low, value);
    scale->high = fmax(scale->high, value);
}

static struct scale find_scale(const struct dw_plot_bar *bars, size_t count)
{
    struct scale scale = { 0 };
    for (size_t i = 0; i < count; i++) {
        widen(&scale, bars[i].value.value);
        widen(&scale, bars[i].value.low);
        widen(&scale, bars[i].value.high);
    }
    if (scale.low == scale.high)
        scale.high = 1;
    return scale;
}

static void draw_axis(const struct scale *scale, enum dw_sheet_unit unit, double height,
                      struct dw_buf *out)
{
    const double marks[] = { scale->low, 0, scale->high };
    char text[DW_FORMAT_SIZE];
    for (size_t i = 0; i < DW_LENGTH(marks); i++) {
        double x = x_of(scale, marks[i]);
        bool close = i != 1 && fabs(x - x_of(scale, 0)) < 60; /* would be written over zero */
        if (close)
            continue;
        dw_sheet_print_value(text, unit, marks[i]);
        dw_buf_printf(out,
                      "<path class=\"grid\" d=\"M%.1f %.1fV%.1f\"/>"
                      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">",
                      x, TOP, height - BOTTOM, x, TOP - 8);
        dw_html_text(out, text);
        dw_buf_puts(out, "</text>");
    }
}

/* What does not fit is left out at its end; the whole is shown when pointed at. */
static void put_label(const char *label, struct dw_buf *out)
{
    char part[4 * LABEL_MOST + 1];
    size_t letters = 0, bytes = 0;
    for (; bytes < sizeof(part) - 1 && label[bytes] != '\0'; bytes++) {
        letters += ((unsigned char)label[bytes] & 0xc0) != 0x80; /* not within a UTF-8 sequence */
        if (letters > LABEL_MOST)
            break;
        part[bytes] = label[bytes];
    }
    part[bytes] = '\0';
    dw_html_text(out, part);
    if (label[bytes] == '\0')
        return;
    dw_buf_puts(out, "&hellip;");
    dw_html_element(out, "title", label);
}

static void draw_bar(const struct scale *scale, enum dw_sheet_unit unit,
                     const struct dw_plot_bar *bar, double y, struct dw_buf *out)
{
    char text[DW_FORMAT_SIZE];
    const struct dw_estimate *value = &bar->value;
    dw_buf_printf(out, "<text class=\"name\" x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 10,
                  y + 4);
    put_label(bar->label, out);
    dw_buf_puts(out, "</text>");
    if (isfinite(value->value)) {
        double zero = x_of(scale, 0), end = x_of(scale, value->value);
        dw_buf_printf(out,
                      "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\"/>",
                      fmin(zero, end), y - BAR / 2, fabs(end - zero), BAR);
    }
    if (!isnan(value->low) && !isnan(value->high))
        dw_buf_printf(out,
                      "<path class=\"mark\" style=\"stroke-dasharray:none\" d=\"M%.1f %.1fH%.1f"
                      "M%.1f %.1fv8M%.1f %.1fv8\"/>",
                      x_of(scale, value->low), y, x_of(scale, value->high), x_of(scale, value->low),
                      y - 4, x_of(scale, value->high), y - 4);
    dw_sheet_print_value(text, unit, value->value);
    dw_buf_printf(out, "<text x=\"%.0f\" y=\"%.1f\">", WIDTH - RIGHT + 10, y + 4);
    dw_html_text(out, text);
    dw_buf_puts(out, "</text>");
}

void dw_plot_bars(const char *id, const char *title, enum dw_sheet_unit unit,
                  const struct dw_plot_bar *bars, size_t count, struct dw_buf *out)
{
    struct scale scale = find_scale(bars, count);
    double height = TOP + (double)count * ROW + BOTTOM;
    dw_buf_printf(out,
                  "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-labelledby=\"%s-t %s-d\">"
                  "<title id=\"%s-t\">",
                  WIDTH, height, id, id, id);
    dw_html_text(out, title);
    dw_buf_printf(out, "</title><desc id=\"%s-d\">The table below has the same figures.</desc>",
                  id);
    draw_axis(&scale, unit, height, out);
    for (size_t i = 0; i < count; i++) {
        dw_buf_printf(out, "<g class=\"z%d\">", dw_plot_colour(i));
        draw_bar(&scale, unit, &bars[i], TOP + ((double)i + .5) * ROW, out);
        dw_buf_puts(out, "</g>");
    }
    dw_buf_puts(out, "</svg>");
}
