/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A camera's view when its zones were drawn, kept so that a camera that was turned while the
 * program did not run is noticed: {"width": 640, "height": 360, "steepness": 0.4, "edges": "..."},
 * edges as two hexadecimal digits a cell. No picture can be made from it.
 */
#ifndef DW_CONF_DRAWN_VIEW_H
#define DW_CONF_DRAWN_VIEW_H

#include <stddef.h>

#include "base/err.h"
#include "core/picture.h"

struct dw_drawn_view {
    int width_px, height_px;
    struct dw_picture_reference reference;
};

/* On failure `out` is untouched. */
int dw_drawn_view_parse(struct dw_drawn_view *out, const char *text, size_t length,
                        struct dw_err *err);

/* 1; 0: there is no such file; the sentence of a failure begins with the path. */
int dw_drawn_view_load(struct dw_drawn_view *out, const char *path, struct dw_err *err);

/* Replaces the file whole or not at all; readable by its owner alone. */
int dw_drawn_view_save(const struct dw_drawn_view *view, const char *path, struct dw_err *err);

#endif
