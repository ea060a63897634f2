/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model file loaded into ONNX Runtime, ready to run. A call computes on the calling thread alone
 * and never spins; several threads may run one session at a time. It outlives no runtime.
 */
#ifndef DW_ONNX_SESSION_H
#define DW_ONNX_SESSION_H

#include "base/err.h"
#include "base/macros.h"
#include "onnx/runtime.h"
#include "onnx/tensor.h"

#define DW_SESSION_INPUTS_MAX 4
#define DW_SESSION_OUTPUTS_MAX 16

struct dw_session;

/* -EINVAL with a sentence when the file is not a model or needs what the runtime lacks. */
int dw_session_create(struct dw_session **out, const struct dw_runtime *runtime, const char *path,
                      struct dw_err *err);
void dw_session_destroy(struct dw_session *session);
DW_DEFINE_AUTO(session)

/* Descriptions as the model states them, valid as long as the session. */
struct dw_tensors dw_session_inputs(const struct dw_session *session);
struct dw_tensors dw_session_outputs(const struct dw_session *session);

/* Copies the model's own note called `key` ("" when it has none). */
void dw_session_metadata(const struct dw_session *session, const char *key, char *value,
                         size_t size);

/* The outcome of one run; the outputs are valid until dw_run_fini(). All zero is empty. */
struct dw_run {
    const struct dw_session *session;
    struct dw_tensor outputs[DW_SESSION_OUTPUTS_MAX];
    size_t count;
    void *values[DW_SESSION_OUTPUTS_MAX];
};

/* `inputs`: one with data for each of dw_session_inputs(), in that order. */
int dw_session_run(const struct dw_session *session, const struct dw_tensor *inputs,
                   struct dw_run *run, struct dw_err *err);
void dw_run_fini(struct dw_run *run);

#endif
