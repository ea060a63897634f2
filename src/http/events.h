/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens, on its way to browsers: one thread follows the hub, counts for /metrics, keeps the
 * last entries of the log, and wakes the viewers' streams, which read the hub themselves. A viewer
 * too slow loses the oldest events and is told (`lost`); nothing waits for it.
 */
#ifndef DW_HTTP_EVENTS_H
#define DW_HTTP_EVENTS_H

#include "base/buf.h"
#include "base/err.h"
#include "http/message.h"
#include "http/tally.h"

struct dw_app;
struct dw_events;
struct dw_hub;

#define DW_VIEWERS_MAX 1000

int dw_events_create(struct dw_events **out, struct dw_app *app, struct dw_err *err);
/* Ends the thread, which uses the server; the rest goes when no viewer is left. NULL is fine. */
void dw_events_stop(struct dw_events *events);
void dw_events_destroy(struct dw_events *events);

/* Appends the last entries of the log as elements of a JSON array, without its brackets, oldest
 * first: what happened (alert, gap, health), when, on which camera, and the event itself. */
void dw_events_log(struct dw_events *events, struct dw_buf *out);

/* Viewers there are now. */
int dw_events_viewers(struct dw_events *events);

/* Gives the counts to whoever wants to write them, with the lock held meanwhile. */
void dw_events_tally(struct dw_events *events,
                     void (*fn)(void *context, const struct dw_tally *tally), void *context);

struct dw_stream_conf {
    const char *camera; /* NULL: all */
    bool resume;
    uint64_t after; /* the last event that was seen, if resume */
    /* Asked now and then: whether the viewer may still look. `user` is freed by `close`. */
    bool (*allowed)(void *user);
    void (*close)(void *user);
    void *user;
};

/* Fills response->stream. -EAGAIN: there are too many viewers; `user` is the caller's still. */
int dw_events_stream(struct dw_events *events, const struct dw_stream_conf *conf,
                     struct dw_response *response, struct dw_err *err);

#endif
