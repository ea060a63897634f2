/* SPDX-License-Identifier: Apache-2.0 */
#include "core/stillness.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/wall_time.h"

/* Cells of about a third of the height of the smallest person that is found: 75 pixels at 640x360,
 * the mean of which is an eighth as noisy as one of them. */
#define COLUMNS 64
#define ROWS 48
#define CELLS (COLUMNS * ROWS)

#define LEVELS 511      /* of a difference of brightness, from -255 to 255 */
#define DIFFERENT 4     /* of brightness 0..255: less is noise on any camera */
#define NOISES 6        /* times what a cell mostly differs by is not noise: 4 sigma */
#define NOISE_MAX 3     /* of brightness: a cell that changes all the time is no blind spot */
#define NOISE_STEP 64   /* pictures until a level is learned: six seconds at 10 a second */
#define AFTER_US 300000 /* looked at so long after something moved */

struct dw_stillness {
    int64_t again_us;
    int64_t looked_us, moved_us;
    bool any, full_range;
    int width_px, height_px;
    uint8_t looked_at[CELLS], now[CELLS];
    uint8_t noise[CELLS]; /* median of differences, in 1/NOISE_STEP */
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

/* By how much all cells became brighter: light that changes everywhere is no movement. */
static int light_of(const uint8_t *before, const uint8_t *now)
{
    unsigned counts[LEVELS] = { 0 };
    for (int i = 0; i < CELLS; i++)
        counts[now[i] - before[i] + 255]++;
    return median_of(counts) - 255;
}

/*
 * What moves changes two cells that touch by more than each is used to. A step up for a difference
 * above the noise and down for one below lead to the median (the sigma-delta of Manzanera and
 * Richefeu, 2007), which somebody who walks through does not change.
 */
static bool has_moved(struct dw_stillness *stillness)
{
    bool different[ROWS + 1][COLUMNS + 1] = { { false } };
    bool moved = false;
    int light = light_of(stillness->looked_at, stillness->now);
    for (int i = 0; i < CELLS; i++) {
        int row = i / COLUMNS + 1, column = i % COLUMNS + 1;
        uint8_t *noise = &stillness->noise[i];
        int size = NOISE_STEP * abs(stillness->now[i] - stillness->looked_at[i] - light);
        different[row][column] = size > DW_MAX(NOISE_STEP * DIFFERENT, NOISES * *noise);
        moved |= different[row][column] & (different[row - 1][column] | different[row][column - 1]);
        *noise += (size > *noise && *noise < NOISE_STEP * NOISE_MAX) - (size < *noise);
    }
    return moved;
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
    bool moved = !is_same_kind(stillness, image) || has_moved(stillness);
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
