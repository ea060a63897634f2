/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ONNX Runtime library, opened while the program runs, so that the program builds and starts
 * without it. Immutable once open; any thread may use it. A program that holds this part sets a
 * variable of its environment at its start, so that the library reports nothing to its makers.
 */
#ifndef DW_ONNX_RUNTIME_H
#define DW_ONNX_RUNTIME_H

#include <stddef.h>

#include "base/err.h"
#include "base/macros.h"

struct ort_api;

struct dw_runtime {
    void *library;
    const struct ort_api *api;
    char *path; /* of the file really opened */
    char version[32];
};

/*
 * Opens `path`, or what dw_runtime_find() finds when it is NULL. -ENOENT when there is no library,
 * -EINVAL when it is not ONNX Runtime or too old.
 */
int dw_runtime_open(struct dw_runtime **out, const char *path, struct dw_err *err);

void dw_runtime_destroy(struct dw_runtime *runtime);
DW_DEFINE_AUTO(runtime)

/*
 * The library that would be opened: $DWELL_ONNXRUNTIME, else lib/libonnxruntime.so.1 in the cache
 * folder (base/cache.h), else the system's. -ENOENT with a sentence when there is none.
 */
int dw_runtime_find(char *path, size_t size, struct dw_err *err);

#endif
