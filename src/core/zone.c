/* SPDX-License-Identifier: Apache-2.0 */
#include "core/zone.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/macros.h"

struct dw_zone_rules dw_zone_rules_default(void)
{
    return (struct dw_zone_rules){
        .enter_after_us = 300000,
        .grace_us = 1000000,
        .bridge_us = 2000000,
        .link_us = 8000000,
        .reentry_us = 0,
        .min_dwell_us = 1000000,
        .stop_us = 3000000,
        .engage_us = 10000000,
        .hysteresis = 0.005,
        .anchor = DW_ANCHOR_FOOTPRINT,
    };
}

int64_t dw_zone_rules_final_us(const struct dw_zone_rules *rules)
{
    int64_t seen = DW_MAX(rules->grace_us, rules->bridge_us);
    int64_t joined = DW_MAX(rules->link_us, rules->reentry_us);
    return DW_MAX(seen, joined);
}

void dw_layout_fini(struct dw_layout *layout)
{
    free(layout->zones);
    free(layout->lines);
    free(layout->masks);
    free(layout->alerts);
    *layout = (struct dw_layout){ 0 };
}

static struct dw_point corner(const struct dw_zone *zone, size_t at)
{
    return zone->corners[at % zone->corner_count];
}

bool dw_zone_contains(const struct dw_zone *zone, struct dw_point point)
{
    bool inside = false;
    struct dw_point a = zone->corners[zone->corner_count - 1];
    for (size_t i = 0; i < zone->corner_count; i++) {
        struct dw_point b = zone->corners[i];
        bool straddles = (a.y > point.y) != (b.y > point.y);
        if (straddles && point.x < a.x + (b.x - a.x) * (point.y - a.y) / (b.y - a.y))
            inside = !inside;
        a = b;
    }
    return inside;
}

static double squared_distance_to_segment(struct dw_point p, struct dw_point a, struct dw_point b)
{
    double dx = b.x - a.x, dy = b.y - a.y, squared = dx * dx + dy * dy;
    double t = squared > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / squared : 0;
    t = t > 0 ? t : 0;
    t = t < 1 ? t : 1;
    double off_x = p.x - a.x - t * dx, off_y = p.y - a.y - t * dy;
    return off_x * off_x + off_y * off_y;
}

static struct dw_point scaled(struct dw_point p, double width_px, double height_px)
{
    return (struct dw_point){ p.x * width_px, p.y * height_px };
}

double dw_zone_depth(const struct dw_zone *zone, struct dw_point point, double width_px,
                     double height_px)
{
    double nearest = DBL_MAX;
    struct dw_point p = scaled(point, width_px, height_px);
    struct dw_point a = scaled(zone->corners[zone->corner_count - 1], width_px, height_px);
    for (size_t i = 0; i < zone->corner_count; i++) {
        struct dw_point b = scaled(zone->corners[i], width_px, height_px);
        double squared = squared_distance_to_segment(p, a, b);
        nearest = squared < nearest ? squared : nearest;
        a = b;
    }
    return dw_zone_contains(zone, point) ? sqrt(nearest) : -sqrt(nearest);
}

void dw_zone_bounds(const struct dw_zone *zone, struct dw_point *least, struct dw_point *most)
{
    *least = *most = zone->corners[0];
    for (size_t i = 1; i < zone->corner_count; i++) {
        struct dw_point p = zone->corners[i];
        *least = (struct dw_point){ fmin(least->x, p.x), fmin(least->y, p.y) };
        *most = (struct dw_point){ fmax(most->x, p.x), fmax(most->y, p.y) };
    }
}

static double cross(struct dw_point o, struct dw_point a, struct dw_point b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

/* Where on from -> to (0..1) the segment a -> b is met; -1 when it is not. */
static double meeting(struct dw_point from, struct dw_point to, struct dw_point a,
                      struct dw_point b)
{
    double d1 = cross(a, b, from), d2 = cross(a, b, to);
    double d3 = cross(from, to, a), d4 = cross(from, to, b);
    bool meets = ((d1 > 0) != (d2 > 0)) && ((d3 > 0) != (d4 > 0));
    return meets ? d1 / (d1 - d2) : -1;
}

int dw_zone_crossed_side(const struct dw_zone *zone, struct dw_point from, struct dw_point to)
{
    int side = 0;
    double first = DBL_MAX;
    for (size_t i = 0; i < zone->corner_count; i++) {
        double at = meeting(from, to, corner(zone, i), corner(zone, i + 1));
        if (at >= 0 && at < first) {
            first = at;
            side = (int)i + 1;
        }
    }
    return side;
}

int dw_zone_self_crossings(const struct dw_zone *zone)
{
    int count = 0;
    size_t n = zone->corner_count;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 2; j < n; j++) {
            bool neighbours = i == 0 && j == n - 1;
            if (!neighbours && meeting(corner(zone, i), corner(zone, i + 1), corner(zone, j),
                                       corner(zone, j + 1)) >= 0)
                count++;
        }
    return count;
}

double dw_zone_area(const struct dw_zone *zone)
{
    double twice = 0;
    for (size_t i = 0; i < zone->corner_count; i++) {
        struct dw_point a = corner(zone, i), b = corner(zone, i + 1);
        twice += a.x * b.y - b.x * a.y;
    }
    return fabs(twice) / 2;
}

int dw_line_crossed(const struct dw_line *line, struct dw_point from, struct dw_point to)
{
    if (meeting(from, to, line->start, line->end) < 0)
        return 0;
    /* y grows downwards: the right-hand side of start -> end has a positive cross product. */
    return cross(line->start, line->end, to) > 0 ? 1 : -1;
}
