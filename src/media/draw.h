/* SPDX-License-Identifier: Apache-2.0 */
/* How a scene looks; private to media/. */
#ifndef DW_MEDIA_DRAW_H
#define DW_MEDIA_DRAW_H

#include "media/overlay.h"

struct _cairo; /* cairo_t; NOLINT(bugprone-reserved-identifier): the name is cairo's */

/* Draws the scene over a picture of that size. */
void dw_draw_scene(struct _cairo *cairo, int width_px, int height_px,
                   const struct dw_overlay_scene *scene);

#endif
