/* SPDX-License-Identifier: Apache-2.0 */
/* Visits counted since the start, by camera and zone, as Prometheus wants them. Staff are left out.
 * One thread at a time. */
#ifndef DW_HTTP_TALLY_H
#define DW_HTTP_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

#define DW_TALLY_BUCKETS 12

/* Upper bounds of dwell, in seconds. */
extern const double dw_tally_bounds_s[DW_TALLY_BUCKETS];

struct dw_tally_zone {
    char *camera, *zone;
    int64_t visits, passes, alerts;
    int64_t dwell[DW_TALLY_BUCKETS]; /* visits not longer than the bound: cumulative */
    double dwell_s;                  /* sum */
};

struct dw_tally {
    DW_VEC(struct dw_tally_zone) zones;
};

void dw_tally_fini(struct dw_tally *tally);

/* An event of the hub: "visit", "pass", "alert"; others count for nothing. */
void dw_tally_add(struct dw_tally *tally, const char *kind, const char *camera, const char *json);

#endif
