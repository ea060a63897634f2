/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The most people at once in a zone. Unlike counts, peaks of quarter hours or of roles do not add
 * up, and one more visit may change that of hours ago: so that of a day is found from its visits
 * when the day is over, kept, and forgotten when anything of the day changes. Days without a kept
 * one are read visit by visit. Times are wall time in microseconds; one thread at a time per store.
 */
#ifndef DW_STORE_STORE_PEAK_H
#define DW_STORE_STORE_PEAK_H

#include "store/store_read.h"

/* Finds the peaks of days that ended after from_us (INT64_MIN: of all), before the last run did,
 * and have none. In the transaction going on, or one of its own. */
int dw_store_settle(struct dw_store *store, int64_t from_us, struct dw_err *err);

struct dw_store_peak_query {
    const char *camera;     /* name; NULL: every camera */
    bool include_staff;     /* else of shoppers and unknown alone */
    int64_t from_us, to_us; /* from <= time < to, to the quarter hour */
};

struct dw_store_peak {
    int64_t zone_id;
    int64_t people; /* in visits and passes at one moment of the span */
    int64_t at_us;  /* the first such moment */
    bool known;     /* false: visits of some of its days are pruned, and no peak was kept */
};

/* Of each zone with stays in the span, by id. */
typedef int (*dw_store_peak_fn)(void *context, const struct dw_store_peak *peak);
int dw_store_read_peaks(struct dw_store *store, const struct dw_store_peak_query *query,
                        dw_store_peak_fn fn, void *context, struct dw_err *err);

#endif
