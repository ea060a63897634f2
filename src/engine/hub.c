/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/hub.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/vec.h"
#include "base/wall_time.h"

/* A busy shop has some events a second: a page that slept for minutes still resumes. */
#define EVENTS_KEPT 4096

struct record {
    struct dw_hub_record shown;
    atomic_int references;
    char text[]; /* of the server-sent event, which holds the JSON; kind; camera */
};

struct moment {
    uint64_t number;
    struct dw_hub_record *record;
};

struct dw_hub {
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    struct dw_hub_record *events[EVENTS_KEPT]; /* number n at n % EVENTS_KEPT */
    uint64_t first_id, next_id;                /* those in the ring, but the last is not */
    DW_VEC(struct moment) moments;             /* one a camera */
    uint64_t moment_count;
    bool stopped;
};

static struct record *record_of(struct dw_hub_record *record)
{
    return (struct record *)((char *)record - offsetof(struct record, shown));
}

struct dw_hub_record *dw_hub_record_ref(struct dw_hub_record *record)
{
    atomic_fetch_add(&record_of(record)->references, 1);
    return record;
}

void dw_hub_record_unref(struct dw_hub_record *record)
{
    if (record != NULL && atomic_fetch_sub(&record_of(record)->references, 1) == 1)
        free(record_of(record));
}

static struct dw_hub_record *make_record(uint64_t id, const char *kind, const char *camera,
                                         const char *json)
{
    struct dw_buf head = { 0 };
    if (id > 0)
        dw_buf_printf(&head, "id: %llu\n", (unsigned long long)id);
    dw_buf_printf(&head, "event: %s\ndata: ", kind);
    size_t length = strlen(json), size = head.length + length + 3;
    size_t kind_size = strlen(kind) + 1, camera_size = strlen(camera) + 1;
    struct record *record = dw_alloc0(sizeof(*record) + size + kind_size + camera_size);
    memcpy(record->text, dw_buf_text(&head), head.length);
    memcpy(record->text + head.length, json, length);
    memcpy(record->text + head.length + length, "\n\n", 3);
    struct dw_hub_record *shown = &record->shown;
    shown->id = id;
    shown->kind = memcpy(record->text + size, kind, kind_size);
    shown->camera = memcpy(record->text + size + kind_size, camera, camera_size);
    shown->json = record->text + head.length;
    shown->json_length = length;
    shown->sse = record->text;
    shown->sse_length = size - 1;
    atomic_init(&record->references, 1);
    dw_buf_fini(&head);
    return shown;
}

struct dw_hub *dw_hub_create(void)
{
    struct dw_hub *hub = dw_alloc0(sizeof(*hub));
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&hub->lock, NULL);
    pthread_cond_init(&hub->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    /* Milliseconds of wall time: a program started later begins beyond all numbers given before,
     * unless it gave a thousand a second all the time. */
    hub->first_id = hub->next_id = (uint64_t)dw_now_us() / 1000;
    return hub;
}

void dw_hub_destroy(struct dw_hub *hub)
{
    if (hub == NULL)
        return;
    for (size_t i = 0; i < EVENTS_KEPT; i++)
        dw_hub_record_unref(hub->events[i]);
    for (size_t i = 0; i < hub->moments.count; i++)
        dw_hub_record_unref(hub->moments.items[i].record);
    dw_vec_fini(&hub->moments);
    pthread_cond_destroy(&hub->changed);
    pthread_mutex_destroy(&hub->lock);
    free(hub);
}

void dw_hub_publish_event(struct dw_hub *hub, const char *kind, const char *camera,
                          const char *json)
{
    pthread_mutex_lock(&hub->lock);
    uint64_t id = hub->next_id++;
    struct dw_hub_record **place = &hub->events[id % EVENTS_KEPT];
    dw_hub_record_unref(*place);
    *place = make_record(id, kind, camera, json);
    if (hub->next_id - hub->first_id > EVENTS_KEPT)
        hub->first_id = hub->next_id - EVENTS_KEPT;
    pthread_cond_broadcast(&hub->changed);
    pthread_mutex_unlock(&hub->lock);
}

/* Lock held. */
static struct moment *find_moment(struct dw_hub *hub, const char *camera)
{
    for (size_t i = 0; i < hub->moments.count; i++)
        if (strcmp(hub->moments.items[i].record->camera, camera) == 0)
            return &hub->moments.items[i];
    return NULL;
}

void dw_hub_publish_moment(struct dw_hub *hub, const char *camera, const char *json)
{
    struct dw_hub_record *record = make_record(0, "moment", camera, json);
    pthread_mutex_lock(&hub->lock);
    struct moment *moment = find_moment(hub, record->camera);
    if (moment == NULL)
        moment = dw_vec_add(&hub->moments);
    dw_hub_record_unref(moment->record);
    *moment = (struct moment){ ++hub->moment_count, record };
    pthread_cond_broadcast(&hub->changed);
    pthread_mutex_unlock(&hub->lock);
}

struct dw_hub_cursor dw_hub_now(struct dw_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    struct dw_hub_cursor cursor = { .event = hub->next_id - 1 };
    pthread_mutex_unlock(&hub->lock);
    return cursor;
}

static bool concerns(const struct dw_hub_record *record, const char *camera)
{
    return camera == NULL || record->camera[0] == '\0' || strcmp(record->camera, camera) == 0;
}

/* Lock held. */
static size_t read_events(struct dw_hub *hub, struct dw_hub_cursor *cursor, const char *camera,
                          struct dw_hub_record **records, size_t room)
{
    size_t count = 0;
    while (count < room && cursor->event + 1 < hub->next_id) {
        struct dw_hub_record *record = hub->events[++cursor->event % EVENTS_KEPT];
        if (concerns(record, camera))
            records[count++] = dw_hub_record_ref(record);
    }
    return count;
}

/* Lock held. The moment published longest ago of those after the cursor, or NULL. */
static struct moment *next_moment(struct dw_hub *hub, uint64_t after)
{
    struct moment *next = NULL;
    for (size_t i = 0; i < hub->moments.count; i++) {
        struct moment *moment = &hub->moments.items[i];
        if (moment->number > after && (next == NULL || moment->number < next->number))
            next = moment;
    }
    return next;
}

size_t dw_hub_read(struct dw_hub *hub, struct dw_hub_cursor *cursor, const char *camera,
                   struct dw_hub_record **records, size_t room, bool *lost)
{
    pthread_mutex_lock(&hub->lock);
    *lost = cursor->event + 1 < hub->first_id || cursor->event >= hub->next_id;
    if (*lost)
        cursor->event = hub->first_id - 1;
    size_t count = read_events(hub, cursor, camera, records, room);
    struct moment *moment = NULL;
    while (count < room && (moment = next_moment(hub, cursor->moment)) != NULL) {
        cursor->moment = moment->number;
        if (concerns(moment->record, camera))
            records[count++] = dw_hub_record_ref(moment->record);
    }
    pthread_mutex_unlock(&hub->lock);
    return count;
}

struct dw_hub_record *dw_hub_moment(struct dw_hub *hub, const char *camera)
{
    pthread_mutex_lock(&hub->lock);
    struct moment *moment = find_moment(hub, camera);
    struct dw_hub_record *record = moment != NULL ? dw_hub_record_ref(moment->record) : NULL;
    pthread_mutex_unlock(&hub->lock);
    return record;
}

/* Lock held. */
static bool has_news(const struct dw_hub *hub, const struct dw_hub_cursor *cursor)
{
    return hub->next_id - 1 != cursor->event || hub->moment_count > cursor->moment;
}

bool dw_hub_wait(struct dw_hub *hub, const struct dw_hub_cursor *cursor, int64_t timeout_us)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    int64_t end_ns = end.tv_nsec + timeout_us % DW_SECOND_US * 1000;
    end.tv_sec += (time_t)(timeout_us / DW_SECOND_US + end_ns / 1000000000);
    end.tv_nsec = end_ns % 1000000000;
    pthread_mutex_lock(&hub->lock);
    int waited = 0;
    while (!hub->stopped && !has_news(hub, cursor) && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&hub->changed, &hub->lock, &end);
    bool news = !hub->stopped && has_news(hub, cursor);
    pthread_mutex_unlock(&hub->lock);
    return news;
}

void dw_hub_stop(struct dw_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->stopped = true;
    pthread_cond_broadcast(&hub->changed);
    pthread_mutex_unlock(&hub->lock);
}

bool dw_hub_stopped(struct dw_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    bool stopped = hub->stopped;
    pthread_mutex_unlock(&hub->lock);
    return stopped;
}
