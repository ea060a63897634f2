/* SPDX-License-Identifier: Apache-2.0 */
/* What another model would change, before it is used: by the people that are in memory. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "appear/uniform.h"
#include "base/alloc.h"
#include "engine/staff_add.h"
#include "engine/staff_desk_impl.h"
#include "media/jpeg.h"

/* Somebody to whom a classifier is tried. */
struct tried {
    struct dw_staff_face face;
    enum dw_role now;
    struct dw_staff_odds odds; /* of the classifier, when it has seen them live; else ... */
    struct dw_buf tile;        /* ... their picture */
};

struct trial {
    DW_VEC(struct tried) people;
    struct dw_uniform *uniform;
    struct dw_uniform_workspace *workspace;
};

static void free_trial(struct trial *trial)
{
    for (size_t i = 0; i < trial->people.count; i++)
        dw_buf_fini(&trial->people.items[i].tile);
    dw_vec_fini(&trial->people);
    dw_uniform_workspace_destroy(trial->workspace);
    dw_uniform_destroy(trial->uniform);
}

static void note(struct dw_staff_preview *out, const struct dw_staff_face *face, enum dw_role now,
                 enum dw_role then)
{
    dw_staff_compared_add(&out->roles, face->label, now, then);
    if (now == then || out->changed_count == DW_LENGTH(out->changed))
        return;
    out->changed[out->changed_count].id = face->id;
    out->changed[out->changed_count].now = now;
    out->changed[out->changed_count++].then = then;
}

/* The role by what is in use where somebody was, or compared with; unknown when nothing is. */
static enum dw_role role_now(struct dw_staff_judges *judges, const struct dw_staff_desk *desk,
                             const struct dw_staff_known *known)
{
    const struct dw_staff_judge *judge = dw_staff_judge_of(judges, desk, known->face.camera);
    return judge->in_use ? dw_staff_judge_verdict(judge, known).role : DW_ROLE_UNKNOWN;
}

static bool is_wanted(const char *camera, const struct dw_staff_known *known)
{
    return camera == NULL || strcmp(camera, known->face.camera) == 0;
}

/* --- Trained models ------------------------------------------------------------------------- */

/* Lock held. */
static int judge_all(struct dw_staff_desk *desk, const char *name, const char *against,
                     const char *camera, struct dw_staff_preview *out, struct dw_err *err)
{
    struct dw_staff_judges now = { .model = against }, then = { .model = name };
    for (size_t i = 0; i < desk->people.count; i++) {
        const struct dw_staff_known *known = desk->people.items[i];
        if (!is_wanted(camera, known))
            continue;
        const struct dw_staff_judge *judge = dw_staff_judge_of(&then, desk, known->face.camera);
        note(out, &known->face, role_now(&now, desk, known),
             dw_staff_judge_verdict(judge, known).role);
    }
    const struct dw_staff_judges *broken = then.result < 0 ? &then : &now;
    int r = broken->result;
    if (r < 0)
        dw_fail(err, r, "%s", broken->err.text);
    dw_staff_judges_fini(&now);
    dw_staff_judges_fini(&then);
    return r;
}

/* --- Classifiers ---------------------------------------------------------------------------- */

/* Lock held. The last that were seen, with copies of what is needed. */
static void gather(const struct dw_staff_desk *desk, const char *name, const char *against,
                   const char *camera, struct trial *trial)
{
    struct dw_staff_judges now = { .model = against };
    for (size_t i = desk->people.count; i-- > 0 && trial->people.count < DW_STAFF_TRIED;) {
        const struct dw_staff_known *known = desk->people.items[i];
        bool live = strcmp(known->net, name) == 0 && known->odds.views > 0;
        if (!is_wanted(camera, known) || (!live && known->tile.length == 0))
            continue;
        struct tried *tried = dw_vec_add(&trial->people);
        tried->face = known->face;
        tried->now = role_now(&now, desk, known);
        if (live)
            tried->odds = known->odds;
        else
            dw_buf_append(&tried->tile, known->tile.data, known->tile.length);
    }
    dw_staff_judges_fini(&now);
}

/* A tile that cannot be read is that of nobody: a set's may be damaged. */
static int look_at(const struct trial *trial, struct tried *tried, struct dw_err *err)
{
    DW_AUTO(frame) *picture = NULL;
    if (tried->odds.views > 0 || dw_jpeg_decode(&picture, &tried->tile) < 0)
        return 0;
    int r = dw_uniform_run(trial->workspace, &picture->image, &tried->odds.sum, err);
    tried->odds.views = r == 0;
    return r;
}

static int open_net(const struct dw_staff_desk *desk, const char *name, struct trial *trial,
                    struct dw_err *err)
{
    char *path = dw_staff_net_path(desk->folder, name);
    int r = dw_staff_net_check(desk->folder, name, err);
    if (r == 0)
        r = dw_uniform_create(&trial->uniform, path, NULL, err);
    if (r == 0)
        trial->workspace = dw_uniform_workspace_create(trial->uniform);
    free(path);
    return r;
}

/* Takes seconds, and so without the lock. */
static int try_net(const struct dw_staff_desk *desk, const char *name, struct trial *trial,
                   struct dw_staff_preview *out, struct dw_err *err)
{
    int r = open_net(desk, name, trial, err);
    for (size_t i = 0; r == 0 && i < trial->people.count; i++) {
        struct tried *tried = &trial->people.items[i];
        r = look_at(trial, tried, err);
        double chance = dw_staff_odds_chance(&tried->odds);
        if (r < 0 || isnan(chance))
            continue;
        enum dw_role then = dw_staff_verdict(chance, DW_STAFF_ODDS_SURE).role;
        note(out, &tried->face, tried->now, then);
    }
    return r;
}

int dw_staff_desk_preview(struct dw_staff_desk *desk, const char *name, const char *against,
                          const char *camera, struct dw_staff_preview *out, struct dw_err *err)
{
    *out = (struct dw_staff_preview){ 0 };
    struct trial trial = { .uniform = NULL };
    pthread_mutex_lock(&desk->lock);
    int r = dw_staff_desk_check(desk, name, err);
    if (r == 0 && against != NULL)
        r = dw_staff_desk_check(desk, against, err);
    out->classifier = r == 0 && dw_staff_is_net(desk->folder, name);
    if (out->classifier)
        gather(desk, name, against, camera, &trial);
    else if (r == 0)
        r = judge_all(desk, name, against, camera, out, err);
    pthread_mutex_unlock(&desk->lock);
    if (r == 0 && out->classifier)
        r = try_net(desk, name, &trial, out, err);
    free_trial(&trial);
    return r;
}
