/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What zones would have measured had they been drawn so in the last hours: measured again from the
 * foot tracks (remeasure.h) in memory, beside the store, which is only read.
 */
#ifndef DW_INSIGHT_PREVIEW_H
#define DW_INSIGHT_PREVIEW_H

#include "core/stats.h"
#include "core/zone.h"
#include "store/store_read.h"

struct dw_preview_figures {
    size_t visits, passes;
    struct dw_estimate median_s; /* NAN: no visits; INFINITY: so many were cut */
};

struct dw_preview_zone {
    bool known; /* a zone of this name was measured: `before` is something */
    struct dw_preview_figures before, after;
};

/* Fills `zones`, as many as the layout has. What began at from_us or later counts. -ENOENT with a
 * sentence when nothing was measured. */
int dw_preview(struct dw_store *store, const char *camera, int64_t from_us,
               const struct dw_layout *layout, struct dw_preview_zone *zones, struct dw_err *err);

#endif
