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
#include "core/staff_ask.h"
#include "engine/staff_add.h"
#include "engine/staff_desk_impl.h"

#define MINUTE_US (60 * DW_SECOND_US)

/* Somebody, and where in the answer. */
struct ranked {
    struct dw_staff_face face;
    double rank; /* the least first */
};

/* --- Judging -------------------------------------------------------------------------------- */

static const char *model_name(const struct dw_staff_judges *judges,
                              const struct dw_staff_desk *desk, struct dw_staff_judge *judge)
{
    const char *name =
        judges->model != NULL ? judges->model : dw_staff_desk_model_of(desk, judge->camera);
    judge->in_use = name[0] != '\0';
    if (!judge->in_use && judges->model == NULL && desk->models.count > 0)
        return desk->models.items[desk->models.count - 1].name;
    return name;
}

const struct dw_staff_judge *dw_staff_judge_of(struct dw_staff_judges *judges,
                                               const struct dw_staff_desk *desk, const char *camera)
{
    for (size_t i = 0; i < judges->items.count; i++)
        if (strcmp(judges->items.items[i]->camera, camera) == 0)
            return judges->items.items[i];
    struct dw_staff_judge *judge = dw_alloc0(sizeof(*judge));
    judge->camera = camera;
    const char *name = model_name(judges, desk, judge);
    int r = 0;
    if (dw_staff_is_net(desk->folder, name))
        judge->net = name;
    else if (name[0] != '\0')
        r = dw_staff_desk_load(desk, name, &judge->model, &judges->err);
    if (r < 0)
        judge->model.size = 0; /* as if there were none */
    if (judge->model.size > 0)
        dw_staff_desk_usual(desk, &judge->model, camera, &judge->usual);
    judges->result = DW_MIN(judges->result, r);
    dw_vec_push(&judges->items, judge); /* NOLINT(bugprone-sizeof-expression): of pointers */
    return judge;
}

double dw_staff_judge_chance(const struct dw_staff_judge *judge, const struct dw_staff_known *known)
{
    if (judge->net != NULL && strcmp(judge->net, known->net) == 0)
        return dw_staff_odds_chance(&known->odds);
    return judge->model.size > 0 ? dw_staff_chance(&judge->model, &judge->usual, &known->views)
                                 : (double)NAN;
}

struct dw_staff_verdict dw_staff_judge_verdict(const struct dw_staff_judge *judge,
                                               const struct dw_staff_known *known)
{
    return dw_staff_verdict(dw_staff_judge_chance(judge, known),
                            judge->net != NULL ? DW_STAFF_ODDS_SURE : judge->model.figures.sure);
}

void dw_staff_judges_fini(struct dw_staff_judges *judges)
{
    for (size_t i = 0; i < judges->items.count; i++)
        free(judges->items.items[i]);
    dw_vec_fini(&judges->items);
}

static void judge_face(const struct dw_staff_judge *judge, const struct dw_staff_known *known,
                       struct dw_staff_face *face)
{
    double chance = dw_staff_judge_chance(judge, known);
    face->staff_p = isnan(chance) ? -1 : chance;
    if (judge->in_use)
        face->found = dw_staff_judge_verdict(judge, known);
}

/* --- Who is there --------------------------------------------------------------------------- */

static size_t camera_number(const struct dw_staff_desk *desk, size_t at)
{
    size_t first = 0;
    while (strcmp(desk->people.items[first]->face.camera, desk->people.items[at]->face.camera) != 0)
        first++;
    return first;
}

struct dw_staff_track *dw_staff_desk_tracks(const struct dw_staff_desk *desk)
{
    struct dw_staff_track *tracks = dw_alloc_array0(desk->people.count + 1, sizeof(*tracks));
    for (size_t i = 0; i < desk->people.count; i++) {
        const struct dw_staff_known *known = desk->people.items[i];
        tracks[i] = (struct dw_staff_track){
            .views = known->views,
            .start_us = known->face.first_us,
            .person = known->face.same,
            .camera = camera_number(desk, i),
            .label = known->face.label,
        };
    }
    return tracks;
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

static bool is_wanted(const struct dw_staff_asking *asking, const struct dw_staff_known *known)
{
    return asking->camera == NULL || strcmp(asking->camera, known->face.camera) == 0;
}

/* Lock held, as below. */
static size_t rank_all(const struct dw_staff_desk *desk, const struct dw_staff_asking *asking,
                       struct ranked *ranked)
{
    struct dw_staff_judges judges = { .model = NULL };
    size_t count = 0;
    for (size_t i = 0; i < desk->people.count; i++) {
        const struct dw_staff_known *known = desk->people.items[i];
        if (!is_wanted(asking, known))
            continue;
        struct ranked *item = &ranked[count++];
        item->face = known->face;
        judge_face(dw_staff_judge_of(&judges, desk, known->face.camera), known, &item->face);
        item->rank = rank_of(asking, &item->face);
    }
    dw_staff_judges_fini(&judges);
    if (count > 0)
        qsort(ranked, count, sizeof(*ranked), compare);
    return count;
}

/* Who looks like the person at this place, in order. */
static size_t rank_alike(const struct dw_staff_desk *desk, const struct dw_staff_asking *asking,
                         size_t like, struct ranked *ranked)
{
    struct dw_staff_judges judges = { .model = NULL };
    struct dw_staff_track *tracks = dw_staff_desk_tracks(desk);
    struct dw_staff_near *near = dw_alloc_array0(desk->people.count, sizeof(*near));
    size_t near_count =
        dw_staff_nearest(tracks, desk->people.count, like, near, desk->people.count);
    size_t count = 0;
    for (size_t i = 0; i < near_count; i++) {
        const struct dw_staff_known *known = desk->people.items[near[i].track];
        if (!is_wanted(asking, known))
            continue;
        ranked[count].face = known->face;
        judge_face(dw_staff_judge_of(&judges, desk, known->face.camera), known,
                   &ranked[count++].face);
    }
    dw_staff_judges_fini(&judges);
    free(near);
    free(tracks);
    return count;
}

static size_t place_of(const struct dw_staff_desk *desk, int64_t id)
{
    size_t at = 0;
    while (at < desk->people.count && desk->people.items[at]->face.id != id)
        at++;
    return at;
}

int dw_staff_desk_people(struct dw_staff_desk *desk, const struct dw_staff_asking *asking,
                         struct dw_staff_face *out, struct dw_err *err)
{
    size_t count = 0;
    int r = 0;
    pthread_mutex_lock(&desk->lock);
    struct ranked *ranked = dw_alloc_array0(desk->people.count + 1, sizeof(*ranked));
    size_t like = place_of(desk, asking->like);
    if (asking->like > 0 && like == desk->people.count)
        r = dw_fail(err, -ENOENT, "nobody is known by the number %lld (any more)",
                    (long long)asking->like);
    else if (desk->pictures)
        count = asking->like > 0 ? rank_alike(desk, asking, like, ranked)
                                 : rank_all(desk, asking, ranked);
    pthread_mutex_unlock(&desk->lock);
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
    known->face.same = role != DW_ROLE_UNKNOWN ? known->face.same : 0;
    dw_staff_desk_keep(desk, known);
    return 0;
}

/* Lock held. */
static void make_one(struct dw_staff_desk *desk, const int64_t *ids, size_t count)
{
    int64_t same = desk->next_id++; /* nobody's */
    for (size_t i = 0; i < count; i++) {
        struct dw_staff_known *known = dw_staff_desk_find(desk, ids[i]);
        int64_t before = known != NULL ? known->face.same : 0;
        if (known != NULL)
            known->face.same = same;
        for (size_t k = 0; k < desk->people.count && before > 0; k++)
            if (desk->people.items[k]->face.same == before)
                desk->people.items[k]->face.same = same;
    }
}

int dw_staff_desk_mark(struct dw_staff_desk *desk, const int64_t *ids, size_t count,
                       enum dw_role role, bool one, struct dw_err *err)
{
    int r = 0;
    pthread_mutex_lock(&desk->lock);
    if (!desk->pictures)
        r = dw_fail(err, -EACCES, "pictures are off for privacy: nobody can be marked");
    for (size_t i = 0; i < count && r != -EACCES; i++) {
        int marked = mark_one(desk, ids[i], role, err);
        r = r < 0 ? r : marked;
    }
    if (one && r != -EACCES && role != DW_ROLE_UNKNOWN)
        make_one(desk, ids, count);
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
