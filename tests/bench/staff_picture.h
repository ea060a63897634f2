/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures of people for benchmarks, cut out of a video and spoilt on purpose: another light,
 * a vest put on, a shelf before the legs, far away.
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

/* What is put on. */
enum garment { GARMENT_NONE, GARMENT_VEST, GARMENT_APRON, GARMENT_CAP, GARMENTS };

struct spoiling {
    const char *name;
    float gamma;    /* 1: as it is */
    float gains[3]; /* of red, green, blue; 1: as it is */
    int rows_most;  /* shrunk to so many rows; 0: as it is */
    float hidden;   /* share of the rows, from below, behind something grey */
    enum garment garment;
    float colour[3]; /* of the garment, 0..1 */
};

/* The garment alone, on somebody in `box` of a whole picture, which is changed. */
void picture_dress(struct picture *picture, struct dw_box box, enum garment garment,
                   const float colour[3]);

/* A new picture; `spoiling` touches the colours after dressing, and hides and shrinks last. */
struct picture picture_spoil(const struct dw_image *image, const struct spoiling *spoiling);

#endif
