/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures of people for benchmarks, cut out of a video and spoilt on purpose: another light,
 * another colour of clothes, a shelf before the legs, far away.
 */
#ifndef DW_BENCH_STAFF_PICTURE_H
#define DW_BENCH_STAFF_PICTURE_H

#include <stdint.h>

#include "core/box.h"
#include "core/image.h"

/* One person alone; planes in one block. */
struct picture {
    struct dw_image image;
    uint8_t *y, *u, *v; /* its planes; y is owned */
};

/* The part of `image` in `box`, which touches it. */
struct picture picture_cut(const struct dw_image *image, struct dw_box box);
void picture_fini(struct picture *picture);

struct spoiling {
    const char *name;
    float gamma;    /* 1: as it is */
    float gains[3]; /* of red, green, blue; 1: as it is */
    int rows_most;  /* shrunk to so many rows; 0: as it is */
    float hidden;   /* share of the rows, from below, behind something grey */
    float vest[3];  /* colour of a vest that is put on, 0..1; only when `dressed` */
    int dressed;
};

/* A new picture; `spoiling` touches the colours after dressing, and hides and shrinks last. */
struct picture picture_spoil(const struct dw_image *image, const struct spoiling *spoiling);

#endif
