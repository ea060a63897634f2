/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YOLOX (arXiv 2107.08430): one row for each cell of three grids with the box's centre and size,
 * how likely there is anything at all, and how likely each class is. The usual export leaves the
 * last step to us: centre in cells from the cell's corner, size as logarithm of strides. With
 * "boxes": "cxcywh" in the sidecar the model has done it.
 */
#include <errno.h>
#include <math.h>

#include "detect/detector_impl.h"

enum { COLUMN_OBJECT = 4, COLUMN_CLASSES = 5 };

static const struct dw_model_options defaults = {
    .channels = DW_CHANNELS_BGR,
    .fit = DW_FIT_CORNER,
    .boxes = DW_BOX_FORM_GRID,
    .std = { 1, 1, 1 },
    .pad = 114,
    .person_class = 0,
    .score = 0.35,
    .nms = 0.45,
};

static bool inspect(struct dw_tensors outputs, struct dw_decode_plan *plan)
{
    size_t cells = dw_grids_lay(plan, 3);
    for (int i = 0; i < (int)outputs.count; i++) {
        struct dw_table table;
        if (!dw_tensor_table(&outputs.items[i], &table) || table.rows != cells ||
            table.width <= COLUMN_CLASSES)
            continue;
        plan->boxes = i;
        dw_model_options_fill(&plan->options, &defaults);
        return true;
    }
    return false;
}

/* `cell` counts within the grid. */
static void decode_cell(const struct dw_decode_plan *plan, const struct dw_grid *grid,
                        const float *box, size_t cell, double corners[4])
{
    double x = (double)box[0], y = (double)box[1], w = (double)box[2], h = (double)box[3];
    if (plan->options.boxes == DW_BOX_FORM_GRID) {
        size_t column = cell % (size_t)grid->columns, row = cell / (size_t)grid->columns;
        x = (x + (double)column) * grid->stride_px;
        y = (y + (double)row) * grid->stride_px;
        w = exp(w) * grid->stride_px;
        h = exp(h) * grid->stride_px;
    }
    corners[0] = x - w / 2;
    corners[1] = y - h / 2;
    corners[2] = x + w / 2;
    corners[3] = y + h / 2;
}

static int decode(const struct dw_decode_plan *plan, struct dw_tensors outputs, double score,
                  struct dw_candidates *found, struct dw_err *err)
{
    struct dw_table table;
    const struct dw_grid *last = &plan->grids[plan->grid_count - 1];
    size_t cells = last->scores.first_row + (size_t)last->columns * (size_t)last->rows;
    size_t person = COLUMN_CLASSES + (size_t)plan->options.person_class;
    if (!dw_tensor_table(&outputs.items[plan->boxes], &table) || table.rows != cells ||
        table.width <= person)
        return dw_fail(err, -EINVAL, "its output has no class %d or changed its shape",
                       plan->options.person_class);
    const struct dw_grid *grid = plan->grids;
    for (size_t i = 0; i < cells; i++) {
        const float *row = table.values + i * table.width;
        double value = (double)row[COLUMN_OBJECT] * (double)row[person];
        if (!(value >= score))
            continue;
        while (grid < last && i >= grid[1].scores.first_row)
            grid++;
        double corners[4];
        decode_cell(plan, grid, row, i - grid->scores.first_row, corners);
        dw_candidates_add(found, corners, value);
    }
    return 0;
}

const struct dw_detector_impl dw_detector_yolox = {
    .layout = "yolox",
    .inspect = inspect,
    .decode = decode,
};
