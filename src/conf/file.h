/* SPDX-License-Identifier: Apache-2.0 */
/* Small text files read whole. */
#ifndef DW_CONF_FILE_H
#define DW_CONF_FILE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the file to `out`. Refuses more than `limit` bytes, folders and what cannot be read. */
int dw_file_read(struct dw_buf *out, const char *path, size_t limit, struct dw_err *err);

#endif
