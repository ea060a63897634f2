/* SPDX-License-Identifier: Apache-2.0 */
#include "http/json_body.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "http/problem.h"

#define FIELDS_MAX 16

static const char *const wants[] = {
    [DW_FIELD_TEXT] = "wants a text",
    [DW_FIELD_BOOL] = "wants true or false",
    [DW_FIELD_INTEGER] = "wants a whole number",
    [DW_FIELD_REAL] = "wants a number",
    [DW_FIELD_TEXTS] = "wants a list of texts",
    [DW_FIELD_OBJECT] = "wants an object",
};

static bool take_texts(const json_t *value, struct dw_json_texts *texts)
{
    if (!json_is_array(value) || json_array_size(value) > DW_JSON_TEXTS_MAX)
        return false;
    texts->count = json_array_size(value);
    for (size_t i = 0; i < texts->count; i++) {
        texts->items[i] = json_string_value(json_array_get(value, i));
        if (texts->items[i] == NULL)
            return false;
    }
    return true;
}

static bool take_scalar(const struct dw_field *field, const json_t *value)
{
    if (field->kind == DW_FIELD_TEXT && json_is_string(value))
        *(const char **)field->out = json_string_value(value);
    else if (field->kind == DW_FIELD_BOOL && json_is_boolean(value))
        *(bool *)field->out = json_is_true(value);
    else if (field->kind == DW_FIELD_INTEGER && json_is_integer(value))
        *(int64_t *)field->out = json_integer_value(value);
    else if (field->kind == DW_FIELD_REAL && json_is_number(value))
        *(double *)field->out = json_number_value(value);
    else
        return false;
    return true;
}

static bool take_value(const struct dw_field *field, const json_t *value)
{
    if (field->kind == DW_FIELD_TEXTS)
        return take_texts(value, field->out);
    if (field->kind != DW_FIELD_OBJECT)
        return take_scalar(field, value);
    if (json_is_object(value))
        *(char **)field->out = json_dumps(value, JSON_COMPACT);
    return json_is_object(value);
}

static bool fail_at(struct dw_response *response, const char *name, const char *detail)
{
    char pointer[80];
    snprintf(pointer, sizeof(pointer), "/%.70s", name);
    dw_problem_at(response, pointer, detail);
    return false;
}

static bool fail_unknown(struct dw_response *response, const char *name,
                         const struct dw_field *fields, size_t count)
{
    const char *names[FIELDS_MAX];
    char detail[256];
    for (size_t i = 0; i < count; i++)
        names[i] = fields[i].name;
    const char *near = dw_suggest(name, names, count);
    snprintf(detail, sizeof(detail),
             near != NULL ? "'%.60s' is not known here; did you mean '%s'?"
                          : "'%.60s' is not known here",
             name, near);
    return fail_at(response, name, detail);
}

static bool take_fields(json_t *root, const struct dw_field *fields, size_t count,
                        struct dw_response *response)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(root, fields[i].name);
        bool there = value != NULL && !json_is_null(value);
        if (!there && fields[i].required)
            return fail_at(response, fields[i].name, "is missing");
        if (there && !take_value(&fields[i], value))
            return fail_at(response, fields[i].name, wants[fields[i].kind]);
    }
    const char *name;
    json_t *value;
    json_object_foreach(root, name, value)
    {
        size_t i = 0;
        while (i < count && strcmp(fields[i].name, name) != 0)
            i++;
        if (i == count)
            return fail_unknown(response, name, fields, count);
    }
    return true;
}

bool dw_json_body_read(struct dw_json_body *body, const struct dw_request *request,
                       const struct dw_field *fields, size_t count, struct dw_response *response)
{
    json_error_t where;
    json_t *root = json_loadb(dw_buf_text(&request->body), request->body.length,
                              JSON_REJECT_DUPLICATES, &where);
    body->root = root;
    if (root == NULL) {
        dw_problem(response, 400, "the body is no JSON: line %d: %s", where.line, where.text);
        return false;
    }
    if (!json_is_object(root)) {
        dw_problem_at(response, "", "wants an object");
        return false;
    }
    return take_fields(root, fields, count, response);
}

bool dw_json_body_has(const struct dw_json_body *body, const char *name)
{
    const json_t *value = json_object_get(body->root, name);
    return value != NULL && !json_is_null(value);
}

void dw_json_body_fini(struct dw_json_body *body)
{
    json_decref(body->root);
    body->root = NULL;
}
