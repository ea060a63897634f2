/* SPDX-License-Identifier: Apache-2.0 */
/* What another model would change, before it is used: by the people that are in memory. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "appear/uniform.h"
#include "base/alloc.h"
#include "engine/staff_add.h"
#include "engine/staff_desk_impl.h"
#include "engine/staff_tile.h"

/* One of the two that are compared. */
struct side {
    struct dw_staff_judges judges;
    const char *net; /* it is a classifier, which looks at pictures of whom it did not judge live */
    struct dw_uniform *uniform;
    struct dw_uniform_workspace *workspace;
};

/* Somebody on whom they are tried. */
struct tried {
    struct dw_staff_face face;
    enum dw_role roles[2]; /* of each side, but for ... */
    bool asked[2];         /* ... a classifier that is to look at ... */
    struct dw_buf tile;    /* ... this, if any is */
};

struct trial {
    struct side sides[2];
    DW_VEC(struct tried) people;
};

static void free_trial(struct trial *trial)
{
    for (size_t i = 0; i < trial->people.count; i++)
        dw_buf_fini(&trial->people.items[i].tile);
    dw_vec_fini(&trial->people);
    for (int i = 0; i < 2; i++) {
        dw_staff_judges_fini(&trial->sides[i].judges);
        dw_uniform_workspace_destroy(trial->sides[i].workspace);
        dw_uniform_destroy(trial->sides[i].uniform);
    }
}

/* --- With the lock held: who there is, and what the numbers that are known of them say ------- */

static bool has_judged(const struct side *side, const struct dw_staff_known *known)
{
    return side->net == NULL || (strcmp(known->net, side->net) == 0 && known->odds.views > 0);
}

/* Unknown when nothing is in use where somebody was. */
static enum dw_role role_of(struct side *side, const struct dw_staff_desk *desk,
                            const struct dw_staff_known *known)
{
    const struct dw_staff_judge *judge = dw_staff_judge_of(&side->judges, desk, known->face.camera);
    return judge->in_use ? dw_staff_judge_verdict(judge, known).role : DW_ROLE_UNKNOWN;
}

static void take(struct trial *trial, const struct dw_staff_desk *desk,
                 const struct dw_staff_known *known)
{
    struct tried tried = { .face = known->face };
    for (int i = 0; i < 2; i++) {
        tried.roles[i] = role_of(&trial->sides[i], desk, known);
        tried.asked[i] = !has_judged(&trial->sides[i], known);
    }
    if (tried.asked[0] || tried.asked[1]) {
        if (known->tile.length == 0)
            return;
        dw_buf_append(&tried.tile, known->tile.data, known->tile.length);
    }
    dw_vec_push(&trial->people, tried);
}

/* The last that were seen. */
static int gather(struct trial *trial, const struct dw_staff_desk *desk, const char *camera,
                  struct dw_err *err)
{
    bool looks = trial->sides[0].net != NULL || trial->sides[1].net != NULL;
    size_t most = looks ? DW_STAFF_TRIED : SIZE_MAX;
    for (size_t i = desk->people.count; i-- > 0 && trial->people.count < most;)
        if (camera == NULL || strcmp(camera, desk->people.items[i]->face.camera) == 0)
            take(trial, desk, desk->people.items[i]);
    for (int i = 1; i >= 0; i--)
        if (trial->sides[i].judges.result < 0)
            return dw_fail(err, trial->sides[i].judges.result, "%s",
                           trial->sides[i].judges.err.text);
    return 0;
}

/* --- Without it, for it takes seconds: what classifiers say of pictures ---------------------- */

static int open_net(struct side *side, const struct dw_staff_desk *desk, struct dw_err *err)
{
    if (side->net == NULL)
        return 0;
    char *path = dw_staff_net_path(desk->folder, side->net);
    int r = dw_staff_net_check(desk->folder, side->net, err);
    if (r == 0)
        r = dw_uniform_create(&side->uniform, path, NULL, err);
    if (r == 0)
        side->workspace = dw_uniform_workspace_create(side->uniform);
    free(path);
    return r;
}

static void note(struct dw_staff_preview *out, const struct tried *tried)
{
    enum dw_role now = tried->roles[0], then = tried->roles[1];
    dw_staff_compared_add(&out->roles, tried->face.label, now, then);
    if (now == then || out->changed_count == DW_LENGTH(out->changed))
        return;
    out->changed[out->changed_count].id = tried->face.id;
    out->changed[out->changed_count].now = now;
    out->changed[out->changed_count++].then = then;
}

/* Whose picture is damaged is left out. */
static int try_on(struct trial *trial, struct tried *tried, struct dw_staff_preview *out,
                  struct dw_err *err)
{
    for (int i = 0; i < 2; i++) {
        struct dw_staff_odds odds = { 0 };
        if (!tried->asked[i])
            continue;
        int r = dw_staff_tile_judge(trial->sides[i].workspace, &tried->tile, &odds, err);
        if (r < 0 || odds.views == 0)
            return r;
        tried->roles[i] = dw_staff_verdict(dw_staff_odds_chance(&odds), DW_STAFF_ODDS_SURE).role;
    }
    note(out, tried);
    return 0;
}

int dw_staff_desk_preview(struct dw_staff_desk *desk, const char *name, const char *against,
                          const char *camera, struct dw_staff_preview *out, struct dw_err *err)
{
    const char *const names[] = { against, name };
    struct trial trial = { .people = { 0 } };
    int r = 0;
    *out = (struct dw_staff_preview){ 0 };
    pthread_mutex_lock(&desk->lock);
    for (int i = 1; i >= 0 && r == 0; i--) {
        trial.sides[i].judges.model = names[i];
        r = names[i] != NULL ? dw_staff_desk_check(desk, names[i], err) : 0;
        if (r == 0 && names[i] != NULL && dw_staff_is_net(desk->folder, names[i]))
            trial.sides[i].net = names[i];
    }
    if (r == 0)
        r = gather(&trial, desk, camera, err);
    pthread_mutex_unlock(&desk->lock);
    out->classifier = trial.sides[1].net != NULL;
    for (int i = 0; i < 2 && r == 0; i++)
        r = open_net(&trial.sides[i], desk, err);
    for (size_t i = 0; i < trial.people.count && r == 0; i++)
        r = try_on(&trial, &trial.people.items[i], out, err);
    free_trial(&trial);
    return r;
}
