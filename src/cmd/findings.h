/* SPDX-License-Identifier: Apache-2.0 */
/* What commands find out, as JSON, for `dwell support-bundle`, which puts it all together. */
#ifndef DW_CMD_FINDINGS_H
#define DW_CMD_FINDINGS_H

#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

/* Appends what `dwell doctor --json` prints. */
void dw_doctor_put(struct dw_buf *json);

/* Appends what `dwell store info --json` prints. */
int dw_store_put_info(struct dw_store *store, struct dw_buf *json, struct dw_err *err);

#endif
