/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where what was measured is kept: a SQLite file, a PostgreSQL database, or memory for tests. One
 * thread at a time per store; only one program writes to a store at a time, any number may read
 * (store_read.h). Times in the store are wall time in microseconds; callers hand in media time, the
 * run knows the mapping. Counts and sums are kept beside what they are made of (store_counts.h);
 * store_care.h prunes, copies and checks.
 *
 * A run is one processing of one source by one camera. Processing the same source again (same
 * camera and identity) replaces the earlier run, so nothing is counted twice.
 *
 * Each call stores all it was given or nothing, and is on the disk when it (or the commit around
 * it) returns. After a failure between begin and commit, roll back. -ENOSPC, -ENOTCONN and -EAGAIN
 * pass by themselves: the same may be stored again, and what was stored already stays as it is.
 */
#ifndef DW_STORE_STORE_H
#define DW_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "core/alert.h"
#include "core/doubt.h"
#include "core/role_change.h"
#include "core/visit.h"
#include "core/zone.h"

struct dw_store;

/*
 * `url`: a path of a SQLite file (made when missing), "postgresql://user@host/database" as libpq
 * reads it, or ":memory:". Migrates older schemas. Closes visits that a killed program left open
 * (cut_end, restart). -EBUSY while another program writes.
 */
int dw_store_create(struct dw_store **out, const char *url, struct dw_err *err);

/* What is between begin and commit is forgotten. NULL is fine. */
void dw_store_destroy(struct dw_store *store);
DW_DEFINE_AUTO(store)

/* Version of the database library, for people. */
const char *dw_store_version(void);

struct dw_store_run_conf {
    const char *site, *camera; /* names; NULL counts as "" */
    const char *source;        /* for people; no password in it */
    const char *identity;      /* what was processed: same text, same input */
    int width_px, height_px;
    int64_t start_wall_us;          /* wall time of media time 0 */
    int64_t utc_offset_us;          /* local time less UTC without summer time, whole quarter hours:
                                       histograms are kept by days that begin at its midnight */
    const struct dw_layout *layout; /* zones and lines; a changed one makes a new revision */
    const char *model, *settings;   /* what measured it, for the record */
    int64_t remeasures;             /* 0, or the run whose foot tracks it is made from: what it says
                                       of its zones counts instead of what that run says */
};

/* Registers site, camera, zones, lines; replaces an earlier run of the same source, with all that
 * was measured again from it. */
int dw_store_run_begin(struct dw_store *store, const struct dw_store_run_conf *conf, int64_t *run,
                       struct dw_err *err);

/*
 * A site is called otherwise from now on, and all that was measured of it with it; one that the
 * store does not know is none to rename. -EEXIST: another one is called so.
 */
int dw_store_rename_site(struct dw_store *store, const char *former, const char *name,
                         struct dw_err *err);

/*
 * Of a run and those that measured it again, one counts for a zone; the others stay beside it, and
 * whoever reads visits, counts or zones does not see them. This lets the one count that measured
 * the zone exactly as it is drawn here.
 */
enum dw_store_recall {
    DW_RECALL_NONE,    /* there is none: begin a run that remeasures this one */
    DW_RECALL_CURRENT, /* it counts already */
    DW_RECALL_CHANGED, /* another did */
};
int dw_store_recall(struct dw_store *store, int64_t run, const struct dw_zone *zone,
                    enum dw_store_recall *found, struct dw_err *err);

/*
 * Media time from 0 to end_us was measured so far, but for its gaps; complete: the source ended.
 * Call whenever open visits are saved and at the end: coverage is counted from it.
 */
int dw_store_run_measured(struct dw_store *store, int64_t run, int64_t end_us, bool complete,
                          struct dw_err *err);

/* Everything between begin and commit is stored whole or not at all, and read as it was at one
 * moment. They do not nest. */
int dw_store_begin(struct dw_store *store, struct dw_err *err);
int dw_store_commit(struct dw_store *store, struct dw_err *err);
void dw_store_rollback(struct dw_store *store);

/* A final visit, or a pass when visit->pass. Storing the same id again changes nothing. */
int dw_store_put_visit(struct dw_store *store, int64_t run, const struct dw_visit *visit,
                       struct dw_err *err);

/*
 * Decides the role of a final visit by hand, whatever was found: change->visit.id says which,
 * camera whose it is (NULL: any camera's), enter_us when it began (wall time, to the millisecond),
 * role what it is. Its role_p becomes 1, and its times, person and zone's name, and the role
 * before, are filled in. Storing the visit again does not change it back. -ENOENT: there is none.
 */
int dw_store_set_role(struct dw_store *store, const char *camera, struct dw_role_change *change,
                      struct dw_err *err);

/* What is found of somebody after a visit of theirs ended: the visit's role and role_p, given and
 * filled in as above. It stays as it is, and `before` is its new role, when it was decided by hand
 * (a role_p of 1) and this neither is nor takes that back, or when it is not there any more. */
int dw_store_find_role(struct dw_store *store, struct dw_role_change *change, struct dw_err *err);

/* A visit as it would have been with other settings. Storing the same again changes nothing. */
int dw_store_put_doubt(struct dw_store *store, int64_t run, const struct dw_doubt_visit *doubt,
                       struct dw_err *err);

int dw_store_put_crossing(struct dw_store *store, int64_t run, const struct dw_crossing *crossing,
                          struct dw_err *err);

/* An alert of the rule, as it is now: that it was told again, or cleared, changes what is stored.
 * Those that a killed program left uncleared dw_store_create() clears (restart). */
int dw_store_put_alert(struct dw_store *store, int64_t run, const struct dw_alert_rule *rule,
                       const struct dw_alert_event *event, struct dw_err *err);

/* A gap that grew may be stored again: its start says which one it is. */
int dw_store_put_gap(struct dw_store *store, int64_t run, const struct dw_gap *gap,
                     struct dw_err *err);

/*
 * Points of one person in order of time (any rate; stored at 2 Hz, delta-coded). May be called
 * again for the same person with later points: best once a minute or when the person has gone.
 */
int dw_store_put_foot_track(struct dw_store *store, int64_t run, int64_t person,
                            const struct dw_foot_point *points, size_t count, struct dw_err *err);

/*
 * Replaces the run's set of open visits (saved at least every second of media time); a visit that
 * became final leaves the set in the transaction that stores it.
 */
int dw_store_put_open(struct dw_store *store, int64_t run, const struct dw_visit *visits,
                      size_t count, struct dw_err *err);

#endif
