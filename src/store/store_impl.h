/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a kind of store implements; store.h and store_read.h say what each function does. To add a
 * kind: one file and one line in the table of store.c.
 */
#ifndef DW_STORE_STORE_IMPL_H
#define DW_STORE_STORE_IMPL_H

#include "store/store_read.h"

struct dw_store_impl {
    bool (*accepts)(const char *url);
    int (*open)(struct dw_store **out, const char *url, bool writable, struct dw_err *err);
    void (*close)(struct dw_store *store);

    int (*begin)(struct dw_store *store, struct dw_err *err);
    int (*commit)(struct dw_store *store, struct dw_err *err);
    void (*rollback)(struct dw_store *store);

    int (*run_begin)(struct dw_store *store, const struct dw_store_run_conf *conf, int64_t *run,
                     struct dw_err *err);
    int (*run_measured)(struct dw_store *store, int64_t run, int64_t end_us, bool complete,
                        struct dw_err *err);
    int (*put_visit)(struct dw_store *store, int64_t run, const struct dw_visit *visit,
                     struct dw_err *err);
    int (*put_doubt)(struct dw_store *store, int64_t run, const struct dw_doubt_visit *visit,
                     struct dw_err *err);
    int (*put_crossing)(struct dw_store *store, int64_t run, const struct dw_crossing *crossing,
                        struct dw_err *err);
    int (*put_gap)(struct dw_store *store, int64_t run, const struct dw_gap *gap,
                   struct dw_err *err);
    int (*put_foot_track)(struct dw_store *store, int64_t run, int64_t person,
                          const struct dw_foot_point *points, size_t count, struct dw_err *err);
    int (*put_open)(struct dw_store *store, int64_t run, const struct dw_visit *visits,
                    size_t count, struct dw_err *err);

    int (*read_runs)(struct dw_store *store, const struct dw_store_filter *filter,
                     dw_store_run_fn fn, void *context, struct dw_err *err);
    int (*read_zones)(struct dw_store *store, const struct dw_store_filter *filter,
                      dw_store_zone_fn fn, void *context, struct dw_err *err);
    int (*read_run_zones)(struct dw_store *store, const struct dw_store_filter *filter,
                          dw_store_run_zone_fn fn, void *context, struct dw_err *err);
    int (*read_lines)(struct dw_store *store, const struct dw_store_filter *filter,
                      dw_store_line_fn fn, void *context, struct dw_err *err);
    int (*read_visits)(struct dw_store *store, const struct dw_store_filter *filter,
                       dw_store_visit_fn fn, void *context, struct dw_err *err);
    int (*read_doubt)(struct dw_store *store, const struct dw_store_filter *filter,
                      dw_store_doubt_fn fn, void *context, struct dw_err *err);
    int (*read_gaps)(struct dw_store *store, const struct dw_store_filter *filter,
                     dw_store_gap_fn fn, void *context, struct dw_err *err);
    int (*read_foot_tracks)(struct dw_store *store, const struct dw_store_filter *filter,
                            dw_store_foot_track_fn fn, void *context, struct dw_err *err);
};

/* First member of every kind of store. */
struct dw_store {
    const struct dw_store_impl *impl;
};

extern const struct dw_store_impl dw_store_sqlite;

#endif
