/* SPDX-License-Identifier: Apache-2.0 */
#include "core/image.h"

#include <stddef.h>

#include "base/macros.h"

static uint8_t luma_0_255(int mean, bool full_range)
{
    mean = full_range ? mean : (mean - 16) * 255 / 219;
    return (uint8_t)DW_MAX(0, DW_MIN(mean, 255));
}

void dw_image_shrink(const struct dw_image *image, int columns, int rows, uint8_t *cells)
{
    for (int row = 0; row < rows; row++) {
        int top = row * image->height_px / rows;
        int bottom = DW_MAX(top + 1, (row + 1) * image->height_px / rows);
        for (int column = 0; column < columns; column++) {
            int left = column * image->width_px / columns;
            int right = DW_MAX(left + 1, (column + 1) * image->width_px / columns);
            unsigned sum = 0, count = 0;
            for (int y = top; y < bottom; y += 2)
                for (int x = left; x < right; x += 2, count++)
                    sum += image->y[(ptrdiff_t)y * image->y_stride + x];
            *cells++ = luma_0_255((int)(sum / DW_MAX(count, 1u)), image->full_range);
        }
    }
}
