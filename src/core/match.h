/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which box shows which true person: on every frame the boxes of two sides are paired one to one
 * such that the sum of their overlaps is largest. Pixels. Pure.
 */
#ifndef DW_CORE_MATCH_H
#define DW_CORE_MATCH_H

#include <stddef.h>

#include "core/score.h"

/* Feet by frame: those of frame f are order[starts[f]] up to order[starts[f + 1]]. */
struct dw_match_frames {
    int *order, *starts;
    int count;
};

/* Feet outside frames 0 .. count - 1 are left out. */
void dw_match_frames_init(struct dw_match_frames *frames, const struct dw_score_side *side,
                          int count);
void dw_match_frames_fini(struct dw_match_frames *frames);

/*
 * For each foot of `side` the index of the foot of `other` on the same frame whose box is its
 * partner; -1: none that overlaps (IoU) by `iou_least` or more.
 */
void dw_match_sides(const struct dw_score_side *side, const struct dw_score_side *other, int frames,
                    double iou_least, int *partner_of);

#endif
