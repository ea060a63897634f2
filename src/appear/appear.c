/* SPDX-License-Identifier: Apache-2.0 */
#include "appear/appear.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "appear/histogram.h"
#include "appear/reid.h"
#include "base/alloc.h"

/* Whoever is in sight by less than this looks like those in front. */
#define VISIBLE_LEAST 0.7

/* Of a look of both, so that neither loses in 8 bits; what each is worth, a training weighs. */
#define MODEL_SHARE 0.5F

struct dw_appear {
    struct dw_reid *reid; /* NULL: histograms */
    bool clothes;
};

struct dw_appear_workspace {
    struct dw_reid_workspace *reid; /* NULL: histograms */
    bool clothes;
};

int dw_appear_create(struct dw_appear **out, const struct dw_appear_conf *conf, struct dw_err *err)
{
    DW_AUTO(appear) *appear = dw_alloc0(sizeof(*appear));
    struct dw_reid_conf reid = { conf->model_path, conf->runtime_path, "ReID model",
                                 "name one with --reid, or leave --reid out", 2 };
    int r = conf->model_path != NULL ? dw_reid_create(&appear->reid, &reid, err) : 0;
    appear->clothes = conf->clothes;
    if (r == 0)
        *out = DW_TAKE(appear);
    return r;
}

void dw_appear_destroy(struct dw_appear *appear)
{
    if (appear == NULL)
        return;
    dw_reid_destroy(appear->reid);
    free(appear);
}

struct dw_appear_workspace *dw_appear_workspace_create(const struct dw_appear *appear)
{
    struct dw_appear_workspace *workspace = dw_alloc0(sizeof(*workspace));
    workspace->clothes = appear->clothes;
    if (appear->reid != NULL)
        workspace->reid = dw_reid_workspace_create(appear->reid);
    return workspace;
}

void dw_appear_workspace_destroy(struct dw_appear_workspace *workspace)
{
    if (workspace == NULL)
        return;
    dw_reid_workspace_destroy(workspace->reid);
    free(workspace);
}

struct dw_image dw_appear_cut(const struct dw_image *image, struct dw_box box)
{
    int left = (int)fmaxf(box.x, 0) & ~1, top = (int)fmaxf(box.y, 0) & ~1;
    int right = (int)fminf(box.x + box.w, (float)image->width_px);
    int bottom = (int)fminf(box.y + box.h, (float)image->height_px);
    struct dw_image person = *image;
    person.width_px = right - left;
    person.height_px = bottom - top;
    if (person.width_px <= 0 || person.height_px <= 0)
        return (struct dw_image){ 0 };
    person.y += (ptrdiff_t)top * image->y_stride + left;
    person.u += (ptrdiff_t)(top / 2) * image->u_stride + left / 2;
    person.v += (ptrdiff_t)(top / 2) * image->v_stride + left / 2;
    return person;
}

/* Makes the sum of the numbers, without their signs, `sum`. */
static void scale_to(float *vector, size_t size, float sum)
{
    float total = 0;
    for (size_t i = 0; i < size; i++)
        total += fabsf(vector[i]);
    for (size_t i = 0; i < size && total > 0; i++)
        vector[i] *= sum / total;
}

/* The colours, and behind them what the model says. */
static int look_twice(struct dw_appear_workspace *workspace, const struct dw_image *person,
                      float vector[DW_LOOK_MAX], size_t *size, struct dw_err *err)
{
    static_assert(DW_CLOTHES_SIZE + DW_REID_MAX <= DW_LOOK_MAX, "no room for both");
    float *said = vector + DW_CLOTHES_SIZE;
    size_t count = 0;
    int r = workspace->reid != NULL ? dw_reid_run(workspace->reid, person, said, &count, err) : 0;
    dw_histogram_clothes(person, vector);
    scale_to(vector, DW_CLOTHES_SIZE, 1 - MODEL_SHARE);
    scale_to(said, count, MODEL_SHARE);
    *size = DW_CLOTHES_SIZE + count;
    return r;
}

static int look_at(struct dw_appear_workspace *workspace, const struct dw_image *person,
                   double visible, struct dw_look *look, struct dw_err *err)
{
    float vector[DW_LOOK_MAX];
    size_t size = DW_HISTOGRAM_SIZE;
    int r = 0;
    if (workspace->clothes)
        r = look_twice(workspace, person, vector, &size, err);
    else if (workspace->reid != NULL)
        r = dw_reid_run(workspace->reid, person, vector, &size, err);
    else
        dw_histogram_count(person, vector);
    if (r == 0)
        dw_look_set(look, vector, size, visible * visible);
    return r;
}

int dw_appear_one(struct dw_appear_workspace *workspace, const struct dw_image *image,
                  struct dw_box box, double visible, struct dw_look *look, struct dw_err *err)
{
    struct dw_image person = dw_appear_cut(image, box);
    look->weight = 0;
    if (visible < VISIBLE_LEAST || person.width_px <= 0)
        return 0;
    return look_at(workspace, &person, visible, look, err);
}

int dw_appear_run(struct dw_appear_workspace *workspace, const struct dw_image *image,
                  const struct dw_detection *people, size_t count, struct dw_look *looks,
                  struct dw_err *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < count; i++)
        r = dw_appear_one(workspace, image, people[i].box, dw_look_visible(people, count, i),
                          &looks[i], err);
    return r;
}
