/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the people of a simulated day walk: from the entrance along the aisles between the zones,
 * into each zone for as long as the stay lasts, and out again; two points a second, as the tracker
 * stores them. So a heat map has something to show and a re-measurement something to find. The same
 * day gives the same ways. One thread at a time.
 */
#ifndef DW_INSIGHT_SIMULATED_WALK_H
#define DW_INSIGHT_SIMULATED_WALK_H

#include "core/simulate.h"
#include "store/store.h"

/* The zone of a display: they stand in rows, five beside each other, aisles between. */
struct dw_zone dw_simulated_zone(int display);

/* The edges over which a person enters and leaves zones, from 1; never the one at the display. */
int dw_simulated_enter_side(int64_t person);
int dw_simulated_exit_side(int64_t person);

/* The whole day's ways into a run, in the transaction that is open. */
int dw_simulated_walks_put(struct dw_store *store, int64_t run, const struct dw_simulated_day *day,
                           struct dw_err *err);

#endif
