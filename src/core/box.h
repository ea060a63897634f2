/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rectangles and points on a camera's picture. Pixels of the camera's own picture, origin top left,
 * x to the right, y down. Plain values: copy them. `struct dw_point` is also used with normalised
 * coordinates (0..1); the name of the variable says which.
 */
#ifndef DW_CORE_BOX_H
#define DW_CORE_BOX_H

#include <stdint.h>

struct dw_point {
    double x, y;
};

struct dw_box {
    float x, y, w, h; /* left, top, width, height in pixels; may reach over the picture's edge */
};

/* One person seen by the detector on one frame. */
struct dw_detection {
    struct dw_box box;
    float score; /* 0..1 */
};

/* Intersection over union, 0..1; 0 when either is empty. */
double dw_box_iou(struct dw_box a, struct dw_box b);

/* Share of `a` that `b` covers, 0..1. */
double dw_box_covered(struct dw_box a, struct dw_box b);

/* The box a share `t` (0..1) of the way from `a` to `b`. */
struct dw_box dw_box_mix(struct dw_box a, struct dw_box b, double t);

/* Where on the box a person is said to stand. */
enum dw_anchor {
    DW_ANCHOR_FOOTPRINT,     /* estimated ground contact */
    DW_ANCHOR_BOTTOM_CENTER, /* middle of the lower edge */
    DW_ANCHOR_CENTER,        /* middle of the box */
    DW_ANCHORS
};

/* The anchor point in pixels. Without a ground model the footprint is the bottom centre. */
struct dw_point dw_box_anchor(struct dw_box box, enum dw_anchor anchor);

#endif
