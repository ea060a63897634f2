/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person as a ReID model sees them: one person's picture in, a vector out. Any ONNX model that
 * gives one vector of at most DW_REID_MAX numbers for a picture; its sidecar says how it wants the
 * picture (`channels`, `mean`, `std`, `width`, `height`, `fit`), else as most are trained: RGB with
 * ImageNet's mean and deviation, stretched, 128x256 where the model leaves it open.
 *
 * Immutable and shared by threads, each with a workspace of its own.
 */
#ifndef DW_APPEAR_REID_H
#define DW_APPEAR_REID_H

#include <stddef.h>

#include "base/err.h"
#include "base/macros.h"
#include "core/image.h"
#include "onnx/options.h"

#define DW_REID_MAX 512

struct dw_reid_conf {
    const char *model_path;
    const char *runtime_path; /* NULL: dw_runtime_find() of onnx/ */
    const char *what;         /* it should be: "ReID model" */
    const char *remedy;       /* for a file that is not there: "name one with --reid" */
    size_t least;             /* numbers that it must answer */
};

struct dw_reid;

/* As dw_appear_create(). */
int dw_reid_create(struct dw_reid **out, const struct dw_reid_conf *conf, struct dw_err *err);
void dw_reid_destroy(struct dw_reid *reid);
DW_DEFINE_AUTO(reid)

/* What its sidecar says, filled up with what is usual. */
const struct dw_model_options *dw_reid_options(const struct dw_reid *reid);

/* How many numbers it answers. */
size_t dw_reid_size(const struct dw_reid *reid);

struct dw_reid_workspace;
struct dw_reid_workspace *dw_reid_workspace_create(const struct dw_reid *reid);
void dw_reid_workspace_destroy(struct dw_reid_workspace *workspace);

/* The vector of the person on a picture that shows them alone, and its size. */
int dw_reid_run(struct dw_reid_workspace *workspace, const struct dw_image *person,
                float vector[DW_REID_MAX], size_t *size, struct dw_err *err);

#endif
