/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/heat_floor.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/macros.h"

#define MARGIN_M 0.5

int dw_heat_floor_parse(struct dw_heat_floor *floor, const char *text, struct dw_err *err)
{
    double at[4];
    const char *from = text;
    bool read = true;
    for (size_t i = 0; i < DW_LENGTH(at) && read; i++) {
        char *end = NULL;
        at[i] = strtod(from, &end);
        read = end != from && *end == (i + 1 < DW_LENGTH(at) ? ',' : '\0');
        from = end + 1;
    }
    if (!read || !isfinite(at[2] - at[0]) || !isfinite(at[3] - at[1]) || at[0] == at[2] ||
        at[1] == at[3])
        return dw_fail(err, -EINVAL,
                       "'%s' is no rectangle: wants X0,Y0,X1,Y1, metres of the ground model", text);
    floor->left = fmin(at[0], at[2]);
    floor->right = fmax(at[0], at[2]);
    floor->bottom = fmin(at[1], at[3]);
    floor->top = fmax(at[1], at[3]);
    return 0;
}

static bool metres_of(const struct dw_heat_floor *floor, struct dw_point place,
                      struct dw_point *metres)
{
    struct dw_point pixel = { place.x * floor->width_px, place.y * floor->height_px };
    return dw_ground_to_world(&floor->ground, pixel, metres);
}

void dw_heat_floor_widen(struct dw_heat_floor *floor, struct dw_point place)
{
    struct dw_point metres, near;
    if (!metres_of(floor, place, &metres) || !metres_of(floor, (struct dw_point){ .5, 1 }, &near) ||
        hypot(metres.x - near.x, metres.y - near.y) > DW_HEAT_FLOOR_FAR_M)
        return;
    struct dw_heat_floor before = *floor;
    bool known = dw_heat_floor_known(floor);
    floor->left = metres.x - MARGIN_M;
    floor->right = metres.x + MARGIN_M;
    floor->bottom = metres.y - MARGIN_M;
    floor->top = metres.y + MARGIN_M;
    if (!known)
        return;
    floor->left = fmin(floor->left, before.left);
    floor->right = fmax(floor->right, before.right);
    floor->bottom = fmin(floor->bottom, before.bottom);
    floor->top = fmax(floor->top, before.top);
}

bool dw_heat_floor_known(const struct dw_heat_floor *floor)
{
    return floor->right > floor->left && floor->top > floor->bottom;
}

bool dw_heat_floor_place(const struct dw_heat_floor *floor, struct dw_point place,
                         struct dw_point *out)
{
    struct dw_point metres;
    if (!metres_of(floor, place, &metres))
        return false;
    *out = (struct dw_point){ (metres.x - floor->left) / (floor->right - floor->left),
                              (floor->top - metres.y) / (floor->top - floor->bottom) };
    return true;
}

struct dw_point dw_heat_floor_metres(const struct dw_heat_floor *floor, struct dw_point place)
{
    return (struct dw_point){ floor->left + place.x * (floor->right - floor->left),
                              floor->top - place.y * (floor->top - floor->bottom) };
}
