/* SPDX-License-Identifier: Apache-2.0 */
/* Names of cameras and zones that people type, held against those of a store. */
#ifndef DW_CMD_KNOWN_NAMES_H
#define DW_CMD_KNOWN_NAMES_H

#include "store/store_read.h"

/* 0 when the store has the camera, and a zone of that name (before that camera, if one is named);
 * NULL: not asked. -ENOENT with a sentence that says what there is. */
int dw_known_names_check(struct dw_store *store, const char *camera, const char *zone,
                         struct dw_err *err);

#endif
