/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A classifier of one's own that tells staff from shoppers: an ONNX model to which one person's
 * picture goes and that answers how probable each class is, or how probable staff is alone. Its
 * sidecar says which class is staff (`staff_class`), what is still to be done to make the numbers
 * probabilities (`activation`), and how it wants the picture, as that of a ReID model does.
 *
 * Immutable and shared by threads, each with a workspace of its own. It keeps nothing of the
 * pictures.
 */
#ifndef DW_APPEAR_UNIFORM_H
#define DW_APPEAR_UNIFORM_H

#include "base/err.h"
#include "base/macros.h"
#include "core/image.h"

struct dw_uniform;

/*
 * -ENOENT no such file or runtime; -EINVAL damaged, no classifier, or one that does not say which
 * class is staff; the sentence says what to do. `runtime_path`: NULL for dw_runtime_find().
 */
int dw_uniform_create(struct dw_uniform **out, const char *model_path, const char *runtime_path,
                      struct dw_err *err);
void dw_uniform_destroy(struct dw_uniform *uniform);
DW_DEFINE_AUTO(uniform)

struct dw_uniform_workspace;
struct dw_uniform_workspace *dw_uniform_workspace_create(const struct dw_uniform *uniform);
void dw_uniform_workspace_destroy(struct dw_uniform_workspace *workspace);
DW_DEFINE_AUTO(uniform_workspace)

/*
 * The logarithm of the odds that the person on a picture, who is on it alone, is staff; no picture
 * is trusted beyond DW_UNIFORM_MOST. -EINVAL when the model answers what is no probability.
 */
#define DW_UNIFORM_MOST 4.6 /* 99 to 1 */
int dw_uniform_run(struct dw_uniform_workspace *workspace, const struct dw_image *person,
                   double *log_odds, struct dw_err *err);

#endif
