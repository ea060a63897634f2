/* SPDX-License-Identifier: Apache-2.0 */
/* A camera's place at the staff desk: whom it sees, and what is made of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/wall_time.h"
#include "engine/staff_add.h"
#include "engine/staff_desk_impl.h"
#include "engine/staff_tile.h"

#define PEOPLE_MAX 300 /* of a camera, beside those in the set */

/* Whoever stays in a staff zone for so long works there, if the zone does not say how long. */
#define STAFF_ZONE_US (20 * DW_SECOND_US)

struct dw_staff_seat {
    struct dw_staff_desk *desk;
    const struct dw_output_context *context;
    struct dw_staff_watch *watch;
    unsigned changes;            /* of the desk, as taken over */
    char net[DW_STAFF_NAME_MAX]; /* the classifier that was, "": a model is or nothing */
};

/* --- People --------------------------------------------------------------------------------- */

/* Lock held. The person of this seat, or NULL. */
static struct dw_staff_known *find(const struct dw_staff_seat *seat, int64_t person)
{
    const struct dw_staff_desk *desk = seat->desk;
    for (size_t i = desk->people.count; i-- > 0;) {
        struct dw_staff_known *known = desk->people.items[i];
        if (!known->gone && known->face.person == person &&
            strcmp(known->face.camera, seat->context->record.camera) == 0)
            return known;
    }
    return NULL;
}

/* Lock held. The oldest of the camera goes when there are too many; those in the set stay. */
static void make_room(struct dw_staff_seat *seat)
{
    struct dw_staff_desk *desk = seat->desk;
    size_t count = 0, oldest = 0;
    for (size_t i = desk->people.count; i-- > 0;) {
        const struct dw_staff_face *face = &desk->people.items[i]->face;
        if (face->kept || strcmp(face->camera, seat->context->record.camera) != 0)
            continue;
        count++;
        oldest = i;
    }
    if (count >= PEOPLE_MAX)
        dw_staff_desk_drop(desk, oldest);
}

/* Lock held. */
static struct dw_staff_known *add(struct dw_staff_seat *seat, const struct dw_staff_person *person)
{
    make_room(seat);
    struct dw_staff_desk *desk = seat->desk;
    struct dw_staff_known *known = dw_alloc0(sizeof(*known));
    known->face.id = desk->next_id++;
    known->face.judged_p = -1;
    known->face.person = person->number;
    known->face.first_us = seat->context->record.start_wall_us + person->first_us;
    snprintf(known->face.camera, sizeof(known->face.camera), "%s", seat->context->record.camera);
    dw_vec_push(&desk->people, known); /* NOLINT(bugprone-sizeof-expression): of pointers */
    return known;
}

/* Lock held. "This is staff now". */
static bool is_staff_minute(const struct dw_staff_seat *seat)
{
    const struct dw_staff_desk *desk = seat->desk;
    return desk->minute_until_us > dw_clock_us(CLOCK_MONOTONIC) &&
           strcmp(desk->minute_camera, seat->context->record.camera) == 0;
}

static int take_view(void *user, struct dw_staff_person *person, const struct dw_image *image,
                     struct dw_box box, struct dw_err *err)
{
    struct dw_staff_seat *seat = user;
    struct dw_buf tile = { 0 };
    pthread_mutex_lock(&seat->desk->lock);
    bool shown = seat->desk->pictures;
    pthread_mutex_unlock(&seat->desk->lock);
    if (!shown)
        return 0;
    bool better = dw_staff_tile_is_better(box, person->tile_h_px);
    int r = better ? dw_staff_tile_make(image, box, &tile, err) : 0;
    if (r < 0)
        return r;
    pthread_mutex_lock(&seat->desk->lock);
    struct dw_staff_known *known = find(seat, person->number);
    if (known == NULL && seat->desk->pictures && better)
        known = add(seat, person);
    if (known != NULL) {
        known->face.last_us = seat->context->record.start_wall_us + person->last_us;
        known->views = person->views;
        known->odds = person->odds;
        memcpy(known->net, seat->net, sizeof(known->net));
        if (better) {
            person->tile_h_px = box.h;
            dw_buf_fini(&known->tile);
            known->tile = tile;
            tile = (struct dw_buf){ 0 };
        }
        if (is_staff_minute(seat))
            known->face.label = DW_ROLE_STAFF;
        if (known->face.label != DW_ROLE_UNKNOWN)
            person->told = known->face.label;
    }
    pthread_mutex_unlock(&seat->desk->lock);
    dw_buf_fini(&tile);
    return 0;
}

static void take_leave(void *user, const struct dw_staff_person *person)
{
    struct dw_staff_seat *seat = user;
    double chance = dw_staff_watch_chance(seat->watch, person->number);
    pthread_mutex_lock(&seat->desk->lock);
    struct dw_staff_known *known = find(seat, person->number);
    if (person->told == DW_ROLE_UNKNOWN && !person->ruled)
        dw_staff_desk_note(seat->desk, seat->context->record.camera, chance);
    if (known != NULL) {
        known->gone = true;
        dw_staff_desk_keep(seat->desk, known);
    }
    pthread_mutex_unlock(&seat->desk->lock);
}

/* --- Life ----------------------------------------------------------------------------------- */

int dw_staff_seat_create(struct dw_staff_seat **out, struct dw_staff_desk *desk,
                         const struct dw_output_context *context, struct dw_err *err)
{
    struct dw_staff_seat *seat = dw_alloc0(sizeof(*seat));
    seat->desk = desk;
    seat->context = context;
    seat->changes = atomic_load(&desk->changes) - 1;
    struct dw_staff_conf conf = {
        .reid_path = desk->reid,
        .appear = desk->appear,
        .forget_us = context->settle_us,
        .sure = -1,
        .viewed = take_view,
        .gone = take_leave,
        .user = seat,
    };
    int r = dw_staff_watch_create(&seat->watch, &conf, err);
    if (r < 0) {
        free(seat);
        return r;
    }
    *out = seat;
    return 0;
}

void dw_staff_seat_destroy(struct dw_staff_seat *seat)
{
    if (seat == NULL)
        return;
    dw_staff_watch_finish(seat->watch);
    dw_staff_watch_destroy(seat->watch);
    free(seat);
}

const struct dw_staff_watch *dw_staff_seat_watch(const struct dw_staff_seat *seat)
{
    return seat->watch;
}

/* A model that is no good is as none: measuring goes on, and its role is unknown. */
static void give_up(struct dw_staff_seat *seat, const char *why)
{
    struct dw_staff_desk *desk = seat->desk;
    const char *camera = seat->context->record.camera;
    (void)dw_staff_watch_use(seat->watch, NULL, NULL, NULL);
    fprintf(stderr, "dwell serve: camera '%s' tells no staff: %s\n", camera, why);
    pthread_mutex_lock(&desk->lock);
    snprintf(desk->trouble_says, sizeof(desk->trouble_says),
             "camera '%.60s' tells no staff: %.160s", camera, why);
    dw_staff_desk_tell(desk, camera, desk->trouble_says);
    pthread_mutex_unlock(&desk->lock);
}

/* Lock held. */
static void take_marks(const struct dw_staff_seat *seat)
{
    const struct dw_staff_desk *desk = seat->desk;
    for (size_t i = 0; i < desk->people.count; i++) {
        const struct dw_staff_known *known = desk->people.items[i];
        if (!known->gone && strcmp(known->face.camera, seat->context->record.camera) == 0)
            dw_staff_watch_tell(seat->watch, known->face.person, known->face.label);
    }
}

/* Opened once: it takes a while, and marks change often. */
static int take_net(struct dw_staff_seat *seat, const char *name, struct dw_err *err)
{
    if (strcmp(seat->net, name) == 0)
        return 0;
    char *path = dw_staff_net_path(seat->desk->folder, name);
    snprintf(seat->net, sizeof(seat->net), "%s", name);
    int r = dw_staff_watch_classify(seat->watch, path, err);
    free(path);
    return r;
}

/* The model in use, and marks, may have changed. */
static void take_changes(struct dw_staff_seat *seat)
{
    struct dw_staff_desk *desk = seat->desk;
    const char *camera = seat->context->record.camera;
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    struct dw_staff_usual *usual = dw_alloc0(sizeof(*usual));
    struct dw_err err = { 0 };
    char name[DW_STAFF_NAME_MAX];
    pthread_mutex_lock(&desk->lock);
    seat->changes = atomic_load(&desk->changes);
    snprintf(name, sizeof(name), "%s", dw_staff_desk_model_of(desk, camera));
    bool net = dw_staff_is_net(desk->folder, name), trained = name[0] != '\0' && !net;
    int r = trained ? dw_staff_desk_load(desk, name, model, &err) : 0;
    if (r == 0 && trained)
        dw_staff_desk_usual(desk, model, camera, usual);
    take_marks(seat);
    pthread_mutex_unlock(&desk->lock);
    if (net) {
        r = take_net(seat, name, &err);
    } else if (r == 0) {
        seat->net[0] = '\0';
        r = dw_staff_watch_use(seat->watch, trained ? model : NULL, usual, &err);
    }
    if (r < 0)
        give_up(seat, err.text);
    free(model);
    free(usual);
}

/* Who is where only staff is, or when. */
static void apply_zones(struct dw_staff_seat *seat, int week_minute)
{
    const struct dw_layout *layout = seat->context->record.layout;
    size_t count = 0;
    const struct dw_present *present = dw_occupancy_present(seat->context->occupancy, &count);
    for (size_t i = 0; i < count; i++) {
        const struct dw_zone *zone = &layout->zones[present[i].zone];
        int64_t after_us = zone->staff_after_us > 0 ? zone->staff_after_us : STAFF_ZONE_US;
        if (zone->staff && present[i].dwell_us >= after_us &&
            dw_hours_open(&zone->staff_hours, week_minute))
            dw_staff_watch_rule(seat->watch, present[i].person);
    }
}

int dw_staff_seat_step(struct dw_staff_seat *seat, const struct dw_image *image,
                       const struct dw_output_moment *moment, struct dw_err *err)
{
    if (seat->changes != atomic_load(&seat->desk->changes))
        take_changes(seat);
    int r = dw_staff_watch_step(seat->watch, image, moment->time_us, moment->lane.live,
                                moment->lane.live_count, err);
    if (r < 0 && seat->net[0] != '\0') { /* until another one is chosen */
        give_up(seat, err->text);
        *err = (struct dw_err){ 0 };
        r = 0;
    }
    apply_zones(seat, moment->week_minute);
    return r;
}
