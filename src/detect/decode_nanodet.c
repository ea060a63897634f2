/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NanoDet (Lyu, 2020): for each cell of three or four grids a score per class and, for each side of
 * the box, how likely each of `bins` distances is (Generalized Focal Loss, arXiv 2006.04388). The
 * distance is the expected value, in strides.
 *
 * Exports differ in how they cut this up: scores and boxes apart or side by side in one tensor, a
 * tensor for each grid or one for all.
 */
#include <errno.h>
#include <math.h>

#include "base/macros.h"
#include "detect/detector_impl.h"

static const struct dw_model_options defaults = {
    .channels = DW_CHANNELS_BGR,
    .fit = DW_FIT_CENTER,
    .mean = { 103.53F, 116.28F, 123.675F },
    .std = { 57.375F, 57.12F, 58.395F },
    .pad = 0,
    .person_class = 0,
    .score = 0.35,
    .nms = 0.6,
};

/* Numbers of bins that published models have. */
static const size_t usual_bins[] = { 8, 11, 16, 17 };

/* Classes of models that put scores and boxes side by side: COCO's, or persons alone. */
static const size_t usual_classes[] = { 80, 1 };

/* How many bins a tensor of boxes alone would have; 0: it is no such tensor. */
static size_t bins_of(size_t width, size_t given_bins)
{
    if (given_bins > 0)
        return width == given_bins * 4 ? given_bins : 0;
    for (size_t i = 0; i < DW_LENGTH(usual_bins); i++)
        if (width == usual_bins[i] * 4)
            return usual_bins[i];
    return 0;
}

/* How many classes stand before the boxes in a tensor of both; 0: it is no such tensor. */
static size_t classes_before_boxes(size_t width, size_t given_bins)
{
    if (given_bins > 0)
        return width > given_bins * 4 ? width - given_bins * 4 : 0;
    for (size_t i = 0; i < DW_LENGTH(usual_classes); i++)
        if (width > usual_classes[i] && bins_of(width - usual_classes[i], 0) > 0)
            return usual_classes[i];
    return 0;
}

/* The place of a grid (0: stride 8) among the roles; `first` is the role for stride 8. */
static enum dw_output_role role_of(enum dw_output_role first, const struct dw_grid *grid)
{
    int role = (int)first;
    for (int stride = grid->stride_px; stride > 8; stride /= 2)
        role++;
    return (enum dw_output_role)role;
}

static bool is_list(struct dw_tensors outputs, int index, size_t rows, size_t *width)
{
    struct dw_table table;
    if (!dw_tensor_table(&outputs.items[index], &table) || table.rows != rows)
        return false;
    *width = table.width;
    return true;
}

/* Scores in one tensor of `rows` rows, boxes in another. */
static bool find_apart(struct dw_decode_plan *plan, struct dw_tensors outputs, struct dw_grid *grid,
                       size_t rows)
{
    int scores = dw_output_named(plan, outputs, role_of(DW_OUTPUT_SCORES_8, grid));
    int boxes = dw_output_named(plan, outputs, role_of(DW_OUTPUT_BOXES_8, grid));
    size_t width = 0;
    for (int i = 0; i < (int)outputs.count; i++) {
        if (i == scores || i == boxes || !is_list(outputs, i, rows, &width))
            continue;
        bool like_boxes = bins_of(width, (size_t)plan->options.bins) > 0;
        if (like_boxes && boxes < 0)
            boxes = i;
        if (!like_boxes && scores < 0)
            scores = i;
    }
    if (scores < 0 || boxes < 0 || !is_list(outputs, scores, rows, &width) ||
        !is_list(outputs, boxes, rows, &width))
        return false;
    plan->bins = width / 4;
    grid->scores = (struct dw_grid_part){ .output = scores };
    grid->boxes = (struct dw_grid_part){ .output = boxes };
    return true;
}

/* Scores and boxes side by side in a tensor of `rows` rows. */
static bool find_combined(struct dw_decode_plan *plan, struct dw_tensors outputs,
                          struct dw_grid *grid, size_t rows)
{
    size_t width = 0;
    for (int i = 0; i < (int)outputs.count; i++) {
        if (!is_list(outputs, i, rows, &width))
            continue;
        size_t classes = classes_before_boxes(width, (size_t)plan->options.bins);
        if (classes == 0)
            continue;
        plan->bins = (width - classes) / 4;
        grid->scores = (struct dw_grid_part){ .output = i };
        grid->boxes = (struct dw_grid_part){ .output = i, .column = classes };
        return true;
    }
    return false;
}

static bool find(struct dw_decode_plan *plan, struct dw_tensors outputs, struct dw_grid *grid,
                 size_t rows)
{
    return find_apart(plan, outputs, grid, rows) || find_combined(plan, outputs, grid, rows);
}

static bool find_each(struct dw_decode_plan *plan, struct dw_tensors outputs)
{
    for (size_t i = 0; i < plan->grid_count; i++) {
        struct dw_grid *grid = &plan->grids[i];
        size_t bins = plan->bins;
        if (!find(plan, outputs, grid, (size_t)grid->columns * (size_t)grid->rows) ||
            (i > 0 && plan->bins != bins))
            return false;
    }
    return true;
}

/* All grids one after the other in the same tensor. */
static bool find_joined(struct dw_decode_plan *plan, struct dw_tensors outputs, size_t cells)
{
    struct dw_grid_part scores, boxes;
    if (!find(plan, outputs, &plan->grids[0], cells))
        return false;
    scores = plan->grids[0].scores;
    boxes = plan->grids[0].boxes;
    for (size_t i = 0; i < plan->grid_count; i++) {
        struct dw_grid *grid = &plan->grids[i];
        grid->scores = scores;
        grid->boxes = boxes;
        scores.first_row += (size_t)grid->columns * (size_t)grid->rows;
        boxes.first_row = scores.first_row;
    }
    return true;
}

static bool inspect(struct dw_tensors outputs, struct dw_decode_plan *plan)
{
    for (size_t count = DW_GRIDS_MAX; count >= 3; count--) {
        size_t cells = dw_grids_lay(plan, count);
        if (!find_each(plan, outputs) && !find_joined(plan, outputs, cells))
            continue;
        if (plan->bins < 2)
            continue;
        /* NanoDet-Plus, the one with four grids, measures from the corner of the cell. */
        plan->cell_center = count == 4 ? 0 : 0.5;
        dw_model_options_fill(&plan->options, &defaults);
        return true;
    }
    return false;
}

static double expected_bin(const float *logits, size_t bins)
{
    float top = logits[0];
    for (size_t i = 1; i < bins; i++)
        top = fmaxf(top, logits[i]);
    double sum = 0, weighted = 0;
    for (size_t i = 0; i < bins; i++) {
        double weight = (double)expf(logits[i] - top);
        sum += weight;
        weighted += weight * (double)i;
    }
    return weighted / sum;
}

static void decode_cell(const struct dw_decode_plan *plan, const struct dw_grid *grid,
                        const float *logits, size_t cell, double corners[4])
{
    size_t bins = plan->bins, columns = (size_t)grid->columns;
    size_t column = cell % columns, row = cell / columns;
    double stride = grid->stride_px;
    double x = ((double)column + plan->cell_center) * stride;
    double y = ((double)row + plan->cell_center) * stride;
    corners[0] = x - expected_bin(logits, bins) * stride;
    corners[1] = y - expected_bin(logits + bins, bins) * stride;
    corners[2] = x + expected_bin(logits + 2 * bins, bins) * stride;
    corners[3] = y + expected_bin(logits + 3 * bins, bins) * stride;
}

static int decode_grid(const struct dw_decode_plan *plan, const struct dw_grid *grid,
                       struct dw_tensors outputs, double score, struct dw_candidates *found)
{
    struct dw_table scores, boxes;
    size_t cells = (size_t)grid->columns * (size_t)grid->rows;
    size_t person = grid->scores.column + (size_t)plan->options.person_class;
    if (!dw_tensor_table(&outputs.items[grid->scores.output], &scores) ||
        !dw_tensor_table(&outputs.items[grid->boxes.output], &boxes) ||
        scores.rows < grid->scores.first_row + cells || scores.width <= person ||
        boxes.rows < grid->boxes.first_row + cells ||
        boxes.width < grid->boxes.column + plan->bins * 4)
        return -EINVAL;
    const float *likely = scores.values + grid->scores.first_row * scores.width + person;
    const float *sides = boxes.values + grid->boxes.first_row * boxes.width + grid->boxes.column;
    for (size_t cell = 0; cell < cells; cell++) {
        double value = (double)likely[cell * scores.width];
        if (!(value >= score))
            continue;
        double corners[4];
        decode_cell(plan, grid, sides + cell * boxes.width, cell, corners);
        dw_candidates_add(found, corners, value);
    }
    return 0;
}

static int decode(const struct dw_decode_plan *plan, struct dw_tensors outputs, double score,
                  struct dw_candidates *found, struct dw_err *err)
{
    for (size_t i = 0; i < plan->grid_count; i++)
        if (decode_grid(plan, &plan->grids[i], outputs, score, found) != 0)
            return dw_fail(err, -EINVAL, "its outputs have no class %d or changed their shape",
                           plan->options.person_class);
    return 0;
}

const struct dw_detector_impl dw_detector_nanodet = {
    .layout = "nanodet",
    .inspect = inspect,
    .decode = decode,
};
