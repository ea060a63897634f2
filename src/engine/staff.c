/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/staff.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appear/appear.h"
#include "appear/uniform.h"
#include "base/alloc.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "conf/staff_file.h"

#define VIEW_EVERY_US DW_SECOND_US

/* A good view: so high, as whole in the picture, and so much of it in sight. */
#define HEIGHT_LEAST_PX 40
#define WIDTH_LEAST_PX 8
#define VISIBLE_LEAST 0.8

struct dw_staff_watch {
    struct dw_staff_conf conf;
    char looks[DW_STAFF_LOOKS_SIZE];
    struct dw_appear *own;
    const struct dw_appear *appear; /* its own or one that is shared; NULL: a classifier says itself
                                       who is staff */
    struct dw_appear_workspace *workspace;
    struct dw_uniform *uniform; /* NULL: there is none, and the model judges */
    struct dw_uniform_workspace *classes;
    struct dw_staff_model *model; /* NULL: nobody is judged, but by a classifier */
    struct dw_staff_usual usual;  /* of this camera */
    double sure;                  /* of what judges */
    DW_VEC(struct dw_staff_person) people;
    DW_VEC(struct dw_detection) boxes; /* of the frame */
};

bool dw_staff_is_onnx(const char *path)
{
    const char *dot = path != NULL ? strrchr(path, '.') : NULL;
    return dot != NULL && strcmp(dot, ".onnx") == 0;
}

static int check_looks(const struct dw_staff_watch *watch, const struct dw_staff_model *model,
                       struct dw_err *err)
{
    if (strcmp(model->looks, watch->looks) == 0)
        return 0;
    return dw_fail(err, -EINVAL,
                   "it was trained on looks by '%s', these are by '%s': train it again, or give "
                   "the same --reid",
                   model->looks, watch->looks);
}

static int load_model(struct dw_staff_watch *watch, struct dw_err *err)
{
    struct dw_staff_origin origin;
    watch->model = dw_alloc0(sizeof(*watch->model));
    int r = dw_staff_model_load(watch->model, &origin, watch->conf.model_path, err);
    if (r < 0)
        return r;
    r = check_looks(watch, watch->model, err);
    if (r < 0)
        return dw_fail_within(err, r, "staff model '%s'", watch->conf.model_path);
    watch->usual = watch->model->usual;
    watch->usual.tracks = DW_STAFF_USUAL_TRACKS;
    watch->sure = watch->model->figures.sure;
    return 0;
}

static int open_looks(struct dw_staff_watch *watch, struct dw_err *err)
{
    struct dw_appear_conf appear = { .model_path = watch->conf.reid_path, .clothes = true };
    int r = watch->conf.appear == NULL ? dw_appear_create(&watch->own, &appear, err) : 0;
    watch->appear = watch->conf.appear != NULL ? watch->conf.appear : watch->own;
    if (r == 0)
        watch->workspace = dw_appear_workspace_create(watch->appear);
    return r;
}

void dw_staff_looks(char looks[DW_STAFF_LOOKS_SIZE], const char *reid_path)
{
    const char *slash = reid_path != NULL ? strrchr(reid_path, '/') : NULL;
    const char *name = slash != NULL ? slash + 1 : reid_path;
    snprintf(looks, DW_STAFF_LOOKS_SIZE, "colours%s%s", name != NULL ? "+" : "",
             name != NULL ? name : "");
}

int dw_staff_watch_create(struct dw_staff_watch **out, const struct dw_staff_conf *conf,
                          struct dw_err *err)
{
    DW_AUTO(staff_watch) *watch = dw_alloc0(sizeof(*watch));
    watch->conf = *conf;
    dw_staff_looks(watch->looks, conf->reid_path);
    int r = 0;
    if (dw_staff_is_onnx(conf->model_path))
        r = dw_staff_watch_classify(watch, conf->model_path, err);
    else if (conf->model_path != NULL)
        r = load_model(watch, err);
    if (conf->sure >= 0)
        watch->sure = conf->sure;
    if (r == 0 && watch->uniform == NULL)
        r = open_looks(watch, err);
    if (r == 0)
        *out = DW_TAKE(watch);
    return r;
}

/* Nobody is judged. */
static void let_go(struct dw_staff_watch *watch)
{
    dw_uniform_workspace_destroy(watch->classes);
    dw_uniform_destroy(watch->uniform);
    free(watch->model);
    watch->classes = NULL;
    watch->uniform = NULL;
    watch->model = NULL;
}

void dw_staff_watch_destroy(struct dw_staff_watch *watch)
{
    if (watch == NULL)
        return;
    let_go(watch);
    dw_appear_workspace_destroy(watch->workspace);
    dw_appear_destroy(watch->own);
    dw_vec_fini(&watch->people);
    dw_vec_fini(&watch->boxes);
    free(watch);
}

const char *dw_staff_watch_looks(const struct dw_staff_watch *watch)
{
    return watch->looks;
}

int dw_staff_watch_use(struct dw_staff_watch *watch, const struct dw_staff_model *model,
                       const struct dw_staff_usual *usual, struct dw_err *err)
{
    int r = model != NULL ? check_looks(watch, model, err) : 0;
    let_go(watch);
    if (r < 0 || model == NULL)
        return r;
    watch->model = dw_alloc0(sizeof(*watch->model));
    *watch->model = *model;
    watch->usual = *usual;
    watch->sure = model->figures.sure;
    return 0;
}

int dw_staff_watch_classify(struct dw_staff_watch *watch, const char *path, struct dw_err *err)
{
    let_go(watch);
    int r = dw_uniform_create(&watch->uniform, path, NULL, err);
    if (r < 0)
        return r;
    watch->classes = dw_uniform_workspace_create(watch->uniform);
    watch->sure = DW_STAFF_ODDS_SURE;
    for (size_t i = 0; i < watch->people.count; i++)
        watch->people.items[i].odds = (struct dw_staff_odds){ 0 }; /* another one's */
    return 0;
}

static struct dw_staff_person *find(const struct dw_staff_watch *watch, int64_t number)
{
    for (size_t i = 0; i < watch->people.count; i++)
        if (watch->people.items[i].number == number)
            return &watch->people.items[i];
    return NULL;
}

static bool whole(struct dw_box box, const struct dw_image *image)
{
    return box.h >= HEIGHT_LEAST_PX && box.w >= WIDTH_LEAST_PX && box.x >= 0 && box.y >= 0 &&
           box.x + box.w <= (float)image->width_px && box.y + box.h <= (float)image->height_px;
}

static int classify(struct dw_staff_watch *watch, struct dw_staff_person *person,
                    const struct dw_image *image, struct dw_box box, struct dw_err *err)
{
    struct dw_image cut = dw_appear_cut(image, box);
    double odds = 0;
    int r = dw_uniform_run(watch->classes, &cut, &odds, err);
    if (r == 0) {
        person->odds.views++;
        person->odds.sum += odds;
    }
    return r;
}

static int look_at(struct dw_staff_watch *watch, struct dw_staff_person *person,
                   const struct dw_image *image, struct dw_box box, struct dw_err *err)
{
    struct dw_look look;
    int r = dw_appear_one(watch->workspace, image, box, 1, &look, err);
    if (r == 0)
        dw_staff_views_add(&person->views, &look);
    return r;
}

static int view(struct dw_staff_watch *watch, struct dw_staff_person *person,
                const struct dw_image *image, size_t index, struct dw_err *err)
{
    struct dw_box box = watch->boxes.items[index].box;
    if (dw_look_visible(watch->boxes.items, watch->boxes.count, index) < VISIBLE_LEAST)
        return 0;
    person->viewed_us = person->last_us;
    int r = watch->appear != NULL ? look_at(watch, person, image, box, err) : 0;
    if (r == 0 && watch->uniform != NULL)
        r = classify(watch, person, image, box, err);
    if (r < 0)
        return r;
    return watch->conf.viewed != NULL
               ? watch->conf.viewed(watch->conf.user, person, image, box, err)
               : 0;
}

static void forget(struct dw_staff_watch *watch, int64_t before_us)
{
    for (size_t i = watch->people.count; i-- > 0;) {
        const struct dw_staff_person *person = &watch->people.items[i];
        if (person->last_us >= before_us)
            continue;
        dw_staff_usual_add(&watch->usual, &person->views);
        if (watch->conf.gone != NULL && person->views.size + person->odds.views > 0)
            watch->conf.gone(watch->conf.user, person);
        dw_vec_remove(&watch->people, i);
    }
}

int dw_staff_watch_step(struct dw_staff_watch *watch, const struct dw_image *image, int64_t time_us,
                        const struct dw_sighting *seen, size_t count, struct dw_err *err)
{
    int r = 0;
    dw_vec_clear(&watch->boxes);
    for (size_t i = 0; i < count; i++)
        dw_vec_push(&watch->boxes, ((struct dw_detection){ seen[i].seen, (float)seen[i].score }));
    for (size_t i = 0; r == 0 && i < count; i++) {
        struct dw_staff_person *person = find(watch, seen[i].person);
        if (person == NULL) {
            person = dw_vec_add(&watch->people);
            person->number = seen[i].person;
            person->first_us = time_us;
            person->viewed_us = time_us - VIEW_EVERY_US;
        }
        person->last_us = time_us;
        if (time_us - person->viewed_us >= VIEW_EVERY_US && whole(seen[i].seen, image))
            r = view(watch, person, image, i, err);
    }
    forget(watch, time_us - watch->conf.forget_us);
    return r;
}

void dw_staff_watch_finish(struct dw_staff_watch *watch)
{
    forget(watch, INT64_MAX);
}

bool dw_staff_watch_knows(const struct dw_staff_watch *watch, int64_t person)
{
    return find(watch, person) != NULL;
}

struct dw_staff_verdict dw_staff_watch_judge(const struct dw_staff_watch *watch, int64_t person)
{
    const struct dw_staff_person *found = find(watch, person);
    if (found != NULL && found->told != DW_ROLE_UNKNOWN)
        return (struct dw_staff_verdict){ found->told, 1 };
    if (found != NULL && found->ruled)
        return (struct dw_staff_verdict){ DW_ROLE_STAFF, DW_STAFF_P_FOUND_MOST };
    return dw_staff_verdict(dw_staff_watch_chance(watch, person), watch->sure);
}

const char *dw_staff_watch_why(const struct dw_staff_watch *watch, int64_t person)
{
    const struct dw_staff_person *found = find(watch, person);
    if (found != NULL && found->told != DW_ROLE_UNKNOWN)
        return "hand";
    return found != NULL && found->ruled ? "rule" : "looks";
}

void dw_staff_watch_tell(struct dw_staff_watch *watch, int64_t person, enum dw_role role)
{
    struct dw_staff_person *found = find(watch, person);
    if (found != NULL)
        found->told = role;
}

void dw_staff_watch_rule(struct dw_staff_watch *watch, int64_t person)
{
    struct dw_staff_person *found = find(watch, person);
    if (found != NULL)
        found->ruled = true;
}

double dw_staff_watch_chance(const struct dw_staff_watch *watch, int64_t person)
{
    const struct dw_staff_person *found = find(watch, person);
    if (found != NULL && watch->uniform != NULL)
        return dw_staff_odds_chance(&found->odds);
    return watch->model != NULL && found != NULL
               ? dw_staff_chance(watch->model, &watch->usual, &found->views)
               : (double)NAN;
}
