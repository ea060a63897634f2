/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people look like, as numbers: enough to say that two tracks can hardly be one person, far
 * too little to say who it is. Who makes the numbers (a histogram of colours, a model) does not
 * matter here: a look is a vector, and two are alike when they point the same way.
 *
 * Looks live in memory as long as a person may still be linked, and are never written anywhere.
 * Plain values. Pure.
 */
#ifndef DW_CORE_LOOK_H
#define DW_CORE_LOOK_H

#include <stddef.h>
#include <stdint.h>

#include "core/box.h"

/*
 * Where colours of clothes are: stripes from head to foot, each a bin for every pair of U (rows)
 * and V, which lie up to DW_LOOK_REACH of the whole range from grey, and then bins of brightness.
 * In a look of both, what a model says begins behind the colours.
 */
#define DW_LOOK_STRIPES 6
#define DW_LOOK_TINTS 6 /* bins of U, and of V */
#define DW_LOOK_SHADES 16
#define DW_LOOK_REACH (32.0 / 224)
enum {
    DW_LOOK_STRIPE = DW_LOOK_TINTS * DW_LOOK_TINTS + DW_LOOK_SHADES,
    DW_LOOK_COLOURS = DW_LOOK_STRIPES * DW_LOOK_STRIPE,
    DW_LOOK_MAX = DW_LOOK_COLOURS + 512, /* numbers in a vector */
};

/* One person on one picture. */
struct dw_look {
    float weight; /* what it is worth, 0..1; 0: the person was not seen well, values mean nothing */
    float step;   /* values times this are a vector of length 1 */
    uint16_t size;
    int8_t values[DW_LOOK_MAX];
};

/* Takes the direction of `vector`; one without length gives a look of weight 0. `size` is at most
 * DW_LOOK_MAX. */
void dw_look_set(struct dw_look *look, const float *vector, size_t size, double weight);

/*
 * Share of a person's box that is in sight, 0..1: what boxes of people nearer to the camera (their
 * feet are further down) leave of it. Where those overlap each other it is said too low.
 */
double dw_look_visible(const struct dw_detection *detections, size_t count, size_t index);

/* What somebody has looked like so far: the sum of looks. All zero: not known. */
struct dw_appearance {
    float weight; /* of all looks in it */
    uint16_t size;
    float sum[DW_LOOK_MAX];
};

void dw_appearance_add(struct dw_appearance *appearance, const struct dw_look *look);

/* `other` was the same person. */
void dw_appearance_join(struct dw_appearance *appearance, const struct dw_appearance *other);

/*
 * 1 - cosine of the angle between the two: 0 alike, 1 nothing in common, at most 2. Not a number
 * when one of them (NULL is fine) is not known by looks worth one good view.
 */
double dw_appearance_distance(const struct dw_appearance *a, const struct dw_appearance *b);

#endif
