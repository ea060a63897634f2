/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/image.h"
#include "core/random.h"

#define SIDE_MAX 700

static uint8_t luma[SIDE_MAX * SIDE_MAX];
static uint8_t cells[DW_IMAGE_COLUMNS_MAX * DW_IMAGE_COLUMNS_MAX];

/* What the header says, word by word. */
static uint8_t mean_of(const struct dw_image *image, int columns, int rows, int column, int row)
{
    int left = column * image->width_px / columns, top = row * image->height_px / rows;
    int right = DW_MAX(left + 1, (column + 1) * image->width_px / columns);
    int bottom = DW_MAX(top + 1, (row + 1) * image->height_px / rows);
    int sum = 0, count = 0;
    for (int y = top; y < bottom; y += 2)
        for (int x = left; x < right; x++, count++)
            sum += image->y[y * image->y_stride + x];
    int mean = image->full_range ? sum / count : (sum / count - 16) * 255 / 219;
    return (uint8_t)DW_MAX(0, DW_MIN(mean, 255));
}

static void assert_shrinks(const struct dw_image *image, int columns, int rows)
{
    dw_image_shrink(image, columns, rows, cells);
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++)
            assert_int_equal(cells[row * columns + column],
                             mean_of(image, columns, rows, column, row));
}

static void each_cell_is_the_mean_of_its_pixels(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (size_t i = 0; i < sizeof(luma); i++)
        luma[i] = (uint8_t)(dw_random_unit(&random) * 256);
    static const int sizes[][2] = {
        { 640, 360 }, { 641, 363 }, { 128, 96 }, { 100, 70 }, { 1, 1 }, { 700, 700 },
    };
    for (size_t i = 0; i < DW_LENGTH(sizes); i++) {
        struct dw_image image = {
            .y = luma,
            .y_stride = SIDE_MAX,
            .width_px = sizes[i][0],
            .height_px = sizes[i][1],
            .full_range = i % 2 == 0,
        };
        assert_shrinks(&image, 128, 96);
        assert_shrinks(&image, 64, 48);
        assert_shrinks(&image, 1, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cell_is_the_mean_of_its_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
