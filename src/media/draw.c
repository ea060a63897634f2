/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Made to be read at a glance on any picture: colour never stands alone on the video, it has a dark
 * or light companion; sizes grow with the picture; what moves is thin, what explains is small.
 */
#include "media/draw.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cairo.h>

#include "base/macros.h"
#include "base/utf8.h"
#include "base/wall_time.h"

#define PI 3.14159265358979323846
#define TEXT_SIZE 192
#define FLOOR_REACH_M 30
#define FLOOR_NEAREST_M 0.3 /* before the camera */
#define ELLIPSIS "\xe2\x80\xa6"

struct colour {
    double r, g, b;
};

/* Okabe and Ito's colours for all kinds of colour vision ("Color Universal Design", 2008), in an
 * order that keeps neighbours apart; lightened where needed for black letters on them. */
static const struct colour zone_colours[] = {
    { 0.34, 0.71, 0.91 }, /* sky blue */
    { 0.90, 0.62, 0.00 }, /* orange */
    { 0.00, 0.75, 0.55 }, /* bluish green */
    { 0.94, 0.89, 0.26 }, /* yellow */
    { 0.86, 0.55, 0.73 }, /* reddish purple */
    { 0.90, 0.44, 0.12 }, /* vermilion */
    { 0.40, 0.55, 0.95 }, /* blue */
};
static const struct colour black = { 0, 0, 0 }, white = { 1, 1, 1 }, grey = { 0.75, 0.75, 0.77 },
                           dark = { 0.07, 0.08, 0.10 };

struct pen {
    cairo_t *cairo;
    double width, height; /* of the picture */
    double unit;          /* a point: 1 pixel on 768 x 576 */
};

enum weight { REGULAR, BOLD };

static struct colour zone_colour(size_t zone)
{
    return zone_colours[zone % DW_LENGTH(zone_colours)];
}

static void use(const struct pen *pen, struct colour colour, double alpha)
{
    cairo_set_source_rgba(pen->cairo, colour.r, colour.g, colour.b, alpha);
}

static void use_font(const struct pen *pen, double points, enum weight weight)
{
    cairo_select_font_face(pen->cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           weight == BOLD ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(pen->cairo, round(points * pen->unit));
}

static double text_width(const struct pen *pen, const char *text)
{
    cairo_text_extents_t extents;
    cairo_text_extents(pen->cairo, text, &extents);
    return extents.x_advance;
}

static void put_text(const struct pen *pen, double x, double baseline, const char *text)
{
    cairo_move_to(pen->cairo, round(x), round(baseline));
    cairo_show_text(pen->cairo, text);
    cairo_new_path(pen->cairo); /* the text's end is no corner of what is drawn next */
}

static void put_text_right(const struct pen *pen, double right, double baseline, const char *text)
{
    put_text(pen, right - text_width(pen, text), baseline, text);
}

/* A copy that is UTF-8 (cairo draws nothing more after meeting what is not), without controls. */
static void copy_clean(char out[TEXT_SIZE], const char *text)
{
    size_t used = 0;
    while (*text != '\0') {
        size_t length = dw_utf8_length(text);
        if (used + DW_MAX(length, (size_t)1) + strlen(ELLIPSIS) >= TEXT_SIZE)
            break;
        bool shown = length > 1 || (length == 1 && (unsigned char)*text >= ' ');
        if (shown)
            memcpy(out + used, text, length);
        else
            out[used] = '?';
        used += shown ? length : 1;
        text += DW_MAX(length, (size_t)1);
    }
    out[used] = '\0';
}

/* The text as far as it fits, with an ellipsis when it does not. */
static void copy_fitting(const struct pen *pen, char out[TEXT_SIZE], const char *text, double room)
{
    copy_clean(out, text);
    size_t length = strlen(out);
    while (length > 0 && text_width(pen, out) > room) {
        do
            length--;
        while (length > 0 && (out[length] & 0xc0) == 0x80);
        snprintf(out + length, TEXT_SIZE - length, ELLIPSIS);
    }
}

static void trace_rounded(const struct pen *pen, double x, double y, double w, double h)
{
    double r = DW_MIN(4 * pen->unit, h / 2);
    cairo_new_sub_path(pen->cairo);
    cairo_arc(pen->cairo, x + w - r, y + r, r, -PI / 2, 0);
    cairo_arc(pen->cairo, x + w - r, y + h - r, r, 0, PI / 2);
    cairo_arc(pen->cairo, x + r, y + h - r, r, PI / 2, PI);
    cairo_arc(pen->cairo, x + r, y + r, r, PI, 3 * PI / 2);
    cairo_close_path(pen->cairo);
}

static double clamp(double value, double low, double high)
{
    return DW_MAX(low, DW_MIN(value, high));
}

#define PILL_POINTS 11.0
#define PILL_HEIGHT 17.0

struct pill {
    struct colour ground, ink;
    double alpha; /* of the ground */
    enum weight weight;
};

/* Text on a rounded ground, wholly inside the picture; `at` is its top left corner. */
static void draw_pill(const struct pen *pen, struct dw_point at, const char *text, struct pill pill)
{
    double pad = 5 * pen->unit, height = PILL_HEIGHT * pen->unit;
    use_font(pen, PILL_POINTS, pill.weight);
    char fitting[TEXT_SIZE];
    copy_fitting(pen, fitting, text, pen->width - 4 * pad);
    double width = text_width(pen, fitting) + 2 * pad;
    double x = round(clamp(at.x, pad, pen->width - width - pad));
    double y = round(clamp(at.y, pad, pen->height - height - pad));
    trace_rounded(pen, x, y, width, height);
    use(pen, pill.ground, pill.alpha);
    cairo_fill(pen->cairo);
    use(pen, pill.ink, 1);
    put_text(pen, x + pad, y + height - 4.5 * pen->unit, fitting);
}

/* Strokes the path in a colour with a dark edge round it, so that it shows on any picture. */
static void stroke_edged(const struct pen *pen, struct colour colour, double points)
{
    cairo_set_line_width(pen->cairo, (points + 2) * pen->unit);
    use(pen, black, 0.45);
    cairo_stroke_preserve(pen->cairo);
    cairo_set_line_width(pen->cairo, points * pen->unit);
    use(pen, colour, 1);
    cairo_stroke(pen->cairo);
}

static void draw_zone(const struct pen *pen, const struct dw_zone *zone, struct colour colour)
{
    for (size_t i = 0; i < zone->corner_count; i++)
        cairo_line_to(pen->cairo, zone->corners[i].x * pen->width,
                      zone->corners[i].y * pen->height);
    cairo_close_path(pen->cairo);
    use(pen, colour, 0.16);
    cairo_set_fill_rule(pen->cairo, CAIRO_FILL_RULE_EVEN_ODD); /* as presence is decided */
    cairo_fill_preserve(pen->cairo);
    stroke_edged(pen, colour, 2);
}

/* At the corner nearest the top left of the zone, hanging inside. */
static void draw_zone_name(const struct pen *pen, const struct dw_zone *zone, struct colour colour)
{
    struct dw_point best = zone->corners[0];
    for (size_t i = 1; i < zone->corner_count; i++)
        if (zone->corners[i].x + zone->corners[i].y < best.x + best.y)
            best = zone->corners[i];
    best.x = best.x * pen->width + 3 * pen->unit;
    best.y = best.y * pen->height + 3 * pen->unit;
    draw_pill(pen, best, zone->name, (struct pill){ dark, colour, 0.72, BOLD });
}

static void draw_line(const struct pen *pen, const struct dw_line *line)
{
    double x0 = line->start.x * pen->width, y0 = line->start.y * pen->height;
    double x1 = line->end.x * pen->width, y1 = line->end.y * pen->height;
    double angle = atan2(y1 - y0, x1 - x0), head = 12 * pen->unit;
    cairo_move_to(pen->cairo, x0, y0);
    cairo_line_to(pen->cairo, x1 - head / 2 * cos(angle), y1 - head / 2 * sin(angle));
    stroke_edged(pen, white, 2);

    cairo_move_to(pen->cairo, x1, y1);
    cairo_line_to(pen->cairo, x1 - head * cos(angle - 0.45), y1 - head * sin(angle - 0.45));
    cairo_line_to(pen->cairo, x1 - head * cos(angle + 0.45), y1 - head * sin(angle + 0.45));
    cairo_close_path(pen->cairo);
    cairo_set_line_width(pen->cairo, 2 * pen->unit);
    use(pen, black, 0.45);
    cairo_stroke_preserve(pen->cairo);
    use(pen, white, 1);
    cairo_fill(pen->cairo);

    /* At the tail: zones carry their names at the top. */
    struct dw_point tail = { x0 + 6 * pen->unit, y0 - 8 * pen->unit };
    draw_pill(pen, tail, line->name, (struct pill){ dark, white, 0.72, BOLD });
}

static struct colour person_colour(const struct dw_overlay_scene *scene,
                                   const struct dw_overlay_person *person)
{
    bool inside = person->zone >= 0 && scene->layout != NULL &&
                  (size_t)person->zone < scene->layout->zone_count;
    return inside ? zone_colour((size_t)person->zone) : grey;
}

static void draw_box(const struct pen *pen, const struct dw_overlay_person *person,
                     struct colour colour)
{
    static const double dash_points[] = { 6, 4 };
    double dashes[] = { dash_points[0] * pen->unit, dash_points[1] * pen->unit };
    cairo_set_dash(pen->cairo, dashes, person->bridged ? 2 : 0, 0);
    cairo_rectangle(pen->cairo, (double)person->box.x, (double)person->box.y, (double)person->box.w,
                    (double)person->box.h);
    stroke_edged(pen, colour, 1.25);
    cairo_set_dash(pen->cairo, NULL, 0, 0);

    cairo_arc(pen->cairo, person->anchor.x, person->anchor.y, 4 * pen->unit, 0, 2 * PI);
    use(pen, white, 1);
    cairo_fill(pen->cairo);
    cairo_arc(pen->cairo, person->anchor.x, person->anchor.y, 2.75 * pen->unit, 0, 2 * PI);
    use(pen, person->bridged ? dark : colour, 1);
    cairo_fill(pen->cairo);
}

static void draw_dwell(const struct pen *pen, const struct dw_overlay_person *person,
                       struct colour colour)
{
    if (person->dwell_us <= 0)
        return;
    char text[32];
    snprintf(text, sizeof(text), "%.1f s", dw_time_to_seconds(person->dwell_us));
    struct dw_point at = { (double)person->box.x - 0.5 * pen->unit,
                           (double)person->box.y - (PILL_HEIGHT + 2) * pen->unit };
    draw_pill(pen, at, text, (struct pill){ colour, black, 0.95, BOLD });
}

/* The panel's columns of figures, from left to right. */
enum { NOW, VISITS, MEDIAN, PASSES, FIGURE_COUNT };
static const char *const figure_names[FIGURE_COUNT] = { "now", "visits", "median", "passes" };

#define PANEL_POINTS 12.0
#define PANEL_ROW 19.0
#define PANEL_NAME_WIDTH 190.0
#define PANEL_SHARE 0.6 /* of the picture's height at most */

struct panel {
    double left, top, right; /* of its content */
    double figure_right[FIGURE_COUNT];
    size_t zones_shown, lines_shown; /* the rest is counted in a row of its own */
    double name_width;
};

static void write_figures(char out[FIGURE_COUNT][32], const struct dw_overlay_zone *zone)
{
    snprintf(out[NOW], 32, "%d", zone->present);
    snprintf(out[VISITS], 32, "%" PRId64, zone->visits);
    snprintf(out[PASSES], 32, "%" PRId64, zone->passes);
    if (zone->median_us > 0)
        snprintf(out[MEDIAN], 32, "%.1f s", dw_time_to_seconds(zone->median_us));
    else
        snprintf(out[MEDIAN], 32, "\xe2\x80\x93");
}

static void write_line_counts(char out[64], const int64_t *counts)
{
    snprintf(out, 64, "%" PRId64 " right   %" PRId64 " left", counts[0], counts[1]);
}

/* Room per column for its widest text, so that figures do not jump from frame to frame. */
static void lay_out_panel(const struct pen *pen, const struct dw_overlay_scene *scene,
                          struct panel *panel)
{
    static const char *const widest[FIGURE_COUNT] = { "000", "0000", "000.0 s", "0000" };
    const struct dw_layout *layout = scene->layout;
    double unit = pen->unit;
    size_t lines = scene->line_counts != NULL ? layout->line_count : 0;
    size_t room = (size_t)DW_MAX(pen->height * PANEL_SHARE / (PANEL_ROW * unit) - 2, 1.0);
    panel->zones_shown = DW_MIN(layout->zone_count, room);
    panel->lines_shown = DW_MIN(lines, room - panel->zones_shown);
    panel->left = panel->top = 18 * unit;

    use_font(pen, PANEL_POINTS, REGULAR);
    panel->name_width = 40 * unit;
    char name[TEXT_SIZE];
    for (size_t i = 0; i < panel->zones_shown; i++) {
        copy_fitting(pen, name, layout->zones[i].name, PANEL_NAME_WIDTH * unit);
        panel->name_width = DW_MAX(panel->name_width, text_width(pen, name));
    }
    for (size_t i = 0; i < panel->lines_shown; i++) {
        copy_fitting(pen, name, layout->lines[i].name, PANEL_NAME_WIDTH * unit);
        panel->name_width = DW_MAX(panel->name_width, text_width(pen, name));
    }
    double right = panel->left + 16 * unit + panel->name_width;
    for (int i = 0; i < FIGURE_COUNT; i++) {
        use_font(pen, PANEL_POINTS, i == PASSES ? REGULAR : BOLD);
        double figure = text_width(pen, widest[i]);
        use_font(pen, PANEL_POINTS - 2, REGULAR);
        right += 14 * unit + DW_MAX(figure, text_width(pen, figure_names[i]));
        panel->figure_right[i] = right;
    }
    panel->right = right;
}

static void draw_panel_ground(const struct pen *pen, const struct panel *panel, size_t rows)
{
    double pad = 8 * pen->unit, x = panel->left - pad, y = panel->top - pad;
    trace_rounded(pen, x, y, panel->right - panel->left + 2 * pad,
                  ((double)rows * PANEL_ROW - 2) * pen->unit + 2 * pad);
    use(pen, dark, 0.72);
    cairo_fill_preserve(pen->cairo);
    cairo_set_line_width(pen->cairo, pen->unit);
    use(pen, white, 0.14);
    cairo_stroke(pen->cairo);
}

static void draw_row_name(const struct pen *pen, const struct panel *panel, double baseline,
                          const char *name, struct colour chip)
{
    double side = 9 * pen->unit;
    cairo_rectangle(pen->cairo, panel->left, round(baseline - side), side, side);
    use(pen, chip, 1);
    cairo_fill(pen->cairo);
    char fitting[TEXT_SIZE];
    use_font(pen, PANEL_POINTS, REGULAR);
    copy_fitting(pen, fitting, name, panel->name_width + pen->unit);
    use(pen, white, 1);
    put_text(pen, panel->left + 16 * pen->unit, baseline, fitting);
}

static void draw_zone_row(const struct pen *pen, const struct panel *panel, double baseline,
                          const struct dw_overlay_zone *zone)
{
    char figures[FIGURE_COUNT][32];
    write_figures(figures, zone);
    for (int i = 0; i < FIGURE_COUNT; i++) {
        use_font(pen, PANEL_POINTS, i == PASSES ? REGULAR : BOLD);
        use(pen, i == PASSES ? grey : white, 1);
        put_text_right(pen, panel->figure_right[i], baseline, figures[i]);
    }
}

static void draw_panel_head(const struct pen *pen, const struct panel *panel, double baseline)
{
    use_font(pen, PANEL_POINTS - 2, REGULAR);
    use(pen, grey, 1);
    for (int i = 0; i < FIGURE_COUNT; i++)
        put_text_right(pen, panel->figure_right[i], baseline, figure_names[i]);
}

static void draw_panel(const struct pen *pen, const struct dw_overlay_scene *scene)
{
    const struct dw_layout *layout = scene->layout;
    struct panel panel;
    lay_out_panel(pen, scene, &panel);
    size_t lines = scene->line_counts != NULL ? layout->line_count : 0;
    size_t hidden = layout->zone_count + lines - panel.zones_shown - panel.lines_shown;
    size_t rows = 1 + panel.zones_shown + panel.lines_shown + (hidden > 0);
    draw_panel_ground(pen, &panel, rows);

    double row = PANEL_ROW * pen->unit, baseline = panel.top + 11 * pen->unit;
    draw_panel_head(pen, &panel, baseline);
    for (size_t i = 0; i < panel.zones_shown; i++) {
        baseline += row;
        draw_row_name(pen, &panel, baseline, layout->zones[i].name, zone_colour(i));
        draw_zone_row(pen, &panel, baseline, &scene->zones[i]);
    }
    for (size_t i = 0; scene->line_counts != NULL && i < panel.lines_shown; i++) {
        char counts[64];
        write_line_counts(counts, &scene->line_counts[2 * i]);
        baseline += row;
        draw_row_name(pen, &panel, baseline, layout->lines[i].name, white);
        use_font(pen, PANEL_POINTS, BOLD);
        put_text_right(pen, panel.right, baseline, counts);
    }
    if (hidden > 0) {
        char text[32];
        snprintf(text, sizeof(text), "and %zu more", hidden);
        use_font(pen, PANEL_POINTS - 1, REGULAR);
        use(pen, grey, 1);
        put_text(pen, panel.left, baseline + row, text);
    }
}

static void draw_corners(const struct pen *pen, const struct dw_overlay_scene *scene)
{
    const struct pill quiet = { dark, white, 0.72, REGULAR };
    struct dw_point at = { 10 * pen->unit, pen->height - (PILL_HEIGHT + 10) * pen->unit };
    if (scene->caption != NULL && scene->caption[0] != '\0')
        draw_pill(pen, at, scene->caption, quiet);
    if (scene->time_us < 0)
        return;
    char text[48];
    int64_t tenths = scene->time_us / (DW_SECOND_US / 10);
    snprintf(text, sizeof(text), "%02" PRId64 ":%02d:%02d.%d", tenths / 36000,
             (int)(tenths / 600 % 60), (int)(tenths / 10 % 60), (int)(tenths % 10));
    use_font(pen, PILL_POINTS, REGULAR);
    at.x = pen->width - text_width(pen, text) - 20 * pen->unit;
    draw_pill(pen, at, text, quiet);
}

/* Every tenth of width and height with its coordinate, to read corners of zones off. */
static void draw_grid(const struct pen *pen)
{
    const struct pill label = { dark, white, 0.55, REGULAR };
    for (int i = 1; i < 10; i++) {
        double x = pen->width * i / 10, y = pen->height * i / 10;
        cairo_move_to(pen->cairo, x, 0);
        cairo_line_to(pen->cairo, x, pen->height);
        cairo_move_to(pen->cairo, 0, y);
        cairo_line_to(pen->cairo, pen->width, y);
    }
    cairo_set_line_width(pen->cairo, 2.5 * pen->unit);
    use(pen, black, 0.25);
    cairo_stroke_preserve(pen->cairo);
    cairo_set_line_width(pen->cairo, pen->unit);
    use(pen, white, 0.5);
    cairo_stroke(pen->cairo);
    for (int i = 1; i < 10; i++) {
        char text[8];
        snprintf(text, sizeof(text), "0.%d", i);
        double half = PILL_HEIGHT / 2 * pen->unit;
        draw_pill(pen, (struct dw_point){ pen->width * i / 10 - 15 * pen->unit, 0 }, text, label);
        draw_pill(pen, (struct dw_point){ 0, pen->height * i / 10 - half }, text, label);
    }
}

/* A place on the floor: its pixel times its depth, and its depth. */
static void see_floor(double seen[3], const double m[9], struct dw_point metres)
{
    for (size_t row = 0; row < 3; row++)
        seen[row] = m[3 * row] * metres.x + m[3 * row + 1] * metres.y + m[3 * row + 2];
}

/* A straight line on the floor is one in the picture, as long as it stays before the camera. */
static void trace_floor(const struct pen *pen, const double m[9], struct dw_point from,
                        struct dw_point to)
{
    double start[3], end[3];
    see_floor(start, m, from);
    see_floor(end, m, to);
    if (start[2] < FLOOR_NEAREST_M || end[2] < FLOOR_NEAREST_M)
        return;
    cairo_move_to(pen->cairo, start[0] / start[2], start[1] / start[2]);
    cairo_line_to(pen->cairo, end[0] / end[2], end[1] / end[2]);
}

/* The line a number of metres to the right and that one ahead, in pieces: some may be behind. */
static void trace_floor_lines(const struct pen *pen, const double m[9], int at)
{
    for (int i = -FLOOR_REACH_M; i < FLOOR_REACH_M; i++) {
        trace_floor(pen, m, (struct dw_point){ at, i }, (struct dw_point){ at, i + 1 });
        trace_floor(pen, m, (struct dw_point){ i, at }, (struct dw_point){ i + 1, at });
    }
}

/* A line a metre, a stronger one every five. */
static void draw_floor(const struct pen *pen, const struct dw_camera *camera)
{
    double m[9];
    dw_camera_matrix(camera, m);
    for (int strong = 0; strong < 2; strong++) {
        for (int at = -FLOOR_REACH_M; at <= FLOOR_REACH_M; at++)
            if ((at % 5 == 0) == strong)
                trace_floor_lines(pen, m, at);
        cairo_set_line_width(pen->cairo, (strong ? 3 : 1.6) * pen->unit);
        use(pen, black, 0.25);
        cairo_stroke_preserve(pen->cairo);
        cairo_set_line_width(pen->cairo, (strong ? 1.6 : 0.8) * pen->unit);
        use(pen, white, strong ? 0.8 : 0.45);
        cairo_stroke(pen->cairo);
    }
}

static void draw_persons(const struct pen *pen, const struct dw_overlay_scene *scene)
{
    for (size_t i = 0; i < scene->person_count; i++)
        draw_box(pen, &scene->persons[i], person_colour(scene, &scene->persons[i]));
    /* Figures last: no box may cross them out. */
    for (size_t i = 0; i < scene->person_count; i++)
        draw_dwell(pen, &scene->persons[i], person_colour(scene, &scene->persons[i]));
}

void dw_draw_scene(cairo_t *cairo, int width_px, int height_px,
                   const struct dw_overlay_scene *scene)
{
    /* Between the picture's growth and none: big pictures are watched on big screens. */
    double area = (double)width_px * height_px / (768.0 * 576.0);
    struct pen pen = { cairo, width_px, height_px, clamp(pow(area, 0.42), 0.75, 6) };
    const struct dw_layout *layout = scene->layout;
    cairo_save(cairo);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    if (scene->grid)
        draw_grid(&pen);
    if (scene->floor != NULL)
        draw_floor(&pen, scene->floor);
    for (size_t i = 0; layout != NULL && i < layout->zone_count; i++)
        draw_zone(&pen, &layout->zones[i], zone_colour(i));
    for (size_t i = 0; layout != NULL && i < layout->zone_count; i++)
        draw_zone_name(&pen, &layout->zones[i], zone_colour(i));
    for (size_t i = 0; layout != NULL && i < layout->line_count; i++)
        draw_line(&pen, &layout->lines[i]);
    draw_persons(&pen, scene);
    draw_corners(&pen, scene);
    if (layout != NULL && scene->zones != NULL)
        draw_panel(&pen, scene);
    cairo_restore(cairo);
}
