/* SPDX-License-Identifier: Apache-2.0 */
/* Ids as text: 32 hex characters without dashes. */
#ifndef DW_SINK_HEX_H
#define DW_SINK_HEX_H

#include <stddef.h>
#include <stdint.h>

#define DW_HEX_SIZE 33

/* Returns `out`. */
const char *dw_hex(char out[DW_HEX_SIZE], const uint8_t id[16]);

#endif
