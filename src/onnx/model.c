/* SPDX-License-Identifier: Apache-2.0 */
#include "onnx/model.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "onnx/sidecar.h"

#define SIDE_MAX_PX 8192

static int check_file(const struct dw_model_conf *conf, struct dw_err *err)
{
    struct stat file;
    if (stat(conf->path, &file) != 0 && errno == ENOENT)
        return dw_fail(err, -ENOENT, "model '%s': no such file; %s", conf->path, conf->remedy);
    if (access(conf->path, R_OK) != 0)
        return dw_fail(err, -errno, "model '%s': cannot be read: %s", conf->path, strerror(errno));
    if (!S_ISREG(file.st_mode))
        return dw_fail(err, -EINVAL, "model '%s': is not a file", conf->path);
    return 0;
}

static int open_session(struct dw_model *model, const struct dw_model_conf *conf,
                        struct dw_err *err)
{
    int status = dw_runtime_open(&model->runtime, conf->runtime_path, err);
    if (status != 0)
        return status;
    struct dw_err reason;
    status = dw_session_create(&model->session, model->runtime, conf->path, &reason);
    if (status != 0)
        return dw_fail(err, -EINVAL,
                       "model '%s': is damaged or no ONNX model that ONNX Runtime %s can load; "
                       "import or copy it again (%.200s)",
                       conf->path, model->runtime->version, reason.text);
    return 0;
}

static int read_sidecar(struct dw_model *model, const char *model_path, struct dw_err *err)
{
    struct dw_model_options *options = &model->options;
    char path[PATH_MAX], text[256];
    dw_model_options_init(options);
    dw_sidecar_path(path, sizeof(path), model_path);
    int status = dw_sidecar_load(options, path, err);
    if (status != 0 && status != -ENOENT)
        return status;
    struct dw_tensors outputs = dw_session_outputs(model->session);
    for (size_t i = 0; i < DW_OUTPUT_ROLE_COUNT; i++)
        if (options->outputs[i][0] != '\0' && dw_tensors_find(outputs, options->outputs[i]) < 0)
            return dw_fail(err, -EINVAL, "%s: the model has no output '%s', only %s", path,
                           options->outputs[i], dw_tensors_describe(text, sizeof(text), outputs));
    if (options->layout[0] == '\0')
        dw_session_metadata(model->session, "dwell.layout", options->layout,
                            sizeof(options->layout));
    return 0;
}

/* The input with four dimensions is the picture; RT-DETR and D-FINE want its size beside it. */
static int find_picture(struct dw_model *model, struct dw_err *err)
{
    struct dw_tensors inputs = dw_session_inputs(model->session);
    char text[256];
    model->picture = inputs.count;
    for (size_t i = 0; i < inputs.count; i++) {
        struct dw_tensor *input = &model->inputs[i];
        *input = inputs.items[i];
        if (model->picture == inputs.count && input->rank == 4 &&
            (input->element == DW_ELEMENT_FLOAT || input->element == DW_ELEMENT_UINT8)) {
            model->picture = i;
        } else if (input->element == DW_ELEMENT_INT64 && input->rank == 2 &&
                   (input->shape[1] == 2 || input->shape[1] == -1)) {
            input->shape[0] = 1;
            input->shape[1] = 2;
        } else {
            return dw_fail(err, -EINVAL, "wants inputs that are not one picture: %s",
                           dw_tensors_describe(text, sizeof(text), inputs));
        }
    }
    if (model->picture == inputs.count)
        return dw_fail(err, -EINVAL, "does not take a picture ([1,3,height,width]) but %s",
                       dw_tensors_describe(text, sizeof(text), inputs));
    return 0;
}

/* A side of the input: what the model says, else what its sidecar says, else `usual`. */
static int settle_side(int64_t *side, int given, int usual, const char *key, struct dw_err *err)
{
    if (*side > 0 && given > 0 && *side != given)
        return dw_fail(err, -EINVAL, "takes pictures of %s %lld, but its sidecar says %d", key,
                       (long long)*side, given);
    if (*side <= 0)
        *side = given > 0 ? given : usual;
    if (*side > SIDE_MAX_PX)
        return dw_fail(err, -EINVAL, "takes pictures of %s %lld, more than %d", key,
                       (long long)*side, SIDE_MAX_PX);
    return 0;
}

static int settle_input(struct dw_model *model, const struct dw_model_conf *conf,
                        struct dw_err *err)
{
    int status = find_picture(model, err);
    if (status != 0)
        return status;
    struct dw_tensor *input = &model->inputs[model->picture];
    int64_t *shape = input->shape;
    bool interleaved = shape[3] == 3 && shape[1] != 3;
    int64_t *channels = interleaved ? &shape[3] : &shape[1];
    int64_t *height = interleaved ? &shape[1] : &shape[2], *width = height + 1;
    if ((*channels != 3 && *channels != -1) || (shape[0] != 1 && shape[0] != -1))
        return dw_fail(err, -EINVAL,
                       "takes pictures of shape [%lld,%lld,%lld,%lld]; one at a time of three "
                       "colours ([1,3,height,width]) is what Dwell can give",
                       (long long)shape[0], (long long)shape[1], (long long)shape[2],
                       (long long)shape[3]);
    shape[0] = 1;
    *channels = 3;
    status = settle_side(width, model->options.width_px, conf->width_px, "width", err);
    if (status == 0)
        status = settle_side(height, model->options.height_px, conf->height_px, "height", err);
    model->canvas = (struct dw_canvas){
        .width_px = (int)*width,
        .height_px = (int)*height,
        .interleaved = interleaved,
        .bytes = input->element == DW_ELEMENT_UINT8,
    };
    return status;
}

int dw_model_open(struct dw_model *model, const struct dw_model_conf *conf, struct dw_err *err)
{
    *model = (struct dw_model){ 0 };
    int status = check_file(conf, err);
    if (status == 0)
        status = open_session(model, conf, err);
    if (status == 0)
        status = read_sidecar(model, conf->path, err);
    if (status != 0)
        return status;
    status = settle_input(model, conf, err);
    return status != 0 ? dw_fail_within(err, status, "model '%.200s'", conf->path) : 0;
}

void dw_model_fini(struct dw_model *model)
{
    dw_session_destroy(model->session);
    dw_runtime_destroy(model->runtime);
    *model = (struct dw_model){ 0 };
}

int dw_model_run(const struct dw_model *model, void *pixels, struct dw_run *run, struct dw_err *err)
{
    struct dw_tensor inputs[DW_SESSION_INPUTS_MAX];
    int64_t size[2] = { model->canvas.width_px, model->canvas.height_px };
    for (size_t i = 0; i < DW_SESSION_INPUTS_MAX; i++) {
        inputs[i] = model->inputs[i];
        inputs[i].data = i == model->picture ? pixels : size;
    }
    return dw_session_run(model->session, inputs, run, err);
}

int dw_model_try(const struct dw_model *model, struct dw_run *run, struct dw_err *err)
{
    void *pixels = dw_alloc0(dw_tensor_size(&model->inputs[model->picture]));
    int status = dw_model_run(model, pixels, run, err);
    free(pixels);
    return status != 0 ? dw_fail_within(err, status, "cannot be run") : 0;
}
