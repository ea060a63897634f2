/* SPDX-License-Identifier: Apache-2.0 */
#include "http/events.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/wall_time.h"
#include "engine/site.h"
#include "http/app.h"

#define READ_MAX 64          /* records at once */
#define WAIT_US DW_SECOND_US /* so long nothing may happen before it looks whether to end */
#define GATHER_MS 10         /* what happens within it wakes viewers once */
#define HEARTBEAT_US (15 * DW_SECOND_US)
#define LOG_ENTRIES 100

struct dw_events {
    struct dw_app *app;
    struct dw_hub *hub;
    pthread_t thread;
    atomic_bool ending;
    atomic_int viewers;
    pthread_mutex_t lock; /* the two below */
    struct dw_tally tally;
    DW_VEC(struct dw_buf) log; /* JSON objects */
};

/* --- Following the hub ---------------------------------------------------------------------- */

static bool is_for_log(const char *kind)
{
    static const char *const kinds[] = { "alert", "gap", "health" };
    for (size_t i = 0; i < DW_LENGTH(kinds); i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

static void add_log(struct dw_events *events, const struct dw_hub_record *record)
{
    char when[DW_ISO8601_SIZE];
    struct dw_buf entry = { 0 };
    struct dw_json_writer json = { .out = &entry };
    if (events->log.count == LOG_ENTRIES) {
        dw_buf_fini(&events->log.items[0]);
        dw_vec_remove(&events->log, 0);
    }
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "time", dw_time_iso8601(when, dw_now_us()));
    dw_json_string(&json, "kind", record->kind);
    dw_json_string(&json, "camera", record->camera);
    dw_buf_printf(&entry, ",\"data\":%.*s", (int)record->json_length, record->json);
    dw_json_object_end(&json);
    dw_vec_push(&events->log, entry);
}

static void take(struct dw_events *events, const struct dw_hub_record *record)
{
    if (record->id == 0)
        return;
    char *json = dw_strdup_printf("%.*s", (int)record->json_length, record->json);
    pthread_mutex_lock(&events->lock);
    dw_tally_add(&events->tally, record->kind, record->camera, json);
    if (is_for_log(record->kind))
        add_log(events, record);
    pthread_mutex_unlock(&events->lock);
    free(json);
}

static void take_all(struct dw_events *events, struct dw_hub_cursor *cursor)
{
    struct dw_hub_record *records[READ_MAX];
    size_t count = READ_MAX;
    while (count == READ_MAX) {
        bool lost = false;
        count = dw_hub_read(events->hub, cursor, NULL, records, READ_MAX, &lost);
        for (size_t i = 0; i < count; i++) {
            take(events, records[i]);
            dw_hub_record_unref(records[i]);
        }
    }
}

static void *follow(void *user)
{
    struct dw_events *events = user;
    struct dw_hub_cursor cursor = dw_hub_now(events->hub);
    while (!atomic_load(&events->ending) && !dw_hub_stopped(events->hub)) {
        bool news = dw_hub_wait(events->hub, &cursor, WAIT_US);
        if (news)
            nanosleep(&(struct timespec){ .tv_nsec = GATHER_MS * 1000000L }, NULL);
        take_all(events, &cursor);
        if (events->app->server != NULL)
            dw_server_wake(events->app->server); /* also without news: heartbeats */
    }
    return NULL;
}

int dw_events_create(struct dw_events **out, struct dw_app *app, struct dw_err *err)
{
    struct dw_events *events = dw_alloc0(sizeof(*events));
    events->app = app;
    events->hub = dw_site_hub(app->site);
    pthread_mutex_init(&events->lock, NULL);
    int code = pthread_create(&events->thread, NULL, follow, events);
    if (code != 0) {
        pthread_mutex_destroy(&events->lock);
        free(events);
        return dw_fail(err, -code, "cannot start a thread: %s", strerror(code));
    }
    *out = events;
    return 0;
}

void dw_events_stop(struct dw_events *events)
{
    if (events == NULL)
        return;
    atomic_store(&events->ending, true);
    pthread_join(events->thread, NULL);
}

void dw_events_destroy(struct dw_events *events)
{
    if (events == NULL)
        return;
    pthread_mutex_destroy(&events->lock);
    dw_tally_fini(&events->tally);
    for (size_t i = 0; i < events->log.count; i++)
        dw_buf_fini(&events->log.items[i]);
    dw_vec_fini(&events->log);
    free(events);
}

void dw_events_log(struct dw_events *events, struct dw_buf *out)
{
    pthread_mutex_lock(&events->lock);
    for (size_t i = 0; i < events->log.count; i++)
        dw_buf_printf(out, "%s%s", i > 0 ? "," : "", dw_buf_text(&events->log.items[i]));
    pthread_mutex_unlock(&events->lock);
}

int dw_events_viewers(struct dw_events *events)
{
    return atomic_load(&events->viewers);
}

void dw_events_tally(struct dw_events *events,
                     void (*fn)(void *context, const struct dw_tally *tally), void *context)
{
    pthread_mutex_lock(&events->lock);
    fn(context, &events->tally);
    pthread_mutex_unlock(&events->lock);
}

/* --- A viewer ------------------------------------------------------------------------------- */

struct viewer {
    struct dw_events *events;
    struct dw_stream_conf conf;
    char *camera;
    struct dw_hub_cursor cursor;
    struct dw_buf pending; /* what the connection has had no room for yet */
    size_t sent;           /* of it */
    int64_t said_us;       /* monotony is broken at least every HEARTBEAT_US */
};

static void fill(struct viewer *viewer)
{
    struct dw_hub_record *records[READ_MAX];
    bool lost = false;
    size_t count =
        dw_hub_read(viewer->events->hub, &viewer->cursor, viewer->camera, records, READ_MAX, &lost);
    if (lost)
        dw_buf_puts(&viewer->pending, "event: lost\ndata: {}\n\n");
    for (size_t i = 0; i < count; i++) {
        dw_buf_append(&viewer->pending, records[i]->sse, records[i]->sse_length);
        dw_hub_record_unref(records[i]);
    }
}

/* False: the viewer may not look any more. */
static bool beat(struct viewer *viewer)
{
    int64_t silent_us = dw_now_us() - viewer->said_us;
    if (silent_us >= 0 && silent_us < HEARTBEAT_US)
        return true;
    viewer->said_us = dw_now_us();
    if (viewer->pending.length == 0)
        dw_buf_puts(&viewer->pending, ":\n\n");
    return viewer->conf.allowed(viewer->conf.user);
}

static ssize_t read_viewer(void *user, char *out, size_t room)
{
    struct viewer *viewer = user;
    if (viewer->sent == viewer->pending.length) {
        dw_buf_clear(&viewer->pending);
        viewer->sent = 0;
        fill(viewer);
        if (!beat(viewer))
            return -1;
    }
    size_t count = DW_MIN(room, viewer->pending.length - viewer->sent);
    if (count > 0)
        memcpy(out, viewer->pending.data + viewer->sent, count);
    viewer->sent += count;
    return (ssize_t)count;
}

static void close_viewer(void *user)
{
    struct viewer *viewer = user;
    atomic_fetch_sub(&viewer->events->viewers, 1);
    viewer->conf.close(viewer->conf.user);
    dw_buf_fini(&viewer->pending);
    free(viewer->camera);
    free(viewer);
}

int dw_events_stream(struct dw_events *events, const struct dw_stream_conf *conf,
                     struct dw_response *response, struct dw_err *err)
{
    if (atomic_fetch_add(&events->viewers, 1) >= DW_VIEWERS_MAX) {
        atomic_fetch_sub(&events->viewers, 1);
        return dw_fail(err, -EAGAIN, "%d look already: try again later", DW_VIEWERS_MAX);
    }
    struct viewer *viewer = dw_alloc0(sizeof(*viewer));
    viewer->events = events;
    viewer->conf = *conf;
    viewer->camera = conf->camera != NULL ? dw_strdup(conf->camera) : NULL;
    viewer->cursor = dw_hub_now(events->hub);
    if (conf->resume)
        viewer->cursor.event = conf->after;
    viewer->said_us = dw_now_us();
    /* How soon to come again when the connection breaks; also shows at once that it stands. */
    dw_buf_puts(&viewer->pending, "retry: 2000\n\n");
    response->stream = (struct dw_stream){ read_viewer, close_viewer, viewer };
    return 0;
}
