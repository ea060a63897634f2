/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SSD (arXiv 1512.02325) and its kin: a finished box and a score per class for each of some
 * thousand anchors, or the short list that the model has made of them. Models that leave the
 * anchors to us cannot be read.
 */
#include "detect/boxes.h"

/* More rows than any DETR has queries. */
#define ROWS_MIN 1000

static const struct dw_model_options defaults = {
    .channels = DW_CHANNELS_RGB,
    .fit = DW_FIT_STRETCH,
    .boxes = DW_BOX_FORM_X1Y1X2Y2,
    .units = DW_UNITS_NORMALIZED,
    .activation = DW_ACTIVATION_NONE,
    .mean = { 127.5F, 127.5F, 127.5F },
    .std = { 127.5F, 127.5F, 127.5F },
    .pad = 127,
    .person_class = 0,
    .score = 0.35,
    .nms = 0.6,
};

static bool inspect(struct dw_tensors outputs, struct dw_decode_plan *plan)
{
    size_t classes = 0;
    if (!dw_boxes_find(outputs, plan, &classes))
        return false;
    struct dw_table boxes;
    dw_tensor_table(&outputs.items[plan->boxes], &boxes);
    if (plan->options.layout[0] == '\0' && !plan->interleaved && boxes.rows <= ROWS_MIN)
        return false;

    struct dw_model_options usual = defaults;
    if (plan->interleaved) /* from TensorFlow */
        usual.boxes = DW_BOX_FORM_Y1X1Y2X2;
    if (classes == 91 || classes == 2 || plan->labels >= 0) /* class 0 is the background */
        usual.person_class = 1;
    dw_model_options_fill(&plan->options, &usual);
    return true;
}

const struct dw_detector_impl dw_detector_ssd = {
    .layout = "ssd",
    .inspect = inspect,
    .decode = dw_boxes_decode,
};
