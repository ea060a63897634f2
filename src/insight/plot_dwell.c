/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/wall_time.h"
#include "insight/format.h"
#include "insight/html.h"
#include "insight/report_plot.h"

#define WIDTH 340.0
#define HEIGHT 180.0
#define LEFT 38.0
#define RIGHT 12.0
#define TOP 14.0
#define BOTTOM 30.0
#define LABEL_GAP 36.0

/* Durations from `shortest` to `longest` seconds, logarithmic: most visits are short, a few are
 * not.
 */
struct scale {
    double shortest, longest;
};

static double x_of(const struct scale *scale, double seconds)
{
    double at = log(fmax(seconds, scale->shortest) / scale->shortest) /
                log(scale->longest / scale->shortest);
    return LEFT + fmin(at, 1) * (WIDTH - LEFT - RIGHT);
}

static double y_of(double share)
{
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
}

static void draw_axes(const struct scale *scale, struct dw_buf *out)
{
    static const struct {
        double seconds;
        const char *label;
    } ticks[] = {
        { 1, "1 s" },     { 2, "2 s" },      { 5, "5 s" },       { 10, "10 s" },
        { 20, "20 s" },   { 30, "30 s" },    { 60, "1 min" },    { 120, "2 min" },
        { 300, "5 min" }, { 600, "10 min" }, { 1200, "20 min" }, { 1800, "30 min" },
        { 3600, "1 h" },  { 7200, "2 h" },   { 14400, "4 h" },   { 28800, "8 h" },
        { 86400, "1 d" },
    };
    for (int percent = 0; percent <= 100; percent += 50)
        dw_buf_printf(out,
                      "<path class=\"grid\" d=\"M%.0f %.1fH%.0f\"/>"
                      "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%d %%</text>",
                      LEFT, y_of(percent / 100.0), WIDTH - RIGHT, LEFT - 5,
                      y_of(percent / 100.0) + 4, percent);
    double last_x = -LABEL_GAP;
    for (size_t i = 0; i < DW_LENGTH(ticks); i++) {
        double x = x_of(scale, ticks[i].seconds);
        bool inside = ticks[i].seconds >= scale->shortest && ticks[i].seconds <= scale->longest;
        if (!inside || x < last_x + LABEL_GAP)
            continue;
        dw_buf_printf(out,
                      "<path class=\"grid\" d=\"M%.1f %.1fv4\"/>"
                      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>",
                      x, y_of(0), x, y_of(0) + 17, ticks[i].label);
        last_x = x;
    }
}

static void draw_level(const struct scale *scale, int64_t level_us, struct dw_buf *out)
{
    double seconds = dw_time_to_seconds(level_us);
    if (seconds > scale->shortest && seconds < scale->longest)
        dw_buf_printf(out, "<path class=\"level\" d=\"M%.1f %.1fV%.1f\"/>", x_of(scale, seconds),
                      y_of(1) - 6, y_of(0));
}

/* The curve as it is drawn. */
struct curve {
    struct dw_survival_step *steps;
    size_t count;
    double end_s; /* the longest visit */
};

/* Of thousands of steps only those are drawn that an eye can tell apart. */
static struct curve thin(const struct dw_report_zone *zone, const struct scale *scale)
{
    struct curve curve = { dw_alloc_array0(zone->curve_count + 1, sizeof(*curve.steps)), 0,
                           zone->longest_s };
    for (size_t i = 0; i < zone->curve_count; i++) {
        const struct dw_survival_step *step = &zone->curve[i],
                                      *last = curve.steps + curve.count - 1;
        bool ends = i == 0 || i + 1 == zone->curve_count;
        if (ends || fabs(y_of(step->share) - y_of(last->share)) > .4 ||
            x_of(scale, step->time) - x_of(scale, last->time) > 2)
            curve.steps[curve.count++] = *step;
    }
    return curve;
}

/* The interval of 95 % around the curve: along its upper edge, back along the lower one. */
static void draw_band(const struct curve *curve, const struct scale *scale, struct dw_buf *out)
{
    double end_x = x_of(scale, curve->end_s);
    /* Where nobody is left there is no interval to draw. */
    size_t count = curve->count;
    if (count > 0 && curve->steps[count - 1].share <= 0)
        end_x = x_of(scale, curve->steps[--count].time);
    if (count == 0)
        return;
    dw_buf_printf(out, "<path class=\"band\" d=\"M%.1f %.1f", x_of(scale, curve->steps[0].time),
                  y_of(1));
    for (size_t i = 0; i < count; i++)
        dw_buf_printf(out, "H%.1fV%.1f", x_of(scale, curve->steps[i].time),
                      y_of(dw_stats_survival_interval(&curve->steps[i]).high));
    dw_buf_printf(out, "H%.1f", end_x);
    for (size_t i = count; i-- > 0;)
        dw_buf_printf(out, "V%.1fH%.1f", y_of(dw_stats_survival_interval(&curve->steps[i]).low),
                      x_of(scale, curve->steps[i].time));
    dw_buf_puts(out, "Z\"/>");
}

static void draw_curve(const struct curve *curve, const struct scale *scale, struct dw_buf *out)
{
    dw_buf_printf(out, "<path class=\"curve\" d=\"M%.1f %.1f", LEFT, y_of(1));
    for (size_t i = 0; i < curve->count; i++)
        dw_buf_printf(out, "H%.1fV%.1f", x_of(scale, curve->steps[i].time),
                      y_of(curve->steps[i].share));
    dw_buf_printf(out, "H%.1f\"/>", x_of(scale, curve->end_s));
}

static void draw_median(const struct dw_report_zone *zone, const struct scale *scale,
                        struct dw_buf *out)
{
    if (!zone->median.known || !isfinite(zone->median.s.value))
        return;
    double x = x_of(scale, zone->median.s.value), y = y_of(.5);
    dw_buf_printf(out,
                  "<path class=\"mark\" d=\"M%.0f %.1fH%.1fV%.1f\"/>"
                  "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>",
                  LEFT, y, x, y_of(0), x, y);
}

void dw_plot_dwell(const struct dw_report_zone *zone, int colour, struct dw_buf *out)
{
    char median[DW_FORMAT_SIZE];
    struct scale scale = { .shortest =
                               fmax(dw_time_to_seconds(zone->zone.rules.min_dwell_us), .5) };
    scale.longest = fmax(zone->longest_s * 1.05, scale.shortest * 10);
    dw_buf_printf(out,
                  "<svg class=\"z%d\" viewBox=\"0 0 %.0f %.0f\" role=\"img\""
                  " aria-labelledby=\"dwell-%lld-t dwell-%lld-d\"><title id=\"dwell-%lld-t\">"
                  "How long visits to ",
                  colour, WIDTH, HEIGHT, (long long)zone->id, (long long)zone->id,
                  (long long)zone->id);
    dw_html_text(out, zone->zone.name);
    dw_buf_printf(out,
                  " last</title><desc id=\"dwell-%lld-d\">Share of visits still there after each"
                  " time; half have ended after ",
                  (long long)zone->id);
    dw_html_text(out, dw_format_quantile(median, zone, &zone->median));
    dw_buf_puts(out, "</desc>");
    draw_axes(&scale, out);
    draw_level(&scale, zone->stop.level_us, out);
    draw_level(&scale, zone->engage.level_us, out);
    if (zone->visits > 0) {
        struct curve curve = thin(zone, &scale);
        draw_band(&curve, &scale, out);
        draw_curve(&curve, &scale, out);
        draw_median(zone, &scale, out);
        free(curve.steps);
    }
    dw_buf_puts(out, "</svg>\n");
}
