/* SPDX-License-Identifier: Apache-2.0 */
#include "appear/reid.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "onnx/model.h"

struct dw_reid {
    char what[32];
    size_t least, size; /* numbers that it must answer, and does */
    struct dw_model model;
    struct dw_model_options options; /* complete */
};

struct dw_reid_workspace {
    const struct dw_reid *reid;
    struct dw_letterbox *letterbox;
};

static struct dw_model_options usual_options(void)
{
    struct dw_model_options options;
    dw_model_options_init(&options);
    options.channels = DW_CHANNELS_RGB;
    options.fit = DW_FIT_STRETCH;
    options.pad = 0;
    const float mean[3] = { 123.675f, 116.28f, 103.53f }, std[3] = { 58.395f, 57.12f, 57.375f };
    memcpy(options.mean, mean, sizeof(mean));
    memcpy(options.std, std, sizeof(std));
    return options;
}

/* Takes the model's only output, in whatever shape, as the vector. */
static int read_vector(const struct dw_reid *reid, const struct dw_run *run,
                       float vector[DW_REID_MAX], size_t *size, struct dw_err *err)
{
    const struct dw_tensor *output = &run->outputs[0];
    char text[256];
    *size = dw_tensor_size(output) / sizeof(float);
    if (run->count != 1 || output->element != DW_ELEMENT_FLOAT || *size < reid->least ||
        *size > DW_REID_MAX)
        return dw_fail(err, -EINVAL, "is no %s: wants one output of %zu to %d floats, got %s",
                       reid->what, reid->least, DW_REID_MAX,
                       dw_tensors_describe(text, sizeof(text),
                                           (struct dw_tensors){ run->outputs, run->count }));
    memcpy(vector, output->data, *size * sizeof(float));
    return 0;
}

int dw_reid_create(struct dw_reid **out, const struct dw_reid_conf *conf, struct dw_err *err)
{
    DW_AUTO(reid) *reid = dw_alloc0(sizeof(*reid));
    struct dw_model_conf model = {
        .path = conf->model_path,
        .runtime_path = conf->runtime_path,
        .remedy = conf->remedy,
        .width_px = 128,
        .height_px = 256,
    };
    snprintf(reid->what, sizeof(reid->what), "%s", conf->what);
    reid->least = conf->least;
    int r = dw_model_open(&reid->model, &model, err);
    if (r != 0)
        return r;
    struct dw_model_options usual = usual_options();
    reid->options = reid->model.options;
    dw_model_options_fill(&reid->options, &usual);

    struct dw_run run;
    float vector[DW_REID_MAX];
    r = dw_model_try(&reid->model, &run, err);
    if (r == 0) {
        r = read_vector(reid, &run, vector, &reid->size, err);
        dw_run_fini(&run);
    }
    if (r != 0)
        return dw_fail_within(err, r, "model '%.200s'", conf->model_path);
    *out = DW_TAKE(reid);
    return 0;
}

void dw_reid_destroy(struct dw_reid *reid)
{
    if (reid == NULL)
        return;
    dw_model_fini(&reid->model);
    free(reid);
}

const struct dw_model_options *dw_reid_options(const struct dw_reid *reid)
{
    return &reid->options;
}

size_t dw_reid_size(const struct dw_reid *reid)
{
    return reid->size;
}

struct dw_reid_workspace *dw_reid_workspace_create(const struct dw_reid *reid)
{
    struct dw_reid_workspace *workspace = dw_alloc0(sizeof(*workspace));
    workspace->reid = reid;
    workspace->letterbox = dw_letterbox_create(&reid->model.canvas, &reid->options);
    return workspace;
}

void dw_reid_workspace_destroy(struct dw_reid_workspace *workspace)
{
    if (workspace == NULL)
        return;
    dw_letterbox_destroy(workspace->letterbox);
    free(workspace);
}

int dw_reid_run(struct dw_reid_workspace *workspace, const struct dw_image *person,
                float vector[DW_REID_MAX], size_t *size, struct dw_err *err)
{
    struct dw_run run;
    int r = dw_letterbox_draw(workspace->letterbox, person, err);
    if (r == 0)
        r = dw_model_run(&workspace->reid->model, dw_letterbox_pixels(workspace->letterbox), &run,
                         err);
    if (r != 0)
        return dw_fail_within(err, r, "the %s cannot be run", workspace->reid->what);
    r = read_vector(workspace->reid, &run, vector, size, err);
    dw_run_fini(&run);
    return r;
}
