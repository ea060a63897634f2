/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether somebody is inside a zone, with hysteresis: noise at its edge, of about one standard
 * error of where a person's anchor is, makes no visits. Plain values, pure.
 */
#ifndef DW_CORE_INSIDE_H
#define DW_CORE_INSIDE_H

#include <stdbool.h>

#include "core/zone.h"

/* A zone on pictures of one size. */
struct dw_zone_view {
    const struct dw_zone *zone; /* borrowed */
    double width_px, height_px;
    struct dw_point least_px, most_px; /* of the rectangle around it */
};

struct dw_zone_view dw_zone_view(const struct dw_zone *zone, double width_px, double height_px);

/* One person in one zone; all zero is a valid start. */
struct dw_inside {
    bool known, inside;                 /* has been judged before, and how */
    struct dw_point outer_px, inner_px; /* last anchors outside and inside the polygon */
};

/*
 * The anchor of a person so high is here now (dw_box_anchor(), as the zone's rules want it). The
 * first judgement has no history and takes the polygon as drawn. Returns the edge stepped over
 * since the last one; 0: none, or not known.
 */
int dw_inside_judge(struct dw_inside *at, const struct dw_zone_view *view,
                    struct dw_point anchor_px, double h_px);

#endif
