/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened as JSON Lines, for scripts: one final visit a line (docs/visit-model.md,
 * "--visits"); counts, alerts and roles as they happen (docs/alerts.md).
 */
#ifndef DW_SINK_JSONL_H
#define DW_SINK_JSONL_H

#include <stdint.h>

#include "base/buf.h"
#include "core/alert.h"
#include "core/occupancy.h"
#include "core/role_change.h"
#include "core/visit.h"
#include "core/zone.h"

/* What a record is told about its surroundings. Borrowed. */
struct dw_record_context {
    const char *site, *camera;
    const struct dw_layout *layout;
    int width_px, height_px;
    int64_t start_wall_us; /* wall time of media time 0 */
};

/* Appends the visit as a line; media time in seconds with 3 decimals, wall time as ISO 8601 UTC. */
void dw_jsonl_visit(struct dw_buf *out, const struct dw_record_context *context,
                    const struct dw_visit *visit);

/* "occupancy": from now on there are so many in the zone. */
void dw_jsonl_occupancy(struct dw_buf *out, const struct dw_record_context *context,
                        const struct dw_occupancy_change *change);

/* "occupancy_quarter": average and peak of a quarter hour that ended. */
void dw_jsonl_quarter(struct dw_buf *out, const struct dw_record_context *context,
                      const struct dw_occupancy_quarter *quarter);

/* "alert_raised" or "alert_cleared". */
void dw_jsonl_alert(struct dw_buf *out, const struct dw_record_context *context,
                    const struct dw_alert_event *event);

/* "role": what a visit that ended before is found to be. */
void dw_jsonl_role(struct dw_buf *out, const struct dw_record_context *context,
                   const struct dw_role_change *change);

#endif
