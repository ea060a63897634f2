/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts the visits of a simulated shop into a store, each day a run of its own. Its identity begins
 * with DW_SIMULATED_MARK: reports say so wherever its figures stand. The same day simulated again
 * replaces the former. One thread at a time.
 */
#ifndef DW_INSIGHT_SIMULATED_STORE_H
#define DW_INSIGHT_SIMULATED_STORE_H

#include "core/simulate.h"
#include "store/store_read.h"

struct dw_simulated_store_conf {
    struct dw_simulate_conf shop;
    const char *site, *camera;
    int64_t first_day; /* local_day.h: of day 0 */
    int walks_from;    /* foot tracks from this day on: they are most of a store's size */
};

/* Weekday and season of day 0 from `first_day`. */
void dw_simulated_calendar(struct dw_simulated_store_conf *conf);

/* Added up over days. */
struct dw_simulated_tally {
    int open_days;
    size_t visits, passes, staff, cut, gaps; /* staff are not among visits and passes */
    int64_t scheduled_us, measured_us;
};

/* -EEXIST with a sentence when anything in the store was really measured: the two do not mix. */
int dw_simulated_store_check(struct dw_store *store, struct dw_err *err);

/* Whether a run was simulated. */
bool dw_simulated_run(const struct dw_store_run *run);

/* One day, whole or not at all; a day on which the shop is closed adds nothing. */
int dw_simulated_store_day(struct dw_store *store, const struct dw_simulated_store_conf *conf,
                           int day, struct dw_simulated_tally *tally, struct dw_err *err);

#endif
