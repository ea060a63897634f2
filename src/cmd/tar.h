/* SPDX-License-Identifier: Apache-2.0 */
/* An archive of small texts: the ustar format of POSIX.1-1988, plain files only. */
#ifndef DW_CMD_TAR_H
#define DW_CMD_TAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define DW_TAR_NAME_MAX 99

/* Appends a file, readable by its owner; `name` is at most DW_TAR_NAME_MAX bytes. */
void dw_tar_add(struct dw_buf *tar, const char *name, const char *bytes, size_t length,
                int64_t wall_us);

/* Appends the two empty blocks that end an archive. */
void dw_tar_end(struct dw_buf *tar);

#endif
