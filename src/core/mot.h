/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The measures that trackers are usually compared by, so that ours can be set beside those of
 * papers: HOTA with its parts DetA and AssA (Luiten et al. 2020), IDF1 (Ristani et al. 2016), MOTA
 * and identity switches (Bernardin and Stiefelhagen 2008). Computed as TrackEval does, from boxes
 * and their numbers frame by frame. Sums, so that sequences can be pooled. Pure.
 */
#ifndef DW_CORE_MOT_H
#define DW_CORE_MOT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/score.h"

/* HOTA is the mean over overlaps (IoU) from 0.05 to 0.95; the others count a pair from 0.5. */
#define DW_MOT_OVERLAPS 19

struct dw_mot {
    int64_t true_boxes, measured_boxes;
    int64_t pairs[DW_MOT_OVERLAPS];      /* boxes matched, per overlap */
    double association[DW_MOT_OVERLAPS]; /* sum over these of |both| / |either| of their numbers */
    int64_t clear_pairs, switches;       /* MOTA: boxes matched, changes of number */
    int64_t identity_pairs;              /* IDF1: boxes matched, numbers paired one to one */
};

/* Feet sorted by person and frame; no visits are needed. */
struct dw_mot_input {
    const struct dw_score_side *truth, *measured;
    const struct dw_score_side *uncounted; /* whoever follows these is neither right nor wrong */
    int frames;
    const bool *skipped; /* frames that do not count, or NULL */
};

struct dw_mot dw_mot_compare(const struct dw_mot_input *input);

/* Adds `more` to `sum`: pooled figures. */
void dw_mot_add(struct dw_mot *sum, const struct dw_mot *more);

/* 0..1, but MOTA may be negative; 0 when there is nothing to divide by. */
double dw_mot_hota(const struct dw_mot *mot);
double dw_mot_detection_accuracy(const struct dw_mot *mot);
double dw_mot_association_accuracy(const struct dw_mot *mot);
double dw_mot_idf1(const struct dw_mot *mot);
double dw_mot_mota(const struct dw_mot *mot);

#endif
