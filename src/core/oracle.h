/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What perfect association of the same detections would reach: every detection that shows a true
 * person carries that person's number, gaps are filled along a line, and the usual rules make
 * visits of it. What is still wrong then is the detector's, not the tracker's. Pure.
 */
#ifndef DW_CORE_ORACLE_H
#define DW_CORE_ORACLE_H

#include "core/score.h"
#include "core/zone.h"

/* A detection shows the person whose true box it overlaps (IoU) by this or more. */
#define DW_ORACLE_IOU 0.5

struct dw_oracle_conf {
    const struct dw_layout *layout;
    int width_px, height_px;
    double fps, length_s;
    int64_t gap_us; /* longer gaps are left open; stands for every zone's bridge */
};

/*
 * `truth` and `detections` bring their feet (sorted by person and frame; detections in any order,
 * their person is ignored). The arrays of `out` are the caller's to dw_oracle_fini().
 */
struct dw_oracle {
    struct dw_score_visit *visits;
    size_t visit_count;
    struct dw_score_foot *feet; /* sorted by person, then frame */
    size_t foot_count;
};

void dw_oracle_init(struct dw_oracle *out, const struct dw_oracle_conf *conf,
                    const struct dw_score_side *truth, const struct dw_score_side *detections);
void dw_oracle_fini(struct dw_oracle *oracle);

#endif
