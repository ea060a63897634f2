/* SPDX-License-Identifier: Apache-2.0 */
#include "core/camera.h"

#include <math.h>

/* Nearer to the horizon than this share of a focal length nothing is said. */
#define HORIZON 1e-6

/* Which way a pixel looks: x to the right, y down, with one ahead, the roll taken away. */
struct ray {
    double x, y;
    double fall; /* how much of it goes down towards the floor */
};

static struct ray ray_of(const struct dw_camera *camera, struct dw_point pixel)
{
    double x = (pixel.x - camera->width_px / 2.0) / camera->focal_px;
    double y = (pixel.y - camera->height_px / 2.0) / camera->focal_px;
    double c = cos(camera->roll), s = sin(camera->roll);
    struct ray ray = { c * x + s * y, c * y - s * x, 0 };
    ray.fall = ray.y * cos(camera->tilt) + sin(camera->tilt);
    return ray;
}

void dw_camera_matrix(const struct dw_camera *camera, double to_image[9])
{
    double ct = cos(camera->tilt), st = sin(camera->tilt);
    double cr = cos(camera->roll), sr = sin(camera->roll);
    double f = camera->focal_px, h = camera->height_m;
    /* In the camera's own axes a point of the floor is (X, h ct - Y st, h st + Y ct). */
    const double depth[3] = { 0, ct, h * st };
    const double across[3] = { 1, 0, 0 }, down[3] = { 0, -st, h * ct };
    for (int i = 0; i < 3; i++) {
        to_image[i] = f * (cr * across[i] - sr * down[i]) + camera->width_px / 2.0 * depth[i];
        to_image[3 + i] = f * (sr * across[i] + cr * down[i]) + camera->height_px / 2.0 * depth[i];
        to_image[6 + i] = depth[i];
    }
}

bool dw_camera_place(const struct dw_camera *camera, struct dw_point pixel, struct dw_point *metres)
{
    struct ray ray = ray_of(camera, pixel);
    if (ray.fall <= HORIZON)
        return false;
    double reach = camera->height_m / ray.fall;
    metres->x = reach * ray.x;
    metres->y = reach * (cos(camera->tilt) - ray.y * sin(camera->tilt));
    return true;
}

double dw_camera_body_px(const struct dw_camera *camera, struct dw_point foot, double body_m)
{
    struct ray ray = ray_of(camera, foot);
    /* The head is nearer to the camera by `lift sin(tilt)` of the foot's depth. */
    double lift = body_m / camera->height_m * ray.fall;
    double nearer = 1 - lift * sin(camera->tilt);
    if (ray.fall <= HORIZON || nearer <= HORIZON)
        return 0;
    double head_x = ray.x / nearer, head_y = (ray.y - lift * cos(camera->tilt)) / nearer;
    double c = cos(camera->roll), s = sin(camera->roll);
    return camera->focal_px * (s * (ray.x - head_x) + c * (ray.y - head_y));
}
