/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main job, end to end: a source in; people, visits, events and everything written about them
 * out. Media time only, so that a file and the same pictures played live give the same visits.
 */
#ifndef DW_ENGINE_ANALYSIS_H
#define DW_ENGINE_ANALYSIS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "conf/option.h"
#include "core/ground.h"
#include "core/zone.h"
#include "engine/output.h"
#include "engine/pipeline.h"
#include "engine/shared_store.h"
#include "engine/staff_desk.h"
#include "media/cover.h"
#include "media/source.h"

#define DW_OUTPUTS_MAX 8

struct dw_progress {
    int64_t frames, time_us;        /* done so far */
    int64_t total_us, total_frames; /* 0 unknown */
    double seconds;                 /* of wall time spent */
    int64_t visits;
    struct dw_pipeline_figures pipeline;
};

/* Where measuring stands, before a frame is measured. */
struct dw_analysis_now {
    int64_t wall_us;  /* of the frame, as the run counts it */
    int64_t clock_us; /* of the frame, as the clock says now; 0: a recording, which has none */
    int64_t camera_ahead_us; /* the camera's own clock, of ours; 0 also when it does not say */
    bool quiet; /* nobody is in a zone, or was seen just now: a run can end and cut no visit */
};

struct dw_analysis_conf {
    const char *url;
    struct dw_source_conf source;
    const struct dw_layout *layout; /* zones and lines; borrowed */
    const char *ground_path;        /* NULL: none */
    const char *model_path;         /* NULL: the default model */
    const char *reid_path;          /* of a model of looks; NULL: histograms of colours */
    const char *staff_path;         /* of a staff model; NULL: roles stay unknown */
    const char *site, *camera;
    int64_t start_wall_us; /* INT64_MIN: from the source */
    int64_t utc_offset_us; /* of the site, without summer time (struct dw_store_run_conf) */
    /* Local time less UTC at a wall time, for opening hours; NULL: utc_offset_us. */
    int64_t (*local_offset_us)(int64_t wall_us);
    struct dw_settings settings;
    /* Gives a detector that several analyses share, and its model's path, once pictures are to be
     * looked at; NULL: the analysis opens its own. */
    int (*detector)(void *user, const struct dw_source_info *source, const struct dw_detector **out,
                    const char **path, struct dw_err *err);
    struct dw_staff_desk *desk;    /* who tells staff on a running site, or NULL */
    struct dw_shared_store *store; /* of the output "store"; NULL: opens one at its path */
    struct dw_cover *cover;        /* set to the layout's masks by its owner; NULL: set here */
    struct dw_slots *slots;        /* for detecting, shared; NULL: as many as there are workers */
    int workers;                   /* 0: one a processor */
    bool paced;                    /* play a file in real time */
    struct {
        const char *name, *path; /* of an output: "visits", ... */
    } outputs[DW_OUTPUTS_MAX];
    size_t output_count;

    /* Called now and then from the analysing thread; may be NULL. */
    void (*progress)(void *user, const struct dw_progress *progress);
    /* Called with each frame's results before the outputs; may be NULL. */
    void (*observe)(void *user, const struct dw_output_moment *moment);
    /* Called when the output "store" has stored another role for a visit; may be NULL. */
    void (*role_stored)(void *user, const struct dw_record_context *record,
                        const struct dw_role_change *change);
    /* Asked before each frame; may be NULL. True: the run ends there and another begins with this
     * frame, measured with *layout, which is handed in as it is and must live until the next call.
     * Another layout ends visits as `edited`. */
    bool (*renew)(void *user, const struct dw_analysis_now *now, const struct dw_layout **layout);
    /*
     * Asked when the source cannot be opened, or a live one breaks off: waits until it is time to
     * try again; false: give up. NULL: nothing is tried again. Meanwhile nothing is measured, which
     * the run tells as one gap.
     */
    bool (*again)(void *user, const struct dw_err *why);
    void *user; /* handed to outputs, too */
};

/* What a finished analysis says about itself. */
struct dw_analysis_result {
    struct dw_pipeline_figures pipeline;
    int64_t lane_us, output_us; /* CPU time of tracking and visits, of writing */
    int64_t staff_us;           /* CPU time of telling staff from shoppers */
    int64_t cpu_us;             /* of the whole process during the analysis */
    double seconds;             /* wall time */
    int64_t end_us;             /* media time measured */
    int64_t passes, visits, crossings;
    bool stopped;      /* ended by the stop flag */
    char warning[512]; /* what was not perfect about source and outputs; "" when all was well */
    char model[160];   /* what detected, for people; "" for detections files */
};

/*
 * Runs to the end of the source or until the stop flag. What was measured is written also when it
 * is stopped or the source breaks off; a failing output ends it with its sentence.
 */
int dw_analysis_run(const struct dw_analysis_conf *conf, struct dw_analysis_result *result,
                    struct dw_err *err);

#endif
