/* SPDX-License-Identifier: Apache-2.0 */
/* Files we write, and what to say and do when that fails; private to media/. */
#ifndef DW_MEDIA_OUTPUT_H
#define DW_MEDIA_OUTPUT_H

#include "base/err.h"

/* Says why `path` cannot be written (`code`: negative errno) and what to do; returns `code`. */
int dw_output_fail(struct dw_err *err, int code, const char *path);

/* Removes an unfinished file; leaves alone what is no file, such as /dev/null. */
void dw_output_remove(const char *path);

#endif
