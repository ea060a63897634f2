/* SPDX-License-Identifier: Apache-2.0 */
/* Small text files, read and written whole. */
#ifndef DW_CONF_FILE_H
#define DW_CONF_FILE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the file to `out`. Refuses more than `limit` bytes, folders and what cannot be read. */
int dw_file_read(struct dw_buf *out, const char *path, size_t limit, struct dw_err *err);

/* The same for a file that may be missing: 0 when it is, 1 when it was read. */
int dw_file_read_any(struct dw_buf *out, const char *path, size_t limit, struct dw_err *err);

/* Replaces the file whole or not at all; on the disk when it returns. A new one is readable by its
 * owner alone; one that was there keeps its mode. */
int dw_file_write(const char *path, const char *text, size_t length, struct dw_err *err);

/* The same, and readable by its owner alone whatever it was. */
int dw_file_write_secret(const char *path, const char *text, size_t length, struct dw_err *err);

/* How much of a name is the file's own: all, but for what a program that was killed while it wrote
 * the file has added. */
size_t dw_file_whole(const char *name);

/* Makes a folder and those above it, for their owner alone; one that is there already is fine. */
int dw_folder_make(const char *path, struct dw_err *err);

#endif
