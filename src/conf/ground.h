/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ground model of a camera from JSON: {"world_to_image": [[..],[..],[..]], "image_width": W,
 * "image_height": H}, a 3x3 matrix from metres on the floor (X, Y, 1) to pixels of a W x H picture.
 */
#ifndef DW_CONF_GROUND_H
#define DW_CONF_GROUND_H

#include "base/err.h"
#include "core/ground.h"

/* Scales the model to a picture of width_px x height_px. */
int dw_ground_parse(struct dw_ground *out, const char *text, size_t length, int width_px,
                    int height_px, struct dw_err *err);
int dw_ground_load(struct dw_ground *out, const char *path, int width_px, int height_px,
                   struct dw_err *err);

#endif
