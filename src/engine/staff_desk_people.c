/* SPDX-License-Identifier: Apache-2.0 */
/* The people at the staff desk: who is to be marked, who is like whom, and marks. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/wall_time.h"
#include "engine/staff_desk_impl.h"

#define MINUTE_US (60 * DW_SECOND_US)

/* Somebody, and where in the answer. */
struct ranked {
    struct dw_staff_face face;
    double rank; /* the least first */
};

/* What judges the people of one camera. */
struct judge {
    const char *camera;
    bool in_use;
    struct dw_staff_model model;
    struct dw_staff_usual usual;
};

struct judges {
    DW_VEC(struct judge *) items;
};

/* The model in use for the camera, else the newest; NULL: there is none. */
static const struct judge *find_judge(const struct dw_staff_desk *desk, struct judges *judges,
                                      const char *camera)
{
    for (size_t i = 0; i < judges->items.count; i++)
        if (strcmp(judges->items.items[i]->camera, camera) == 0)
            return judges->items.items[i];
    const char *name = dw_staff_desk_model_of(desk, camera);
    struct judge *judge = dw_alloc0(sizeof(*judge));
    judge->camera = camera;
    judge->in_use = name[0] != '\0';
    if (!judge->in_use && desk->models.count > 0)
        name = desk->models.items[desk->models.count - 1].name;
    if (name[0] != '\0' && dw_staff_desk_load(desk, name, &judge->model, NULL) == 0)
        dw_staff_desk_usual(desk, &judge->model, camera, &judge->usual);
    dw_vec_push(&judges->items, judge); /* NOLINT(bugprone-sizeof-expression): of pointers */
    return judge;
}

static void judge_face(const struct judge *judge, const struct dw_staff_known *known,
                       struct dw_staff_face *face)
{
    face->staff_p = -1;
    if (judge->model.size == 0)
        return;
    struct dw_staff_verdict sure =
        dw_staff_judge(&judge->model, &judge->usual, &known->views, judge->model.figures.sure);
    struct dw_staff_verdict any = dw_staff_judge(&judge->model, &judge->usual, &known->views, 0.5);
    face->staff_p = any.role == DW_ROLE_STAFF ? any.p : 1 - any.p;
    if (judge->in_use)
        face->found = sure;
}

/* 1 - cosine of two looks; 2 when they cannot be compared. */
static double distance(const struct dw_staff_views *a, const struct dw_staff_views *b)
{
    float x[DW_LOOK_MAX], y[DW_LOOK_MAX];
    double product = 0, xx = 0, yy = 0;
    if (a->size != b->size || !dw_staff_views_mean(a, x) || !dw_staff_views_mean(b, y))
        return 2;
    for (size_t i = 0; i < a->size; i++) {
        product += (double)x[i] * (double)y[i];
        xx += (double)x[i] * (double)x[i];
        yy += (double)y[i] * (double)y[i];
    }
    return xx > 0 && yy > 0 ? 1 - product / sqrt(xx * yy) : 2;
}

static double rank_of(const struct dw_staff_asking *asking, const struct dw_staff_face *face)
{
    if (!asking->doubtful)
        return -dw_time_to_seconds(face->last_us);
    double doubt = face->staff_p >= 0 ? fabs(face->staff_p - 0.5) : 0;
    return doubt + (face->label != DW_ROLE_UNKNOWN ? 1 : 0);
}

static int compare(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->face.id < y->face.id) - (x->face.id > y->face.id);
}

/* Lock held. */
static void rank_all(const struct dw_staff_desk *desk, const struct dw_staff_asking *asking,
                     const struct dw_staff_known *like, struct ranked *ranked, size_t *count)
{
    struct judges judges = { .items = { 0 } };
    for (size_t i = 0; i < desk->people.count; i++) {
        const struct dw_staff_known *known = desk->people.items[i];
        bool wanted = asking->camera == NULL || strcmp(asking->camera, known->face.camera) == 0;
        if (!wanted || known == like)
            continue;
        struct ranked *item = &ranked[(*count)++];
        item->face = known->face;
        judge_face(find_judge(desk, &judges, known->face.camera), known, &item->face);
        item->rank =
            like != NULL ? distance(&like->views, &known->views) : rank_of(asking, &item->face);
    }
    for (size_t i = 0; i < judges.items.count; i++)
        free(judges.items.items[i]);
    dw_vec_fini(&judges.items);
}

int dw_staff_desk_people(struct dw_staff_desk *desk, const struct dw_staff_asking *asking,
                         struct dw_staff_face *out, struct dw_err *err)
{
    size_t count = 0;
    pthread_mutex_lock(&desk->lock);
    const struct dw_staff_known *like =
        asking->like > 0 ? dw_staff_desk_find(desk, asking->like) : NULL;
    int r = 0;
    if (asking->like > 0 && like == NULL)
        r = dw_fail(err, -ENOENT, "nobody is known by the number %lld (any more)",
                    (long long)asking->like);
    struct ranked *ranked = dw_alloc_array0(desk->people.count + 1, sizeof(*ranked));
    if (r == 0 && desk->pictures)
        rank_all(desk, asking, like, ranked, &count);
    pthread_mutex_unlock(&desk->lock);
    if (count > 0)
        qsort(ranked, count, sizeof(*ranked), compare);
    count = DW_MIN(count, asking->limit);
    for (size_t i = 0; i < count; i++)
        out[i] = ranked[i].face;
    free(ranked);
    return r < 0 ? r : (int)count;
}

int dw_staff_desk_tile(struct dw_staff_desk *desk, int64_t id, struct dw_buf *jpeg,
                       struct dw_err *err)
{
    pthread_mutex_lock(&desk->lock);
    const struct dw_staff_known *known = dw_staff_desk_find(desk, id);
    int r = 0;
    if (!desk->pictures)
        r = dw_fail(err, -EACCES, "pictures are off for privacy");
    else if (known == NULL || known->tile.length == 0)
        r = dw_fail(err, -ENOENT, "there is no picture of number %lld (any more)", (long long)id);
    else
        dw_buf_append(jpeg, known->tile.data, known->tile.length);
    pthread_mutex_unlock(&desk->lock);
    return r;
}

/* --- Marks ---------------------------------------------------------------------------------- */

/* Lock held. */
static int mark_one(struct dw_staff_desk *desk, int64_t id, enum dw_role role, struct dw_err *err)
{
    struct dw_staff_known *known = dw_staff_desk_find(desk, id);
    if (known == NULL)
        return dw_fail(err, -ENOENT, "nobody is known by the number %lld (any more)",
                       (long long)id);
    known->face.label = role;
    dw_staff_desk_keep(desk, known);
    return 0;
}

int dw_staff_desk_mark(struct dw_staff_desk *desk, const int64_t *ids, size_t count,
                       enum dw_role role, struct dw_err *err)
{
    int r = 0;
    pthread_mutex_lock(&desk->lock);
    if (!desk->pictures)
        r = dw_fail(err, -EACCES, "pictures are off for privacy: nobody can be marked");
    for (size_t i = 0; i < count && r != -EACCES; i++) {
        int one = mark_one(desk, ids[i], role, err);
        r = r < 0 ? r : one;
    }
    int saved = dw_staff_desk_save_labels(desk, err);
    atomic_fetch_add(&desk->changes, 1);
    pthread_mutex_unlock(&desk->lock);
    return r < 0 ? r : saved;
}

bool dw_staff_desk_mark_visit(struct dw_staff_desk *desk, const char *camera,
                              const struct dw_visit *visit)
{
    bool known = false;
    pthread_mutex_lock(&desk->lock);
    for (size_t i = 0; i < desk->people.count; i++) {
        struct dw_staff_known *item = desk->people.items[i];
        bool same = item->face.person == visit->person && strcmp(item->face.camera, camera) == 0 &&
                    item->face.first_us <= visit->exit_us && item->face.last_us >= visit->enter_us;
        if (!same)
            continue;
        item->face.label = visit->role;
        dw_staff_desk_keep(desk, item);
        known = true;
    }
    if (known)
        (void)dw_staff_desk_save_labels(desk, NULL);
    atomic_fetch_add(&desk->changes, 1);
    pthread_mutex_unlock(&desk->lock);
    return known;
}

int dw_staff_desk_minute(struct dw_staff_desk *desk, const char *camera, struct dw_err *err)
{
    pthread_mutex_lock(&desk->lock);
    int r = desk->pictures
                ? 0
                : dw_fail(err, -EACCES, "pictures are off for privacy: nobody can be marked");
    if (r == 0) {
        snprintf(desk->minute_camera, sizeof(desk->minute_camera), "%s", camera);
        desk->minute_until_us = dw_clock_us(CLOCK_MONOTONIC) + MINUTE_US;
    }
    pthread_mutex_unlock(&desk->lock);
    return r;
}
