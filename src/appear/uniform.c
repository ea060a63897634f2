/* SPDX-License-Identifier: Apache-2.0 */
#include "appear/uniform.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "appear/reid.h"
#include "base/alloc.h"

struct dw_uniform {
    struct dw_reid *net;
    size_t staff; /* column */
    enum dw_activation activation;
};

struct dw_uniform_workspace {
    const struct dw_uniform *uniform;
    struct dw_reid_workspace *net;
};

/* With more than one class a guess could turn everybody into the opposite. */
static int settle(struct dw_uniform *uniform, const char *path, struct dw_err *err)
{
    const struct dw_model_options *options = dw_reid_options(uniform->net);
    size_t classes = dw_reid_size(uniform->net);
    if (classes > 1 && options->staff_class < 0)
        return dw_fail(err, -EINVAL,
                       "model '%.200s' answers %zu classes and does not say which is staff: write "
                       "\"staff_class\", from 0, into its sidecar",
                       path, classes);
    uniform->staff = options->staff_class < 0 ? 0 : (size_t)options->staff_class;
    if (uniform->staff >= classes)
        return dw_fail(err, -EINVAL,
                       "model '%.200s' answers %zu classes, so \"staff_class\" of its sidecar "
                       "cannot be %zu",
                       path, classes, uniform->staff);
    uniform->activation = options->activation;
    return 0;
}

int dw_uniform_create(struct dw_uniform **out, const char *model_path, const char *runtime_path,
                      struct dw_err *err)
{
    DW_AUTO(uniform) *uniform = dw_alloc0(sizeof(*uniform));
    struct dw_reid_conf conf = { model_path, runtime_path, "staff classifier",
                                 "name one with --staff, or leave --staff out", 1 };
    int r = dw_reid_create(&uniform->net, &conf, err);
    if (r == 0)
        r = settle(uniform, model_path, err);
    if (r == 0)
        *out = DW_TAKE(uniform);
    return r;
}

void dw_uniform_destroy(struct dw_uniform *uniform)
{
    if (uniform == NULL)
        return;
    dw_reid_destroy(uniform->net);
    free(uniform);
}

struct dw_uniform_workspace *dw_uniform_workspace_create(const struct dw_uniform *uniform)
{
    struct dw_uniform_workspace *workspace = dw_alloc0(sizeof(*workspace));
    workspace->uniform = uniform;
    workspace->net = dw_reid_workspace_create(uniform->net);
    return workspace;
}

void dw_uniform_workspace_destroy(struct dw_uniform_workspace *workspace)
{
    if (workspace == NULL)
        return;
    dw_reid_workspace_destroy(workspace->net);
    free(workspace);
}

/* The largest is taken off, so that nothing overflows. */
static double softmax(const float *scores, size_t count, size_t which)
{
    double most = (double)scores[0], sum = 0;
    for (size_t i = 1; i < count; i++)
        most = fmax(most, (double)scores[i]);
    for (size_t i = 0; i < count; i++)
        sum += exp((double)scores[i] - most);
    return exp((double)scores[which] - most) / sum;
}

static double chance_of(const struct dw_uniform *uniform, const float *answer, size_t count)
{
    double staff = (double)answer[uniform->staff];
    if (uniform->activation == DW_ACTIVATION_SIGMOID)
        return 1 / (1 + exp(-staff));
    return uniform->activation == DW_ACTIVATION_SOFTMAX ? softmax(answer, count, uniform->staff)
                                                        : staff;
}

int dw_uniform_run(struct dw_uniform_workspace *workspace, const struct dw_image *person,
                   double *log_odds, struct dw_err *err)
{
    const struct dw_uniform *uniform = workspace->uniform;
    float answer[DW_REID_MAX];
    size_t count = 0;
    int r = dw_reid_run(workspace->net, person, answer, &count, err);
    if (r != 0)
        return r;
    double staff = chance_of(uniform, answer, count);
    if (!(staff >= 0 && staff <= 1))
        return dw_fail(err, -EINVAL,
                       "the staff classifier says %g where 0 to 1 is wanted: write \"activation\" "
                       "into its sidecar, softmax or sigmoid",
                       staff);
    *log_odds = fmax(-DW_UNIFORM_MOST, fmin(log(staff) - log1p(-staff), DW_UNIFORM_MOST));
    return 0;
}
