/* SPDX-License-Identifier: Apache-2.0 */
#include "appear/histogram.h"

#include <stddef.h>
#include <string.h>

#include "base/macros.h"

#define STRIPE_ROWS 8 /* looked at in each stripe */
#define ROWS (DW_HISTOGRAM_STRIPES * STRIPE_ROWS)
#define COLUMNS 16
#define STRIPE_SIZE (3 * DW_HISTOGRAM_BINS)

/* Colours of clothes lie this near to grey; what is further away goes into the last bin. */
#define CHROMA_REACH 32

/* A normal distribution over the width of the box, standard deviation 0.18 of it. */
static const uint8_t column_weights[COLUMNS] = { 9,   20,  42,  76,  124, 178, 226, 255,
                                                 255, 226, 178, 124, 76,  42,  20,  9 };

/* From a channel's value to a place among the bins in 1/256: (value - least) * factor / 256. */
struct scale {
    int least, factor;
};

static struct scale scale_of(int least, int most)
{
    return (struct scale){ least, (DW_HISTOGRAM_BINS - 1) * 65536 / (most - least) };
}

/* A value between the middles of two bins is shared by both, or noise would move it over an edge
 * whole. The bin more than there are takes the nothing right of the last. */
static void add(uint32_t counts[DW_HISTOGRAM_BINS + 1], struct scale scale, uint8_t value,
                uint32_t weight)
{
    int place = (value - scale.least) * scale.factor / 256;
    place = DW_MAX(0, DW_MIN(place, (DW_HISTOGRAM_BINS - 1) * 256));
    uint32_t share = (uint32_t)place & 255;
    counts[place / 256] += weight * (256 - share);
    counts[place / 256 + 1] += weight * share;
}

/* Counts what one channel of a row showed into the stripes whose middles it lies between. */
static void spread(const uint32_t *counts, int row, float *channel)
{
    int place = row + STRIPE_ROWS / 2, below = place / STRIPE_ROWS, above = below - 1;
    float share = ((float)(place % STRIPE_ROWS) + 0.5f) / STRIPE_ROWS;
    for (int bin = 0; bin < DW_HISTOGRAM_BINS; bin++) {
        float count = (float)counts[bin];
        if (above >= 0)
            channel[above * STRIPE_SIZE + bin] += count * (1 - share);
        if (below < DW_HISTOGRAM_STRIPES)
            channel[below * STRIPE_SIZE + bin] += count * share;
    }
}

void dw_histogram_count(const struct dw_image *person, float vector[DW_HISTOGRAM_SIZE])
{
    int reach = person->full_range ? CHROMA_REACH * 255 / 224 : CHROMA_REACH;
    struct scale luma = person->full_range ? scale_of(0, 255) : scale_of(16, 235);
    struct scale chroma = scale_of(128 - reach, 128 + reach);
    int x_px[COLUMNS];
    for (int column = 0; column < COLUMNS; column++)
        x_px[column] = (2 * column + 1) * person->width_px / (2 * COLUMNS);
    memset(vector, 0, DW_HISTOGRAM_SIZE * sizeof(*vector));
    for (int row = 0; row < ROWS; row++) {
        uint32_t counts[3][DW_HISTOGRAM_BINS + 1] = { { 0 } };
        int y_px = (2 * row + 1) * person->height_px / (2 * ROWS);
        const uint8_t *y = person->y + (ptrdiff_t)y_px * person->y_stride;
        const uint8_t *u = person->u + (ptrdiff_t)(y_px / 2) * person->u_stride;
        const uint8_t *v = person->v + (ptrdiff_t)(y_px / 2) * person->v_stride;
        for (int column = 0; column < COLUMNS; column++) {
            add(counts[0], luma, y[x_px[column]], column_weights[column]);
            add(counts[1], chroma, u[x_px[column] / 2], column_weights[column]);
            add(counts[2], chroma, v[x_px[column] / 2], column_weights[column]);
        }
        for (int channel = 0; channel < 3; channel++)
            spread(counts[channel], row, vector + (ptrdiff_t)channel * DW_HISTOGRAM_BINS);
    }
}
