/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes JSON (RFC 8259) straight into a buffer, without a tree. Commas and escapes are taken care
 * of; what is not UTF-8 becomes U+FFFD; a number that is not finite and a string that is NULL
 * become null. Keys go before values inside objects; NULL as key means an array element (or the
 * root).
 */
#ifndef DW_BASE_JSON_WRITER_H
#define DW_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct dw_json_writer {
    struct dw_buf *out; /* borrowed */
    bool comma;         /* the next element wants a comma before it */
};

void dw_json_object_begin(struct dw_json_writer *json, const char *key);
void dw_json_object_end(struct dw_json_writer *json);
void dw_json_array_begin(struct dw_json_writer *json, const char *key);
void dw_json_array_end(struct dw_json_writer *json);
void dw_json_string(struct dw_json_writer *json, const char *key, const char *value);
void dw_json_integer(struct dw_json_writer *json, const char *key, int64_t value);
void dw_json_bool(struct dw_json_writer *json, const char *key, bool value);
void dw_json_null(struct dw_json_writer *json, const char *key);

/* A number with a fixed count of decimals, the point always '.'. */
void dw_json_real(struct dw_json_writer *json, const char *key, double value, int decimals);

#endif
