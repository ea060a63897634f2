/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/yaml_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/alloc.h"

#define DEPTH_MAX 8

struct reader {
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    const char *text;
    size_t length;
    size_t bytes, characters; /* libyaml counts characters: how far it has been followed */
};

void dw_yaml_node_destroy(struct dw_yaml_node *node)
{
    if (node == NULL)
        return;
    for (size_t i = 0; i < node->children.count; i++)
        dw_yaml_node_destroy(node->children.items[i]);
    dw_vec_fini(&node->children);
    free(node->key);
    free(node->text);
    free(node);
}

struct dw_yaml_node *dw_yaml_get(const struct dw_yaml_node *map, const char *key)
{
    for (size_t i = 0; i < map->children.count; i++) {
        struct dw_yaml_node *child = map->children.items[i];
        if (child->key != NULL && strcmp(child->key, key) == 0)
            return child;
    }
    return NULL;
}

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

/* Marks mostly rise; an empty value's may lie a little before the last. */
static size_t byte_of(struct reader *reader, yaml_mark_t mark)
{
    if (mark.index < reader->characters)
        reader->bytes = reader->characters = 0;
    while (reader->characters < mark.index && reader->bytes < reader->length) {
        reader->characters++;
        reader->bytes++;
        while (reader->bytes < reader->length &&
               ((unsigned char)reader->text[reader->bytes] & 0xc0) == 0x80)
            reader->bytes++;
    }
    return reader->bytes;
}

/* A block ends with the last thing in it, not where the next one begins. */
static size_t trimmed(const struct reader *reader, size_t begin, size_t end)
{
    while (end > begin && strchr(" \t\r\n", reader->text[end - 1]) != NULL)
        end--;
    return end;
}

static int refuse_marks(const struct reader *reader, const yaml_char_t *anchor,
                        const yaml_char_t *tag, struct dw_err *err)
{
    if (anchor == NULL && tag == NULL)
        return 0;
    return dw_fail(err, -EINVAL, "line %d: anchors (&) and tags (!) are not understood here",
                   line_of(reader));
}

static int read_node(struct reader *reader, struct dw_yaml_node *node, int depth,
                     struct dw_err *err);

static int check_key(const struct reader *reader, const struct dw_yaml_node *map,
                     struct dw_err *err)
{
    if (reader->event.type != YAML_SCALAR_EVENT)
        return dw_fail(err, -EINVAL, "line %d: wants a name before the ':'", line_of(reader));
    const char *key = (const char *)reader->event.data.scalar.value;
    if (strlen(key) != reader->event.data.scalar.length)
        return dw_fail(err, -EINVAL, "line %d: a name holds the character 0", line_of(reader));
    const struct dw_yaml_node *former = dw_yaml_get(map, key);
    if (former != NULL)
        return dw_fail(err, -EINVAL, "line %d: '%.60s' stands in line %d already", line_of(reader),
                       key, former->line);
    return refuse_marks(reader, reader->event.data.scalar.anchor, reader->event.data.scalar.tag,
                        err);
}

/* The present event begins the entry. */
static int read_child(struct reader *reader, struct dw_yaml_node *node, int depth,
                      struct dw_err *err)
{
    int r = node->kind == DW_YAML_MAP ? check_key(reader, node, err) : 0;
    if (r < 0)
        return r;
    struct dw_yaml_node *child = dw_alloc0(sizeof(*child));
    dw_vec_push(&node->children, child); /* NOLINT(bugprone-sizeof-expression): of pointers */
    child->line = line_of(reader);
    child->key_begin = byte_of(reader, reader->event.start_mark);
    if (node->kind == DW_YAML_MAP) {
        child->key = dw_strdup((const char *)reader->event.data.scalar.value);
        r = next(reader, err);
    }
    return r == 0 ? read_node(reader, child, depth + 1, err) : r;
}

/* Entries up to the event that ends the collection, which is left as the present one. */
static int read_children(struct reader *reader, struct dw_yaml_node *node, int depth,
                         struct dw_err *err)
{
    for (;;) {
        int r = next(reader, err);
        if (r < 0)
            return r;
        if (reader->event.type == YAML_MAPPING_END_EVENT ||
            reader->event.type == YAML_SEQUENCE_END_EVENT)
            return 0;
        r = read_child(reader, node, depth, err);
        if (r < 0)
            return r;
    }
}

static int read_scalar(struct reader *reader, struct dw_yaml_node *node, struct dw_err *err)
{
    const char *value = (const char *)reader->event.data.scalar.value;
    if (strlen(value) != reader->event.data.scalar.length)
        return dw_fail(err, -EINVAL, "line %d: a value holds the character 0", line_of(reader));
    node->text = dw_strdup(value);
    node->end = trimmed(reader, node->begin, byte_of(reader, reader->event.end_mark));
    return refuse_marks(reader, reader->event.data.scalar.anchor, reader->event.data.scalar.tag,
                        err);
}

static int read_collection(struct reader *reader, struct dw_yaml_node *node, int depth,
                           struct dw_err *err)
{
    const yaml_event_t *event = &reader->event;
    bool map = event->type == YAML_MAPPING_START_EVENT;
    node->kind = map ? DW_YAML_MAP : DW_YAML_LIST;
    node->flow = map ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                     : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    const yaml_char_t *anchor =
        map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *tag = map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    int r = refuse_marks(reader, anchor, tag, err);
    if (r == 0 && depth >= DEPTH_MAX)
        r = dw_fail(err, -EINVAL, "line %d: is nested too deep", line_of(reader));
    if (r == 0)
        r = read_children(reader, node, depth, err);
    if (r < 0)
        return r;
    size_t count = node->children.count;
    if (node->flow)
        node->end = byte_of(reader, reader->event.end_mark);
    else
        node->end = count > 0 ? node->children.items[count - 1]->end : node->begin;
    return 0;
}

/* The present event begins the node. */
static int read_node(struct reader *reader, struct dw_yaml_node *node, int depth,
                     struct dw_err *err)
{
    node->begin = byte_of(reader, reader->event.start_mark);
    if (node->line == 0)
        node->line = line_of(reader);
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(reader, node, err);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return read_collection(reader, node, depth, err);
    case YAML_ALIAS_EVENT:
        return dw_fail(err, -EINVAL, "line %d: aliases (*) are not understood here",
                       line_of(reader));
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        break;
    }
    return dw_fail(err, -EINVAL, "line %d: wants a value", line_of(reader));
}

static int read_document(struct reader *reader, struct dw_yaml_node *root, struct dw_err *err)
{
    int r = next(reader, err); /* the stream starts */
    if (r == 0)
        r = next(reader, err);
    root->kind = DW_YAML_MAP;
    root->begin = root->end = reader->length;
    if (r < 0 || reader->event.type == YAML_STREAM_END_EVENT)
        return r;
    r = next(reader, err);
    if (r == 0)
        r = read_node(reader, root, 0, err);
    if (r == 0)
        r = next(reader, err); /* the document ends */
    if (r == 0)
        r = next(reader, err);
    if (r == 0 && reader->event.type != YAML_STREAM_END_EVENT)
        r = dw_fail(err, -EINVAL, "line %d: holds a second document; one is enough",
                    line_of(reader));
    return r;
}

int dw_yaml_parse(struct dw_yaml_node **out, const char *text, size_t length, struct dw_err *err)
{
    if (length > DW_YAML_BYTES_MAX)
        return dw_fail(err, -EFBIG, "holds %zu bytes; at most %d are read", length,
                       DW_YAML_BYTES_MAX);
    struct reader reader = { .text = text, .length = length };
    if (yaml_parser_initialize(&reader.parser) == 0)
        dw_out_of_memory();
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, length);
    DW_AUTO(yaml_node) *root = dw_alloc0(sizeof(*root));
    int r = read_document(&reader, root, err);
    if (reader.has_event)
        yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    if (r == 0)
        *out = DW_TAKE(root);
    return r;
}
