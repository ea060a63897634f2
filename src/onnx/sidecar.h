/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small JSON file beside a model (person.onnx -> person.json) that says what the model itself
 * does not: its layout, colours, thresholds. docs/models.md lists the keys.
 */
#ifndef DW_ONNX_SIDECAR_H
#define DW_ONNX_SIDECAR_H

#include <stddef.h>

#include "base/err.h"
#include "onnx/options.h"

/*
 * Sets in `options` (initialised) what the text says. Strict: an unknown key, a wrong type or a
 * value out of range is -EINVAL with a sentence that begins with `name`.
 */
int dw_sidecar_parse(struct dw_model_options *options, const char *text, size_t length,
                     const char *name, struct dw_err *err);

/* The same from a file. -ENOENT, with no sentence, when there is none. */
int dw_sidecar_load(struct dw_model_options *options, const char *path, struct dw_err *err);

/* model.onnx -> model.json. */
void dw_sidecar_path(char *path, size_t size, const char *model_path);

#endif
