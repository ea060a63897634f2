/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ground.h"

#include <math.h>
#include <string.h>

static double minor(const double m[9], int r0, int r1, int c0, int c1)
{
    return m[r0 * 3 + c0] * m[r1 * 3 + c1] - m[r0 * 3 + c1] * m[r1 * 3 + c0];
}

static void apply(const double m[9], struct dw_point p, double out[3])
{
    for (size_t row = 0; row < 3; row++)
        out[row] = m[row * 3] * p.x + m[row * 3 + 1] * p.y + m[row * 3 + 2];
}

bool dw_ground_init(struct dw_ground *ground, const double to_image[9], struct dw_point floor_px)
{
    const double *m = to_image;
    double adjugate[9] = {
        minor(m, 1, 2, 1, 2),  -minor(m, 0, 2, 1, 2), minor(m, 0, 1, 1, 2),
        -minor(m, 1, 2, 0, 2), minor(m, 0, 2, 0, 2),  -minor(m, 0, 1, 0, 2),
        minor(m, 1, 2, 0, 1),  -minor(m, 0, 2, 0, 1), minor(m, 0, 1, 0, 1),
    };
    double determinant = m[0] * adjugate[0] + m[1] * adjugate[3] + m[2] * adjugate[6];
    if (!isfinite(determinant) || fabs(determinant) < 1e-12)
        return false;
    memcpy(ground->to_image, to_image, sizeof(ground->to_image));
    for (int i = 0; i < 9; i++)
        ground->to_world[i] = adjugate[i] / determinant;
    double world[3];
    apply(ground->to_world, floor_px, world);
    for (int i = 0; i < 9 && world[2] < 0; i++)
        ground->to_world[i] = -ground->to_world[i];
    ground->known = world[2] != 0;
    return ground->known;
}

bool dw_ground_to_world(const struct dw_ground *ground, struct dw_point pixel,
                        struct dw_point *metres)
{
    double world[3];
    apply(ground->to_world, pixel, world);
    if (!ground->known || world[2] < 1e-12)
        return false;
    *metres = (struct dw_point){ world[0] / world[2], world[1] / world[2] };
    return true;
}

bool dw_ground_horizon(const struct dw_ground *ground, double x_px, double *y_px)
{
    const double *m = ground->to_world + 6;
    if (!ground->known || m[1] < 1e-12)
        return false;
    *y_px = -(m[0] * x_px + m[2]) / m[1];
    return true;
}

bool dw_ground_scale(const struct dw_ground *ground, struct dw_point pixel, double *across,
                     double *depth)
{
    struct dw_point metres;
    if (!ground->known || !dw_ground_to_world(ground, pixel, &metres))
        return false;
    const double *m = ground->to_image;
    double w = m[6] * metres.x + m[7] * metres.y + m[8];
    *across = hypot(m[0] - pixel.x * m[6], m[1] - pixel.x * m[7]) / fabs(w);
    *depth = hypot(m[3] - pixel.y * m[6], m[4] - pixel.y * m[7]) / fabs(w);
    return true;
}
