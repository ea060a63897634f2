/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture as planes and strides, without ownership: valid as long as whoever made it says. Always
 * planar YUV 4:2:0 with BT.601 coefficients; other formats are converted by the source.
 */
#ifndef DW_CORE_IMAGE_H
#define DW_CORE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

struct dw_image {
    const uint8_t *y, *u, *v; /* y: height rows; u, v: (height + 1) / 2 rows of (width + 1) / 2 */
    int y_stride, u_stride, v_stride; /* bytes from row to row */
    int width_px, height_px;
    bool full_range; /* luma 0..255 (JPEG) instead of 16..235 */
};

/*
 * Mean brightness 0..255 of `rows` times `columns` even cells, row by row, from all pixels of every
 * second row. A picture smaller than that repeats pixels. At most DW_IMAGE_COLUMNS_MAX
 * columns.
 */
#define DW_IMAGE_COLUMNS_MAX 128
void dw_image_shrink(const struct dw_image *image, int columns, int rows, uint8_t *cells);

#endif
