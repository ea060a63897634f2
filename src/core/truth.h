/* SPDX-License-Identifier: Apache-2.0 */
/*
 * True visits from true boxes, by the rule of the benchmark: the bottom centre of the box; gaps up
 * to 1 s filled along a line; inside by the even-odd rule; stays apart by up to 1 s joined; stays
 * under 1 s dropped; frame f (from 0) covers [f / fps, (f + 1) / fps). Pure.
 */
#ifndef DW_CORE_TRUTH_H
#define DW_CORE_TRUTH_H

#include "core/score.h"
#include "core/zone.h"

/* What the boxes were drawn on. */
struct dw_truth_picture {
    const struct dw_layout *layout;
    double fps;
    int width_px, height_px;
};

/*
 * `feet` is sorted by person, then frame. The visits are the caller's to free(); returns how many.
 */
size_t dw_truth_visits(struct dw_score_visit **visits, const struct dw_score_foot *feet,
                       size_t count, const struct dw_truth_picture *picture);

#endif
