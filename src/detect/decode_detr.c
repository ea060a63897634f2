/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DETR (arXiv 2005.12872) and its descendants RT-DETR, D-FINE, RF-DETR: some hundred queries, each
 * with a box and either a value per class or, when the model has chosen itself, a score and a
 * label. They do not see a person twice, so boxes may overlap.
 */
#include "detect/boxes.h"

#define CLASSES_SOFTMAX 92 /* the first DETR: COCO's 91 and "nothing" */

static const struct dw_model_options defaults = {
    .channels = DW_CHANNELS_RGB,
    .fit = DW_FIT_STRETCH,
    .boxes = DW_BOX_FORM_CXCYWH,
    .units = DW_UNITS_NORMALIZED,
    .activation = DW_ACTIVATION_SIGMOID,
    .std = { 255, 255, 255 },
    .pad = 0,
    .person_class = 0,
    .score = 0.35,
    .nms = 1,
};

/* COCO with its gaps (91, or 92 with "nothing") comes with ImageNet's colours. */
static const struct dw_model_options coco_91 = {
    .mean = { 123.675F, 116.28F, 103.53F },
    .std = { 58.395F, 57.12F, 57.375F },
    .person_class = 1,
    .pad = -1,
    .score = -1,
    .nms = -1,
};

static const struct dw_model_options labelled = {
    .boxes = DW_BOX_FORM_X1Y1X2Y2,
    .units = DW_UNITS_PIXELS,
    .activation = DW_ACTIVATION_NONE,
    .person_class = -1,
    .pad = -1,
    .score = -1,
    .nms = -1,
};

static bool inspect(struct dw_tensors outputs, struct dw_decode_plan *plan)
{
    size_t classes = 0;
    if (!dw_boxes_find(outputs, plan, &classes))
        return false;
    if (plan->labels >= 0)
        dw_model_options_fill(&plan->options, &labelled);
    if (classes == CLASSES_SOFTMAX && plan->options.activation == DW_ACTIVATION_UNSET)
        plan->options.activation = DW_ACTIVATION_SOFTMAX;
    if (classes == CLASSES_SOFTMAX || classes == CLASSES_SOFTMAX - 1)
        dw_model_options_fill(&plan->options, &coco_91);
    dw_model_options_fill(&plan->options, &defaults);
    return true;
}

const struct dw_detector_impl dw_detector_detr = {
    .layout = "detr",
    .inspect = inspect,
    .decode = dw_boxes_decode,
};
