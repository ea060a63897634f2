/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages of the retired Azure Spatial Analysis container, schema 2.0, so that its consumers
 * go on working: personZoneEnterExitEvent, personZoneDwellTimeEvent, personLineEvent,
 * personCountEvent. One JSON object a line. `timestamp` is when the thing happened, not when it was
 * decided, so that the difference of an Exit and an Enter is the dwell. Without a ground model the
 * ground keys are left out, as are facing times that were not measured.
 */
#ifndef DW_SINK_AZURE_H
#define DW_SINK_AZURE_H

#include "base/buf.h"
#include "core/visit.h"
#include "sink/jsonl.h"

/* Somebody entered a zone (the visit opened). */
void dw_azure_enter(struct dw_buf *out, const struct dw_record_context *context,
                    const struct dw_visit *visit);

/* A visit or pass is over: Exit and, when the zone wants it, the dwell time, in one message. */
void dw_azure_exit(struct dw_buf *out, const struct dw_record_context *context,
                   const struct dw_visit *visit);

/* Somebody stepped over a line. `id` tells crossings apart. */
void dw_azure_crossing(struct dw_buf *out, const struct dw_record_context *context,
                       const struct dw_crossing *crossing, const uint8_t id[16]);

/* As many are in a zone as the alerts go by, from frame `frame` on; nothing while that is not
 * known. Only for zones that ask for it. `id` tells changes apart. */
void dw_azure_count(struct dw_buf *out, const struct dw_record_context *context,
                    const struct dw_occupancy_change *change, int64_t frame, const uint8_t id[16]);

#endif
