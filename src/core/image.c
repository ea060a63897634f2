/* SPDX-License-Identifier: Apache-2.0 */
#include "core/image.h"

#include <assert.h>
#include <stddef.h>

#include "base/macros.h"

static uint8_t luma_0_255(int mean, bool full_range)
{
    mean = full_range ? mean : (mean - 16) * 255 / 219;
    return (uint8_t)DW_MAX(0, DW_MIN(mean, 255));
}

/* Where cells begin and end along a side; none is empty. */
struct span {
    int begin, end;
};

static struct span span_of(int cell, int cells, int side_px)
{
    int begin = cell * side_px / cells;
    return (struct span){ begin, DW_MAX(begin + 1, (cell + 1) * side_px / cells) };
}

static unsigned picked(struct span span)
{
    return (unsigned)(span.end - span.begin + 1) / 2;
}

static void add_line(const uint8_t *line, const struct span *spans, int columns, unsigned *sums)
{
    for (int column = 0; column < columns; column++)
        for (int x = spans[column].begin; x < spans[column].end; x += 2)
            sums[column] += line[x];
}

/* Done for every picture of every camera: divisions are kept out of the inner loops. */
void dw_image_shrink(const struct dw_image *image, int columns, int rows, uint8_t *cells)
{
    struct span spans[DW_IMAGE_COLUMNS_MAX];
    assert(columns <= DW_IMAGE_COLUMNS_MAX);
    for (int column = 0; column < columns; column++)
        spans[column] = span_of(column, columns, image->width_px);
    for (int row = 0; row < rows; row++) {
        struct span lines = span_of(row, rows, image->height_px);
        unsigned sums[DW_IMAGE_COLUMNS_MAX] = { 0 };
        for (int y = lines.begin; y < lines.end; y += 2)
            add_line(image->y + (ptrdiff_t)y * image->y_stride, spans, columns, sums);
        for (int column = 0; column < columns; column++) {
            unsigned count = picked(lines) * picked(spans[column]);
            *cells++ = luma_0_255((int)(sums[column] / count), image->full_range);
        }
    }
}
