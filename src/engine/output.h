/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an analysis puts what it measured: a file of visits, of tracks, of events, a store, a video
 * with everything drawn over it. One file a kind, one table. Called from the analysing thread only,
 * in order of time.
 */
#ifndef DW_ENGINE_OUTPUT_H
#define DW_ENGINE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/alert.h"
#include "core/doubt.h"
#include "core/lane.h"
#include "core/occupancy.h"
#include "core/role_change.h"
#include "engine/shared_store.h"
#include "engine/staff.h"
#include "media/frame.h"
#include "sink/jsonl.h"

/* What stays the same during a run. Borrowed, outlives the outputs. */
struct dw_output_context {
    struct dw_record_context record;
    const char *source;   /* for people, without password */
    const char *identity; /* of the input */
    const char *model, *settings;
    const char *reid;                   /* path of a ReID model, or NULL */
    const struct dw_staff_watch *staff; /* who says the roles, or NULL */
    const struct dw_lane *lane;
    const struct dw_occupancy *occupancy; /* as it is at the moment told */
    int64_t utc_offset_us;                /* of the site, without summer time */
    double fps;                           /* nominal; 0 unknown */
    int64_t settle_us; /* nothing new is said about what happened longer ago than this */
    struct dw_shared_store *store; /* NULL: a store is opened at the output's path */
    /* A role is another in the store from now on; may be NULL. */
    void (*role_stored)(void *user, const struct dw_record_context *record,
                        const struct dw_role_change *change);
    void *user; /* of the analysis */
};

/* What one frame brought; at the end of measuring `frame` is NULL. Visits and alerts carry their
 * ids. */
struct dw_output_moment {
    const struct dw_frame *frame;
    int64_t time_us; /* of the frame, or the end of measuring */
    int week_minute; /* of the frame, local time (core/hours.h) */
    struct dw_lane_output lane;
    struct dw_occupancy_output occupancy;
    struct dw_alert_output alerts;
    const struct dw_role_change *roles; /* of visits that ended before */
    size_t role_count;
    const struct dw_gap *gap;           /* a gap ended at this frame, or NULL */
    bool gap_goes_on;                   /* it has not ended yet, and is told again as it grows */
    const struct dw_doubt_visit *doubt; /* measured with other settings; only for stores */
    size_t doubt_count;
};

/* What a kind of output provides. open() sets *self only when it succeeds. */
struct dw_output_impl {
    const char *name; /* as on the command line: "visits" */
    int (*open)(void **self, const char *path, const struct dw_output_context *context,
                struct dw_err *err);
    int (*take)(void *self, const struct dw_output_moment *moment, struct dw_err *err);
    /* Writes what is left; `complete`: the source was read to its end. */
    int (*finish)(void *self, int64_t end_us, bool complete, struct dw_err *err);
    void (*close)(void *self); /* NULL ok */
    /* What was not as asked for, in a sentence, or NULL. May be left out. */
    const char *(*warning)(const void *self);
};

const struct dw_output_impl *dw_output_find(const char *name);

/* Gives the visit, or the alert, its id; the visit its role, too, by what was seen until now. */
void dw_output_identify(const struct dw_output_context *context, struct dw_visit *visit);
void dw_output_identify_alert(const struct dw_output_context *context, struct dw_alert *alert);

#endif
