/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people on a picture look like, as vectors (core/look.h): where the colours of their clothes
 * are, or what a ReID model makes of them when the user gives one, or both.
 *
 * Immutable once created and may be shared by threads, each with a workspace of its own. It keeps
 * nothing of the pictures.
 */
#ifndef DW_APPEAR_APPEAR_H
#define DW_APPEAR_APPEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/macros.h"
#include "core/box.h"
#include "core/image.h"
#include "core/look.h"

struct dw_appear_conf {
    const char *model_path;   /* of a ReID model, .onnx; NULL: histograms of colours */
    bool clothes;             /* colours for telling uniforms, beside what the model says */
    const char *runtime_path; /* libonnxruntime.so to open; NULL: dw_runtime_find() of onnx/ */
};

struct dw_appear;

/* -ENOENT no such file or runtime, -EINVAL damaged or no ReID model; the sentence says what to do.
 */
int dw_appear_create(struct dw_appear **out, const struct dw_appear_conf *conf, struct dw_err *err);
void dw_appear_destroy(struct dw_appear *appear);
DW_DEFINE_AUTO(appear)

/* Buffers for one thread's calls; they do not outlive `appear`. */
struct dw_appear_workspace;
struct dw_appear_workspace *dw_appear_workspace_create(const struct dw_appear *appear);
void dw_appear_workspace_destroy(struct dw_appear_workspace *workspace);
DW_DEFINE_AUTO(appear_workspace)

/*
 * A look for each of the people found on `image`. Those who are mostly hidden get one of weight 0;
 * the others weigh the square of the share in sight.
 */
int dw_appear_run(struct dw_appear_workspace *workspace, const struct dw_image *image,
                  const struct dw_detection *people, size_t count, struct dw_look *looks,
                  struct dw_err *err);

/* The same for one, of whom `visible` is in sight: dw_look_visible(). */
int dw_appear_one(struct dw_appear_workspace *workspace, const struct dw_image *image,
                  struct dw_box box, double visible, struct dw_look *look, struct dw_err *err);

/*
 * The part of the picture that shows somebody; without pixels when there is none. Begins on even
 * pixels, where colours have theirs.
 */
struct dw_image dw_appear_cut(const struct dw_image *image, struct dw_box box);

#endif
