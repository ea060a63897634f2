/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model that looks at one picture a call: its file loaded, the sidecar beside it read, the form
 * of its input settled. What its outputs mean is for others to say.
 *
 * Immutable once open; threads may share it.
 */
#ifndef DW_ONNX_MODEL_H
#define DW_ONNX_MODEL_H

#include <stddef.h>

#include "base/err.h"
#include "onnx/letterbox.h"
#include "onnx/options.h"
#include "onnx/runtime.h"
#include "onnx/session.h"

struct dw_model_conf {
    const char *path;         /* an .onnx file */
    const char *runtime_path; /* libonnxruntime.so to open; NULL: dw_runtime_find() */
    const char *remedy;       /* for a file that is not there: "name one with --model" */
    int width_px, height_px;  /* of the input where neither model nor sidecar says */
};

struct dw_model {
    struct dw_runtime *runtime;
    struct dw_session *session;
    struct dw_model_options options;                /* what the sidecar says, and no more */
    struct dw_canvas canvas;                        /* what the input is made of */
    struct dw_tensor inputs[DW_SESSION_INPUTS_MAX]; /* with shape, without data */
    size_t picture;                                 /* the input that takes the picture */
};

/*
 * -ENOENT no such file or runtime, -EINVAL damaged, or wants more than a picture; the sentence says
 * what to do. To be closed with dw_model_fini() even when it fails.
 */
int dw_model_open(struct dw_model *model, const struct dw_model_conf *conf, struct dw_err *err);

/* All zero is fine. */
void dw_model_fini(struct dw_model *model);

/* One call on the canvas `pixels`, as dw_letterbox_pixels() gives it. */
int dw_model_run(const struct dw_model *model, void *pixels, struct dw_run *run,
                 struct dw_err *err);

/* The same on an empty picture: shows the real shapes, which some models leave open until then. */
int dw_model_try(const struct dw_model *model, struct dw_run *run, struct dw_err *err);

#endif
