/* SPDX-License-Identifier: Apache-2.0 */
#include "onnx/options.h"

#include <string.h>

void dw_model_options_init(struct dw_model_options *options)
{
    memset(options, 0, sizeof(*options));
    options->pad = -1;
    options->person_class = -1;
    options->staff_class = -1;
    options->score = -1;
    options->nms = -1;
}

static void fill_words(struct dw_model_options *options, const struct dw_model_options *defaults)
{
    if (options->channels == DW_CHANNELS_UNSET)
        options->channels = defaults->channels;
    if (options->fit == DW_FIT_UNSET)
        options->fit = defaults->fit;
    if (options->boxes == DW_BOX_FORM_UNSET)
        options->boxes = defaults->boxes;
    if (options->units == DW_UNITS_UNSET)
        options->units = defaults->units;
    if (options->activation == DW_ACTIVATION_UNSET)
        options->activation = defaults->activation;
}

void dw_model_options_fill(struct dw_model_options *options,
                           const struct dw_model_options *defaults)
{
    fill_words(options, defaults);
    if (options->certain == 0)
        options->certain = defaults->certain;
    if (options->birth == 0)
        options->birth = defaults->birth;
    if (!(options->std[0] > 0)) {
        memcpy(options->mean, defaults->mean, sizeof(options->mean));
        memcpy(options->std, defaults->std, sizeof(options->std));
    }
    if (options->pad < 0)
        options->pad = defaults->pad;
    if (options->person_class < 0)
        options->person_class = defaults->person_class;
    if (options->staff_class < 0)
        options->staff_class = defaults->staff_class;
    if (options->score < 0)
        options->score = defaults->score;
    if (options->nms < 0)
        options->nms = defaults->nms;
}
