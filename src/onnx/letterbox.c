/* SPDX-License-Identifier: Apache-2.0 */
#include "onnx/letterbox.h"

#include <errno.h>
#include <libyuv.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct dw_letterbox {
    struct dw_canvas canvas;
    enum dw_fit fit;
    int source[3];       /* canvas channel -> byte of a libyuv ARGB pixel (B, G, R, A in memory) */
    float table[3][256]; /* canvas channel, value -> (value - mean) / std */
    uint8_t pad;
    struct dw_placement placement; /* of the picture now on the canvas */
    uint8_t *planes;               /* the scaled Y, U and V, all of the canvas' full size */
    uint8_t *row;                  /* one row of ARGB */
    union {
        float *floats;
        uint8_t *bytes;
        void *any;
    } pixels;
};

struct dw_placement dw_placement_make(const struct dw_canvas *canvas, int image_width_px,
                                      int image_height_px, enum dw_fit fit)
{
    struct dw_placement placement = {
        .image_width_px = image_width_px,
        .image_height_px = image_height_px,
        .width_px = canvas->width_px,
        .height_px = canvas->height_px,
    };
    if (fit == DW_FIT_STRETCH)
        return placement;
    double scale = fmin((double)canvas->width_px / image_width_px,
                        (double)canvas->height_px / image_height_px);
    placement.width_px = DW_MAX(1, (int)lround(image_width_px * scale));
    placement.height_px = DW_MAX(1, (int)lround(image_height_px * scale));
    if (fit == DW_FIT_CENTER) {
        placement.x_px = (canvas->width_px - placement.width_px) / 2;
        placement.y_px = (canvas->height_px - placement.height_px) / 2;
    }
    return placement;
}

struct dw_box dw_placement_unmap(const struct dw_placement *placement, struct dw_box box)
{
    double width = placement->image_width_px, height = placement->image_height_px;
    double x_scale = width / placement->width_px, y_scale = height / placement->height_px;
    double left = ((double)box.x - placement->x_px) * x_scale;
    double top = ((double)box.y - placement->y_px) * y_scale;
    double right = fmin(left + (double)box.w * x_scale, width);
    double bottom = fmin(top + (double)box.h * y_scale, height);
    left = fmax(left, 0);
    top = fmax(top, 0);
    return (struct dw_box){ (float)left, (float)top, (float)(right - left), (float)(bottom - top) };
}

struct dw_letterbox *dw_letterbox_create(const struct dw_canvas *canvas,
                                         const struct dw_model_options *options)
{
    struct dw_letterbox *letterbox = dw_alloc0(sizeof(*letterbox));
    size_t area = (size_t)canvas->width_px * (size_t)canvas->height_px;
    letterbox->canvas = *canvas;
    letterbox->fit = options->fit;
    letterbox->pad = (uint8_t)options->pad;
    for (int channel = 0; channel < 3; channel++) {
        letterbox->source[channel] = options->channels == DW_CHANNELS_RGB ? 2 - channel : channel;
        for (int value = 0; value < 256; value++)
            letterbox->table[channel][value] =
                (float)((value - (double)options->mean[channel]) / (double)options->std[channel]);
    }
    letterbox->planes = dw_alloc_array0(area, 3);
    letterbox->row = dw_alloc_array0((size_t)canvas->width_px, 4);
    letterbox->pixels.any = dw_alloc_array0(area * 3, canvas->bytes ? 1 : sizeof(float));
    return letterbox;
}

void dw_letterbox_destroy(struct dw_letterbox *letterbox)
{
    if (letterbox == NULL)
        return;
    free(letterbox->planes);
    free(letterbox->row);
    free(letterbox->pixels.any);
    free(letterbox);
}

/* Values of one channel lie `step` apart, from `offset` on. */
struct lane {
    size_t offset, step;
};

static struct lane lane_of(const struct dw_canvas *canvas, int channel, int x_px, int y_px)
{
    size_t pixel = (size_t)y_px * (size_t)canvas->width_px + (size_t)x_px;
    size_t area = (size_t)canvas->width_px * (size_t)canvas->height_px;
    if (canvas->interleaved)
        return (struct lane){ pixel * 3 + (size_t)channel, 3 };
    return (struct lane){ area * (size_t)channel + pixel, 1 };
}

static void write_lane(const struct dw_letterbox *letterbox, int channel, int y_px)
{
    const struct dw_placement *place = &letterbox->placement;
    struct lane lane = lane_of(&letterbox->canvas, channel, place->x_px, place->y_px + y_px);
    const uint8_t *source = letterbox->row + letterbox->source[channel];
    const float *table = letterbox->table[channel];
    size_t width = (size_t)place->width_px;
    if (letterbox->canvas.bytes) {
        uint8_t *target = letterbox->pixels.bytes + lane.offset;
        for (size_t x = 0; x < width; x++)
            target[x * lane.step] = source[x * 4];
    } else if (lane.step == 1) { /* the usual case, which the compiler unrolls */
        float *target = letterbox->pixels.floats + lane.offset;
        for (size_t x = 0; x < width; x++)
            target[x] = table[source[x * 4]];
    } else {
        float *target = letterbox->pixels.floats + lane.offset;
        for (size_t x = 0; x < width; x++)
            target[x * lane.step] = table[source[x * 4]];
    }
}

/* Borders change only with the size of the picture, so they are painted once a camera. */
static void paint_borders(const struct dw_letterbox *letterbox)
{
    size_t area = (size_t)letterbox->canvas.width_px * (size_t)letterbox->canvas.height_px;
    if (letterbox->canvas.bytes) {
        memset(letterbox->pixels.bytes, letterbox->pad, area * 3);
        return;
    }
    for (int channel = 0; channel < 3; channel++) {
        struct lane lane = lane_of(&letterbox->canvas, channel, 0, 0);
        float value = letterbox->table[channel][letterbox->pad];
        for (size_t i = 0; i < area; i++)
            letterbox->pixels.floats[lane.offset + i * lane.step] = value;
    }
}

static void settle_placement(struct dw_letterbox *letterbox, const struct dw_image *image)
{
    if (letterbox->placement.image_width_px == image->width_px &&
        letterbox->placement.image_height_px == image->height_px)
        return;
    letterbox->placement =
        dw_placement_make(&letterbox->canvas, image->width_px, image->height_px, letterbox->fit);
    paint_borders(letterbox);
}

/*
 * The colour planes are scaled to full size too: in a camera's picture they have about the
 * resolution of the canvas already, and halving them again would blur what the model has learnt to
 * see.
 */
int dw_letterbox_draw(struct dw_letterbox *letterbox, const struct dw_image *image,
                      struct dw_err *err)
{
    if (image->width_px <= 0 || image->height_px <= 0)
        return dw_fail(err, -EINVAL, "picture of %dx%d: has no pixels to look at", image->width_px,
                       image->height_px);
    settle_placement(letterbox, image);

    int width = letterbox->placement.width_px, height = letterbox->placement.height_px;
    int half_width = (image->width_px + 1) / 2, half_height = (image->height_px + 1) / 2;
    uint8_t *y = letterbox->planes, *u = y + (size_t)width * (size_t)height;
    uint8_t *v = u + (size_t)width * (size_t)height;
    ScalePlane(image->y, image->y_stride, image->width_px, image->height_px, y, width, width,
               height, kFilterBox);
    ScalePlane(image->u, image->u_stride, half_width, half_height, u, width, width, height,
               kFilterBox);
    ScalePlane(image->v, image->v_stride, half_width, half_height, v, width, width, height,
               kFilterBox);

    const struct YuvConstants *matrix = image->full_range ? &kYuvJPEGConstants : &kYuvI601Constants;
    for (int row = 0; row < height; row++) {
        size_t start = (size_t)row * (size_t)width;
        I444ToARGBMatrix(y + start, width, u + start, width, v + start, width, letterbox->row,
                         width * 4, matrix, width, 1);
        for (int channel = 0; channel < 3; channel++)
            write_lane(letterbox, channel, row);
    }
    return 0;
}

void *dw_letterbox_pixels(struct dw_letterbox *letterbox)
{
    return letterbox->pixels.any;
}

const struct dw_placement *dw_letterbox_placement(const struct dw_letterbox *letterbox)
{
    return &letterbox->placement;
}
