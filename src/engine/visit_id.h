/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ids of visits and crossings: 16 bytes made from what was measured, so that the same input
 * processed again gives the same ids (UUID version 8, RFC 9562, over BLAKE2b).
 */
#ifndef DW_ENGINE_VISIT_ID_H
#define DW_ENGINE_VISIT_ID_H

#include <stdint.h>

#include "engine/output.h"

/* `name`: of the zone or line; `time_us`: of entering or crossing. */
void dw_visit_id(uint8_t out[16], const struct dw_output_context *context, const char *name,
                 int64_t person, int64_t time_us);

#endif
