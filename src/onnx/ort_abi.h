/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of ONNX Runtime's C interface that we call. The library hands out a table of functions
 * (OrtGetApiBase()->GetApi(version)) to which entries are only ever appended, so an entry's
 * position never changes; no header is needed. Only runtime.c and session.c include this file.
 *
 * Functions returning `struct ort_status *` return NULL when all is well; any other status must be
 * released.
 */
#ifndef DW_ONNX_ORT_ABI_H
#define DW_ONNX_ORT_ABI_H

#include <stddef.h>
#include <stdint.h>

#define ORT_API_VERSION 17 /* of ONNX Runtime 1.17; later libraries still offer it */

enum { ORT_LOG_FATAL = 4 };
enum { ORT_OPTIMISE_ALL = 99 };
enum { ORT_DEVICE_ALLOCATOR = 0 };
enum { ORT_MEMORY_DEFAULT = 0 };
enum {
    ORT_FLOAT = 1,
    ORT_UINT8 = 2,
    ORT_INT32 = 6,
    ORT_INT64 = 7,
};

struct ort_allocator;
struct ort_env;
struct ort_memory_info;
struct ort_model_metadata;
struct ort_run_options;
struct ort_session;
struct ort_session_options;
struct ort_status;
struct ort_tensor_info;
struct ort_type_info;
struct ort_value;

typedef void (*ort_slot)(void); /* an entry we do not call */
typedef void (*ort_logger)(void *owner, int severity, const char *category, const char *id,
                           const char *location, const char *message);

/* The number is the position in the table. */
struct ort_api {
    ort_slot skip_0[2];
    const char *(*get_error_message)(const struct ort_status *status); /* 2 */
    ort_slot skip_3;
    struct ort_status *(*create_env_with_logger)(ort_logger logger, void *owner, int level,
                                                 const char *id, struct ort_env **out); /* 4 */
    ort_slot skip_5;
    struct ort_status *(*disable_telemetry)(const struct ort_env *env); /* 6 */
    struct ort_status *(*create_session)(const struct ort_env *env, const char *path,
                                         const struct ort_session_options *options,
                                         struct ort_session **out); /* 7 */
    ort_slot skip_8;
    struct ort_status *(*run)(struct ort_session *session, const struct ort_run_options *options,
                              const char *const *input_names, const struct ort_value *const *inputs,
                              size_t input_count, const char *const *output_names,
                              size_t output_count, struct ort_value **outputs);     /* 9 */
    struct ort_status *(*create_session_options)(struct ort_session_options **out); /* 10 */
    ort_slot skip_11[12];
    struct ort_status *(*set_graph_optimisation)(struct ort_session_options *options,
                                                 int level); /* 23 */
    struct ort_status *(*set_intra_op_threads)(struct ort_session_options *options,
                                               int count); /* 24 */
    struct ort_status *(*set_inter_op_threads)(struct ort_session_options *options,
                                               int count); /* 25 */
    ort_slot skip_26[4];
    struct ort_status *(*get_input_count)(const struct ort_session *session, size_t *out);  /* 30 */
    struct ort_status *(*get_output_count)(const struct ort_session *session, size_t *out); /* 31 */
    ort_slot skip_32;
    struct ort_status *(*get_input_type)(const struct ort_session *session, size_t index,
                                         struct ort_type_info **out); /* 33 */
    struct ort_status *(*get_output_type)(const struct ort_session *session, size_t index,
                                          struct ort_type_info **out); /* 34 */
    ort_slot skip_35;
    struct ort_status *(*get_input_name)(const struct ort_session *session, size_t index,
                                         struct ort_allocator *allocator, char **out); /* 36 */
    struct ort_status *(*get_output_name)(const struct ort_session *session, size_t index,
                                          struct ort_allocator *allocator, char **out); /* 37 */
    ort_slot skip_38[11];
    struct ort_status *(*create_tensor)(const struct ort_memory_info *memory, void *data,
                                        size_t size, const int64_t *shape, size_t rank, int element,
                                        struct ort_value **out); /* 49 */
    ort_slot skip_50;
    struct ort_status *(*get_tensor_data)(struct ort_value *value, void **out); /* 51 */
    ort_slot skip_52[3];
    struct ort_status *(*as_tensor_info)(const struct ort_type_info *type,
                                         const struct ort_tensor_info **out); /* 55 */
    ort_slot skip_56[4];
    struct ort_status *(*get_element)(const struct ort_tensor_info *info, int *out); /* 60 */
    struct ort_status *(*get_rank)(const struct ort_tensor_info *info, size_t *out); /* 61 */
    struct ort_status *(*get_shape)(const struct ort_tensor_info *info, int64_t *shape,
                                    size_t rank); /* 62 */
    ort_slot skip_63[2];
    struct ort_status *(*get_tensor_info)(const struct ort_value *value,
                                          struct ort_tensor_info **out); /* 65 */
    ort_slot skip_66[3];
    struct ort_status *(*create_cpu_memory_info)(int allocator, int memory,
                                                 struct ort_memory_info **out); /* 69 */
    ort_slot skip_70[6];
    struct ort_status *(*allocator_free)(struct ort_allocator *allocator, void *memory); /* 76 */
    ort_slot skip_77;
    struct ort_status *(*get_allocator)(struct ort_allocator **out); /* 78 */
    ort_slot skip_79[13];
    void (*release_env)(struct ort_env *env);                    /* 92 */
    void (*release_status)(struct ort_status *status);           /* 93 */
    void (*release_memory_info)(struct ort_memory_info *memory); /* 94 */
    void (*release_session)(struct ort_session *session);        /* 95 */
    void (*release_value)(struct ort_value *value);              /* 96 */
    ort_slot skip_97;
    void (*release_type_info)(struct ort_type_info *type);                /* 98 */
    void (*release_tensor_info)(struct ort_tensor_info *info);            /* 99 */
    void (*release_session_options)(struct ort_session_options *options); /* 100 */
    ort_slot skip_101[10];
    struct ort_status *(*get_metadata)(const struct ort_session *session,
                                       struct ort_model_metadata **out); /* 111 */
    ort_slot skip_112[4];
    struct ort_status *(*look_metadata_up)(const struct ort_model_metadata *metadata,
                                           struct ort_allocator *allocator, const char *key,
                                           char **value); /* 116 */
    ort_slot skip_117;
    void (*release_metadata)(struct ort_model_metadata *metadata); /* 118 */
    ort_slot skip_119[11];
    struct ort_status *(*add_session_setting)(struct ort_session_options *options, const char *key,
                                              const char *value); /* 130 */
};

#define ORT_ENTRY_AT(entry, position)                                                              \
    _Static_assert(offsetof(struct ort_api, entry) == (position) * sizeof(ort_slot), #entry)
ORT_ENTRY_AT(get_error_message, 2);
ORT_ENTRY_AT(create_env_with_logger, 4);
ORT_ENTRY_AT(disable_telemetry, 6);
ORT_ENTRY_AT(create_session, 7);
ORT_ENTRY_AT(run, 9);
ORT_ENTRY_AT(create_session_options, 10);
ORT_ENTRY_AT(set_graph_optimisation, 23);
ORT_ENTRY_AT(set_intra_op_threads, 24);
ORT_ENTRY_AT(set_inter_op_threads, 25);
ORT_ENTRY_AT(get_input_count, 30);
ORT_ENTRY_AT(get_output_count, 31);
ORT_ENTRY_AT(get_input_type, 33);
ORT_ENTRY_AT(get_output_type, 34);
ORT_ENTRY_AT(get_input_name, 36);
ORT_ENTRY_AT(get_output_name, 37);
ORT_ENTRY_AT(create_tensor, 49);
ORT_ENTRY_AT(get_tensor_data, 51);
ORT_ENTRY_AT(as_tensor_info, 55);
ORT_ENTRY_AT(get_element, 60);
ORT_ENTRY_AT(get_rank, 61);
ORT_ENTRY_AT(get_shape, 62);
ORT_ENTRY_AT(get_tensor_info, 65);
ORT_ENTRY_AT(create_cpu_memory_info, 69);
ORT_ENTRY_AT(allocator_free, 76);
ORT_ENTRY_AT(get_allocator, 78);
ORT_ENTRY_AT(release_env, 92);
ORT_ENTRY_AT(release_status, 93);
ORT_ENTRY_AT(release_memory_info, 94);
ORT_ENTRY_AT(release_session, 95);
ORT_ENTRY_AT(release_value, 96);
ORT_ENTRY_AT(release_type_info, 98);
ORT_ENTRY_AT(release_tensor_info, 99);
ORT_ENTRY_AT(release_session_options, 100);
ORT_ENTRY_AT(get_metadata, 111);
ORT_ENTRY_AT(look_metadata_up, 116);
ORT_ENTRY_AT(release_metadata, 118);
ORT_ENTRY_AT(add_session_setting, 130);
#undef ORT_ENTRY_AT

struct ort_api_base {
    const struct ort_api *(*get_api)(uint32_t version); /* NULL: the library is older */
    const char *(*get_version)(void);
};

#endif
