/* SPDX-License-Identifier: Apache-2.0 */
/* True visits as `dwell score` reads them from files; docs/benchmark.md describes the formats. */
#ifndef DW_CMD_TRUTH_FILES_H
#define DW_CMD_TRUTH_FILES_H

#include "base/err.h"
#include "core/ground.h"
#include "core/score.h"
#include "core/zone.h"

struct dw_truth {
    struct dw_layout layout;
    double fps, length_s;
    int width_px, height_px;
    char detections_path[4096];
    char ground_path[4096];  /* empty: there is none */
    struct dw_ground ground; /* of ground.json, if there is one */
    struct dw_score_visit *visits;
    size_t visit_count;
    struct dw_score_foot *feet; /* sorted; NULL when only intervals are known */
    size_t foot_count;
    struct dw_score_foot *ignored; /* people who do not count: sitting, mirrored, too far away */
    size_t ignored_count;
};

/*
 * `place` is a folder, or a JSON file of intervals. With `video`, time is the container's: a
 * folder's true visits are then made from its true boxes at the video's frame rate.
 */
int dw_truth_load(struct dw_truth *truth, const char *place, const char *video,
                  const struct dw_zone_rules *rules, struct dw_err *err);
void dw_truth_forget_ground(struct dw_truth *truth);
void dw_truth_fini(struct dw_truth *truth);

#endif
