/* SPDX-License-Identifier: Apache-2.0 */
/* Models of the staff desk: learnt, listed, put to use and taken back: DATA/staff/models. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/wall_time.h"
#include "conf/file.h"
#include "core/staff_drift.h"
#include "engine/staff_add.h"
#include "engine/staff_desk_impl.h"

#define SWITCHES_BYTES_MAX (1U << 20)
#define MODEL_SUFFIX ".json"
#define NET_SUFFIX ".onnx"

/* After so many people what the model says is compared with what it said in training. */
#define DRIFT_PEOPLE 100

static char *use_path(const struct dw_staff_desk *desk)
{
    return dw_strdup_printf("%s/in-use", desk->folder);
}

/* --- What there is -------------------------------------------------------------------------- */

static int by_age(const void *a, const void *b)
{
    const struct dw_staff_listed *one = a, *other = b;
    if (one->origin.trained_us != other->origin.trained_us)
        return one->origin.trained_us < other->origin.trained_us ? -1 : 1;
    return strcmp(one->name, other->name);
}

/* One that is damaged is told on stderr and is not there. */
static void list_model(struct dw_staff_desk *desk, const char *name)
{
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    struct dw_staff_listed listed = { .name = "" };
    struct dw_err err = { 0 };
    snprintf(listed.name, sizeof(listed.name), "%s", name);
    char *path = dw_staff_trained_path(desk->folder, name);
    int r = dw_staff_model_load(model, &listed.origin, path, &err);
    listed.figures = model->figures;
    free(path);
    free(model);
    if (r == 0)
        dw_vec_push(&desk->models, listed);
    else
        fprintf(stderr, "dwell serve: a staff model is left out: %s\n", err.text);
}

static void list_net(struct dw_staff_desk *desk, const char *name)
{
    struct dw_staff_listed listed = { .classifier = true,
                                      .figures = { .sure = DW_STAFF_ODDS_SURE } };
    struct stat state;
    char *path = dw_staff_net_path(desk->folder, name);
    snprintf(listed.name, sizeof(listed.name), "%s", name);
    if (stat(path, &state) == 0) {
        listed.origin.trained_us = (int64_t)state.st_mtime * DW_SECOND_US;
        dw_vec_push(&desk->models, listed);
    }
    free(path);
}

/* The name of the model in such a file. False: it is none. */
static bool name_of(const char *file, const char *suffix, char name[DW_STAFF_NAME_MAX])
{
    size_t length = strlen(file), end = strlen(suffix);
    if (length <= end || length - end >= DW_STAFF_NAME_MAX ||
        strcmp(file + length - end, suffix) != 0)
        return false;
    snprintf(name, DW_STAFF_NAME_MAX, "%.*s", (int)(length - end), file);
    return dw_staff_name_is_good(name);
}

static void list_models(struct dw_staff_desk *desk)
{
    char *path = dw_strdup_printf("%s/models", desk->folder);
    DIR *folder = opendir(path);
    struct stat state;
    free(path);
    dw_vec_clear(&desk->models);
    if (folder == NULL)
        return;
    if (fstat(dirfd(folder), &state) == 0)
        desk->listed = state.st_mtim;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char name[DW_STAFF_NAME_MAX];
        if (name_of(entry->d_name, NET_SUFFIX, name))
            list_net(desk, name);
        else if (name_of(entry->d_name, MODEL_SUFFIX, name) &&
                 !dw_staff_is_net(desk->folder, name)) /* a sidecar */
            list_model(desk, name);
    }
    closedir(folder);
    if (desk->models.count > 0)
        qsort(desk->models.items, desk->models.count, sizeof(*desk->models.items), by_age);
}

void dw_staff_desk_look(struct dw_staff_desk *desk)
{
    struct stat state;
    char *path = dw_strdup_printf("%s/models", desk->folder);
    if (stat(path, &state) == 0 && (state.st_mtim.tv_sec != desk->listed.tv_sec ||
                                    state.st_mtim.tv_nsec != desk->listed.tv_nsec))
        list_models(desk);
    free(path);
}

int dw_staff_desk_open_models(struct dw_staff_desk *desk, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    char *path = use_path(desk);
    list_models(desk);
    int r = dw_file_read_any(&text, path, SWITCHES_BYTES_MAX, err);
    if (r > 0) {
        r = dw_staff_switches_parse(&desk->in_use, dw_buf_text(&text), err);
        if (r < 0)
            dw_fail_within(err, r, "%s", path);
    }
    dw_buf_fini(&text);
    free(path);
    return DW_MIN(r, 0);
}

static const struct dw_staff_listed *find(const struct dw_staff_desk *desk, const char *name)
{
    for (size_t i = 0; i < desk->models.count; i++)
        if (strcmp(desk->models.items[i].name, name) == 0)
            return &desk->models.items[i];
    return NULL;
}

int dw_staff_desk_check(struct dw_staff_desk *desk, const char *name, struct dw_err *err)
{
    dw_staff_desk_look(desk);
    return find(desk, name) != NULL
               ? 0
               : dw_fail(err, -ENOENT, "there is no staff model '%.60s'", name);
}

int dw_staff_desk_load(const struct dw_staff_desk *desk, const char *name,
                       struct dw_staff_model *model, struct dw_err *err)
{
    struct dw_staff_origin origin;
    char *path = dw_staff_trained_path(desk->folder, name);
    int r = dw_staff_model_load(model, &origin, path, err);
    free(path);
    return r;
}

void dw_staff_desk_usual(const struct dw_staff_desk *desk, const struct dw_staff_model *model,
                         const char *camera, struct dw_staff_usual *usual)
{
    *usual = model->usual;
    usual->tracks = DW_STAFF_USUAL_TRACKS;
    for (size_t i = 0; i < desk->people.count; i++) {
        const struct dw_staff_known *known = desk->people.items[i];
        if (known->views.size == model->size && strcmp(known->face.camera, camera) == 0)
            dw_staff_usual_add(usual, &known->views);
    }
}

/* --- Which is in use ------------------------------------------------------------------------ */

/* The last switch of exactly this camera; -1: none. */
static int last_switch(const struct dw_staff_desk *desk, const char *camera)
{
    for (size_t i = desk->in_use.count; i-- > 0;)
        if (strcmp(desk->in_use.items[i].camera, camera) == 0)
            return (int)i;
    return -1;
}

const char *dw_staff_desk_model_of(const struct dw_staff_desk *desk, const char *camera)
{
    int at = last_switch(desk, camera);
    if (at < 0 && camera[0] != '\0')
        at = last_switch(desk, "");
    return at >= 0 ? desk->in_use.items[at].model : "";
}

static int save_switches(struct dw_staff_desk *desk, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    char *path = use_path(desk);
    dw_staff_switches_print(&text, &desk->in_use);
    int r = dw_folder_make(desk->folder, err);
    if (r == 0)
        r = dw_file_write_secret(path, dw_buf_text(&text), text.length, err);
    free(path);
    dw_buf_fini(&text);
    dw_vec_clear(&desk->fits);
    desk->trouble_says[0] = '\0';
    atomic_fetch_add(&desk->changes, 1);
    return r;
}

/* Whether it can be used: reads or runs it, which may take a while. */
static int check_model(const struct dw_staff_desk *desk, const char *name, struct dw_err *err)
{
    if (dw_staff_is_net(desk->folder, name))
        return dw_staff_net_check(desk->folder, name, err);
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    int r = dw_staff_desk_load(desk, name, model, err);
    if (r == 0 && strcmp(model->looks, desk->looks) != 0)
        r = dw_fail(err, -EINVAL,
                    "staff model '%s' was trained on looks by '%s', these are by '%s': train it "
                    "again, or see \"staff_reid\" of the configuration",
                    name, model->looks, desk->looks);
    free(model);
    return r;
}

int dw_staff_desk_use(struct dw_staff_desk *desk, const char *camera, const char *model,
                      struct dw_err *err)
{
    pthread_mutex_lock(&desk->lock);
    int r = model[0] != '\0' ? dw_staff_desk_check(desk, model, err) : 0;
    pthread_mutex_unlock(&desk->lock);
    if (r == 0 && model[0] != '\0')
        r = check_model(desk, model, err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&desk->lock);
    r = model[0] != '\0' ? dw_staff_desk_check(desk, model, err) : 0; /* it may be gone meanwhile */
    if (r == 0) {
        if (desk->in_use.count >= DW_STAFF_SWITCHES_MAX)
            dw_vec_remove(&desk->in_use, 0);
        struct dw_staff_switch *made = dw_vec_add(&desk->in_use);
        snprintf(made->model, sizeof(made->model), "%s", model);
        snprintf(made->camera, sizeof(made->camera), "%s", camera);
        r = save_switches(desk, err);
    }
    pthread_mutex_unlock(&desk->lock);
    return r;
}

int dw_staff_desk_back(struct dw_staff_desk *desk, const char *camera, struct dw_err *err)
{
    pthread_mutex_lock(&desk->lock);
    int at = last_switch(desk, camera), r = 0;
    if (at < 0) {
        r = dw_fail(err, -ENOENT, "no other staff model was in use before");
    } else {
        dw_vec_remove(&desk->in_use, (size_t)at);
        r = save_switches(desk, err);
    }
    pthread_mutex_unlock(&desk->lock);
    return r;
}

/* A classifier's sidecar goes first: alone it would be taken for a trained model. */
static int delete_files(const struct dw_staff_desk *desk, const char *model, struct dw_err *err)
{
    char *json = dw_staff_trained_path(desk->folder, model),
         *net = dw_staff_net_path(desk->folder, model);
    int r = 0;
    if ((unlink(json) != 0 && errno != ENOENT) || (unlink(net) != 0 && errno != ENOENT))
        r = dw_fail(err, -errno, "cannot delete staff model '%s': %s", model, strerror(errno));
    free(net);
    free(json);
    return r;
}

int dw_staff_desk_model_delete(struct dw_staff_desk *desk, const char *model, struct dw_err *err)
{
    pthread_mutex_lock(&desk->lock);
    int r = dw_staff_desk_check(desk, model, err);
    for (size_t i = 0; r == 0 && i < desk->in_use.count; i++)
        if (strcmp(dw_staff_desk_model_of(desk, desk->in_use.items[i].camera), model) == 0)
            r = dw_fail(err, -EBUSY, "staff model '%s' is in use: use another one first", model);
    if (r == 0)
        r = delete_files(desk, model, err);
    for (size_t i = desk->in_use.count; r == 0 && i-- > 0;)
        if (strcmp(desk->in_use.items[i].model, model) == 0)
            dw_vec_remove(&desk->in_use, i); /* no way back to it */
    if (r == 0) {
        list_models(desk);
        r = save_switches(desk, err);
    }
    pthread_mutex_unlock(&desk->lock);
    return r;
}

/* --- Whether it fits still ------------------------------------------------------------------ */

static struct dw_staff_fit *fit_of(struct dw_staff_desk *desk, const char *name)
{
    for (size_t i = 0; i < desk->fits.count; i++)
        if (strcmp(desk->fits.items[i].model, name) == 0)
            return &desk->fits.items[i];
    struct dw_staff_fit *fit = dw_vec_add(&desk->fits);
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    snprintf(fit->model, sizeof(fit->model), "%s", name);
    if (!dw_staff_is_net(desk->folder, name) && dw_staff_desk_load(desk, name, model, NULL) == 0)
        fit->then = model->spread;
    free(model);
    return fit;
}

static double sure_of(const struct dw_staff_desk *desk, const char *name)
{
    const struct dw_staff_listed *listed = find(desk, name);
    return listed != NULL ? listed->figures.sure : DW_STAFF_ODDS_SURE;
}

void dw_staff_desk_note(struct dw_staff_desk *desk, const char *camera, double chance)
{
    const char *name = dw_staff_desk_model_of(desk, camera);
    if (name[0] == '\0' || isnan(chance))
        return;
    struct dw_staff_fit *fit = fit_of(desk, name);
    dw_staff_spread_add(&fit->now, chance);
    if (++fit->people < DRIFT_PEOPLE)
        return;
    const bool drifted = fit->says[0] != '\0';
    struct dw_staff_drift drift = dw_staff_drift(&fit->then, sure_of(desk, name), &fit->now);
    if (!drift.known)
        fit->then = fit->now; /* a classifier, or an old file: as the first people were */
    fit->now = (struct dw_staff_spread){ 0 };
    fit->people = 0;
    fit->says[0] = '\0';
    if (drift.drifted)
        snprintf(fit->says, sizeof(fit->says),
                 "of the last %.0f people %.0f %% look like staff (before: %.0f %%) and %.0f %% "
                 "like neither (%.0f %%): has the uniform changed? Mark some anew, and train again",
                 drift.people, 100 * drift.staff, 100 * drift.then, 100 * drift.unsure,
                 100 * drift.unsure_then);
    if (drift.drifted != drifted)
        dw_staff_desk_tell(desk, "",
                           drift.drifted ? fit->says : "the staff model fits its people again");
}

/* --- Learning ------------------------------------------------------------------------------- */

struct lesson {
    struct dw_staff_desk *desk;
    bool lights;
    struct dw_staff_track *tracks;
    int64_t *ids;    /* of the tracks ... */
    double *chances; /* ... and what came of them */
    size_t count;
    struct dw_staff_origin origin;
    struct dw_staff_model model;
};

/* Lock held. */
static void take_lesson(struct lesson *lesson)
{
    const struct dw_staff_desk *desk = lesson->desk;
    struct dw_buf cameras = { 0 };
    lesson->tracks = dw_staff_desk_tracks(desk);
    lesson->count = desk->people.count;
    lesson->ids = dw_alloc_array0(lesson->count + 1, sizeof(*lesson->ids));
    lesson->chances = dw_alloc_array0(lesson->count + 1, sizeof(*lesson->chances));
    for (size_t i = 0; i < lesson->count; i++)
        lesson->ids[i] = desk->people.items[i]->face.id;
    for (size_t i = 0; i < lesson->count; i++)
        if (lesson->tracks[i].camera == i)
            dw_buf_printf(&cameras, "%s%s", cameras.length > 0 ? ", " : "",
                          desk->people.items[i]->face.camera);
    snprintf(lesson->origin.camera, sizeof(lesson->origin.camera), "%.127s", dw_buf_text(&cameras));
    snprintf(lesson->origin.set, sizeof(lesson->origin.set), "%s", desk->set);
    dw_buf_fini(&cameras);
}

static void free_lesson(struct lesson *lesson)
{
    free(lesson->tracks);
    free(lesson->ids);
    free(lesson->chances);
    free(lesson);
}

/* Lock held. For people to look at who were told wrong. */
static void note_chances(const struct lesson *lesson)
{
    for (size_t i = 0; i < lesson->count; i++) {
        struct dw_staff_known *known = dw_staff_desk_find(lesson->desk, lesson->ids[i]);
        if (known != NULL)
            known->face.judged_p = isnan(lesson->chances[i]) ? -1 : lesson->chances[i];
    }
}

static int write_model(struct lesson *lesson, char name[DW_STAFF_NAME_MAX], struct dw_err *err)
{
    struct dw_buf text = { 0 };
    time_t seconds = (time_t)(lesson->origin.trained_us / DW_SECOND_US);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    size_t length = strftime(name, DW_STAFF_NAME_MAX, "%Y%m%d-%H%M%S", &parts);
    snprintf(name + length, DW_STAFF_NAME_MAX - length, "-%03d",
             (int)(lesson->origin.trained_us / 1000 % 1000));
    char *folder = dw_strdup_printf("%s/models", lesson->desk->folder);
    char *path = dw_staff_trained_path(lesson->desk->folder, name);
    dw_staff_model_print(&text, &lesson->model, &lesson->origin);
    int r = dw_folder_make(folder, err);
    if (r == 0)
        r = dw_file_write_secret(path, text.data, text.length, err);
    free(folder);
    free(path);
    dw_buf_fini(&text);
    return r;
}

static void *learn(void *argument)
{
    struct lesson *lesson = argument;
    struct dw_staff_desk *desk = lesson->desk;
    const struct dw_staff_how how = { .sure = -1, .lights = lesson->lights };
    char name[DW_STAFF_NAME_MAX] = "";
    struct dw_err err = { 0 };
    int r =
        dw_staff_train(&lesson->model, lesson->tracks, lesson->count, &how, lesson->chances, &err);
    if (r == 0) {
        memcpy(lesson->model.looks, desk->looks, sizeof(lesson->model.looks));
        lesson->origin.trained_us = dw_now_us();
        r = write_model(lesson, name, &err);
    }
    pthread_mutex_lock(&desk->lock);
    if (r == 0)
        list_models(desk);
    desk->training = r == 0 ? DW_STAFF_TRAINED : DW_STAFF_REFUSED;
    snprintf(desk->training_says, sizeof(desk->training_says), "%s", r == 0 ? name : err.text);
    note_chances(lesson);
    pthread_mutex_unlock(&desk->lock);
    free_lesson(lesson);
    return NULL;
}

int dw_staff_desk_train(struct dw_staff_desk *desk, bool lights, struct dw_err *err)
{
    pthread_mutex_lock(&desk->lock);
    int r = 0;
    if (desk->training == DW_STAFF_TRAINING) {
        r = dw_fail(err, -EBUSY, "a model is being trained already");
    } else {
        if (desk->trainer_started)
            pthread_join(desk->trainer, NULL); /* it let go of the lock last */
        struct lesson *lesson = dw_alloc0(sizeof(*lesson));
        lesson->desk = desk;
        lesson->lights = lights;
        take_lesson(lesson);
        r = -pthread_create(&desk->trainer, NULL, learn, lesson);
        desk->trainer_started = r == 0;
        desk->training = r == 0 ? DW_STAFF_TRAINING : DW_STAFF_IDLE;
        if (r < 0) {
            free_lesson(lesson);
            dw_fail(err, r, "cannot start a thread: too many run already");
        }
    }
    pthread_mutex_unlock(&desk->lock);
    return r;
}
