/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder in which set-up keeps what it fetched and made: `lib/` (ONNX Runtime), `models/`,
 * `media/` (the sample video). It is $DWELL_CACHE, else $XDG_CACHE_HOME/dwell, else ~/.cache/dwell.
 */
#ifndef DW_BASE_CACHE_H
#define DW_BASE_CACHE_H

#include <stddef.h>

#include "base/err.h"

/* Writes the folder and `below` ("" or "/models/...") to `path`; whether it exists is not asked. */
int dw_cache_path(char *path, size_t size, const char *below, struct dw_err *err);

#endif
