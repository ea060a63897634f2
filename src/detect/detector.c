/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detector.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cache.h"
#include "base/vec.h"
#include "detect/detector_impl.h"
#include "detect/letterbox.h"
#include "detect/nms.h"
#include "detect/runtime.h"
#include "detect/session.h"
#include "detect/sidecar.h"

#define DEFAULT_MODEL "nanodet-g-512x384-fp32.onnx"
#define DEFAULT_SIDE_PX 416 /* of models that take any size */
#define SIDE_MAX_PX 8192

/* In the order in which they are tried: the more particular first. */
static const struct dw_detector_impl *const impls[] = {
    &dw_detector_nanodet,
    &dw_detector_yolox,
    &dw_detector_ssd,
    &dw_detector_detr,
};

/* What small detectors' scores are worth to the tracker, measured on visits (docs/models.md). */
#define CERTAIN 0.5
#define BIRTH 0.6

struct dw_detector {
    struct dw_runtime *runtime;
    struct dw_session *session;
    const struct dw_detector_impl *impl;
    struct dw_decode_plan plan;
    struct dw_canvas canvas;
    struct dw_tensor inputs[DW_SESSION_INPUTS_MAX]; /* with shape, without data */
    size_t picture;                                 /* the input that takes the picture */
    struct dw_detector_info info;
};

struct dw_detect_workspace {
    struct dw_letterbox *letterbox;
    struct dw_candidates found;
};

static int64_t clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- what the layouts share ---- */

void dw_candidates_add(struct dw_candidates *candidates, const double corners[4], double score)
{
    double width = corners[2] - corners[0], height = corners[3] - corners[1];
    if (!isfinite(corners[0]) || !isfinite(corners[1]) || !isfinite(width) || !isfinite(height) ||
        width <= 0 || height <= 0)
        return;
    const struct dw_detection detection = {
        { (float)corners[0], (float)corners[1], (float)width, (float)height },
        (float)fmin(score, 1),
    };
    dw_vec_push(candidates, detection);
}

size_t dw_grids_lay(struct dw_decode_plan *plan, size_t count)
{
    size_t cells = 0;
    plan->grid_count = count;
    for (size_t i = 0; i < count; i++) {
        struct dw_grid *grid = &plan->grids[i];
        int stride = 8 << i;
        *grid = (struct dw_grid){
            .stride_px = stride,
            .columns = (plan->width_px + stride - 1) / stride,
            .rows = (plan->height_px + stride - 1) / stride,
            .scores.first_row = cells,
        };
        cells += (size_t)grid->columns * (size_t)grid->rows;
    }
    return cells;
}

int dw_output_named(const struct dw_decode_plan *plan, struct dw_tensors outputs,
                    enum dw_output_role role)
{
    const char *name = plan->options.outputs[role];
    return name[0] != '\0' ? dw_tensors_find(outputs, name) : -1;
}

/* ---- loading ---- */

static int check_file(const char *path, struct dw_err *err)
{
    struct stat file;
    if (stat(path, &file) != 0 && errno == ENOENT)
        return dw_fail(err, -ENOENT,
                       "model '%s': no such file; `make run` makes the default model, or name one "
                       "with --model",
                       path);
    if (access(path, R_OK) != 0)
        return dw_fail(err, -errno, "model '%s': cannot be read: %s", path, strerror(errno));
    if (!S_ISREG(file.st_mode))
        return dw_fail(err, -EINVAL, "model '%s': is not a file", path);
    return 0;
}

static int open_session(struct dw_detector *detector, const struct dw_detector_conf *conf,
                        struct dw_err *err)
{
    int status = dw_runtime_open(&detector->runtime, conf->runtime_path, err);
    if (status != 0)
        return status;
    struct dw_err reason;
    status = dw_session_create(&detector->session, detector->runtime, conf->model_path, &reason);
    if (status != 0)
        return dw_fail(err, -EINVAL,
                       "model '%s': is damaged or no ONNX model that ONNX Runtime %s can load; "
                       "import or copy it again (%.200s)",
                       conf->model_path, detector->runtime->version, reason.text);
    return 0;
}

static int read_sidecar(struct dw_model_options *options, const struct dw_detector *detector,
                        const char *model_path, struct dw_err *err)
{
    char path[PATH_MAX], text[256];
    dw_model_options_init(options);
    dw_sidecar_path(path, sizeof(path), model_path);
    int status = dw_sidecar_load(options, path, err);
    if (status != 0 && status != -ENOENT)
        return status;
    struct dw_tensors outputs = dw_session_outputs(detector->session);
    for (size_t i = 0; i < DW_OUTPUT_ROLE_COUNT; i++)
        if (options->outputs[i][0] != '\0' && dw_tensors_find(outputs, options->outputs[i]) < 0)
            return dw_fail(err, -EINVAL, "%s: the model has no output '%s', only %s", path,
                           options->outputs[i], dw_tensors_describe(text, sizeof(text), outputs));
    if (options->layout[0] == '\0')
        dw_session_metadata(detector->session, "dwell.layout", options->layout,
                            sizeof(options->layout));
    return 0;
}

/* The input with four dimensions is the picture; RT-DETR and D-FINE want its size beside it. */
static int find_picture(struct dw_detector *detector, struct dw_err *err)
{
    struct dw_tensors inputs = dw_session_inputs(detector->session);
    char text[256];
    detector->picture = inputs.count;
    for (size_t i = 0; i < inputs.count; i++) {
        struct dw_tensor *input = &detector->inputs[i];
        *input = inputs.items[i];
        if (detector->picture == inputs.count && input->rank == 4 &&
            (input->element == DW_ELEMENT_FLOAT || input->element == DW_ELEMENT_UINT8)) {
            detector->picture = i;
        } else if (input->element == DW_ELEMENT_INT64 && input->rank == 2 &&
                   (input->shape[1] == 2 || input->shape[1] == -1)) {
            input->shape[0] = 1;
            input->shape[1] = 2;
        } else {
            return dw_fail(err, -EINVAL, "wants inputs that are not one picture: %s",
                           dw_tensors_describe(text, sizeof(text), inputs));
        }
    }
    if (detector->picture == inputs.count)
        return dw_fail(err, -EINVAL, "does not take a picture ([1,3,height,width]) but %s",
                       dw_tensors_describe(text, sizeof(text), inputs));
    return 0;
}

static int settle_side(int64_t *side, int given, const char *key, struct dw_err *err)
{
    if (*side > 0 && given > 0 && *side != given)
        return dw_fail(err, -EINVAL, "takes pictures of %s %lld, but its sidecar says %d", key,
                       (long long)*side, given);
    if (*side <= 0)
        *side = given > 0 ? given : DEFAULT_SIDE_PX;
    if (*side > SIDE_MAX_PX)
        return dw_fail(err, -EINVAL, "takes pictures of %s %lld, more than %d", key,
                       (long long)*side, SIDE_MAX_PX);
    return 0;
}

static int settle_input(struct dw_detector *detector, struct dw_err *err)
{
    int status = find_picture(detector, err);
    if (status != 0)
        return status;
    struct dw_decode_plan *plan = &detector->plan;
    int64_t *shape = detector->inputs[detector->picture].shape;
    plan->interleaved = shape[3] == 3 && shape[1] != 3;
    int64_t *channels = plan->interleaved ? &shape[3] : &shape[1];
    int64_t *height = plan->interleaved ? &shape[1] : &shape[2], *width = height + 1;
    if ((*channels != 3 && *channels != -1) || (shape[0] != 1 && shape[0] != -1))
        return dw_fail(err, -EINVAL,
                       "takes pictures of shape [%lld,%lld,%lld,%lld]; one at a time of three "
                       "colours ([1,3,height,width]) is what Dwell can give",
                       (long long)shape[0], (long long)shape[1], (long long)shape[2],
                       (long long)shape[3]);
    shape[0] = 1;
    *channels = 3;
    status = settle_side(width, plan->options.width_px, "width", err);
    if (status == 0)
        status = settle_side(height, plan->options.height_px, "height", err);
    plan->width_px = (int)*width;
    plan->height_px = (int)*height;
    detector->canvas = (struct dw_canvas){
        .width_px = plan->width_px,
        .height_px = plan->height_px,
        .interleaved = plan->interleaved,
        .bytes = detector->inputs[detector->picture].element == DW_ELEMENT_UINT8,
    };
    return status;
}

static int infer(const struct dw_detector *detector, void *pixels, struct dw_run *run,
                 struct dw_err *err)
{
    struct dw_tensor inputs[DW_SESSION_INPUTS_MAX];
    int64_t size[2] = { detector->plan.width_px, detector->plan.height_px };
    for (size_t i = 0; i < DW_SESSION_INPUTS_MAX; i++) {
        inputs[i] = detector->inputs[i];
        inputs[i].data = i == detector->picture ? pixels : size;
    }
    return dw_session_run(detector->session, inputs, run, err);
}

static int choose_layout(struct dw_detector *detector, struct dw_tensors outputs,
                         const char *model_path, struct dw_err *err)
{
    const struct dw_decode_plan known = detector->plan;
    const char *asked = known.options.layout;
    for (size_t i = 0; i < DW_LENGTH(impls); i++) {
        if (asked[0] != '\0' && strcmp(asked, impls[i]->layout) != 0)
            continue;
        detector->plan = known;
        if (impls[i]->inspect(outputs, &detector->plan)) {
            detector->impl = impls[i];
            return 0;
        }
    }
    char text[160], path[PATH_MAX];
    dw_tensors_describe(text, sizeof(text), outputs);
    dw_sidecar_path(path, sizeof(path), model_path);
    if (asked[0] != '\0')
        return dw_fail(err, -EINVAL,
                       "its outputs (%s) do not fit the layout '%s' it is said to have", text,
                       asked);
    return dw_fail(err, -EINVAL,
                   "cannot tell how to read its outputs (%s); write '%s' with \"layout\": "
                   "\"nanodet\", \"yolox\", \"ssd\" or \"detr\", see docs/models.md",
                   text, path);
}

/* One run on an empty picture shows the real shapes, which some models leave open until then. */
static int settle_outputs(struct dw_detector *detector, const char *model_path, struct dw_err *err)
{
    struct dw_run run;
    void *pixels = dw_alloc0(dw_tensor_size(&detector->inputs[detector->picture]));
    int status = infer(detector, pixels, &run, err);
    free(pixels);
    if (status != 0)
        return dw_fail_within(err, status, "cannot be run");
    struct dw_tensors outputs = { run.outputs, run.count };
    status = choose_layout(detector, outputs, model_path, err);
    if (status == 0) { /* reads it once, so that a wrong person_class shows now */
        struct dw_candidates found = { 0 };
        status = detector->impl->decode(&detector->plan, outputs, 1, &found, err);
        free(found.items);
    }
    dw_run_fini(&run);
    return status;
}

int dw_detector_create(struct dw_detector **out, const struct dw_detector_conf *conf,
                       struct dw_err *err)
{
    int64_t start_us = clock_us(CLOCK_MONOTONIC);
    DW_AUTO(detector) *detector = dw_alloc0(sizeof(*detector));
    int status = check_file(conf->model_path, err);
    if (status == 0)
        status = open_session(detector, conf, err);
    if (status == 0)
        status = read_sidecar(&detector->plan.options, detector, conf->model_path, err);
    if (status != 0)
        return status;
    status = settle_input(detector, err);
    if (status == 0)
        status = settle_outputs(detector, conf->model_path, err);
    if (status != 0)
        return dw_fail_within(err, status, "model '%.200s'", conf->model_path);

    struct dw_decode_plan *plan = &detector->plan;
    if (conf->score >= 0)
        plan->options.score = conf->score;
    detector->info = (struct dw_detector_info){
        .layout = detector->impl->layout,
        .width_px = plan->width_px,
        .height_px = plan->height_px,
        .score = plan->options.score,
        .certain = plan->options.certain > 0 ? plan->options.certain : CERTAIN,
        .birth = plan->options.birth > 0 ? plan->options.birth : BIRTH,
        .load_ms = (double)(clock_us(CLOCK_MONOTONIC) - start_us) / 1000,
        .runtime_version = detector->runtime->version,
        .runtime_path = detector->runtime->path,
    };
    *out = DW_TAKE(detector);
    return 0;
}

void dw_detector_destroy(struct dw_detector *detector)
{
    if (detector == NULL)
        return;
    dw_session_destroy(detector->session);
    dw_runtime_destroy(detector->runtime);
    free(detector);
}

const struct dw_detector_info *dw_detector_info(const struct dw_detector *detector)
{
    return &detector->info;
}

/* ---- running ---- */

struct dw_detect_workspace *dw_detect_workspace_create(const struct dw_detector *detector)
{
    struct dw_detect_workspace *workspace = dw_alloc0(sizeof(*workspace));
    workspace->letterbox = dw_letterbox_create(&detector->canvas, &detector->plan.options);
    return workspace;
}

void dw_detect_workspace_destroy(struct dw_detect_workspace *workspace)
{
    if (workspace == NULL)
        return;
    dw_letterbox_destroy(workspace->letterbox);
    dw_vec_fini(&workspace->found);
    free(workspace);
}

/* Boxes in pixels of the picture; what lies on the borders alone is no detection. */
static size_t unmap(const struct dw_placement *placement, struct dw_detection *items, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct dw_box box = dw_placement_unmap(placement, items[i].box);
        if (box.w > 0 && box.h > 0)
            items[kept++] = (struct dw_detection){ box, items[i].score };
    }
    return kept;
}

int dw_detector_run(const struct dw_detector *detector, struct dw_detect_workspace *workspace,
                    const struct dw_image *image, struct dw_detect_result *result,
                    struct dw_err *err)
{
    const struct dw_model_options *options = &detector->plan.options;
    struct dw_candidates *found = &workspace->found;
    struct dw_run run;
    *result = (struct dw_detect_result){ 0 };

    int64_t start_us = clock_us(CLOCK_THREAD_CPUTIME_ID);
    int status = dw_letterbox_draw(workspace->letterbox, image, err);
    if (status != 0)
        return status;
    int64_t drawn_us = clock_us(CLOCK_THREAD_CPUTIME_ID);
    status = infer(detector, dw_letterbox_pixels(workspace->letterbox), &run, err);
    if (status != 0)
        return dw_fail_within(err, status, "the model cannot be run");
    int64_t inferred_us = clock_us(CLOCK_THREAD_CPUTIME_ID);

    dw_vec_clear(found);
    status = detector->impl->decode(&detector->plan, (struct dw_tensors){ run.outputs, run.count },
                                    options->score, found, err);
    dw_run_fini(&run);
    if (status != 0)
        return dw_fail_within(err, status, "the model cannot be read");
    size_t count = dw_nms(found->items, found->count, options->nms);
    count = unmap(dw_letterbox_placement(workspace->letterbox), found->items, count);
    *result = (struct dw_detect_result){
        .found = found->items,
        .count = count,
        .timing = {
            .scale_us = drawn_us - start_us,
            .infer_us = inferred_us - drawn_us,
            .decode_us = clock_us(CLOCK_THREAD_CPUTIME_ID) - inferred_us,
        },
    };
    return 0;
}

/* ---- the default model ---- */

int dw_model_find(char *path, size_t size, struct dw_err *err)
{
    static const char *const shared[] = {
        "/usr/share/dwell/models/" DEFAULT_MODEL,
        "/usr/local/share/dwell/models/" DEFAULT_MODEL,
    };
    const char *asked = getenv("DWELL_MODEL");
    if (asked != NULL && asked[0] != '\0') {
        snprintf(path, size, "%s", asked);
        return 0;
    }
    if (dw_cache_path(path, size, "/models/" DEFAULT_MODEL, NULL) == 0 && access(path, R_OK) == 0)
        return 0;
    for (size_t i = 0; i < DW_LENGTH(shared); i++) {
        snprintf(path, size, "%s", shared[i]);
        if (access(path, R_OK) == 0)
            return 0;
    }
    return dw_fail(err, -ENOENT,
                   "no person model: `make run` imports the default one (%s), or name one with "
                   "--model or in DWELL_MODEL",
                   DEFAULT_MODEL);
}
