/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts: what staff should be told while it is so. A rule belongs to a zone and watches who counts
 * in it (core/occupancy.h):
 *
 *     occupancy   `people` or more are in the zone, for `for_us`
 *     queue       `people` or more are in it who have each been there for `wait_us`, for `for_us`
 *     dwell       one person has been in it for `for_us`; an alert for each such person
 *     empty       nobody is in it, for `for_us`
 *
 * Each frame is judged by itself: an alert is raised on the first frame on which its condition has
 * lasted long enough, and cleared on the first on which it has been over for `clear_us`. Outside
 * the rule's hours nothing is raised, and what was raised is cleared. Where measuring stops all
 * alerts are cleared and every condition begins anew: nothing is raised, or kept, on what was not
 * measured. Only the cool-down goes on.
 *
 * Media time in microseconds. Pure; one thread at a time.
 */
#ifndef DW_CORE_ALERT_H
#define DW_CORE_ALERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "core/hours.h"
#include "core/occupancy.h"
#include "core/zone.h"

#define DW_ALERTS_MAX 16 /* of one zone */

enum dw_alert_kind {
    DW_ALERT_DWELL,
    DW_ALERT_EMPTY,
    DW_ALERT_OCCUPANCY,
    DW_ALERT_QUEUE,
    DW_ALERT_KIND_COUNT
};

/* "dwell", "empty", ... and back; dw_alert_kind_parse() gives -1 for an unknown word. */
const char *dw_alert_kind_name(enum dw_alert_kind kind);
int dw_alert_kind_parse(const char *name);

struct dw_alert_rule {
    char name[DW_ZONE_NAME_MAX]; /* no two of a zone alike */
    int zone;                    /* index */
    enum dw_alert_kind kind;
    int people;          /* occupancy, queue: raised from so many on ... */
    int clear_below;     /* ... and over when there are fewer than so many; 1..people */
    int64_t for_us;      /* how long it must last first; dwell: how long a person must be there */
    int64_t wait_us;     /* queue: who has been there for less does not wait */
    int64_t clear_us;    /* how long it must be over before it is cleared; dwell: not used */
    int64_t cooldown_us; /* after raising one the rule raises no other for this long */
    int64_t repeat_us;   /* a raised one is told again this often; 0: never */
    struct dw_hours hours;
};

enum dw_alert_end {
    DW_ALERT_OVER,    /* the condition is; dwell: the person does not count any more */
    DW_ALERT_CLOSED,  /* the rule's hours ended */
    DW_ALERT_GAP,     /* the camera delivered nothing usable */
    DW_ALERT_RESTART, /* the program was killed; cleared at the next start */
    DW_ALERT_STOPPED, /* the stream or the program ended */
    DW_ALERT_END_COUNT
};

/* "over", "closed", ... and back; -1 for an unknown word. */
const char *dw_alert_end_name(enum dw_alert_end end);
int dw_alert_end_parse(const char *name);

struct dw_alert {
    uint8_t id[16];   /* the same input processed again gives the same id */
    int rule;         /* index in the layout's alerts */
    int64_t person;   /* dwell: who; else 0 */
    int people;       /* when told: in the zone; queue: of those who wait */
    int64_t since_us; /* the condition is met since; dwell: the person's stay began */
    int64_t raised_us;
    int told; /* how often it was raised: 1, more with `repeat` */
    int64_t cleared_us;
    enum dw_alert_end end; /* valid, as cleared_us, when it was cleared */
};

struct dw_alert_event {
    bool cleared; /* else raised, or told again */
    int64_t time_us;
    struct dw_alert alert; /* id is zero: the engine gives it */
};

struct dw_alert_output {
    const struct dw_alert_event *events; /* valid until the next call */
    size_t count;
};

struct dw_alerts;

/* Watches all rules of the layout, which is borrowed. */
struct dw_alerts *dw_alerts_create(const struct dw_layout *layout);
void dw_alerts_destroy(struct dw_alerts *alerts);
DW_DEFINE_AUTO(alerts)

struct dw_alert_moment {
    int64_t time_us;
    int week_minute; /* local time (core/hours.h) */
    const struct dw_present *present;
    size_t present_count;
};

/* The next frame; times rise. */
struct dw_alert_output dw_alerts_step(struct dw_alerts *alerts,
                                      const struct dw_alert_moment *moment);

/* From `end_us` on nothing is measured, for the reason of `end`. */
struct dw_alert_output dw_alerts_stop(struct dw_alerts *alerts, int64_t end_us,
                                      enum dw_alert_end end);

#endif
