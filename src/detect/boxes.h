/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What SSD and DETR-style models have in common: a table of finished boxes and a table of scores
 * (or a score and a label each), row by row.
 */
#ifndef DW_DETECT_BOXES_H
#define DW_DETECT_BOXES_H

#include "detect/detector_impl.h"

/*
 * Finds boxes, scores and labels among the outputs by what the sidecar says, by name and by shape,
 * and notes them in the plan. `classes` is set to the columns of the scores.
 */
bool dw_boxes_find(struct dw_tensors outputs, struct dw_decode_plan *plan, size_t *classes);

/* As dw_detector_impl.decode, by the plan's options `boxes`, `units` and `activation`. */
int dw_boxes_decode(const struct dw_decode_plan *plan, struct dw_tensors outputs, double score,
                    struct dw_candidates *found, struct dw_err *err);

#endif
