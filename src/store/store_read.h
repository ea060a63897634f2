/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading what was measured. Each function calls `fn` once for each thing found, in the order
 * stated; a value and its texts live until `fn` returns, and anything but 0 from `fn` ends the
 * reading and is returned. `fn` must not use the store. Times are wall time in microseconds. One
 * thread at a time per store.
 */
#ifndef DW_STORE_STORE_READ_H
#define DW_STORE_STORE_READ_H

#include "store/store.h"

/*
 * Opens an existing store for reading only; a missing one is an error and is not made. Others may
 * write to it meanwhile. dw_store_destroy() closes it. Stores of dw_store_create() can be read too.
 */
int dw_store_open(struct dw_store **out, const char *url, struct dw_err *err);

/* Its path or address as it may be shown: without a password. Lives as long as the store. */
const char *dw_store_name(const struct dw_store *store);

/* All zero: everything. A visit, pass or crossing belongs to the period in which it began. What was
 * measured again since (dw_store_recall()) is left out everywhere; what took its place is told as
 * if the run had measured it so, for it is of the same pictures and people. */
struct dw_store_filter {
    const char *camera;     /* name; NULL: every camera */
    int64_t from_us, to_us; /* from <= time < to; to_us 0: no end */
    bool no_passes;         /* dw_store_read_visits(): neither passes */
    bool staff_only;        /* nor anybody but staff */
    bool no_staff;          /* dw_store_read_briefs(): nor staff */
};

struct dw_store_run {
    int64_t id, camera_id;
    const char *site, *camera, *source, *identity;
    const char *model, *settings, *program; /* what measured it */
    int width_px, height_px;
    int64_t start_us, end_us; /* measured but for its gaps */
    bool complete;            /* the source ended; else it was stopped or killed, or goes on */
    int64_t utc_offset_us;    /* as struct dw_store_run_conf says */
    int remeasured;           /* how often it was measured again from its foot tracks */
};

/* Runs that overlap the period, by site, camera and start. */
typedef int (*dw_store_run_fn)(void *context, const struct dw_store_run *run);
int dw_store_read_runs(struct dw_store *store, const struct dw_store_filter *filter,
                       dw_store_run_fn fn, void *context, struct dw_err *err);

struct dw_store_zone {
    int64_t id, camera_id;
    int revision;        /* of `zone`: the one measured last */
    int revisions;       /* how many were measured in the period */
    struct dw_zone zone; /* `events` are not kept */
};

/* Zones measured by the runs that overlap the period, by site, camera and age. */
typedef int (*dw_store_zone_fn)(void *context, const struct dw_store_zone *zone);
int dw_store_read_zones(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_zone_fn fn, void *context, struct dw_err *err);

struct dw_store_run_zone {
    int64_t run, zone_id;
    int revision;
};

/* Which zones each run that overlaps the period measured, by run. */
typedef int (*dw_store_run_zone_fn)(void *context, const struct dw_store_run_zone *run_zone);
int dw_store_read_run_zones(struct dw_store *store, const struct dw_store_filter *filter,
                            dw_store_run_zone_fn fn, void *context, struct dw_err *err);

struct dw_store_line {
    int64_t id, camera_id;
    struct dw_line line;       /* `events` and `anchor` are not kept */
    int64_t to_right, to_left; /* crossings in the period */
};

/* Lines measured by the runs that overlap the period, by site, camera and age. A line that was
 * moved is two lines. */
typedef int (*dw_store_line_fn)(void *context, const struct dw_store_line *line);
int dw_store_read_lines(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_line_fn fn, void *context, struct dw_err *err);

struct dw_store_crossing {
    int64_t line_id, run, time_us, person;
    bool to_right;
    double score;
};

/* By line and time. */
typedef int (*dw_store_crossing_fn)(void *context, const struct dw_store_crossing *crossing);
int dw_store_read_crossings(struct dw_store *store, const struct dw_store_filter *filter,
                            dw_store_crossing_fn fn, void *context, struct dw_err *err);

struct dw_store_visit {
    int64_t zone_id, run;
    int revision;          /* of the zone */
    struct dw_visit visit; /* wall time; zone, frames and last_box are not kept */
};

/* Visits and passes (visit.pass), by zone and time of entering. */
typedef int (*dw_store_visit_fn)(void *context, const struct dw_store_visit *visit);
int dw_store_read_visits(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_visit_fn fn, void *context, struct dw_err *err);

struct dw_store_brief {
    int64_t zone_id, run, person, enter_us, exit_us;
    bool cut_start, cut_end;
};

/* The same of visits alone (no passes), by zone and time of entering, and only so much of each: in
 * half the time. */
typedef int (*dw_store_brief_fn)(void *context, const struct dw_store_brief *visit);
int dw_store_read_briefs(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_brief_fn fn, void *context, struct dw_err *err);

struct dw_store_doubt {
    int64_t zone_id, run;
    enum dw_variant variant;
    int64_t enter_us, dwell_us;
    bool cut; /* dwell is a lower bound */
};

/* Visits as they would have been with other settings, by zone and time of entering. */
typedef int (*dw_store_doubt_fn)(void *context, const struct dw_store_doubt *doubt);
int dw_store_read_doubt(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_doubt_fn fn, void *context, struct dw_err *err);

struct dw_store_alert {
    int64_t zone_id, run;
    const char *name; /* of the rule */
    enum dw_alert_kind kind;
    bool cleared;          /* else it lasts */
    struct dw_alert alert; /* wall time; `rule` is not kept */
};

/* Alerts raised in the period, the last first. */
typedef int (*dw_store_alert_fn)(void *context, const struct dw_store_alert *alert);
int dw_store_read_alerts(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_alert_fn fn, void *context, struct dw_err *err);

struct dw_store_gap {
    int64_t run, start_us, end_us;
    const char *reason;
};

/* Gaps that overlap the period, by run and time. */
typedef int (*dw_store_gap_fn)(void *context, const struct dw_store_gap *gap);
int dw_store_read_gaps(struct dw_store *store, const struct dw_store_filter *filter,
                       dw_store_gap_fn fn, void *context, struct dw_err *err);

struct dw_store_foot_track {
    int64_t run, person;
    const struct dw_foot_point *points;
    size_t count;
};

/* Pieces of foot tracks that began in the period, by run and time. */
typedef int (*dw_store_foot_track_fn)(void *context, const struct dw_store_foot_track *track);
int dw_store_read_foot_tracks(struct dw_store *store, const struct dw_store_filter *filter,
                              dw_store_foot_track_fn fn, void *context, struct dw_err *err);

#endif
