/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text file of things that happened, in order of time, although they become known out of order:
 * lines wait until nothing earlier can come. The common half of the outputs that write text.
 */
#ifndef DW_ENGINE_TEXT_OUTPUT_H
#define DW_ENGINE_TEXT_OUTPUT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/output.h"

struct dw_text_output;

/* The open(), finish() and close() of such an output; "-" is standard output. */
int dw_text_output_open(void **self, const char *path, const struct dw_output_context *context,
                        struct dw_err *err);
int dw_text_output_finish(void *self, int64_t end_us, bool complete, struct dw_err *err);
void dw_text_output_close(void *self);

const struct dw_output_context *dw_text_output_context(const struct dw_text_output *output);

/* Takes the text over (buf is empty afterwards). What has the same time stays in order of calls. */
void dw_text_output_add(struct dw_text_output *output, int64_t time_us, struct dw_buf *text);

/* Writes everything at once, for what is never told out of order. */
int dw_text_output_write(struct dw_text_output *output, struct dw_err *err);

/* Writes what happened before `now_us` less the time things take to settle. */
int dw_text_output_settle(struct dw_text_output *output, int64_t now_us, struct dw_err *err);

#endif
