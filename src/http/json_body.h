/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON bodies: a table of fields says what an object may hold and where each goes. What is missing,
 * unknown or of another kind is answered with 422 and a pointer to it.
 */
#ifndef DW_HTTP_JSON_BODY_H
#define DW_HTTP_JSON_BODY_H

#include <stdbool.h>

#include "http/message.h"

enum dw_field_kind {
    DW_FIELD_TEXT,    /* const char *; lives as long as the body */
    DW_FIELD_BOOL,    /* bool */
    DW_FIELD_INTEGER, /* int64_t */
    DW_FIELD_REAL,    /* double; whole numbers too */
    DW_FIELD_TEXTS,   /* struct dw_json_texts */
    DW_FIELD_OBJECT,  /* char *: its text, to be freed */
};

#define DW_JSON_TEXTS_MAX 64

struct dw_json_texts {
    const char *items[DW_JSON_TEXTS_MAX];
    size_t count;
};

struct dw_field {
    const char *name;
    enum dw_field_kind kind;
    bool required; /* else `out` stays as it is when the field is missing or null */
    void *out;
};

struct dw_json_body {
    void *root;
};

/* False: the response says why. Free the body in any case. */
bool dw_json_body_read(struct dw_json_body *body, const struct dw_request *request,
                       const struct dw_field *fields, size_t count, struct dw_response *response);
/* Whether the object has such a field and it is not null. */
bool dw_json_body_has(const struct dw_json_body *body, const char *name);

void dw_json_body_fini(struct dw_json_body *body);

#endif
