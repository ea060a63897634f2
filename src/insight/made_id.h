/* SPDX-License-Identifier: Apache-2.0 */
/* Ids of visits that were not measured from pictures: the same again for the same input (UUID
 * version 8). Not for secrets. */
#ifndef DW_INSIGHT_MADE_ID_H
#define DW_INSIGHT_MADE_ID_H

#include <stddef.h>
#include <stdint.h>

/* From texts, NULL behind the last, and two numbers. */
void dw_made_id(uint8_t id[16], const char *const *texts, int64_t person, int64_t enter_us);

#endif
