/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/staff_compare.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appear/uniform.h"
#include "base/alloc.h"
#include "conf/staff_file.h"
#include "core/staff_compare.h"
#include "engine/staff.h"
#include "engine/staff_tile.h"

static int load(struct dw_staff_model *model, const char *path, const struct dw_staff_set *set,
                struct dw_err *err)
{
    struct dw_staff_origin origin;
    int r = dw_staff_model_load(model, &origin, path, err);
    if (r == 0 && strcmp(model->looks, set->looks) != 0)
        r = dw_fail(err, -EINVAL, "'%s' was trained on looks by '%s', the set has them by '%s'",
                    path, model->looks, set->looks);
    return r;
}

/* What is usual where this track was seen, as a camera that has seen the whole set would have it.
 */
static void find_usual(const struct dw_staff_set *set, const struct dw_staff_model *model,
                       const char *camera, struct dw_staff_usual *usual)
{
    *usual = model->usual;
    usual->tracks = DW_STAFF_USUAL_TRACKS;
    for (size_t i = 0; i < set->tracks.count; i++)
        if (strcmp(set->tracks.items[i].camera, camera) == 0)
            dw_staff_usual_add(usual, &set->tracks.items[i].track.views);
}

/* By a trained model, for everybody in the set, in its order. */
static int judge(const struct dw_staff_set *set, const char *path,
                 struct dw_staff_verdict *verdicts, struct dw_err *err)
{
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    struct dw_staff_usual *usual = dw_alloc0(sizeof(*usual));
    const char *camera = NULL;
    int r = load(model, path, set, err);
    for (size_t i = 0; r == 0 && i < set->tracks.count; i++) {
        const struct dw_staff_set_track *track = &set->tracks.items[i];
        if (camera == NULL || strcmp(camera, track->camera) != 0)
            find_usual(set, model, track->camera, usual);
        camera = track->camera;
        verdicts[i] = dw_staff_judge(model, usual, &track->track.views, model->figures.sure);
    }
    free(usual);
    free(model);
    return r;
}

/* The same by a classifier, which looks at the tiles; unknown for whoever has none. */
static int look(const struct dw_staff_set *set, const char *folder, const char *path,
                struct dw_staff_verdict *verdicts, struct dw_err *err)
{
    DW_AUTO(uniform) *uniform = NULL;
    DW_AUTO(uniform_workspace) *workspace = NULL;
    size_t seen = 0;
    int r = dw_uniform_create(&uniform, path, NULL, err);
    if (r == 0)
        workspace = dw_uniform_workspace_create(uniform);
    for (size_t i = 0; r == 0 && i < set->tracks.count; i++) {
        struct dw_buf tile = { 0 };
        struct dw_staff_odds odds = { 0 };
        dw_staff_tile_read(&tile, folder, set->tracks.items[i].number);
        r = dw_staff_tile_judge(workspace, &tile, &odds, err);
        verdicts[i] = dw_staff_verdict(dw_staff_odds_chance(&odds), DW_STAFF_ODDS_SURE);
        seen += odds.views;
        dw_buf_fini(&tile);
    }
    if (r == 0 && seen == 0)
        r = dw_fail(err, -ENOENT,
                    "'%s' is a classifier, and set '%s' has no picture (NUMBER.jpg) for it", path,
                    folder);
    return r;
}

static void print_shares(const char *what, const int64_t part[2], const int64_t whole[2])
{
    printf("%-34s", what);
    for (int i = 0; i < 2; i++)
        printf("  %4lld of %4lld", (long long)part[i], (long long)whole[i]);
    puts("");
}

static void print_marks(const struct dw_staff_compared *compared)
{
    const struct dw_staff_marks a = dw_staff_compared_marks(compared, 0),
                                b = dw_staff_compared_marks(compared, 1);
    if (a.staff + a.shoppers == 0)
        return;
    const int64_t found[2] = { a.staff_found, b.staff_found }, staff[2] = { a.staff, b.staff };
    const int64_t lost[2] = { a.shoppers_found, b.shoppers_found };
    const int64_t shoppers[2] = { a.shoppers, b.shoppers };
    const int64_t called[2] = { found[0] + lost[0], found[1] + lost[1] };
    printf("\nBy the labels (those that a model learnt from flatter it):\n%-34s  %12s  %12s\n", "",
           "first", "second");
    print_shares("staff called staff (recall)", found, staff);
    print_shares("shoppers called staff (visits lost)", lost, shoppers);
    print_shares("called staff and staff (precision)", found, called);
}

static void print_people(const struct dw_staff_compared *compared)
{
    puts("people  first    second");
    for (int a = 0; a < DW_ROLE_COUNT; a++)
        for (int b = 0; b < DW_ROLE_COUNT; b++)
            if (compared->people[a][b] > 0)
                printf("%6lld  %-7s  %-7s%s\n", (long long)compared->people[a][b],
                       dw_role_name((enum dw_role)a), dw_role_name((enum dw_role)b),
                       a != b ? "  changes" : "");
}

static void compare(const struct dw_staff_set *set, const struct dw_staff_verdict *first,
                    const struct dw_staff_verdict *second)
{
    struct dw_staff_compared compared = { 0 };
    for (size_t i = 0; i < set->tracks.count; i++)
        dw_staff_compared_add(&compared, set->tracks.items[i].track.label, first[i].role,
                              second[i].role);
    print_people(&compared);
    print_marks(&compared);
    puts("\ntrack,label,first,p,second,p");
    for (size_t i = 0; i < set->tracks.count; i++)
        if (first[i].role != second[i].role)
            printf("%lld,%s,%s,%.2f,%s,%.2f\n", (long long)set->tracks.items[i].number,
                   dw_role_name(set->tracks.items[i].track.label), dw_role_name(first[i].role),
                   first[i].p, dw_role_name(second[i].role), second[i].p);
}

int dw_staff_compare(const char *const models[2], const char *folder, const char *labels,
                     struct dw_err *err)
{
    struct dw_staff_set set = { 0 };
    struct dw_staff_verdict *verdicts[2] = { NULL, NULL };
    int r = dw_staff_set_load(&set, folder, err);
    if (r == 0 && labels != NULL)
        r = dw_staff_labels_load(&set, labels, err);
    for (int i = 0; r == 0 && i < 2; i++) {
        verdicts[i] = dw_alloc_array0(set.tracks.count + 1, sizeof(*verdicts[i]));
        r = dw_staff_is_onnx(models[i]) ? look(&set, folder, models[i], verdicts[i], err)
                                        : judge(&set, models[i], verdicts[i], err);
    }
    if (r == 0)
        compare(&set, verdicts[0], verdicts[1]);
    free(verdicts[0]);
    free(verdicts[1]);
    dw_staff_set_fini(&set);
    return r;
}
