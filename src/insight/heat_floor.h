/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor from above: a rectangle of it, in metres, as the picture that a heat map is of. Where
 * on it a place of the camera's picture lies, by the camera's ground model. Plain values.
 */
#ifndef DW_INSIGHT_HEAT_FLOOR_H
#define DW_INSIGHT_HEAT_FLOOR_H

#include "base/err.h"
#include "core/ground.h"

/* Further away feet are a few pixels above each other, and where they stand is a guess. */
#define DW_HEAT_FLOOR_FAR_M 50.0

struct dw_heat_floor {
    struct dw_ground ground; /* of a picture of width_px by height_px */
    int width_px, height_px;
    double left, right, bottom, top; /* metres; Y goes up. All 0: no floor yet */
};

/* "X0,Y0,X1,Y1", two corners that lie across; -EINVAL with a sentence. */
int dw_heat_floor_parse(struct dw_heat_floor *floor, const char *text, struct dw_err *err);

/* Takes in a place of the picture (0 to 1 from the top left), if it is floor and not too far from
 * that at the picture's lower edge. */
void dw_heat_floor_widen(struct dw_heat_floor *floor, struct dw_point place);

/* Whether there is anything of it. */
bool dw_heat_floor_known(const struct dw_heat_floor *floor);

/* A place of the camera's picture on that of the floor, 0 to 1 from the top left, beyond when it is
 * not shown. False at and above the horizon. */
bool dw_heat_floor_place(const struct dw_heat_floor *floor, struct dw_point place,
                         struct dw_point *out);

/* Metres of a place on the picture of the floor. */
struct dw_point dw_heat_floor_metres(const struct dw_heat_floor *floor, struct dw_point place);

#endif
