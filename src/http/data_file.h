/* SPDX-License-Identifier: Apache-2.0 */
/* Small files of a site's data folder: only their owner may read them, and they are replaced whole
 * or not at all. */
#ifndef DW_HTTP_DATA_FILE_H
#define DW_HTTP_DATA_FILE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* On the disk when it returns. */
int dw_data_file_write(const char *path, const char *text, size_t length, struct dw_err *err);

/* Appends the file to `out`; a missing one is empty. */
int dw_data_file_read(const char *path, size_t limit, struct dw_buf *out, struct dw_err *err);

#endif
