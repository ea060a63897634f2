/* SPDX-License-Identifier: Apache-2.0 */
#include "appear/histogram.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/macros.h"

#define STRIPE_ROWS 8 /* looked at in each stripe */
#define ROWS (DW_HISTOGRAM_STRIPES * STRIPE_ROWS)
#define COLUMNS 16
#define STRIPE_SIZE (3 * DW_HISTOGRAM_BINS)

/* Colours of clothes lie this near to grey; what is further away goes into the last bin. */
#define CHROMA_REACH 32

/* Half of what tints are, whose shares are of 256 * 256. */
#define SHADE_WORTH 128

/* A normal distribution over the width of the box, standard deviation 0.18 of it. */
static const uint8_t column_weights[COLUMNS] = { 9,   20,  42,  76,  124, 178, 226, 255,
                                                 255, 226, 178, 124, 76,  42,  20,  9 };

/* What is behind somebody shows at the sides of the box: half as much of it as of the middle. */
static const uint8_t edge_weights[COLUMNS] = { [0] = 232, [1] = 232, [14] = 232, [15] = 232 };

/* From a channel's value to a place among the bins in 1/256: (value - least) * factor / 256. */
struct scale {
    int least, factor, end;
};

static struct scale scale_of(int least, int most, int bins)
{
    return (struct scale){ least, (bins - 1) * 65536 / (most - least), (bins - 1) * 256 };
}

static struct scale luma_scale(const struct dw_image *person, int bins)
{
    return person->full_range ? scale_of(0, 255, bins) : scale_of(16, 235, bins);
}

static struct scale chroma_scale(const struct dw_image *person, int bins)
{
    int reach = person->full_range ? CHROMA_REACH * 255 / 224 : CHROMA_REACH;
    return scale_of(128 - reach, 128 + reach, bins);
}

static int place_of(struct scale scale, uint8_t value)
{
    int place = (value - scale.least) * scale.factor / 256;
    return DW_MAX(0, DW_MIN(place, scale.end));
}

/* A value between the middles of two bins is shared by both, or noise would move it over an edge
 * whole. The bin more than there are takes the nothing right of the last. */
static void add(uint32_t *counts, int place, uint32_t weight)
{
    uint32_t share = (uint32_t)place & 255;
    counts[place / 256] += weight * (256 - share);
    counts[place / 256 + 1] += weight * share;
}

/* Counts what one channel of a row showed into the stripes whose middles it lies between. */
static void spread(const uint32_t *counts, int bins, int row, float *channel, int stripe_size)
{
    int place = row + STRIPE_ROWS / 2, below = place / STRIPE_ROWS, above = below - 1;
    float share = ((float)(place % STRIPE_ROWS) + 0.5f) / STRIPE_ROWS;
    for (int bin = 0; bin < bins; bin++) {
        float count = (float)counts[bin];
        if (above >= 0)
            channel[above * stripe_size + bin] += count * (1 - share);
        if (below < DW_HISTOGRAM_STRIPES)
            channel[below * stripe_size + bin] += count * share;
    }
}

/* The pixels that are looked at in a row. */
struct line {
    const uint8_t *y, *u, *v;
};

static struct line line_of(const struct dw_image *person, int row)
{
    int y_px = (2 * row + 1) * person->height_px / (2 * ROWS);
    return (struct line){ person->y + (ptrdiff_t)y_px * person->y_stride,
                          person->u + (ptrdiff_t)(y_px / 2) * person->u_stride,
                          person->v + (ptrdiff_t)(y_px / 2) * person->v_stride };
}

static int column_of(const struct dw_image *person, int column)
{
    return (2 * column + 1) * person->width_px / (2 * COLUMNS);
}

void dw_histogram_count(const struct dw_image *person, float vector[DW_HISTOGRAM_SIZE])
{
    struct scale luma = luma_scale(person, DW_HISTOGRAM_BINS);
    struct scale chroma = chroma_scale(person, DW_HISTOGRAM_BINS);
    memset(vector, 0, DW_HISTOGRAM_SIZE * sizeof(*vector));
    for (int row = 0; row < ROWS; row++) {
        uint32_t counts[3][DW_HISTOGRAM_BINS + 1] = { { 0 } };
        struct line line = line_of(person, row);
        for (int column = 0; column < COLUMNS; column++) {
            int x = column_of(person, column);
            add(counts[0], place_of(luma, line.y[x]), column_weights[column]);
            add(counts[1], place_of(chroma, line.u[x / 2]), column_weights[column]);
            add(counts[2], place_of(chroma, line.v[x / 2]), column_weights[column]);
        }
        for (int channel = 0; channel < 3; channel++)
            spread(counts[channel], DW_HISTOGRAM_BINS, row,
                   vector + (ptrdiff_t)channel * DW_HISTOGRAM_BINS, STRIPE_SIZE);
    }
}

/* The same for a bin of two colour differences at once, a row of bins for each U. */
static void add_pair(uint32_t *counts, int u, int v, uint32_t weight)
{
    for (int next = 0; next < 2; next++) {
        uint32_t share = next ? (uint32_t)u & 255 : 256 - ((uint32_t)u & 255);
        if (share > 0)
            add(counts + (ptrdiff_t)(u / 256 + next) * DW_LOOK_TINTS, v, weight * share);
    }
}

/* Adds what the columns show that have a weight. */
static void count_clothes(const struct dw_image *person, const uint8_t weights[COLUMNS],
                          float *vector)
{
    enum { TINTS = DW_LOOK_TINTS * DW_LOOK_TINTS, SIZE = TINTS + DW_LOOK_SHADES };
    struct scale luma = luma_scale(person, DW_LOOK_SHADES);
    struct scale chroma = chroma_scale(person, DW_LOOK_TINTS);
    memset(vector, 0, DW_CLOTHES_SIZE * sizeof(*vector));
    for (int row = 0; row < ROWS; row++) {
        uint32_t tints[TINTS + 1] = { 0 }, shades[DW_LOOK_SHADES + 1] = { 0 };
        struct line line = line_of(person, row);
        for (int column = 0; column < COLUMNS; column++) {
            int x = column_of(person, column);
            add_pair(tints, place_of(chroma, line.u[x / 2]), place_of(chroma, line.v[x / 2]),
                     weights[column]);
            add(shades, place_of(luma, line.y[x]), SHADE_WORTH * weights[column]);
        }
        spread(tints, TINTS, row, vector, SIZE);
        spread(shades, DW_LOOK_SHADES, row, vector + TINTS, SIZE);
    }
}

void dw_histogram_clothes(const struct dw_image *person, float vector[DW_CLOTHES_SIZE])
{
    float behind[DW_CLOTHES_SIZE];
    count_clothes(person, column_weights, vector);
    count_clothes(person, edge_weights, behind);
    for (size_t i = 0; i < DW_CLOTHES_SIZE; i++)
        vector[i] = fmaxf(vector[i] - behind[i], 0);
}
