/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A camera above a flat floor, as a pinhole with square pixels whose axis meets the middle of the
 * picture. The world is metric: X to the right, Y ahead, Z up, the origin on the floor below the
 * camera. Angles are radians, points of the picture pixels. Plain values; pure.
 */
#ifndef DW_CORE_CAMERA_H
#define DW_CORE_CAMERA_H

#include <stdbool.h>

#include "core/box.h"

struct dw_camera {
    int width_px, height_px;
    double focal_px;
    double tilt; /* how far it looks down from the horizontal */
    double roll; /* how far the picture is turned: positive lifts the left end of the horizon */
    double height_m;
};

/* The matrix from the floor (X, Y, 1) in metres to pixels (u, v, w), row-major. */
void dw_camera_matrix(const struct dw_camera *camera, double to_image[9]);

/* The place on the floor that a pixel shows; false at and above the horizon. */
bool dw_camera_place(const struct dw_camera *camera, struct dw_point pixel,
                     struct dw_point *metres);

/*
 * How many pixels a body of that height reaches up from its foot in the picture; 0 where there is
 * no floor or the head would be behind the camera.
 */
double dw_camera_body_px(const struct dw_camera *camera, struct dw_point foot, double body_m);

#endif
