/* SPDX-License-Identifier: Apache-2.0 */
#include "core/image.h"

#include <assert.h>
#include <stddef.h>

#include "base/macros.h"

#define STRIP_PX 640 /* of a line, added at once */

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

/* Adds every second line within a strip, pixel by pixel. */
static void add_lines(const struct dw_image *image, struct span lines, struct span strip,
                      unsigned *sums)
{
    int count = strip.end - strip.begin;
    for (int y = lines.begin; y < lines.end; y += 2) {
        const uint8_t *line = image->y + (ptrdiff_t)y * image->y_stride + strip.begin;
        for (int x = 0; x < count; x++)
            sums[x] += line[x];
    }
}

static unsigned sum_within(struct span span, struct span strip, const unsigned *sums)
{
    unsigned sum = 0;
    for (int x = DW_MAX(span.begin, strip.begin); x < DW_MIN(span.end, strip.end); x++)
        sum += sums[x - strip.begin];
    return sum;
}

/* Done for every picture of every camera: whole lines are added first, which a compiler makes many
 * at once of. */
void dw_image_shrink(const struct dw_image *image, int columns, int rows, uint8_t *cells)
{
    struct span spans[DW_IMAGE_COLUMNS_MAX];
    assert(columns <= DW_IMAGE_COLUMNS_MAX);
    for (int column = 0; column < columns; column++)
        spans[column] = span_of(column, columns, image->width_px);
    for (int row = 0; row < rows; row++) {
        struct span lines = span_of(row, rows, image->height_px);
        unsigned sums[DW_IMAGE_COLUMNS_MAX] = { 0 };
        for (int x = 0; x < image->width_px; x += STRIP_PX) {
            struct span strip = { x, DW_MIN(x + STRIP_PX, image->width_px) };
            unsigned lines_sums[STRIP_PX] = { 0 };
            add_lines(image, lines, strip, lines_sums);
            for (int column = 0; column < columns; column++)
                sums[column] += sum_within(spans[column], strip, lines_sums);
        }
        unsigned height = (unsigned)(lines.end - lines.begin + 1) / 2;
        for (int column = 0; column < columns; column++) {
            unsigned count = height * (unsigned)(spans[column].end - spans[column].begin);
            *cells++ = luma_0_255((int)(sums[column] / count), image->full_range);
        }
    }
}
