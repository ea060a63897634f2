/* SPDX-License-Identifier: Apache-2.0 */
#include "appear/appear.h"

#include <math.h>
#include <stdlib.h>

#include "appear/histogram.h"
#include "appear/reid.h"
#include "base/alloc.h"

/* Whoever is in sight by less than this looks like those in front. */
#define VISIBLE_LEAST 0.7

struct dw_appear {
    struct dw_reid *reid; /* NULL: histograms */
};

struct dw_appear_workspace {
    struct dw_reid_workspace *reid; /* NULL: histograms */
};

int dw_appear_create(struct dw_appear **out, const struct dw_appear_conf *conf, struct dw_err *err)
{
    DW_AUTO(appear) *appear = dw_alloc0(sizeof(*appear));
    int r = conf->model_path != NULL
                ? dw_reid_create(&appear->reid, conf->model_path, conf->runtime_path, err)
                : 0;
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

/*
 * The part of the picture that shows the person, on it alone; without pixels when there is none.
 * Begins on even pixels, where colours have theirs.
 */
static struct dw_image cut_out(const struct dw_image *image, struct dw_box box)
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

static int look_at(struct dw_appear_workspace *workspace, const struct dw_image *person,
                   double visible, struct dw_look *look, struct dw_err *err)
{
    float vector[DW_LOOK_MAX];
    size_t size = DW_HISTOGRAM_SIZE;
    int r = 0;
    if (workspace->reid != NULL)
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
    struct dw_image person = cut_out(image, box);
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
