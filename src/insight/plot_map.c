/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "insight/html.h"
#include "insight/report_plot.h"

#define WIDTH 960.0

struct map {
    double height;
    struct dw_buf *out;
};

static void draw_ground(const struct map *map)
{
    dw_buf_printf(map->out, "<rect class=\"ground\" width=\"%.0f\" height=\"%.1f\" rx=\"4\"/>",
                  WIDTH, map->height);
    for (int i = 1; i < 4; i++)
        dw_buf_printf(map->out, "<path class=\"grid\" d=\"M%.1f 0V%.1fM0 %.1fH%.0f\"/>",
                      WIDTH * i / 4, map->height, map->height * i / 4, WIDTH);
}

/* Middle of the corners: inside for the shapes people draw, and good enough for a name else. */
static struct dw_point middle(const struct dw_zone *zone)
{
    struct dw_point sum = { 0, 0 };
    for (size_t i = 0; i < zone->corner_count; i++) {
        sum.x += zone->corners[i].x;
        sum.y += zone->corners[i].y;
    }
    double count = (double)DW_MAX(zone->corner_count, (size_t)1);
    return (struct dw_point){ sum.x / count, sum.y / count };
}

static void put_name(const struct map *map, struct dw_point at, const char *name)
{
    dw_buf_printf(map->out,
                  "<text class=\"name\" style=\"font-size:22px\" x=\"%.1f\" y=\"%.1f\""
                  " text-anchor=\"middle\">",
                  fmin(fmax(at.x, .06), .94) * WIDTH, fmin(fmax(at.y, .04), .97) * map->height);
    dw_html_text(map->out, name);
    dw_buf_puts(map->out, "</text>");
}

static void draw_zone(const struct map *map, const struct dw_zone *zone, int colour)
{
    dw_buf_printf(map->out, "<g class=\"z%d\"><polygon class=\"area\" points=\"", colour);
    for (size_t i = 0; i < zone->corner_count; i++)
        dw_buf_printf(map->out, "%s%.1f,%.1f", i > 0 ? " " : "", zone->corners[i].x * WIDTH,
                      zone->corners[i].y * map->height);
    dw_buf_puts(map->out, "\"/>");
    if (zone->target_side > 0 && (size_t)zone->target_side <= zone->corner_count) {
        struct dw_point from = zone->corners[zone->target_side - 1];
        struct dw_point to = zone->corners[(size_t)zone->target_side % zone->corner_count];
        dw_buf_printf(map->out, "<path class=\"side\" d=\"M%.1f %.1fL%.1f %.1f\"/>", from.x * WIDTH,
                      from.y * map->height, to.x * WIDTH, to.y * map->height);
    }
    put_name(map, middle(zone), zone->name);
    dw_buf_puts(map->out, "</g>");
}

static void draw_track(const struct map *map, const struct dw_report_track *track)
{
    if (track->count < 2)
        return;
    dw_buf_puts(map->out, "<path class=\"walk\" d=\"");
    for (size_t i = 0; i < track->count; i++)
        dw_buf_printf(map->out, "%s%.0f %.0f", i == 0 ? "M" : "L", track->points[i].x * WIDTH,
                      track->points[i].y * map->height);
    dw_buf_puts(map->out, "\"/>");
}

static void draw_line(const struct map *map, const struct dw_line *line)
{
    dw_buf_printf(map->out,
                  "<path class=\"line\" marker-end=\"url(#arrow)\" d=\"M%.1f %.1fL%.1f %.1f\"/>",
                  line->start.x * WIDTH, line->start.y * map->height, line->end.x * WIDTH,
                  line->end.y * map->height);
    /* Behind the start of a steep line, above that of a flat one. */
    double dx = line->end.x - line->start.x, dy = line->end.y - line->start.y;
    bool flat = fabs(dx) > fabs(dy);
    double back = flat ? -.02 : (dy > 0 ? -.02 : .04);
    put_name(map, (struct dw_point){ line->start.x + (flat ? dx * .1 : 0), line->start.y + back },
             line->name);
}

void dw_plot_map(const struct dw_report *report, const struct dw_report_camera *camera,
                 struct dw_buf *out)
{
    bool shape_known = camera->width_px > 0 && camera->height_px > 0;
    struct map map = { shape_known ? WIDTH * camera->height_px / camera->width_px : WIDTH * 9 / 16,
                       out };
    dw_buf_printf(out,
                  "<svg viewBox=\"0 0 %.0f %.1f\" role=\"img\" aria-labelledby=\"map-%lld-t"
                  " map-%lld-d\"><title id=\"map-%lld-t\">Where the zones lie</title>"
                  "<desc id=\"map-%lld-d\">Outlines of zones and lines on the camera's picture, and"
                  " where people walked; the picture itself is not stored</desc>",
                  WIDTH, map.height, (long long)camera->id, (long long)camera->id,
                  (long long)camera->id, (long long)camera->id);
    draw_ground(&map);
    for (size_t i = 0; i < report->tracks.count; i++)
        if (report->tracks.items[i].camera_id == camera->id)
            draw_track(&map, &report->tracks.items[i]);
    size_t number = 0;
    for (size_t i = 0; i < report->zones.count; i++)
        if (report->zones.items[i].camera_id == camera->id)
            draw_zone(&map, &report->zones.items[i].zone, dw_plot_colour(number++));
    for (size_t i = 0; i < report->lines.count; i++)
        if (report->lines.items[i].camera_id == camera->id)
            draw_line(&map, &report->lines.items[i].line);
    dw_buf_puts(out, "</svg>\n");
}
