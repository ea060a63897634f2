/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns a camera's picture into the numbers a model wants: scaled to its input, colours converted,
 * each value taken through (value - mean) / std; and brings boxes back to the camera's pixels.
 *
 * A letterbox is for one thread; it keeps its buffers from picture to picture.
 */
#ifndef DW_ONNX_LETTERBOX_H
#define DW_ONNX_LETTERBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/macros.h"
#include "core/box.h"
#include "core/image.h"
#include "onnx/options.h"

/* What the model's input is made of. */
struct dw_canvas {
    int width_px, height_px;
    bool interleaved; /* [height][width][3] instead of [3][height][width] */
    bool bytes;       /* uint8_t 0..255 instead of float; mean and std do not count */
};

/* Where the picture lies on the canvas. */
struct dw_placement {
    int image_width_px, image_height_px;
    int x_px, y_px, width_px, height_px; /* on the canvas */
};

struct dw_placement dw_placement_make(const struct dw_canvas *canvas, int image_width_px,
                                      int image_height_px, enum dw_fit fit);

/* From canvas pixels to the image's, exactly, clipped to the image. */
struct dw_box dw_placement_unmap(const struct dw_placement *placement, struct dw_box box);

struct dw_letterbox;

/* `options`: complete (channels, fit, mean, std, pad). */
struct dw_letterbox *dw_letterbox_create(const struct dw_canvas *canvas,
                                         const struct dw_model_options *options);
void dw_letterbox_destroy(struct dw_letterbox *letterbox);
DW_DEFINE_AUTO(letterbox)

/* The canvas with the image on it, valid until the next call; -EINVAL for an image without pixels.
 */
int dw_letterbox_draw(struct dw_letterbox *letterbox, const struct dw_image *image,
                      struct dw_err *err);

void *dw_letterbox_pixels(struct dw_letterbox *letterbox);
const struct dw_placement *dw_letterbox_placement(const struct dw_letterbox *letterbox);

#endif
