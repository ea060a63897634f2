/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where people spend their time: seconds that feet were in each cell of a grid over the camera's
 * picture. Plain values and pictures made of them; reads no store. One thread at a time per map.
 */
#ifndef DW_INSIGHT_HEAT_MAP_H
#define DW_INSIGHT_HEAT_MAP_H

#include <stddef.h>

#include "core/image.h"
#include "core/visit.h"

/* Points further apart in time than this are not joined: nobody knows where the person was. */
#define DW_HEAT_GAP_US INT64_C(2000000)

struct dw_heat_map {
    int columns, rows;
    double *seconds;  /* row by row, from the top left */
    double inside_s;  /* sum of the cells, before and after smoothing */
    double outside_s; /* beyond the edges of the picture, in no cell */
};

/* Free with dw_heat_map_fini(). */
void dw_heat_map_init(struct dw_heat_map *map, int columns, int rows);
void dw_heat_map_fini(struct dw_heat_map *map);

/*
 * Adds somebody's way, points in order of time: the time from each point to the next is spread
 * evenly along the straight line between them.
 */
void dw_heat_map_add(struct dw_heat_map *map, const struct dw_foot_point *points, size_t count);

/*
 * Gaussian of this standard deviation, in cells; 0: none. What would be smeared over an edge is
 * mirrored back, so that no time is lost.
 */
void dw_heat_map_smooth(struct dw_heat_map *map, double sigma_cells);

/* The map in colours, or over a picture; planar 4:2:0 in memory of its own. */
struct dw_heat_picture {
    struct dw_image image;
    uint8_t *memory;
};

/*
 * From transparent over red to yellow by the square root of seconds / most seconds, so that the
 * ways show beside the places where people stand. `ground`: what lies under it; NULL: dark, of
 * width_px by height_px. Free with dw_heat_picture_fini().
 */
void dw_heat_picture_make(struct dw_heat_picture *out, const struct dw_heat_map *map,
                          const struct dw_image *ground, int width_px, int height_px);
void dw_heat_picture_fini(struct dw_heat_picture *picture);

/* The most seconds in a cell, 0 for an empty map. */
double dw_heat_map_most(const struct dw_heat_map *map);

#endif
