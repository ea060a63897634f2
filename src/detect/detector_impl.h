/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For those who teach Dwell another kind of model: one file with a `struct dw_detector_impl`, one
 * line in the table of detector.c. Programs that want people found include detect/detector.h.
 */
#ifndef DW_DETECT_DETECTOR_IMPL_H
#define DW_DETECT_DETECTOR_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "core/box.h"
#include "onnx/options.h"
#include "onnx/tensor.h"

#define DW_GRIDS_MAX 4

/* Where the numbers of one grid of cells lie: row `first_row` on, column `column` on. */
struct dw_grid_part {
    int output; /* index among the model's outputs */
    size_t first_row, column;
};

/* A model looks at the picture in cells of `stride_px`; each cell may see one person. */
struct dw_grid {
    int stride_px, columns, rows;
    struct dw_grid_part scores, boxes;
};

/* How to read one model, found out when it is loaded. */
struct dw_decode_plan {
    /* Known before inspect(): */
    int width_px, height_px; /* of the input */
    bool interleaved;        /* input is [1,height,width,3], as TensorFlow has it */
    /* Made by inspect(): what the sidecar said on entry, complete on return */
    struct dw_model_options options;
    struct dw_grid grids[DW_GRIDS_MAX]; /* nanodet, yolox */
    size_t grid_count;
    size_t bins;               /* nanodet: numbers per side of a box */
    double cell_center;        /* nanodet: 0.5 or 0, in cells */
    int scores, boxes, labels; /* ssd, detr: output index; -1 none */
};

/* Growing list of boxes in pixels of the model's input. */
struct dw_candidates {
    struct dw_detection *items;
    size_t count, capacity;
};

/* Leaves out what is empty or not a number. */
void dw_candidates_add(struct dw_candidates *candidates, const double corners[4], double score);

struct dw_detector_impl {
    const char *layout;

    /*
     * Whether outputs of these names and shapes (of a real run) have this layout. Fills the plan's
     * lower half; it may be spoilt when the answer is no.
     */
    bool (*inspect)(struct dw_tensors outputs, struct dw_decode_plan *plan);

    /* Adds the people from `score` on. -EINVAL when the outputs are not what inspect() saw. */
    int (*decode)(const struct dw_decode_plan *plan, struct dw_tensors outputs, double score,
                  struct dw_candidates *found, struct dw_err *err);
};

extern const struct dw_detector_impl dw_detector_nanodet;
extern const struct dw_detector_impl dw_detector_yolox;
extern const struct dw_detector_impl dw_detector_ssd;
extern const struct dw_detector_impl dw_detector_detr;

/* Shared by the layouts: */

/* Grids of strides 8, 16, 32, ... over the input; returns the cells of all together. */
size_t dw_grids_lay(struct dw_decode_plan *plan, size_t count);

/* The output the sidecar names for `role`, or -1. */
int dw_output_named(const struct dw_decode_plan *plan, struct dw_tensors outputs,
                    enum dw_output_role role);

#endif
