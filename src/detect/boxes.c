/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/boxes.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static size_t items_of(const struct dw_tensor *tensor)
{
    size_t items = 1;
    for (size_t i = 0; i < tensor->rank; i++)
        items *= (size_t)tensor->shape[i];
    return items;
}

/* Models that drop overlaps themselves give lists of any length, one row or none included. */
static bool boxes_table(const struct dw_tensor *tensor, struct dw_table *table)
{
    if (tensor->element == DW_ELEMENT_FLOAT && tensor->rank == 2 && tensor->shape[1] == 4) {
        *table = (struct dw_table){ tensor->data, (size_t)tensor->shape[0], 4 };
        return true;
    }
    return dw_tensor_table(tensor, table) && table->width == 4;
}

/* The scores that belong to `rows` boxes: [1,rows,C], [rows,C], [1,rows] or [rows]. */
static bool scores_table(const struct dw_tensor *tensor, size_t rows, struct dw_table *table)
{
    if (tensor->element == DW_ELEMENT_FLOAT && tensor->rank == 2 &&
        (size_t)tensor->shape[0] == rows) {
        *table = (struct dw_table){ tensor->data, rows, (size_t)tensor->shape[1] };
        return true;
    }
    return dw_tensor_table(tensor, table) && table->rows == rows;
}

/* The first that is a table of four columns; one that is called "box" goes before one that is not.
 */
static int find_boxes(struct dw_tensors outputs)
{
    int found = -1;
    struct dw_table table;
    for (int i = (int)outputs.count - 1; i >= 0; i--)
        if (boxes_table(&outputs.items[i], &table) &&
            (found < 0 || strstr(outputs.items[i].name, "box") != NULL ||
             strstr(outputs.items[found].name, "box") == NULL))
            found = i;
    return found;
}

static bool is_label(const char *name)
{
    return strstr(name, "label") != NULL || strstr(name, "classes") != NULL;
}

/* A whole number, or a float that is one, for each row. */
static int find_labels(struct dw_tensors outputs, size_t rows)
{
    for (int i = 0; i < (int)outputs.count; i++) {
        const struct dw_tensor *tensor = &outputs.items[i];
        if (is_label(tensor->name) && tensor->element != DW_ELEMENT_OTHER &&
            tensor->element != DW_ELEMENT_UINT8 && items_of(tensor) == rows)
            return i;
    }
    return -1;
}

static int find_scores(struct dw_tensors outputs, size_t rows, int boxes)
{
    for (int i = 0; i < (int)outputs.count; i++) {
        struct dw_table table;
        if (i != boxes && !is_label(outputs.items[i].name) &&
            scores_table(&outputs.items[i], rows, &table))
            return i;
    }
    return -1;
}

bool dw_boxes_find(struct dw_tensors outputs, struct dw_decode_plan *plan, size_t *classes)
{
    struct dw_table boxes, scores;
    int box = dw_output_named(plan, outputs, DW_OUTPUT_BOXES);
    if (box < 0)
        box = find_boxes(outputs);
    if (box < 0 || !boxes_table(&outputs.items[box], &boxes))
        return false;

    int score = dw_output_named(plan, outputs, DW_OUTPUT_SCORES);
    if (score < 0)
        score = find_scores(outputs, boxes.rows, box);
    if (score < 0 || !scores_table(&outputs.items[score], boxes.rows, &scores))
        return false;

    int label = dw_output_named(plan, outputs, DW_OUTPUT_LABELS);
    if (label < 0)
        label = find_labels(outputs, boxes.rows);
    plan->boxes = box;
    plan->scores = score;
    plan->labels = scores.width == 1 ? label : -1;
    *classes = scores.width;
    return true;
}

static int64_t label_at(const struct dw_tensor *labels, size_t row)
{
    if (labels->element == DW_ELEMENT_INT64)
        return ((const int64_t *)labels->data)[row];
    if (labels->element == DW_ELEMENT_INT32)
        return ((const int32_t *)labels->data)[row];
    float label = ((const float *)labels->data)[row];
    return label >= 0 && label < 1e6F ? (int64_t)(label + 0.5F) : -1;
}

static double softmax(const float *values, size_t count, size_t at)
{
    float top = values[0];
    for (size_t i = 1; i < count; i++)
        top = fmaxf(top, values[i]);
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)expf(values[i] - top);
    return (double)expf(values[at] - top) / sum;
}

static double activate(enum dw_activation activation, const float *row, size_t count, size_t at)
{
    if (activation == DW_ACTIVATION_SIGMOID)
        return 1 / (1 + exp(-(double)row[at]));
    return activation == DW_ACTIVATION_SOFTMAX ? softmax(row, count, at) : (double)row[at];
}

static void to_corners(const struct dw_decode_plan *plan, const float *box, double corners[4])
{
    bool normalized = plan->options.units == DW_UNITS_NORMALIZED;
    double x_scale = normalized ? plan->width_px : 1, y_scale = normalized ? plan->height_px : 1;
    double a = (double)box[0], b = (double)box[1], c = (double)box[2], d = (double)box[3];
    if (plan->options.boxes == DW_BOX_FORM_CXCYWH) {
        corners[0] = (a - c / 2) * x_scale;
        corners[1] = (b - d / 2) * y_scale;
        corners[2] = (a + c / 2) * x_scale;
        corners[3] = (b + d / 2) * y_scale;
        return;
    }
    bool y_first = plan->options.boxes == DW_BOX_FORM_Y1X1Y2X2;
    corners[0] = (y_first ? b : a) * x_scale;
    corners[1] = (y_first ? a : b) * y_scale;
    corners[2] = (y_first ? d : c) * x_scale;
    corners[3] = (y_first ? c : d) * y_scale;
}

int dw_boxes_decode(const struct dw_decode_plan *plan, struct dw_tensors outputs, double score,
                    struct dw_candidates *found, struct dw_err *err)
{
    const bool labelled = plan->labels >= 0;
    const struct dw_tensor *labels = &outputs.items[labelled ? plan->labels : 0];
    struct dw_table boxes, scores;
    size_t person = labelled ? 0 : (size_t)plan->options.person_class;
    if (!boxes_table(&outputs.items[plan->boxes], &boxes) ||
        !scores_table(&outputs.items[plan->scores], boxes.rows, &scores) ||
        scores.width <= person || (labelled && items_of(labels) != boxes.rows))
        return dw_fail(err, -EINVAL, "its outputs have no class %d or changed their shape",
                       plan->options.person_class);
    for (size_t i = 0; i < boxes.rows; i++) {
        if (labelled && label_at(labels, i) != plan->options.person_class)
            continue;
        double value = activate(plan->options.activation, scores.values + i * scores.width,
                                scores.width, person);
        if (!(value >= score))
            continue;
        double corners[4];
        to_corners(plan, boxes.values + i * 4, corners);
        dw_candidates_add(found, corners, value);
    }
    return 0;
}
