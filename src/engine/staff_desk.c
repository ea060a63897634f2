/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/staff_desk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/wall_time.h"
#include "engine/staff_desk_impl.h"

#define REMEMBERED_US (3600 * DW_SECOND_US)

int dw_staff_desk_create(struct dw_staff_desk **out, const char *folder, const char *reid,
                         struct dw_err *err)
{
    DW_AUTO(staff_desk) *desk = dw_alloc0(sizeof(*desk));
    struct dw_appear_conf appear = { .model_path = reid, .clothes = true };
    desk->folder = dw_strdup(folder);
    desk->reid = reid != NULL ? dw_strdup(reid) : NULL;
    desk->next_id = 1;
    pthread_mutex_init(&desk->lock, NULL);
    dw_staff_looks(desk->looks, reid);
    int r = dw_appear_create(&desk->appear, &appear, err);
    if (r == 0)
        r = dw_staff_desk_open_models(desk, err);
    if (r < 0)
        return r;
    dw_staff_desk_open_sets(desk);
    dw_staff_desk_tidy(desk);
    *out = DW_TAKE(desk);
    return 0;
}

void dw_staff_desk_destroy(struct dw_staff_desk *desk)
{
    if (desk == NULL)
        return;
    if (desk->trainer_started)
        pthread_join(desk->trainer, NULL);
    while (desk->people.count > 0)
        dw_staff_desk_drop(desk, desk->people.count - 1);
    dw_vec_fini(&desk->people);
    dw_vec_fini(&desk->in_use);
    dw_vec_fini(&desk->fits);
    dw_vec_fini(&desk->models);
    pthread_mutex_destroy(&desk->lock);
    dw_appear_destroy(desk->appear);
    free(desk->reid);
    free(desk->folder);
    free(desk);
}

struct dw_staff_known *dw_staff_desk_find(const struct dw_staff_desk *desk, int64_t id)
{
    for (size_t i = 0; i < desk->people.count; i++)
        if (desk->people.items[i]->face.id == id)
            return desk->people.items[i];
    return NULL;
}

void dw_staff_desk_drop(struct dw_staff_desk *desk, size_t at)
{
    struct dw_staff_known *known = desk->people.items[at];
    dw_buf_fini(&known->tile);
    free(known);
    dw_vec_remove(&desk->people, at); /* NOLINT(bugprone-sizeof-expression): of pointers */
}

void dw_staff_desk_listen(struct dw_staff_desk *desk,
                          void (*tell)(void *user, const char *camera, const char *what),
                          void *user)
{
    desk->tell = tell;
    desk->user = user;
}

void dw_staff_desk_tell(const struct dw_staff_desk *desk, const char *camera, const char *what)
{
    if (desk->tell != NULL)
        desk->tell(desk->user, camera, what);
}

void dw_staff_desk_pictures(struct dw_staff_desk *desk, bool shown)
{
    pthread_mutex_lock(&desk->lock);
    desk->pictures = shown;
    for (size_t i = desk->people.count; !shown && i-- > 0;)
        if (!desk->people.items[i]->face.kept)
            dw_staff_desk_drop(desk, i);
    pthread_mutex_unlock(&desk->lock);
}

void dw_staff_desk_tidy(struct dw_staff_desk *desk)
{
    struct dw_err err = { 0 };
    pthread_mutex_lock(&desk->lock);
    int64_t now_us = dw_now_us();
    if (desk->set[0] != '\0' && desk->set_until_us <= now_us &&
        dw_staff_desk_end_set(desk, &err) < 0)
        fprintf(stderr, "dwell serve: the time of a labelling set is over, and %s\n", err.text);
    for (size_t i = desk->people.count; i-- > 0;) {
        const struct dw_staff_face *face = &desk->people.items[i]->face;
        if (!face->kept && face->last_us < now_us - REMEMBERED_US)
            dw_staff_desk_drop(desk, i);
    }
    pthread_mutex_unlock(&desk->lock);
}

/* --- What it is ----------------------------------------------------------------------------- */

static void count_people(const struct dw_staff_desk *desk, struct dw_staff_state *out)
{
    for (size_t i = 0; i < desk->people.count; i++) {
        const struct dw_staff_face *face = &desk->people.items[i]->face;
        out->people++;
        out->kept += face->kept;
        out->staff += face->label == DW_ROLE_STAFF;
        out->shoppers += face->label == DW_ROLE_SHOPPER;
    }
}

static void list_models(const struct dw_staff_desk *desk, struct dw_staff_state *out)
{
    for (size_t i = desk->models.count; i-- > 0;)
        dw_vec_push(&out->models, desk->models.items[i]);
    for (size_t i = 0; i < desk->in_use.count; i++) {
        const struct dw_staff_switch *item = &desk->in_use.items[i];
        bool last = true;
        for (size_t k = i + 1; k < desk->in_use.count; k++)
            last = last && strcmp(desk->in_use.items[k].camera, item->camera) != 0;
        if (last && item->camera[0] != '\0')
            dw_vec_push(&out->own, *item);
        out->back = out->back || item->camera[0] == '\0';
    }
}

void dw_staff_desk_state(struct dw_staff_desk *desk, struct dw_staff_state *out)
{
    *out = (struct dw_staff_state){ 0 };
    pthread_mutex_lock(&desk->lock);
    dw_staff_desk_look(desk);
    out->pictures = desk->pictures;
    memcpy(out->set, desk->set, sizeof(out->set));
    out->set_until_us = desk->set_until_us;
    count_people(desk, out);
    int64_t left_us = desk->minute_until_us - dw_clock_us(CLOCK_MONOTONIC);
    if (left_us > 0) {
        memcpy(out->minute_camera, desk->minute_camera, sizeof(out->minute_camera));
        out->minute_until_us = dw_now_us() + left_us;
    }
    out->training = desk->training;
    memcpy(out->training_says, desk->training_says, sizeof(out->training_says));
    snprintf(out->in_use, sizeof(out->in_use), "%s", dw_staff_desk_model_of(desk, ""));
    for (size_t i = desk->fits.count; i-- > 0;)
        if (desk->fits.items[i].says[0] != '\0')
            memcpy(out->drift, desk->fits.items[i].says, sizeof(out->drift));
    memcpy(out->trouble, desk->trouble_says, sizeof(out->trouble));
    list_models(desk, out);
    pthread_mutex_unlock(&desk->lock);
}

void dw_staff_state_fini(struct dw_staff_state *state)
{
    dw_vec_fini(&state->models);
    dw_vec_fini(&state->own);
}
