/* SPDX-License-Identifier: Apache-2.0 */
#include "staff_picture.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"

/* Where garments are, as shares of the box. */
static const struct {
    float top, bottom, left, right;
} cuts[GARMENTS] = {
    [GARMENT_VEST] = { 0.18f, 0.52f, 0.25f, 0.75f },
    [GARMENT_APRON] = { 0.3f, 0.72f, 0.32f, 0.68f },
    [GARMENT_CAP] = { 0.0f, 0.08f, 0.35f, 0.65f },
};

#define SHELF_GREY 140

static struct picture picture_of(int width_px, int height_px, bool full_range)
{
    int half = (width_px + 1) / 2, half_rows = (height_px + 1) / 2;
    size_t whole = (size_t)width_px * (size_t)height_px;
    size_t part = (size_t)half * (size_t)half_rows;
    struct picture picture = { .y = dw_alloc0(whole + 2 * part) };
    picture.u = picture.y + whole;
    picture.v = picture.u + part;
    picture.image = (struct dw_image){
        .y = picture.y,
        .u = picture.u,
        .v = picture.v,
        .y_stride = width_px,
        .u_stride = half,
        .v_stride = half,
        .width_px = width_px,
        .height_px = height_px,
        .full_range = full_range,
    };
    return picture;
}

void picture_fini(struct picture *picture)
{
    free(picture->y);
    picture->y = NULL;
}

/* Nearest pixels. */
static struct picture copy(const struct dw_image *from, int width_px, int height_px)
{
    struct picture to = picture_of(width_px, height_px, from->full_range);
    uint8_t *y = to.y, *u = to.u, *v = to.v;
    for (int row = 0; row < height_px; row++)
        for (int x = 0; x < width_px; x++)
            *y++ = from->y[row * from->height_px / height_px * from->y_stride +
                           x * from->width_px / width_px];
    for (int row = 0; row < (height_px + 1) / 2; row++)
        for (int x = 0; x < (width_px + 1) / 2; x++) {
            int source_row = 2 * row * from->height_px / height_px / 2;
            int source_x = 2 * x * from->width_px / width_px / 2;
            *u++ = from->u[source_row * from->u_stride + source_x];
            *v++ = from->v[source_row * from->v_stride + source_x];
        }
    return to;
}

struct picture picture_cut(const struct dw_image *image, struct dw_box box)
{
    int left = (int)fmaxf(box.x, 0) & ~1, top = (int)fmaxf(box.y, 0) & ~1;
    struct dw_image part = *image;
    part.width_px = DW_MAX((int)fminf(box.x + box.w, (float)image->width_px) - left, 2);
    part.height_px = DW_MAX((int)fminf(box.y + box.h, (float)image->height_px) - top, 2);
    part.y += top * image->y_stride + left;
    part.u += top / 2 * image->u_stride + left / 2;
    part.v += top / 2 * image->v_stride + left / 2;
    return copy(&part, part.width_px, part.height_px);
}

static uint8_t to_byte(float value)
{
    return (uint8_t)lrintf(fminf(fmaxf(value, 0), 255));
}

static bool covers(enum garment garment, struct dw_box box, int row, int x)
{
    float down = ((float)row + 0.5f - box.y) / box.h, across = ((float)x + 0.5f - box.x) / box.w;
    return down > cuts[garment].top && down < cuts[garment].bottom && across > cuts[garment].left &&
           across < cuts[garment].right;
}

/* BT.601, whatever the range of the luma. */
static void to_rgb(const struct dw_image *image, uint8_t y, float u, float v, float rgb[3])
{
    float luma = image->full_range ? (float)y / 255 : ((float)y - 16) / 219;
    float reach = image->full_range ? 255 : 224;
    float blue = u / reach, red = v / reach;
    rgb[0] = luma + 1.402f * red;
    rgb[1] = luma - 0.344f * blue - 0.714f * red;
    rgb[2] = luma + 1.772f * blue;
}

/* What the spoiling makes of one colour. */
static void spoil_rgb(const struct spoiling *spoiling, bool dressed, float rgb[3])
{
    float luma = 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
    for (int i = 0; i < 3; i++) {
        /* A dark cloth that is dyed bright stays shaded: half of its light is its own. */
        if (dressed)
            rgb[i] = spoiling->colour[i] * (0.6f + 0.6f * fmaxf(luma, 0));
        rgb[i] = powf(fminf(fmaxf(rgb[i] * spoiling->gains[i], 0), 1), spoiling->gamma);
    }
}

/* All of the picture, or what the garment covers of somebody in `box` when `alone`. */
static void recolour(struct picture *picture, const struct spoiling *spoiling, struct dw_box box,
                     bool alone)
{
    const struct dw_image *image = &picture->image;
    uint8_t *y = picture->y, *u = picture->u, *v = picture->v;
    int top = alone ? DW_MAX((int)box.y, 0) : 0, left = alone ? DW_MAX((int)box.x, 0) : 0;
    int bottom = alone ? DW_MIN((int)(box.y + box.h) + 1, image->height_px) : image->height_px;
    int right = alone ? DW_MIN((int)(box.x + box.w) + 1, image->width_px) : image->width_px;
    for (int row = top; row < bottom; row++)
        for (int x = left; x < right; x++) {
            bool dressed = covers(spoiling->garment, box, row, x);
            if (alone && !dressed)
                continue;
            ptrdiff_t at = (ptrdiff_t)(row / 2) * image->u_stride + x / 2;
            uint8_t *luma_at = &y[(ptrdiff_t)row * image->y_stride + x];
            bool last = (row % 2 == 1 || row == image->height_px - 1) &&
                        (x % 2 == 1 || x == image->width_px - 1);
            float rgb[3];
            to_rgb(image, *luma_at, (float)u[at] - 128, (float)v[at] - 128, rgb);
            spoil_rgb(spoiling, dressed, rgb);
            float luma = 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
            float reach = image->full_range ? 255 : 224;
            *luma_at = to_byte(image->full_range ? luma * 255 : 16 + luma * 219);
            if (last) {
                u[at] = to_byte(128 + (rgb[2] - luma) / 1.772f * reach);
                v[at] = to_byte(128 + (rgb[0] - luma) / 1.402f * reach);
            }
        }
}

void picture_dress(struct picture *picture, struct dw_box box, enum garment garment,
                   const float colour[3])
{
    struct spoiling spoiling = { .gamma = 1, .gains = { 1, 1, 1 }, .garment = garment };
    memcpy(spoiling.colour, colour, sizeof(spoiling.colour));
    recolour(picture, &spoiling, box, true);
}

static void hide(struct picture *picture, float share)
{
    const struct dw_image *image = &picture->image;
    int from = (int)((1 - share) * (float)image->height_px);
    for (int row = from; row < image->height_px; row++) {
        memset(picture->y + (ptrdiff_t)row * image->y_stride, SHELF_GREY, (size_t)image->width_px);
        memset(picture->u + (ptrdiff_t)(row / 2) * image->u_stride, 128, (size_t)image->u_stride);
        memset(picture->v + (ptrdiff_t)(row / 2) * image->v_stride, 128, (size_t)image->v_stride);
    }
}

struct picture picture_spoil(const struct dw_image *image, const struct spoiling *spoiling)
{
    struct picture whole = copy(image, image->width_px, image->height_px);
    struct dw_box all = { 0, 0, (float)image->width_px, (float)image->height_px };
    recolour(&whole, spoiling, all, false);
    if (spoiling->hidden > 0)
        hide(&whole, spoiling->hidden);
    if (spoiling->rows_most == 0 || image->height_px <= spoiling->rows_most)
        return whole;
    int width_px = DW_MAX(image->width_px * spoiling->rows_most / image->height_px, 2);
    struct picture small = copy(&whole.image, width_px, spoiling->rows_most);
    picture_fini(&whole);
    return small;
}
