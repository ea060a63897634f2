/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many people stood in each zone and for how long, over a period: read from a store, computed
 * once, then written as text, HTML or JSON. docs/figures.md gives each figure's formula. Wall times
 * in microseconds; durations ending in `_s` in seconds. Unchanging after dw_report_create(): any
 * thread may read.
 */
#ifndef DW_INSIGHT_REPORT_H
#define DW_INSIGHT_REPORT_H

#include "base/buf.h"
#include "core/stats.h"
#include "insight/span.h"
#include "store/store_read.h"

struct dw_report_conf {
    const char *name;   /* of the store, for the title */
    const char *camera; /* NULL: every camera */
    int64_t from_us, to_us;
    bool include_staff;
};

/* A stay in a zone: a visit, or a pass. */
struct dw_report_stay {
    int64_t enter_us, exit_us, dwell_us, bridged_us;
    int64_t run, person;
    int enter_side;
    bool cut_start, cut_end, pass;
    enum dw_role role;
};

/* A quantile of dwell. Its value is INFINITY when so many visits were cut that it was not reached.
 */
struct dw_report_quantile {
    bool known; /* enough visits: at least one expected beyond it */
    struct dw_estimate s;
};

/* Share of visits of `level_us` or longer. */
struct dw_report_share {
    int64_t level_us;
    size_t hits; /* visits seen to last that long */
    bool known;  /* there were visits */
    bool curve;  /* some visits were cut before the level: taken from the survival curve */
    struct dw_estimate share;
};

/* What would have been found with other settings. */
struct dw_report_variant {
    size_t visits;
    struct dw_report_quantile median;
};

struct dw_report_zone {
    int64_t id, camera_id;
    int revisions; /* drawings or settings measured in the period; `zone` is the last */
    struct dw_zone zone;

    /* By time of entering; staff are not among them unless asked for. */
    struct {
        struct dw_report_stay *items;
        size_t count, capacity;
    } stays;
    size_t visits, passes;
    size_t people;                                /* different ones among the visits */
    size_t entries;                               /* visits and passes whose start was seen */
    size_t side_entries[DW_ZONE_CORNERS_MAX + 1]; /* of these by edge; 0: side not known */
    size_t staff_visits, staff_passes;            /* found, whether counted above or not */
    double staff_share;                           /* of all visits and passes, staff's too */
    size_t unknown_visits;                        /* whose role is not known, of the visits */
    struct dw_report_variant told;                /* the figures without those */
    size_t cut_visits;

    struct dw_report_quantile median, p75, p90;
    double mean_s, longest_s, total_s; /* of visits, as far as seen */
    struct dw_report_share stop, engage;
    struct {
        struct dw_store_doubt *items;
        size_t count, capacity;
    } doubt;
    bool doubted; /* the variants are known and can be compared */
    struct dw_report_variant variants[DW_VARIANT_COUNT];
    double bridged_share;           /* of the visits' dwell */
    struct dw_survival_step *curve; /* of the visits' dwell in seconds */
    size_t curve_count;

    struct dw_spans scheduled, measured;
    double coverage;          /* measured / scheduled */
    double occupancy_average; /* people present at once */
    size_t occupancy_peak;
};

struct dw_report_line {
    int64_t camera_id;
    struct dw_line line;
    int64_t to_right, to_left;
};

struct dw_report_run {
    int64_t id, camera_id, start_us, end_us;
    bool complete;
    char *source, *model, *program;
};

/* A piece of somebody's way through the picture, 0..1. */
struct dw_report_track {
    int64_t camera_id;
    struct dw_point *points;
    size_t count;
};

/* Enough to see where people walk; more would only be a bigger page. */
#define DW_REPORT_TRACK_POINTS_MAX 20000

struct dw_report_camera {
    int64_t id;
    char *site, *name;
    int width_px, height_px; /* of the latest run */
    struct dw_spans scheduled, measured;
    size_t runs;
    bool simulated; /* at least one run was made up by dwell simulate */
};

struct dw_report {
    char *name, *camera;
    int64_t from_us, to_us; /* asked for; 0: open */
    bool include_staff;
    bool simulated; /* any camera: stands above everything else */
    struct {
        struct dw_report_camera *items;
        size_t count, capacity;
    } cameras;
    struct {
        struct dw_report_zone *items;
        size_t count, capacity;
    } zones;
    struct {
        struct dw_report_line *items;
        size_t count, capacity;
    } lines;
    struct {
        struct dw_report_run *items;
        size_t count, capacity;
    } runs;
    struct {
        struct dw_report_track *items;
        size_t count, capacity;
    } tracks; /* the first of the period */
    size_t track_points;
    struct {
        char **items;
        size_t count, capacity;
    } notes; /* sentences about what to doubt */
};

int dw_report_create(struct dw_report **out, struct dw_store *store,
                     const struct dw_report_conf *conf, struct dw_err *err);
void dw_report_destroy(struct dw_report *report);
DW_DEFINE_AUTO(report)

struct dw_report_style {
    bool utf8;         /* else ASCII only */
    int width_columns; /* lines are kept within it where that is possible */
};

/* A table for a terminal or a plain text file. */
void dw_report_text(const struct dw_report *report, const struct dw_report_style *style,
                    struct dw_buf *out);

/* One page without anything outside it: styles and drawings are inside, no script. */
void dw_report_html(const struct dw_report *report, struct dw_buf *out);

/* One JSON object (docs/figures.md); what is not known is null. */
void dw_report_json(const struct dw_report *report, struct dw_buf *out);

#endif
