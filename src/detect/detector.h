/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds people on a picture with an ONNX model. NanoDet, YOLOX, SSD and DETR-style models are
 * understood: the layout is read off the model itself or from a small sidecar file beside it
 * (model.onnx -> model.json).
 *
 * A detector is immutable once created and may be shared by threads, each with a workspace of its
 * own. ONNX Runtime is opened at run time; inference uses one thread a call and never spins.
 */
#ifndef DW_DETECT_DETECTOR_H
#define DW_DETECT_DETECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "core/box.h"
#include "core/image.h"

struct dw_detector_conf {
    const char *model_path;   /* an .onnx file */
    const char *runtime_path; /* libonnxruntime.so to open; NULL: dw_runtime_find() of runtime.h */
    double score; /* keep detections from this score on; negative: the model's default */
};

struct dw_detector_info {
    const char *layout;      /* "nanodet", "yolox", "ssd", "detr" */
    int width_px, height_px; /* of the model's input */
    double score;            /* the threshold in force */
    double certain, birth;   /* what the tracker may trust: see struct dw_track_params */
    double load_ms;
    const char *runtime_version;
    const char *runtime_path;
};

/* Where the time of one call went, CPU time of the calling thread in microseconds. */
struct dw_detect_timing {
    int64_t scale_us, infer_us, decode_us;
};

struct dw_detect_result {
    const struct dw_detection *found; /* belongs to the workspace until its next use */
    size_t count;
    struct dw_detect_timing timing;
};

struct dw_detector;

/* -ENOENT no such file or runtime, -EINVAL damaged or unknown layout; the sentence says what to do.
 */
int dw_detector_create(struct dw_detector **out, const struct dw_detector_conf *conf,
                       struct dw_err *err);

void dw_detector_destroy(struct dw_detector *detector);

const struct dw_detector_info *dw_detector_info(const struct dw_detector *detector);

/* Buffers for one thread's calls; they outlive no detector. */
struct dw_detect_workspace;
struct dw_detect_workspace *dw_detect_workspace_create(const struct dw_detector *detector);
void dw_detect_workspace_destroy(struct dw_detect_workspace *workspace);

/*
 * Finds the people on `image`: pixels of the image, clipped to it, best score first. On failure
 * `result` is all zero.
 */
int dw_detector_run(const struct dw_detector *detector, struct dw_detect_workspace *workspace,
                    const struct dw_image *image, struct dw_detect_result *result,
                    struct dw_err *err);

/* What a model is wanted for. */
struct dw_model_need {
    double cameras; /* that each processor has to look at */
    int width_px, height_px;
};

/*
 * The default person model: $DWELL_MODEL, else the one in the cache folder (base/cache.h), in
 * /usr/share/dwell/models or /usr/local/share/dwell/models. -ENOENT with a sentence when there is
 * none. With more cameras than processors one that takes less time, where it is there
 * (docs/models.md); `need` NULL: there is time.
 */
int dw_model_find(char *path, size_t size, const struct dw_model_need *need, struct dw_err *err);

DW_DEFINE_AUTO(detector)
DW_DEFINE_AUTO(detect_workspace)

#endif
