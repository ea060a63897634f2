/* SPDX-License-Identifier: Apache-2.0 */
#include "core/inside.h"

struct dw_zone_view dw_zone_view(const struct dw_zone *zone, double width_px, double height_px)
{
    struct dw_zone_view view = { .zone = zone, .width_px = width_px, .height_px = height_px };
    dw_zone_bounds(zone, &view.least, &view.most);
    return view;
}

/* Farther than the margin from the rectangle around the zone: no need to look at its edges. Most
 * people are, of most zones. */
static bool is_far(const struct dw_zone_view *view, struct dw_point anchor, double margin_px)
{
    double x = margin_px / view->width_px, y = margin_px / view->height_px;
    return anchor.x < view->least.x - x || anchor.x > view->most.x + x ||
           anchor.y < view->least.y - y || anchor.y > view->most.y + y;
}

static bool is_inside(const struct dw_inside *at, double depth_px, double margin_px)
{
    if (!at->known)
        return depth_px > 0;
    return depth_px > (at->inside ? -margin_px : margin_px);
}

int dw_inside_judge(struct dw_inside *at, const struct dw_zone_view *view, struct dw_box box)
{
    struct dw_point anchor = dw_box_anchor(box, view->zone->rules.anchor);
    anchor = (struct dw_point){ anchor.x / view->width_px, anchor.y / view->height_px };
    double margin_px = view->zone->rules.hysteresis * (double)box.h;
    bool near = !is_far(view, anchor, margin_px);
    double depth_px =
        near ? dw_zone_depth(view->zone, anchor, view->width_px, view->height_px) : -1;
    bool inside = near && is_inside(at, depth_px, margin_px);
    int side = 0;
    if (at->known && inside != at->inside)
        side = dw_zone_crossed_side(view->zone, at->inside ? at->inner : at->outer, anchor);
    *(depth_px > 0 ? &at->inner : &at->outer) = anchor;
    at->known = true;
    at->inside = inside;
    return side;
}
