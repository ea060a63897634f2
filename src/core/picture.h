/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Can what this camera shows be measured at all? A shop finds out weeks later that a lens was
 * covered, a camera turned or a stream stood still, and until then the figures look like quiet
 * days. This watches the pictures and says so: black, too dark, covered, frozen, blurred, or not
 * the view any more on which the zones were drawn.
 *
 * It looks at brightness, at the edges of a coarse grid, and at how steep edges are; people who
 * walk by change a few cells for a few seconds and are averaged away. What it keeps of a view is
 * the strength of edges in 64x48 cells, from which no picture can be made. Pure; one thread at a
 * time. Media time only.
 */
#ifndef DW_CORE_PICTURE_H
#define DW_CORE_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "core/image.h"

#define DW_PICTURE_COLUMNS 64
#define DW_PICTURE_ROWS 48
#define DW_PICTURE_CELLS ((size_t)DW_PICTURE_COLUMNS * DW_PICTURE_ROWS)

/* From what hides most to what hides least: the first that holds is told. */
enum dw_picture_fault {
    DW_PICTURE_FINE,
    DW_PICTURE_BLACK,
    DW_PICTURE_COVERED, /* light, but hardly an edge: something is in front of the lens */
    DW_PICTURE_DARK,    /* nothing is brighter than dusk: people are not found reliably */
    DW_PICTURE_FROZEN,  /* the same picture to the last bit */
    DW_PICTURE_MOVED,   /* edges are elsewhere than they were: turned, zoomed, or another camera */
    DW_PICTURE_BLURRED, /* edges are much softer than they were, or than any lens in focus makes
                           them */
    DW_PICTURE_FAULTS
};

/* "covered" */
const char *dw_picture_fault_name(enum dw_picture_fault fault);

/* What a view looked like when all was well. */
struct dw_picture_reference {
    uint8_t edges[DW_PICTURE_CELLS]; /* row by row from the top left; 255 is the strongest */
    double steepness;                /* of edges, about 0 (soft) to above 1 (sharp) */
};

struct dw_picture_state {
    enum dw_picture_fault fault;
    int64_t since_us; /* when it began, which is before it was told */
    /* When moved: by how much, in widths and heights of the picture (right and down are positive);
     * not a number when no shift explains it. */
    double shift_x, shift_y;
};

struct dw_picture_watch;

/* `reference`: NULL learns it from the first half minute without a fault. Copied. */
struct dw_picture_watch *dw_picture_watch_create(const struct dw_picture_reference *reference);
void dw_picture_watch_destroy(struct dw_picture_watch *watch);
DW_DEFINE_AUTO(picture_watch)

/* About once a second is enough, and no more often than that it looks; times rise. True: the state
 * has changed. */
bool dw_picture_watch_step(struct dw_picture_watch *watch, int64_t time_us,
                           const struct dw_image *image);

/* Pictures were missing or the source began again: what was seen before says nothing of now. */
void dw_picture_watch_gap(struct dw_picture_watch *watch);

struct dw_picture_state dw_picture_watch_state(const struct dw_picture_watch *watch);

/* NULL until it is learnt. */
const struct dw_picture_reference *dw_picture_watch_reference(const struct dw_picture_watch *watch);

#endif
