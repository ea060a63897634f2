/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where everybody who watches a site hears what happens on it: cameras publish, any number of
 * readers follow, each at its own speed. A record is formatted once, whoever reads it. Publishing
 * never waits for a reader: whoever is too slow loses the oldest records, and is told so.
 *
 * Events (visit, alert, ...) have rising numbers by which a reader resumes; they go on rising when
 * the program is started again. Of moments (where everybody is just now) only the last of each
 * camera is kept. Any thread may call anything.
 */
#ifndef DW_ENGINE_HUB_H
#define DW_ENGINE_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

/* Unchanging; held by reference. */
struct dw_hub_record {
    uint64_t id;        /* of an event, from 1; 0: a moment */
    const char *kind;   /* "moment", "entered", "visit", "alert", ... */
    const char *camera; /* "": of the whole site */
    const char *json;   /* the data alone, one line */
    size_t json_length;
    const char *sse; /* the same as one server-sent event: "id: ..\nevent: ..\ndata: ..\n\n" */
    size_t sse_length;
};

struct dw_hub_record *dw_hub_record_ref(struct dw_hub_record *record);
void dw_hub_record_unref(struct dw_hub_record *record); /* NULL is fine */

static inline void dw_hub_record_destroy(struct dw_hub_record *record)
{
    dw_hub_record_unref(record);
}
DW_DEFINE_AUTO(hub_record)

struct dw_hub;

struct dw_hub *dw_hub_create(void);
void dw_hub_destroy(struct dw_hub *hub); /* nobody may be waiting any more: dw_hub_stop() */
DW_DEFINE_AUTO(hub)

/* `json` is one object on one line. An event gets the next number and is kept for those who
 * resume; the moment of a camera takes the place of the one before. */
void dw_hub_publish_event(struct dw_hub *hub, const char *kind, const char *camera,
                          const char *json);
void dw_hub_publish_moment(struct dw_hub *hub, const char *camera, const char *json);

/* How far a reader has read. */
struct dw_hub_cursor {
    uint64_t event;  /* the id of the last event seen */
    uint64_t moment; /* hub's own count of moments */
};

/* From now on; the present moment of each camera comes at once. */
struct dw_hub_cursor dw_hub_now(struct dw_hub *hub);

/*
 * What came after the cursor: events in order, then moments; at most `room` records, each a
 * reference of the caller's. `camera` NULL: of all; records of the whole site come in any case.
 * Moves the cursor. *lost: events after the cursor are gone, or it is of no number ever given.
 */
size_t dw_hub_read(struct dw_hub *hub, struct dw_hub_cursor *cursor, const char *camera,
                   struct dw_hub_record **records, size_t room, bool *lost);

/* The last moment of a camera, or NULL; the caller's reference. */
struct dw_hub_record *dw_hub_moment(struct dw_hub *hub, const char *camera);

/* Waits until there is anything after the cursor. False: the time is over, or the hub stopped. */
bool dw_hub_wait(struct dw_hub *hub, const struct dw_hub_cursor *cursor, int64_t timeout_us);

/* Wakes everybody who waits, now and from now on. */
void dw_hub_stop(struct dw_hub *hub);
bool dw_hub_stopped(struct dw_hub *hub);

#endif
