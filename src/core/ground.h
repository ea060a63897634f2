/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor as the camera sees it: a homography between metres on the ground and pixels of the
 * picture (Hartley and Zisserman 2004, chapter 2). Plain value.
 */
#ifndef DW_CORE_GROUND_H
#define DW_CORE_GROUND_H

#include <stdbool.h>

#include "core/box.h"

struct dw_ground {
    bool known;
    double to_image[9]; /* row-major: (X, Y, 1) in metres to (u, v, w) in pixels */
    double to_world[9]; /* its inverse, signed so that the floor in view has positive w */
};

/* `floor_px` is a pixel known to show the floor (the bottom centre of the picture). False when the
 * matrix cannot be inverted. */
bool dw_ground_init(struct dw_ground *ground, const double to_image[9], struct dw_point floor_px);

/* A pixel on the floor in metres; false for pixels at or above the horizon. */
bool dw_ground_to_world(const struct dw_ground *ground, struct dw_point pixel,
                        struct dw_point *metres);

/* The height in the picture, in pixels from its top, at which the floor ends at a column. False for
 * a camera that has the floor above it, or stands on its side. */
bool dw_ground_horizon(const struct dw_ground *ground, double x_px, double *y_px);

/*
 * How many pixels a metre is at a pixel on the floor: across the picture and up and down it, each
 * the longest that a step of one metre in any direction comes to. False at and above the horizon.
 */
bool dw_ground_scale(const struct dw_ground *ground, struct dw_point pixel, double *across,
                     double *depth);

#endif
