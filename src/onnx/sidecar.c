/* SPDX-License-Identifier: Apache-2.0 */
#include "onnx/sidecar.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/suggest.h"

#define FILE_SIZE_MAX 65536
#define INPUT_SIDE_MAX 8192

enum kind {
    KIND_WORD,    /* one of `words`; the value is its position, from 1 */
    KIND_LAYOUT,  /* one of `words`, kept as text */
    KIND_INTEGER, /* min..max */
    KIND_REAL,    /* min..max */
    KIND_TRIPLE,  /* three numbers, min..max, one a colour */
    KIND_OUTPUTS, /* {role: name} */
};

struct field {
    const char *key;
    enum kind kind;
    size_t offset; /* in struct dw_model_options */
    double min, max;
    const char *words[5]; /* NULL at the end */
};

#define AT(member) offsetof(struct dw_model_options, member)

static const struct field fields[] = {
    { "layout", KIND_LAYOUT, AT(layout), 0, 0, { "nanodet", "yolox", "ssd", "detr" } },
    { "channels", KIND_WORD, AT(channels), 0, 0, { "bgr", "rgb" } },
    { "fit", KIND_WORD, AT(fit), 0, 0, { "center", "corner", "stretch" } },
    { "boxes", KIND_WORD, AT(boxes), 0, 0, { "grid", "x1y1x2y2", "y1x1y2x2", "cxcywh" } },
    { "units", KIND_WORD, AT(units), 0, 0, { "normalized", "pixels" } },
    { "activation", KIND_WORD, AT(activation), 0, 0, { "none", "sigmoid", "softmax" } },
    { "mean", KIND_TRIPLE, AT(mean), -1e6, 1e6, { NULL } },
    { "std", KIND_TRIPLE, AT(std), 1e-6, 1e6, { NULL } },
    { "pad", KIND_INTEGER, AT(pad), 0, 255, { NULL } },
    { "person_class", KIND_INTEGER, AT(person_class), 0, 1e6, { NULL } },
    { "staff_class", KIND_INTEGER, AT(staff_class), 0, 1e6, { NULL } },
    { "width", KIND_INTEGER, AT(width_px), 1, INPUT_SIDE_MAX, { NULL } },
    { "height", KIND_INTEGER, AT(height_px), 1, INPUT_SIDE_MAX, { NULL } },
    { "bins", KIND_INTEGER, AT(bins), 2, 64, { NULL } },
    { "score", KIND_REAL, AT(score), 0, 1, { NULL } },
    { "certain", KIND_REAL, AT(certain), 0, 1, { NULL } },
    { "birth", KIND_REAL, AT(birth), 0, 1, { NULL } },
    { "nms", KIND_REAL, AT(nms), 0, 1, { NULL } },
    { "outputs", KIND_OUTPUTS, AT(outputs), 0, 0, { NULL } },
};

static const char *const role_names[DW_OUTPUT_ROLE_COUNT] = {
    [DW_OUTPUT_SCORES] = "scores",       [DW_OUTPUT_BOXES] = "boxes",
    [DW_OUTPUT_LABELS] = "labels",       [DW_OUTPUT_SCORES_8] = "scores_8",
    [DW_OUTPUT_SCORES_16] = "scores_16", [DW_OUTPUT_SCORES_32] = "scores_32",
    [DW_OUTPUT_SCORES_64] = "scores_64", [DW_OUTPUT_BOXES_8] = "boxes_8",
    [DW_OUTPUT_BOXES_16] = "boxes_16",   [DW_OUTPUT_BOXES_32] = "boxes_32",
    [DW_OUTPUT_BOXES_64] = "boxes_64",
};

/* What the person wrote, short enough for a sentence. */
struct excerpt {
    char text[48];
};

static struct excerpt excerpt(const json_t *value)
{
    struct excerpt shown = { "" };
    char *text = shown.text;
    size_t size = sizeof(shown.text);
    switch (json_typeof(value)) {
    case JSON_STRING:
        snprintf(text, size, "\"%.40s\"", json_string_value(value));
        break;
    case JSON_INTEGER:
        snprintf(text, size, "%lld", (long long)json_integer_value(value));
        break;
    case JSON_REAL:
        snprintf(text, size, "%g", json_real_value(value));
        break;
    case JSON_ARRAY:
        snprintf(text, size, "a list of %zu", json_array_size(value));
        break;
    case JSON_OBJECT:
        snprintf(text, size, "an object");
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        snprintf(text, size, "%s", json_is_true(value) ? "true" : "false");
        break;
    case JSON_NULL:
        snprintf(text, size, "null");
        break;
    }
    return shown;
}

static int unknown(const char *what, const char *key, const char *const *known, size_t count,
                   struct dw_err *err)
{
    const char *near = dw_suggest(key, known, count);
    if (near != NULL)
        return dw_fail(err, -EINVAL, "there is no %s \"%.40s\"; did you mean \"%s\"?", what, key,
                       near);
    return dw_fail(err, -EINVAL, "there is no %s \"%.40s\"; docs/models.md lists them", what, key);
}

static int read_word(const struct field *field, const json_t *value, void *target,
                     struct dw_err *err)
{
    const char *word = json_is_string(value) ? json_string_value(value) : "";
    char list[96] = "";
    size_t length = 0;
    for (size_t i = 0; i < DW_LENGTH(field->words) && field->words[i] != NULL; i++) {
        if (strcmp(field->words[i], word) == 0) {
            int position = (int)i + 1;
            if (field->kind == KIND_LAYOUT)
                memcpy(target, field->words[i], strlen(field->words[i]) + 1);
            else
                memcpy(target, &position, sizeof(position));
            return 0;
        }
        length += (size_t)snprintf(list + length, sizeof(list) - length, "%s\"%s\"",
                                   i > 0 ? ", " : "", field->words[i]);
    }
    return dw_fail(err, -EINVAL, "\"%s\" wants one of %s, got %s", field->key, list,
                   excerpt(value).text);
}

static int read_integer(const struct field *field, const json_t *value, int *target,
                        struct dw_err *err)
{
    if (!json_is_integer(value) || (double)json_integer_value(value) < field->min ||
        (double)json_integer_value(value) > field->max)
        return dw_fail(err, -EINVAL, "\"%s\" wants a whole number from %g to %g, got %s",
                       field->key, field->min, field->max, excerpt(value).text);
    *target = (int)json_integer_value(value);
    return 0;
}

static int read_real(const struct field *field, const json_t *value, double *target,
                     struct dw_err *err)
{
    double number = json_number_value(value);
    if (!json_is_number(value) || number < field->min || number > field->max)
        return dw_fail(err, -EINVAL, "\"%s\" wants a number from %g to %g, got %s", field->key,
                       field->min, field->max, excerpt(value).text);
    *target = number;
    return 0;
}

static int read_triple(const struct field *field, const json_t *value, float *target,
                       struct dw_err *err)
{
    if (!json_is_array(value) || json_array_size(value) != 3)
        return dw_fail(err, -EINVAL, "\"%s\" wants a list of three numbers, one a colour, got %s",
                       field->key, excerpt(value).text);
    for (size_t i = 0; i < 3; i++) {
        double number = 0;
        int status = read_real(field, json_array_get(value, i), &number, err);
        if (status != 0)
            return status;
        target[i] = (float)number;
    }
    return 0;
}

static int read_outputs(json_t *value, char (*outputs)[DW_OUTPUT_NAME_SIZE], struct dw_err *err)
{
    if (!json_is_object(value))
        return dw_fail(err, -EINVAL, "\"outputs\" wants {\"scores\": \"NAME\", ...}, got %s",
                       excerpt(value).text);
    const char *key = NULL;
    const json_t *name = NULL;
    json_object_foreach(value, key, name)
    {
        size_t role = 0;
        while (role < DW_OUTPUT_ROLE_COUNT && strcmp(role_names[role], key) != 0)
            role++;
        if (role == DW_OUTPUT_ROLE_COUNT)
            return unknown("output", key, role_names, DW_OUTPUT_ROLE_COUNT, err);
        if (!json_is_string(name) || json_string_length(name) == 0 ||
            json_string_length(name) >= DW_OUTPUT_NAME_SIZE)
            return dw_fail(err, -EINVAL,
                           "\"%s\" wants the name of one of the model's outputs, got %s", key,
                           excerpt(name).text);
        snprintf(outputs[role], DW_OUTPUT_NAME_SIZE, "%s", json_string_value(name));
    }
    return 0;
}

static int read_field(const struct field *field, json_t *value, struct dw_model_options *options,
                      struct dw_err *err)
{
    void *target = (char *)options + field->offset;
    switch (field->kind) {
    case KIND_WORD:
    case KIND_LAYOUT:
        return read_word(field, value, target, err);
    case KIND_INTEGER:
        return read_integer(field, value, target, err);
    case KIND_REAL:
        return read_real(field, value, target, err);
    case KIND_TRIPLE:
        return read_triple(field, value, target, err);
    case KIND_OUTPUTS:
        return read_outputs(value, target, err);
    }
    return 0;
}

static int read_object(json_t *root, struct dw_model_options *options, struct dw_err *err)
{
    if (!json_is_object(root))
        return dw_fail(err, -EINVAL, "wants an object {\"layout\": ...}");
    const char *known[DW_LENGTH(fields)];
    for (size_t i = 0; i < DW_LENGTH(fields); i++)
        known[i] = fields[i].key;

    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(root, key, value)
    {
        size_t at = 0;
        while (at < DW_LENGTH(fields) && strcmp(fields[at].key, key) != 0)
            at++;
        if (at == DW_LENGTH(fields))
            return unknown("key", key, known, DW_LENGTH(known), err);
        int status = read_field(&fields[at], value, options, err);
        if (status != 0)
            return status;
    }
    if (json_object_get(root, "mean") != NULL && json_object_get(root, "std") == NULL)
        return dw_fail(err, -EINVAL, "\"mean\" wants \"std\" beside it");
    return 0;
}

int dw_sidecar_parse(struct dw_model_options *options, const char *text, size_t length,
                     const char *name, struct dw_err *err)
{
    json_error_t where;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &where);
    if (root == NULL)
        return dw_fail(err, -EINVAL, "%.200s line %d: not JSON: %s", name, where.line, where.text);
    int status = read_object(root, options, err);
    json_decref(root);
    return status != 0 ? dw_fail_within(err, status, "%.200s", name) : 0;
}

int dw_sidecar_load(struct dw_model_options *options, const char *path, struct dw_err *err)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL && errno == ENOENT)
        return -ENOENT;
    if (file == NULL)
        return dw_fail(err, -errno, "%.200s: cannot be read: %s", path, strerror(errno));
    char text[FILE_SIZE_MAX + 1];
    size_t length = fread(text, 1, sizeof(text), file);
    int failed = ferror(file);
    fclose(file);
    if (failed || length > FILE_SIZE_MAX)
        return dw_fail(err, -EINVAL, "%.200s: %s", path,
                       failed ? "cannot be read" : "too long for the notes on a model");
    return dw_sidecar_parse(options, text, length, path, err);
}

void dw_sidecar_path(char *path, size_t size, const char *model_path)
{
    const char *suffix = strrchr(model_path, '.');
    const char *slash = strrchr(model_path, '/');
    size_t stem = suffix != NULL && (slash == NULL || suffix > slash)
                      ? (size_t)(suffix - model_path)
                      : strlen(model_path);
    snprintf(path, size, "%.*s.json", (int)stem, model_path);
}
