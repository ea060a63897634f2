/* SPDX-License-Identifier: Apache-2.0 */
/* A small picture with somebody in the middle of grey, who wears red or blue. */
#ifndef DW_TESTS_UNIT_ENGINE_DRESSED_H
#define DW_TESTS_UNIT_ENGINE_DRESSED_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/image.h"

enum { WIDTH = 320, HEIGHT = 240 };

struct dressed {
    uint8_t y[HEIGHT][WIDTH], u[HEIGHT / 2][WIDTH / 2], v[HEIGHT / 2][WIDTH / 2];
};

/* Each of those in red, and in blue, a little in their own: `shade`. */
static inline void dressed_paint(struct dressed *dressed, bool red, int shade)
{
    memset(dressed->y, 100 + shade, sizeof(dressed->y));
    memset(dressed->u, 128, sizeof(dressed->u));
    memset(dressed->v, 128, sizeof(dressed->v));
    for (int row = 20; row < 60; row++) {
        memset(dressed->u[row] + 50, red ? 110 : 150, 20);
        memset(dressed->v[row] + 50, red ? 150 : 110, 20);
    }
}

/* Valid as long as the picture. */
static inline struct dw_image dressed_image(struct dressed *dressed)
{
    return (struct dw_image){ .y = &dressed->y[0][0],
                              .u = &dressed->u[0][0],
                              .v = &dressed->v[0][0],
                              .y_stride = WIDTH,
                              .u_stride = WIDTH / 2,
                              .v_stride = WIDTH / 2,
                              .width_px = WIDTH,
                              .height_px = HEIGHT };
}

#endif
