/* SPDX-License-Identifier: Apache-2.0 */
#include "core/stillness.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/wall_time.h"

/* Cells of about a tenth of the height of the smallest person that is found. */
#define COLUMNS 128
#define ROWS 96
#define CELLS (COLUMNS * ROWS)

#define LEVELS 511      /* of a difference of brightness, from -255 to 255 */
#define DIFFERENT 4     /* of brightness 0..255: less is noise on any camera */
#define NOISES 6        /* times the median difference is not noise either */
#define CELLS_MOVED 3   /* fewer that differ is noise, or dust */
#define AFTER_US 300000 /* looked at so long after something moved */

struct dw_stillness {
    int64_t again_us;
    int64_t looked_us, moved_us;
    bool any, full_range;
    int width_px, height_px;
    uint8_t looked_at[CELLS], now[CELLS];
};

struct dw_stillness *dw_stillness_create(int64_t again_us)
{
    struct dw_stillness *stillness = dw_alloc0(sizeof(*stillness));
    stillness->again_us = again_us;
    return stillness;
}

void dw_stillness_destroy(struct dw_stillness *stillness)
{
    free(stillness);
}

/* The median of values 0..LEVELS-1 counted in `counts`, of CELLS values. */
static int median_of(const unsigned counts[LEVELS])
{
    unsigned below = 0;
    int value = 0;
    while ((below += counts[value]) <= CELLS / 2)
        value++;
    return value;
}

/* Light that changes everywhere is no movement, and neither is what half of the cells differ by. */
static bool has_moved(const uint8_t *before, const uint8_t *now)
{
    unsigned counts[LEVELS] = { 0 };
    for (int i = 0; i < CELLS; i++)
        counts[now[i] - before[i] + 255]++;
    int light = median_of(counts) - 255;
    unsigned sizes[LEVELS] = { 0 };
    for (int i = 0; i < LEVELS; i++)
        sizes[DW_MIN(abs(i - 255 - light), LEVELS - 1)] += counts[i];
    int limit = DW_MAX(DIFFERENT, NOISES * median_of(sizes));
    unsigned moved = 0;
    for (int i = limit + 1; i < LEVELS; i++)
        moved += sizes[i];
    return moved >= CELLS_MOVED;
}

static bool is_same_kind(const struct dw_stillness *stillness, const struct dw_image *image)
{
    return stillness->any && stillness->width_px == image->width_px &&
           stillness->height_px == image->height_px && stillness->full_range == image->full_range;
}

bool dw_stillness_step(struct dw_stillness *stillness, const struct dw_image *image,
                       int64_t time_us)
{
    dw_image_shrink(image, COLUMNS, ROWS, stillness->now);
    bool moved = !is_same_kind(stillness, image) || has_moved(stillness->looked_at, stillness->now);
    if (moved)
        stillness->moved_us = time_us;
    if (!moved && time_us - stillness->moved_us >= AFTER_US &&
        time_us - stillness->looked_us < stillness->again_us)
        return true;
    memcpy(stillness->looked_at, stillness->now, sizeof(stillness->looked_at));
    stillness->looked_us = time_us;
    stillness->any = true;
    stillness->width_px = image->width_px;
    stillness->height_px = image->height_px;
    stillness->full_range = image->full_range;
    return false;
}
