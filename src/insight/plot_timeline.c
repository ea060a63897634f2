/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "base/wall_time.h"
#include "insight/format.h"
#include "insight/html.h"
#include "insight/report_impl.h"
#include "insight/report_plot.h"

#define WIDTH 960.0
#define LEFT 30.0
#define RIGHT 950.0 /* behind it, room for open ends */
#define NAME_HEIGHT 24.0
#define LANE_HEIGHT 8.0
#define BAR_HEIGHT 6.0
#define LANES_MAX 14
#define PASS_HEIGHT 7.0
#define STEPS_HEIGHT 34.0
#define STRIP_GAP 20.0
#define AXIS_HEIGHT 24.0
#define SLICES 464
/* More bars than this are a blur, and a page nobody wants to load. */
#define BARS_MAX 1500

struct timeline {
    struct dw_span span;
    struct dw_buf *out;
};

static double x_of(const struct timeline *timeline, int64_t time_us)
{
    double length_us = (double)(timeline->span.end_us - timeline->span.start_us);
    double at = (double)(time_us - timeline->span.start_us) / length_us;
    return LEFT + fmin(fmax(at, 0), 1) * (RIGHT - LEFT);
}

/* Puts stays that overlap in time on lanes of their own; returns how many lanes were needed. */
static int assign_lanes(const struct timeline *timeline, const struct dw_report_zone *zone,
                        int *lanes)
{
    double ends[LANES_MAX];
    int used = 0;
    for (size_t i = 0; i < zone->stays.count; i++) {
        const struct dw_report_stay *stay = &zone->stays.items[i];
        double start = x_of(timeline, stay->enter_us), end = x_of(timeline, stay->exit_us);
        int lane = 0;
        if (stay->pass)
            continue;
        while (lane < used && ends[lane] + 3 > start)
            lane++;
        lane = DW_MIN(lane, LANES_MAX - 1);
        used = DW_MAX(used, lane + 1);
        ends[lane] = fmax(end, start + 2);
        lanes[i] = lane;
    }
    return used;
}

static double opacity(const struct dw_report_zone *zone, const struct dw_report_stay *stay)
{
    if (stay->dwell_us >= zone->engage.level_us)
        return 1;
    return stay->dwell_us >= zone->stop.level_us ? .7 : .4;
}

static const char *cut_text(const struct dw_report_stay *stay)
{
    if (stay->cut_start && stay->cut_end)
        return ", neither end seen";
    if (stay->cut_start)
        return ", start not seen";
    return stay->cut_end ? ", end not seen" : "";
}

static void draw_bar(const struct timeline *timeline, const struct dw_report_zone *zone,
                     const struct dw_report_stay *stay, double y)
{
    char time[DW_FORMAT_SIZE], dwell[DW_FORMAT_SIZE];
    double start = x_of(timeline, stay->enter_us), end = x_of(timeline, stay->exit_us);
    end = fmax(end, start + 2);
    dw_buf_printf(timeline->out,
                  "<g opacity=\"%.1f\"><rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
                  " height=\"%.0f\" rx=\"1\"><title>%s UTC, %s%s</title></rect>",
                  opacity(zone, stay), start, y, end - start, BAR_HEIGHT,
                  dw_format_time(time, stay->enter_us),
                  dw_format_seconds(dwell, dw_time_to_seconds(stay->dwell_us)), cut_text(stay));
    if (stay->cut_start)
        dw_buf_printf(timeline->out, "<path class=\"open\" d=\"M%.1f %.1fh-8\"/>", start,
                      y + BAR_HEIGHT / 2);
    if (stay->cut_end)
        dw_buf_printf(timeline->out, "<path class=\"open\" d=\"M%.1f %.1fh8\"/>", end,
                      y + BAR_HEIGHT / 2);
    dw_buf_puts(timeline->out, "</g>");
}

/* Returns the height of what it drew from `y` down. */
static double draw_bars(const struct timeline *timeline, const struct dw_report_zone *zone,
                        double y)
{
    if (zone->stays.count == 0 || zone->stays.count > BARS_MAX)
        return 0;
    int *lanes = dw_alloc_array0(zone->stays.count, sizeof(*lanes));
    double height = LANE_HEIGHT * assign_lanes(timeline, zone, lanes);
    for (size_t i = 0; i < zone->stays.count; i++) {
        const struct dw_report_stay *stay = &zone->stays.items[i];
        if (stay->pass)
            dw_buf_printf(timeline->out, "<path class=\"pass\" d=\"M%.1f %.1fv%.0f\"/>",
                          x_of(timeline, stay->enter_us), y + height + 1, PASS_HEIGHT - 3);
        else
            draw_bar(timeline, zone, stay, y + LANE_HEIGHT * lanes[i]);
    }
    free(lanes);
    return height + PASS_HEIGHT;
}

static void draw_occupancy(const struct timeline *timeline, const struct dw_report_zone *zone,
                           double base_y)
{
    size_t slices[SLICES], most = 1;
    dw_report_zone_occupancy(zone, timeline->span, slices, SLICES);
    for (size_t i = 0; i < SLICES; i++)
        most = DW_MAX(most, slices[i]);
    double slice_px = (RIGHT - LEFT) / SLICES, unit_px = (STEPS_HEIGHT - 6) / (double)most;
    dw_buf_printf(timeline->out, "<path class=\"steps\" d=\"M%.1f %.1f", LEFT, base_y);
    for (size_t i = 0; i < SLICES; i++)
        if (i == 0 || slices[i] != slices[i - 1])
            dw_buf_printf(timeline->out, "H%.1fV%.1f", LEFT + slice_px * (double)i,
                          base_y - unit_px * (double)slices[i]);
    dw_buf_printf(timeline->out,
                  "H%.0fV%.1fZ\"/><text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%zu</text>"
                  "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">0</text>",
                  RIGHT, base_y, LEFT - 6, base_y - STEPS_HEIGHT + 14, most, LEFT - 6, base_y);
}

/* What was not measured must not look like an empty zone. */
static void draw_unmeasured(const struct timeline *timeline, const struct dw_report_zone *zone,
                            double y, double height)
{
    int64_t before_us = timeline->span.start_us;
    for (size_t i = 0; i <= zone->measured.count; i++) {
        bool last = i == zone->measured.count;
        int64_t next_us = last ? timeline->span.end_us : zone->measured.items[i].start_us;
        double start = x_of(timeline, before_us), end = x_of(timeline, next_us);
        if (end > start)
            dw_buf_printf(timeline->out,
                          "<rect class=\"hatch\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
                          " height=\"%.1f\"><title>not measured</title></rect>",
                          start, y, end - start, height);
        before_us = last ? next_us : zone->measured.items[i].end_us;
    }
}

static double draw_strip(const struct timeline *timeline, const struct dw_report_zone *zone,
                         int colour, double y)
{
    dw_buf_printf(timeline->out, "<g class=\"z%d\"><text class=\"name\" x=\"%.0f\" y=\"%.1f\">",
                  colour, LEFT, y + 14);
    dw_html_text(timeline->out, zone->zone.name);
    dw_buf_puts(timeline->out, "</text>");
    double top = y + NAME_HEIGHT;
    double base_y = top + draw_bars(timeline, zone, top) + STEPS_HEIGHT;
    draw_unmeasured(timeline, zone, top, base_y - top);
    draw_occupancy(timeline, zone, base_y);
    dw_buf_puts(timeline->out, "</g>");
    return base_y + STRIP_GAP;
}

static int64_t tick_step_us(int64_t length_us)
{
    static const int64_t steps_s[] = { 1,     2,     5,      10,     15,      30,      60,    120,
                                       300,   600,   900,    1800,   3600,    7200,    10800, 21600,
                                       43200, 86400, 172800, 604800, 2592000, 31536000 };
    for (size_t i = 0; i < DW_LENGTH(steps_s); i++)
        if (length_us / (steps_s[i] * DW_SECOND_US) <= 9)
            return steps_s[i] * DW_SECOND_US;
    return length_us / 8;
}

static void draw_axis(const struct timeline *timeline, double y)
{
    int64_t length_us = timeline->span.end_us - timeline->span.start_us;
    int64_t step_us = DW_MAX(tick_step_us(length_us), INT64_C(1));
    int64_t first_us = (timeline->span.start_us + step_us - 1) / step_us * step_us;
    for (int64_t tick = first_us; tick <= timeline->span.end_us; tick += step_us) {
        char time[DW_FORMAT_SIZE];
        dw_format_time(time, tick);
        double x = x_of(timeline, tick);
        const char *anchor = x > RIGHT - 30 ? "end" : x < LEFT + 20 ? "start" : "middle";
        dw_buf_printf(timeline->out,
                      "<path class=\"grid\" d=\"M%.1f %.1fv5\"/>"
                      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">",
                      x, y, x, y + 18, anchor);
        if (step_us >= 86400 * DW_SECOND_US)
            dw_buf_printf(timeline->out, "%.10s</text>", time);
        else
            dw_buf_printf(timeline->out, "%.*s</text>", step_us >= 60 * DW_SECOND_US ? 5 : 8,
                          time + 11);
    }
    dw_buf_printf(timeline->out, "<path class=\"grid\" d=\"M%.0f %.1fH%.0f\"/>", LEFT, y, RIGHT);
}

void dw_plot_timeline(const struct dw_report *report, const struct dw_report_camera *camera,
                      struct dw_buf *out)
{
    if (camera->scheduled.count == 0)
        return;
    struct dw_buf body = { 0 };
    struct timeline timeline = { { camera->scheduled.items[0].start_us,
                                   camera->scheduled.items[camera->scheduled.count - 1].end_us },
                                 &body };
    double y = 0;
    size_t number = 0;
    for (size_t i = 0; i < report->zones.count; i++)
        if (report->zones.items[i].camera_id == camera->id)
            y = draw_strip(&timeline, &report->zones.items[i], dw_plot_colour(number++), y);
    y -= STRIP_GAP - 8;
    draw_axis(&timeline, y);
    dw_buf_printf(
        out,
        "<svg viewBox=\"0 0 %.0f %.1f\" role=\"img\" aria-labelledby=\"time-%lld-t"
        " time-%lld-d\"><title id=\"time-%lld-t\">When people were in each zone</title>"
        "<desc id=\"time-%lld-d\">Each visit is a bar from entering to leaving; under them"
        " the number of people present. The figures are in the tables.</desc>",
        WIDTH, y + AXIS_HEIGHT, (long long)camera->id, (long long)camera->id, (long long)camera->id,
        (long long)camera->id);
    dw_buf_append(out, body.data, body.length);
    dw_buf_puts(out, "</svg>\n");
    dw_buf_fini(&body);
}
