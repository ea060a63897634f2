/* SPDX-License-Identifier: Apache-2.0 */
/* Settings from YAML: a mapping of groups ("zone: {grace: 1}") or of full names, scalars only. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/macros.h"
#include "conf/file.h"
#include "conf/option.h"

struct reader {
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    struct dw_settings settings; /* as far as read */
};

static int line_of(const struct reader *reader)
{
    return (int)reader->event.start_mark.line + 1;
}

static int next(struct reader *reader, struct dw_err *err)
{
    if (reader->has_event)
        yaml_event_delete(&reader->event);
    reader->has_event = yaml_parser_parse(&reader->parser, &reader->event) != 0;
    if (reader->parser.error == YAML_MEMORY_ERROR)
        dw_out_of_memory();
    if (!reader->has_event)
        return dw_fail(err, -EINVAL, "line %d: %s", (int)reader->parser.problem_mark.line + 1,
                       reader->parser.problem != NULL ? reader->parser.problem : "is no YAML");
    return 0;
}

static const char *scalar(const struct reader *reader)
{
    return reader->event.type == YAML_SCALAR_EVENT ? (const char *)reader->event.data.scalar.value
                                                   : NULL;
}

static int read_value(struct reader *reader, const char *name, struct dw_err *err)
{
    int line = line_of(reader);
    if (scalar(reader) == NULL)
        return dw_fail(err, -EINVAL, "line %d: '%s' wants a single value", line, name);
    int r = dw_settings_set_value(&reader->settings, name, scalar(reader), err);
    return r < 0 ? dw_fail_within(err, r, "line %d", line) : 0;
}

/* The entries of a mapping whose start has been read, each name prefixed with `group`. */
static int read_group(struct reader *reader, const char *group, struct dw_err *err)
{
    for (;;) {
        int r = next(reader, err);
        if (r < 0)
            return r;
        if (reader->event.type == YAML_MAPPING_END_EVENT)
            return 0;
        if (scalar(reader) == NULL)
            return dw_fail(err, -EINVAL, "line %d: wants the name of a setting", line_of(reader));
        char name[128];
        snprintf(name, sizeof(name), "%s%s%.60s", group, *group != '\0' ? "." : "", scalar(reader));
        r = next(reader, err);
        if (r == 0 && reader->event.type == YAML_MAPPING_START_EVENT && *group == '\0')
            r = read_group(reader, name, err);
        else if (r == 0)
            r = read_value(reader, name, err);
        if (r < 0)
            return r;
    }
}

static int read_document(struct reader *reader, struct dw_err *err)
{
    for (;;) {
        int r = next(reader, err);
        if (r < 0)
            return r;
        switch (reader->event.type) {
        case YAML_STREAM_END_EVENT:
            return 0;
        case YAML_MAPPING_START_EVENT:
            r = read_group(reader, "", err);
            if (r < 0)
                return r;
            break;
        case YAML_SCALAR_EVENT:
        case YAML_SEQUENCE_START_EVENT:
            if (scalar(reader) != NULL && *scalar(reader) == '\0')
                break;
            return dw_fail(err, -EINVAL, "line %d: wants settings like 'zone: {grace: 1}'",
                           line_of(reader));
        case YAML_NO_EVENT:
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
        case YAML_ALIAS_EVENT:
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT:
            break;
        }
    }
}

int dw_settings_parse(struct dw_settings *settings, const char *text, size_t length,
                      struct dw_err *err)
{
    struct reader reader = { .settings = *settings };
    if (yaml_parser_initialize(&reader.parser) == 0)
        dw_out_of_memory();
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, length);
    int r = read_document(&reader, err);
    if (reader.has_event)
        yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    if (r == 0)
        *settings = reader.settings;
    return r;
}

int dw_settings_load(struct dw_settings *settings, const char *path, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    int r = dw_file_read(&text, path, 1 << 20, err);
    if (r == 0) {
        r = dw_settings_parse(settings, dw_buf_text(&text), text.length, err);
        if (r < 0)
            dw_fail_within(err, r, "%s", path);
    }
    dw_buf_fini(&text);
    return r;
}
