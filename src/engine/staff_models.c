/* SPDX-License-Identifier: Apache-2.0 */
/* Models of the staff desk: learnt, listed, put to use and taken back: DATA/staff/models. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/wall_time.h"
#include "conf/file.h"
#include "core/staff_drift.h"
#include "engine/staff_desk_impl.h"

#define SWITCHES_BYTES_MAX (1U << 20)
#define MODEL_SUFFIX ".json"

/* After so many people what the model says is compared with what it said in training. */
#define DRIFT_PEOPLE 100

static char *model_path(const struct dw_staff_desk *desk, const char *name)
{
    return dw_strdup_printf("%s/models/%s" MODEL_SUFFIX, desk->folder, name);
}

static char *use_path(const struct dw_staff_desk *desk)
{
    return dw_strdup_printf("%s/in-use", desk->folder);
}

/* --- What there is -------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct dw_staff_listed *)a)->name,
                  ((const struct dw_staff_listed *)b)->name);
}

/* One that is damaged is told on stderr and is not there. */
static void list_model(struct dw_staff_desk *desk, const char *name)
{
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    struct dw_staff_listed listed = { .name = "" };
    struct dw_err err = { 0 };
    snprintf(listed.name, sizeof(listed.name), "%s", name);
    char *path = model_path(desk, name);
    int r = dw_staff_model_load(model, &listed.origin, path, &err);
    listed.figures = model->figures;
    free(path);
    free(model);
    if (r == 0)
        dw_vec_push(&desk->models, listed);
    else
        fprintf(stderr, "dwell serve: a staff model is left out: %s\n", err.text);
}

static void list_models(struct dw_staff_desk *desk)
{
    char *path = dw_strdup_printf("%s/models", desk->folder);
    DIR *folder = opendir(path);
    free(path);
    dw_vec_clear(&desk->models);
    if (folder == NULL)
        return;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char name[DW_STAFF_NAME_MAX];
        size_t length = strlen(entry->d_name), end = strlen(MODEL_SUFFIX);
        if (length <= end || length - end >= sizeof(name) ||
            strcmp(entry->d_name + length - end, MODEL_SUFFIX) != 0)
            continue;
        snprintf(name, sizeof(name), "%.*s", (int)(length - end), entry->d_name);
        if (dw_staff_name_is_good(name))
            list_model(desk, name);
    }
    closedir(folder);
    if (desk->models.count > 0)
        qsort(desk->models.items, desk->models.count, sizeof(*desk->models.items), by_name);
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

static int check_name(const struct dw_staff_desk *desk, const char *name, struct dw_err *err)
{
    return find(desk, name) != NULL
               ? 0
               : dw_fail(err, -ENOENT, "there is no staff model '%.60s'", name);
}

int dw_staff_desk_load(const struct dw_staff_desk *desk, const char *name,
                       struct dw_staff_model *model, struct dw_err *err)
{
    struct dw_staff_origin origin;
    char *path = model_path(desk, name);
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

static void forget_drift(struct dw_staff_desk *desk)
{
    desk->spread = (struct dw_staff_spread){ 0 };
    desk->spread_people = 0;
    desk->drift_says[0] = '\0';
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
    forget_drift(desk);
    atomic_fetch_add(&desk->changes, 1);
    return r;
}

int dw_staff_desk_use(struct dw_staff_desk *desk, const char *camera, const char *model,
                      struct dw_err *err)
{
    pthread_mutex_lock(&desk->lock);
    int r = model[0] != '\0' ? check_name(desk, model, err) : 0;
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

int dw_staff_desk_model_delete(struct dw_staff_desk *desk, const char *model, struct dw_err *err)
{
    pthread_mutex_lock(&desk->lock);
    int r = check_name(desk, model, err);
    for (size_t i = 0; r == 0 && i < desk->in_use.count; i++)
        if (strcmp(dw_staff_desk_model_of(desk, desk->in_use.items[i].camera), model) == 0)
            r = dw_fail(err, -EBUSY, "staff model '%s' is in use: use another one first", model);
    char *path = model_path(desk, model);
    if (r == 0 && unlink(path) != 0)
        r = dw_fail(err, -errno, "cannot delete '%s': %s", path, strerror(errno));
    free(path);
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

/* --- What would change ---------------------------------------------------------------------- */

static enum dw_role role_of(const struct dw_staff_judge *judge, const struct dw_staff_known *known)
{
    return judge->model.size == 0 ? DW_ROLE_UNKNOWN
                                  : dw_staff_judge(&judge->model, &judge->usual, &known->views,
                                                   judge->model.figures.sure)
                                        .role;
}

static void note_change(struct dw_staff_preview *out, int64_t id, enum dw_role now,
                        enum dw_role then)
{
    out->people[now][then]++;
    if (now == then || out->changed_count == DW_LENGTH(out->changed))
        return;
    out->changed[out->changed_count].id = id;
    out->changed[out->changed_count].now = now;
    out->changed[out->changed_count++].then = then;
}

int dw_staff_desk_preview(struct dw_staff_desk *desk, const char *name,
                          struct dw_staff_preview *out, struct dw_err *err)
{
    *out = (struct dw_staff_preview){ 0 };
    pthread_mutex_lock(&desk->lock);
    struct dw_staff_judges now = { .model = dw_staff_desk_model_of(desk, "") };
    struct dw_staff_judges then = { .model = name };
    int r = check_name(desk, name, err);
    for (size_t i = 0; r == 0 && i < desk->people.count; i++) {
        const struct dw_staff_known *known = desk->people.items[i];
        const char *camera = known->face.camera;
        note_change(out, known->face.id, role_of(dw_staff_judge_of(&now, desk, camera), known),
                    role_of(dw_staff_judge_of(&then, desk, camera), known));
    }
    const struct dw_staff_judges *broken = then.result < 0 ? &then : &now;
    if (r == 0 && broken->result < 0)
        r = dw_fail(err, broken->result, "%s", broken->err.text);
    dw_staff_judges_fini(&now);
    dw_staff_judges_fini(&then);
    pthread_mutex_unlock(&desk->lock);
    return r;
}

/* --- Whether it fits still ------------------------------------------------------------------ */

void dw_staff_desk_note(struct dw_staff_desk *desk, const char *camera, double chance)
{
    const char *name = dw_staff_desk_model_of(desk, camera);
    if (name[0] == '\0' || isnan(chance))
        return;
    dw_staff_spread_add(&desk->spread, chance);
    if (++desk->spread_people < DRIFT_PEOPLE)
        return;
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    struct dw_staff_drift drift = { 0 };
    if (dw_staff_desk_load(desk, name, model, NULL) == 0)
        drift = dw_staff_drift(model, &desk->spread);
    free(model);
    forget_drift(desk);
    if (drift.drifted)
        snprintf(desk->drift_says, sizeof(desk->drift_says),
                 "of the last %.0f people %.0f %% look like staff, %.0f %% did in training: mark "
                 "some anew, and train again",
                 drift.people, 100 * drift.staff, 100 * drift.then);
}

/* --- Learning ------------------------------------------------------------------------------- */

struct lesson {
    struct dw_staff_desk *desk;
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
    char *path = model_path(lesson->desk, name);
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
    char name[DW_STAFF_NAME_MAX] = "";
    struct dw_err err = { 0 };
    int r =
        dw_staff_train(&lesson->model, lesson->tracks, lesson->count, -1, lesson->chances, &err);
    if (r == 0) {
        snprintf(lesson->model.looks, sizeof(lesson->model.looks), DW_STAFF_LOOKS);
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

int dw_staff_desk_train(struct dw_staff_desk *desk, struct dw_err *err)
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
