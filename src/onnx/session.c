/* SPDX-License-Identifier: Apache-2.0 */
#include "onnx/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "onnx/ort_abi.h"

struct dw_session {
    const struct ort_api *api;
    struct ort_env *env; /* one a process; the library counts who uses it */
    struct ort_session *session;
    struct ort_memory_info *memory;
    struct ort_allocator *allocator; /* the library's own, never released */
    struct dw_tensor inputs[DW_SESSION_INPUTS_MAX];
    struct dw_tensor outputs[DW_SESSION_OUTPUTS_MAX];
    const char *input_names[DW_SESSION_INPUTS_MAX];
    const char *output_names[DW_SESSION_OUTPUTS_MAX];
    size_t input_count, output_count;
};

/* What goes wrong comes back as a status; the terminal belongs to the program. */
static void log_nothing(void *owner, int severity, const char *category, const char *id,
                        const char *location, const char *message)
{
    (void)owner, (void)severity, (void)category, (void)id, (void)location, (void)message;
}

/* Releases `status` and turns it into our kind of failure. */
static int check(const struct ort_api *api, struct ort_status *status, struct dw_err *err)
{
    if (status == NULL)
        return 0;
    dw_fail(err, -EINVAL, "%s", api->get_error_message(status));
    api->release_status(status);
    return -EINVAL;
}

static enum dw_element element_from(int ort)
{
    switch (ort) {
    case ORT_FLOAT:
        return DW_ELEMENT_FLOAT;
    case ORT_UINT8:
        return DW_ELEMENT_UINT8;
    case ORT_INT32:
        return DW_ELEMENT_INT32;
    case ORT_INT64:
        return DW_ELEMENT_INT64;
    default:
        return DW_ELEMENT_OTHER;
    }
}

static int element_to(enum dw_element element)
{
    switch (element) {
    case DW_ELEMENT_FLOAT:
        return ORT_FLOAT;
    case DW_ELEMENT_UINT8:
        return ORT_UINT8;
    case DW_ELEMENT_INT32:
        return ORT_INT32;
    case DW_ELEMENT_INT64:
        return ORT_INT64;
    case DW_ELEMENT_OTHER:
        break;
    }
    return 0;
}

/* A sequence or map (info NULL) and what has too many dimensions stay DW_ELEMENT_OTHER. */
static int read_shape(const struct ort_api *api, const struct ort_tensor_info *info,
                      struct dw_tensor *tensor, struct dw_err *err)
{
    int element = 0;
    size_t rank = 0;
    tensor->element = DW_ELEMENT_OTHER;
    tensor->rank = 0;
    if (info == NULL)
        return 0;
    int status = check(api, api->get_element(info, &element), err);
    if (status == 0)
        status = check(api, api->get_rank(info, &rank), err);
    if (status != 0 || rank > DW_TENSOR_RANK_MAX)
        return status;
    tensor->element = element_from(element);
    tensor->rank = rank;
    return check(api, api->get_shape(info, tensor->shape, rank), err);
}

/* Takes `type` over. */
static int describe(const struct ort_api *api, struct ort_type_info *type, struct dw_tensor *tensor,
                    struct dw_err *err)
{
    const struct ort_tensor_info *info = NULL;
    int status = check(api, api->as_tensor_info(type, &info), err);
    if (status == 0)
        status = read_shape(api, info, tensor, err);
    api->release_type_info(type);
    return status;
}

/* One side of a model: its inputs or its outputs. */
struct side {
    const char *noun;
    struct ort_status *(*get_count)(const struct ort_session *, size_t *);
    struct ort_status *(*get_name)(const struct ort_session *, size_t, struct ort_allocator *,
                                   char **);
    struct ort_status *(*get_type)(const struct ort_session *, size_t, struct ort_type_info **);
    struct dw_tensor *tensors;
    const char **names;
    size_t *count, max;
};

static int read_side(struct dw_session *session, const struct side *side, struct dw_err *err)
{
    const struct ort_api *api = session->api;
    size_t count = 0;
    int status = check(api, side->get_count(session->session, &count), err);
    if (status == 0 && count > side->max)
        return dw_fail(err, -EINVAL, "it has %zu %s, %zu are the most we can handle", count,
                       side->noun, side->max);
    for (size_t i = 0; status == 0 && i < count; i++) {
        struct ort_type_info *type = NULL;
        char *name = NULL;
        status = check(api, side->get_name(session->session, i, session->allocator, &name), err);
        side->tensors[i].name = side->names[i] = name;
        *side->count = i + 1;
        if (status == 0)
            status = check(api, side->get_type(session->session, i, &type), err);
        if (status == 0)
            status = describe(api, type, &side->tensors[i], err);
    }
    return status;
}

static int read_description(struct dw_session *session, struct dw_err *err)
{
    const struct ort_api *api = session->api;
    const struct side inputs = {
        "inputs",        api->get_input_count, api->get_input_name,   api->get_input_type,
        session->inputs, session->input_names, &session->input_count, DW_SESSION_INPUTS_MAX,
    };
    const struct side outputs = {
        "outputs",        api->get_output_count, api->get_output_name,   api->get_output_type,
        session->outputs, session->output_names, &session->output_count, DW_SESSION_OUTPUTS_MAX,
    };
    int status = read_side(session, &inputs, err);
    return status != 0 ? status : read_side(session, &outputs, err);
}

/* Cameras run beside each other, one thread each: threads inside one picture only get in the way.
 */
static int set_options(const struct ort_api *api, struct ort_session_options *options,
                       struct dw_err *err)
{
    int status = check(api, api->set_intra_op_threads(options, 1), err);
    if (status == 0)
        status = check(api, api->set_inter_op_threads(options, 1), err);
    if (status == 0)
        status = check(api, api->set_graph_optimisation(options, ORT_OPTIMISE_ALL), err);
    if (status == 0)
        status = check(
            api, api->add_session_setting(options, "session.intra_op.allow_spinning", "0"), err);
    return status;
}

static int open_model(struct dw_session *session, const char *path, struct dw_err *err)
{
    const struct ort_api *api = session->api;
    struct ort_session_options *options = NULL;
    int status = check(api, api->create_session_options(&options), err);
    if (status == 0)
        status = set_options(api, options, err);
    if (status == 0)
        status =
            check(api, api->create_session(session->env, path, options, &session->session), err);
    api->release_session_options(options);
    return status;
}

int dw_session_create(struct dw_session **out, const struct dw_runtime *runtime, const char *path,
                      struct dw_err *err)
{
    const struct ort_api *api = runtime->api;
    DW_AUTO(session) *session = dw_alloc0(sizeof(*session));
    session->api = api;
    int status = check(
        api, api->create_env_with_logger(log_nothing, NULL, ORT_LOG_FATAL, "dwell", &session->env),
        err);
    if (status == 0)
        status = check(
            api,
            api->create_cpu_memory_info(ORT_DEVICE_ALLOCATOR, ORT_MEMORY_DEFAULT, &session->memory),
            err);
    if (status == 0)
        status = check(api, api->get_allocator(&session->allocator), err);
    if (status == 0)
        status = open_model(session, path, err);
    if (status == 0)
        status = read_description(session, err);
    if (status == 0)
        *out = DW_TAKE(session);
    return status;
}

static void free_names(struct dw_session *session, const char **names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        void *name = NULL;
        memcpy(&name, &names[i], sizeof(name)); /* ours to free, only handed out as const */
        if (name != NULL)
            check(session->api, session->api->allocator_free(session->allocator, name), NULL);
    }
}

void dw_session_destroy(struct dw_session *session)
{
    if (session == NULL)
        return;
    const struct ort_api *api = session->api;
    free_names(session, session->input_names, session->input_count);
    free_names(session, session->output_names, session->output_count);
    api->release_session(session->session);
    api->release_memory_info(session->memory);
    api->release_env(session->env);
    free(session);
}

struct dw_tensors dw_session_inputs(const struct dw_session *session)
{
    return (struct dw_tensors){ session->inputs, session->input_count };
}

struct dw_tensors dw_session_outputs(const struct dw_session *session)
{
    return (struct dw_tensors){ session->outputs, session->output_count };
}

void dw_session_metadata(const struct dw_session *session, const char *key, char *value,
                         size_t size)
{
    const struct ort_api *api = session->api;
    struct ort_model_metadata *metadata = NULL;
    char *found = NULL;
    value[0] = '\0';
    if (check(api, api->get_metadata(session->session, &metadata), NULL) != 0)
        return;
    check(api, api->look_metadata_up(metadata, session->allocator, key, &found), NULL);
    if (found != NULL) {
        snprintf(value, size, "%s", found);
        check(api, api->allocator_free(session->allocator, found), NULL);
    }
    api->release_metadata(metadata);
}

static int wrap_inputs(const struct dw_session *session, const struct dw_tensor *inputs,
                       struct ort_value **values, struct dw_err *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < session->input_count; i++)
        status = check(session->api,
                       session->api->create_tensor(session->memory, inputs[i].data,
                                                   dw_tensor_size(&inputs[i]), inputs[i].shape,
                                                   inputs[i].rank, element_to(inputs[i].element),
                                                   &values[i]),
                       err);
    return status;
}

/* An output that is not a tensor is described by its name alone. */
static int unwrap(const struct dw_session *session, struct ort_value *value,
                  struct dw_tensor *tensor, struct dw_err *err)
{
    const struct ort_api *api = session->api;
    struct ort_tensor_info *info = NULL;
    if (tensor->element == DW_ELEMENT_OTHER)
        return 0;
    int status = check(api, api->get_tensor_info(value, &info), err);
    if (status == 0)
        status = read_shape(api, info, tensor, err);
    if (status == 0)
        status = check(api, api->get_tensor_data(value, &tensor->data), err);
    api->release_tensor_info(info);
    return status;
}

int dw_session_run(const struct dw_session *session, const struct dw_tensor *inputs,
                   struct dw_run *run, struct dw_err *err)
{
    const struct ort_api *api = session->api;
    struct ort_value *in[DW_SESSION_INPUTS_MAX] = { NULL };
    struct ort_value *out[DW_SESSION_OUTPUTS_MAX] = { NULL };
    *run = (struct dw_run){ .session = session, .count = session->output_count };
    int status = wrap_inputs(session, inputs, in, err);
    const struct ort_value *given[DW_SESSION_INPUTS_MAX];
    for (size_t i = 0; i < DW_SESSION_INPUTS_MAX; i++)
        given[i] = in[i]; /* C has no way from "T **" to "const T *const *" but a copy */
    if (status == 0)
        status =
            check(api,
                  api->run(session->session, NULL, session->input_names, given,
                           session->input_count, session->output_names, session->output_count, out),
                  err);
    for (size_t i = 0; i < session->input_count; i++)
        api->release_value(in[i]);
    for (size_t i = 0; i < run->count; i++) {
        run->values[i] = out[i];
        run->outputs[i] = session->outputs[i];
        if (status == 0)
            status = unwrap(session, out[i], &run->outputs[i], err);
    }
    if (status != 0)
        dw_run_fini(run);
    return status;
}

void dw_run_fini(struct dw_run *run)
{
    for (size_t i = 0; i < run->count; i++)
        run->session->api->release_value(run->values[i]);
    *run = (struct dw_run){ 0 };
}
