/* SPDX-License-Identifier: Apache-2.0 */
#include "core/inside.h"

static struct dw_point in_pixels(const struct dw_zone_view *view, struct dw_point point)
{
    return (struct dw_point){ point.x * view->width_px, point.y * view->height_px };
}

static struct dw_point normalised(const struct dw_zone_view *view, struct dw_point point_px)
{
    return (struct dw_point){ point_px.x / view->width_px, point_px.y / view->height_px };
}

struct dw_zone_view dw_zone_view(const struct dw_zone *zone, double width_px, double height_px)
{
    struct dw_zone_view view = { .zone = zone, .width_px = width_px, .height_px = height_px };
    struct dw_point least, most;
    dw_zone_bounds(zone, &least, &most);
    view.least_px = in_pixels(&view, least);
    view.most_px = in_pixels(&view, most);
    return view;
}

/* Farther than the margin from the rectangle around the zone: no need to look at its edges. Most
 * people are, of most zones. */
static bool is_far(const struct dw_zone_view *view, struct dw_point anchor_px, double margin_px)
{
    return anchor_px.x < view->least_px.x - margin_px ||
           anchor_px.x > view->most_px.x + margin_px ||
           anchor_px.y < view->least_px.y - margin_px || anchor_px.y > view->most_px.y + margin_px;
}

static bool is_inside(const struct dw_inside *at, double depth_px, double margin_px)
{
    if (!at->known)
        return depth_px > 0;
    return depth_px > (at->inside ? -margin_px : margin_px);
}

int dw_inside_judge(struct dw_inside *at, const struct dw_zone_view *view,
                    struct dw_point anchor_px, double h_px)
{
    double margin_px = view->zone->rules.hysteresis * h_px;
    if (!at->inside && is_far(view, anchor_px, margin_px)) {
        at->known = true;
        at->outer_px = anchor_px;
        return 0;
    }
    struct dw_point anchor = normalised(view, anchor_px);
    double depth_px = dw_zone_depth(view->zone, anchor, view->width_px, view->height_px);
    bool inside = is_inside(at, depth_px, margin_px);
    int side = 0;
    if (at->known && inside != at->inside) {
        struct dw_point before_px = at->inside ? at->inner_px : at->outer_px;
        side = dw_zone_crossed_side(view->zone, normalised(view, before_px), anchor);
    }
    *(depth_px > 0 ? &at->inner_px : &at->outer_px) = anchor_px;
    at->known = true;
    at->inside = inside;
    return side;
}
