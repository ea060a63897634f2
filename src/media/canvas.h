/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture to draw a scene on, used again from frame to frame; private to media/. One thread at a
 * time.
 */
#ifndef DW_MEDIA_CANVAS_H
#define DW_MEDIA_CANVAS_H

#include "base/err.h"
#include "base/macros.h"
#include "media/overlay.h"

struct dw_canvas;

/* NULL when there is no memory for such a size. */
struct dw_canvas *dw_canvas_create(int width_px, int height_px);
void dw_canvas_destroy(struct dw_canvas *canvas);
DW_DEFINE_AUTO(canvas)

/* Copies the picture, which must be at least as big as the canvas, and draws the scene over it. */
int dw_canvas_draw(struct dw_canvas *canvas, const struct dw_image *image,
                   const struct dw_overlay_scene *scene, struct dw_err *err);

/* Copies the result out as planar 4:2:0, BT.601, luma 16..235. */
void dw_canvas_copy(const struct dw_canvas *canvas, uint8_t *const planes[], const int strides[]);

/* Hands the result out as PNG, in pieces; `write` returns false to give up (-EIO). */
int dw_canvas_png(const struct dw_canvas *canvas, bool (*write)(void *to, const void *, size_t),
                  void *to);

#endif
