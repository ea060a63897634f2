/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detector.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cache.h"
#include "base/clock.h"
#include "base/vec.h"
#include "detect/detector_impl.h"
#include "detect/nms.h"
#include "onnx/model.h"
#include "onnx/sidecar.h"

#define DEFAULT_MODEL "nanodet-g-512x384-fp32.onnx"
#define DEFAULT_SIDE_PX 416 /* of models that take any size */

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
    struct dw_model model;
    const struct dw_detector_impl *impl;
    struct dw_decode_plan plan;
    struct dw_detector_info info;
};

struct dw_detect_workspace {
    struct dw_letterbox *letterbox;
    struct dw_candidates found;
};

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

static int settle_outputs(struct dw_detector *detector, const char *model_path, struct dw_err *err)
{
    struct dw_run run;
    int status = dw_model_try(&detector->model, &run, err);
    if (status != 0)
        return status;
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
    int64_t start_us = dw_clock_us(CLOCK_MONOTONIC);
    DW_AUTO(detector) *detector = dw_alloc0(sizeof(*detector));
    struct dw_model_conf model_conf = {
        .path = conf->model_path,
        .runtime_path = conf->runtime_path,
        .remedy = "`make run` makes the default model, or name one with --model",
        .width_px = DEFAULT_SIDE_PX,
        .height_px = DEFAULT_SIDE_PX,
    };
    int status = dw_model_open(&detector->model, &model_conf, err);
    if (status != 0)
        return status;
    struct dw_decode_plan *plan = &detector->plan;
    const struct dw_canvas *canvas = &detector->model.canvas;
    plan->width_px = canvas->width_px;
    plan->height_px = canvas->height_px;
    plan->interleaved = canvas->interleaved;
    plan->options = detector->model.options;
    status = settle_outputs(detector, conf->model_path, err);
    if (status != 0)
        return dw_fail_within(err, status, "model '%.200s'", conf->model_path);

    if (conf->score >= 0)
        plan->options.score = conf->score;
    detector->info = (struct dw_detector_info){
        .layout = detector->impl->layout,
        .width_px = plan->width_px,
        .height_px = plan->height_px,
        .score = plan->options.score,
        .certain = plan->options.certain > 0 ? plan->options.certain : CERTAIN,
        .birth = plan->options.birth > 0 ? plan->options.birth : BIRTH,
        .load_ms = (double)(dw_clock_us(CLOCK_MONOTONIC) - start_us) / 1000,
        .runtime_version = detector->model.runtime->version,
        .runtime_path = detector->model.runtime->path,
    };
    *out = DW_TAKE(detector);
    return 0;
}

void dw_detector_destroy(struct dw_detector *detector)
{
    if (detector == NULL)
        return;
    dw_model_fini(&detector->model);
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
    workspace->letterbox = dw_letterbox_create(&detector->model.canvas, &detector->plan.options);
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

    int64_t start_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
    int status = dw_letterbox_draw(workspace->letterbox, image, err);
    if (status != 0)
        return status;
    int64_t drawn_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
    status = dw_model_run(&detector->model, dw_letterbox_pixels(workspace->letterbox), &run, err);
    if (status != 0)
        return dw_fail_within(err, status, "the model cannot be run");
    int64_t inferred_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);

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
            .decode_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID) - inferred_us,
        },
    };
    return 0;
}

/* ---- the default model ---- */

/* Those that take less time than the default one: for more than so many cameras a processor, whose
 * pictures are at least so many times as wide as high. Why these: docs/models.md. */
static const struct {
    const char *file;
    double cameras, shape;
} fast_models[] = {
    { "nanodet-g-384x224-int8.onnx", 7, 1.6 },
    { "nanodet-g-448x256-int8.onnx", 4, 1.6 },
    { "nanodet-g-512x384-int8.onnx", 1, 0 },
};

/* In the cache folder, or installed for all users. */
static bool find_installed(char *path, size_t size, const char *file)
{
    static const char *const folders[] = { "/usr/share/dwell/models",
                                           "/usr/local/share/dwell/models" };
    char in_cache[64];
    snprintf(in_cache, sizeof(in_cache), "/models/%s", file);
    if (dw_cache_path(path, size, in_cache, NULL) == 0 && access(path, R_OK) == 0)
        return true;
    for (size_t i = 0; i < DW_LENGTH(folders); i++) {
        snprintf(path, size, "%s/%s", folders[i], file);
        if (access(path, R_OK) == 0)
            return true;
    }
    return false;
}

static bool find_fast(char *path, size_t size, const struct dw_model_need *need)
{
    for (size_t i = 0; i < DW_LENGTH(fast_models); i++)
        if (need->cameras > fast_models[i].cameras &&
            need->width_px >= fast_models[i].shape * need->height_px &&
            find_installed(path, size, fast_models[i].file))
            return true;
    return false;
}

int dw_model_find(char *path, size_t size, const struct dw_model_need *need, struct dw_err *err)
{
    const char *asked = getenv("DWELL_MODEL");
    if (asked != NULL && asked[0] != '\0') {
        snprintf(path, size, "%s", asked);
        return 0;
    }
    if ((need != NULL && find_fast(path, size, need)) || find_installed(path, size, DEFAULT_MODEL))
        return 0;
    return dw_fail(err, -ENOENT,
                   "no person model: `make run` imports the default one (%s), or name one with "
                   "--model or in DWELL_MODEL",
                   DEFAULT_MODEL);
}
