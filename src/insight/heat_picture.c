/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/heat_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"

/* The ground without a picture: near black, so that little shows too. */
#define DARK 24

struct colour {
    double y, u, v; /* BT.601, 0..255 */
    double cover;   /* 0: the ground, 1: nothing but this */
};

/* Luma 16..235 or 0..255, as the picture it lies on. */
static struct colour heat_colour(double heat, bool full_range)
{
    double red = fmin(2 * heat, 1), green = fmax(2 * heat - 1, 0), blue = .25 * (1 - heat);
    double luma = .299 * red + .587 * green + .114 * blue;
    double chroma = full_range ? 255 : 224;
    return (struct colour){
        .y = full_range ? 255 * luma : 16 + 219 * luma,
        .u = 128 + chroma * .564 * (blue - luma),
        .v = 128 + chroma * .713 * (red - luma),
        .cover = fmin(1.5 * heat, .85),
    };
}

static double cell(const struct dw_heat_map *map, int column, int row)
{
    column = DW_MIN(DW_MAX(column, 0), map->columns - 1);
    row = DW_MIN(DW_MAX(row, 0), map->rows - 1);
    return map->seconds[row * map->columns + column];
}

/* Between the middles of the four cells around; x, y 0..1. */
static double seconds_at(const struct dw_heat_map *map, double x, double y)
{
    double column = x * map->columns - .5, row = y * map->rows - .5;
    int left = (int)floor(column), top = (int)floor(row);
    double to_right = column - left, down = row - top;
    double above = (1 - to_right) * cell(map, left, top) + to_right * cell(map, left + 1, top);
    double below =
        (1 - to_right) * cell(map, left, top + 1) + to_right * cell(map, left + 1, top + 1);
    return (1 - down) * above + down * below;
}

static uint8_t mix(int ground, double over, double cover)
{
    return (uint8_t)lrint(fmin(fmax((1 - cover) * ground + cover * over, 0), 255));
}

/* A plane: 0 luma, 1 and 2 chroma of half the size. */
struct plane {
    uint8_t *out;
    const uint8_t *ground; /* or NULL */
    int ground_stride, width, height;
};

/* Part 0: luma; 1 and 2: chroma. */
static double part_of(const struct colour *colour, int part)
{
    const double parts[] = { colour->y, colour->u, colour->v };
    return parts[part];
}

static void paint(const struct plane *plane, int part, const struct dw_heat_map *map,
                  bool full_range)
{
    double most = fmax(dw_heat_map_most(map), 1e-9);
    int dark = part == 0 ? DARK : 128;
    for (int row = 0; row < plane->height; row++) {
        const uint8_t *under =
            plane->ground != NULL ? plane->ground + (ptrdiff_t)row * plane->ground_stride : NULL;
        uint8_t *out = plane->out + (ptrdiff_t)row * plane->width;
        for (int column = 0; column < plane->width; column++) {
            double x = (column + .5) / plane->width, y = (row + .5) / plane->height;
            struct colour colour = heat_colour(sqrt(seconds_at(map, x, y) / most), full_range);
            int ground = under != NULL ? under[column] : dark;
            out[column] = mix(ground, part_of(&colour, part), colour.cover);
        }
    }
}

void dw_heat_picture_make(struct dw_heat_picture *out, const struct dw_heat_map *map,
                          const struct dw_image *ground, int width_px, int height_px)
{
    static const struct dw_image none;
    const struct dw_image *under = ground != NULL ? ground : &none;
    int width = ground != NULL ? ground->width_px : width_px;
    int height = ground != NULL ? ground->height_px : height_px;
    int half_width = (width + 1) / 2, half_height = (height + 1) / 2;
    size_t luma = (size_t)width * (size_t)height;
    size_t chroma = (size_t)half_width * (size_t)half_height;
    uint8_t *memory = dw_alloc0(luma + 2 * chroma);
    const struct plane planes[] = {
        { memory, under->y, under->y_stride, width, height },
        { memory + luma, under->u, under->u_stride, half_width, half_height },
        { memory + luma + chroma, under->v, under->v_stride, half_width, half_height },
    };
    for (int i = 0; i < 3; i++)
        paint(&planes[i], i, map, under->full_range);
    *out = (struct dw_heat_picture){
        .image = { planes[0].out, planes[1].out, planes[2].out, width, half_width, half_width,
                   width, height, under->full_range },
        .memory = memory,
    };
}

void dw_heat_picture_fini(struct dw_heat_picture *picture)
{
    free(picture->memory);
    *picture = (struct dw_heat_picture){ 0 };
}
