/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of report: `dwell report displays` and so on. Each is one file that reads a store and
 * fills a sheet, and one line in the table of report_kind.c. To add one: write kind_NAME.c with a
 * `const struct dw_report_kind dw_report_NAME`, and add it to the table and meson.build.
 */
#ifndef DW_INSIGHT_REPORT_KIND_H
#define DW_INSIGHT_REPORT_KIND_H

#include "insight/sheet.h"
#include "store/store_counts.h"

/* What can be asked of every kind. Days are local ones (local_day.h). */
struct dw_report_request {
    const char *camera, *zone; /* names; NULL: all */
    int64_t from_day, to_day;  /* to_day itself is not included; from_day < to_day */
    bool include_staff;
    const char *const *values; /* of the kind's own options; NULL where not given */
};

struct dw_report_option {
    const char *name, *value, *help; /* as struct dw_arg; value NULL: takes none, given is "" */
};

struct dw_report_kind {
    const char *name;  /* "displays" */
    const char *about; /* for --help: one sentence or more */
    const struct dw_report_option *options;
    size_t option_count;
    size_t local_count; /* of these, the last: they name files of this machine or say nothing
                           without one that does, so nobody may who asks over a network */
    /* Sets title and simulated too. The store is read as it was at one moment; -EINVAL: wrong
     * usage. */
    int (*fill)(struct dw_sheet *sheet, struct dw_store *store,
                const struct dw_report_request *request, struct dw_err *err);
};

/* NULL when there is no such kind; at(0), at(1) ... are all of them, sorted, then NULL. */
const struct dw_report_kind *dw_report_kind_find(const char *name);
const struct dw_report_kind *dw_report_kind_at(size_t number);

/* Reads a moment of the store and fills the sheet, its kind and period (of the request) included.
 */
int dw_report_kind_fill(const struct dw_report_kind *kind, struct dw_sheet *sheet,
                        struct dw_store *store, const struct dw_report_request *request,
                        struct dw_err *err);

/* The zones asked for that were measured in the days from_day..to_day. */
struct dw_report_place {
    int64_t zone_id, camera_id;
    char *site, *camera;
    char *label; /* the zone's name; with its camera's when there are several cameras */
    struct dw_zone zone;
    int revisions; /* drawings or settings measured in these days; `zone` is the last */
};

struct dw_report_places {
    DW_VEC(struct dw_report_place) list;
    bool simulated; /* a run of the days was made by dwell simulate */
};

int dw_report_places_read(struct dw_report_places *places, struct dw_store *store,
                          const struct dw_report_request *request, struct dw_err *err);
void dw_report_places_fini(struct dw_report_places *places);

/* NULL when the zone was not asked for. */
const struct dw_report_place *dw_report_place_of(const struct dw_report_places *places,
                                                 int64_t zone_id);

/* Measured / scheduled time; NAN when nothing was scheduled. */
double dw_report_coverage(const struct dw_store_cover *cover);

/* Says that so many visits may stand in the neighbouring day (dw_store_zone_counts.approximate). */
void dw_report_note_approximate(struct dw_sheet *sheet, int64_t visits);

/* The first local day measured, and the one after the last; the same when nothing was. */
int dw_report_days_measured(struct dw_store *store, const char *camera, int64_t *from_day,
                            int64_t *to_day, struct dw_err *err);

/* All its days as one slot; for more, set `slot` and `slot_count`. */
struct dw_store_slots dw_report_slots(const struct dw_report_request *request);

/* What the request asks of a store's rows: its camera and days. */
struct dw_store_filter dw_report_filter(const struct dw_report_request *request);

/* Roles to count, for struct dw_store_counts_query. */
unsigned dw_report_roles(const struct dw_report_request *request);

#endif
