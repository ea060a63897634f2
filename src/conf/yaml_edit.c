/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/yaml_edit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "conf/yaml_tree.h"

/* Bytes [begin, end) of the text become `text`. */
struct patch {
    size_t begin, end;
    struct dw_buf text;
};

static void apply(const struct dw_buf *text, const struct patch *patch, struct dw_buf *out)
{
    dw_buf_append(out, dw_buf_text(text), patch->begin);
    dw_buf_append(out, dw_buf_text(&patch->text), patch->text.length);
    dw_buf_append(out, dw_buf_text(text) + patch->end, text->length - patch->end);
}

static bool is_plain(const char *value)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
    return *value != '\0' && strchr(letters, *value) != NULL &&
           strspn(value, others) == strlen(value);
}

static void put_value(struct dw_buf *out, const char *value)
{
    if (is_plain(value)) {
        dw_buf_puts(out, value);
        return;
    }
    dw_buf_puts(out, "\"");
    for (const char *at = value; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x20 || byte == 0x7f)
            dw_buf_printf(out, "\\x%02x", byte);
        else if (byte == '"' || byte == '\\')
            dw_buf_printf(out, "\\%c", byte);
        else
            dw_buf_append(out, at, 1);
    }
    dw_buf_puts(out, "\"");
}

static void put_pair(struct dw_buf *out, const struct dw_yaml_pair *pair)
{
    dw_buf_printf(out, "%s: ", pair->key);
    put_value(out, pair->value);
}

static size_t line_begin(const struct dw_buf *text, size_t at)
{
    while (at > 0 && text->data[at - 1] != '\n')
        at--;
    return at;
}

/* Behind the line feed of the line in which `at` lies; the text's end if it has none. */
static size_t line_end(const struct dw_buf *text, size_t at)
{
    while (at < text->length && text->data[at] != '\n')
        at++;
    return at < text->length ? at + 1 : at;
}

/* A place for whole lines after the one in which `at` lies. */
static void patch_lines_after(struct patch *patch, const struct dw_buf *text, size_t at)
{
    patch->begin = patch->end = line_end(text, at);
    if (patch->begin > 0 && text->data[patch->begin - 1] != '\n')
        dw_buf_puts(&patch->text, "\n");
}

static void put_spaces(struct dw_buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        dw_buf_puts(out, " ");
}

/* --- What each change writes ---------------------------------------------------------------- */

static int patch_new_key(struct patch *patch, const struct dw_buf *text,
                         const struct dw_yaml_node *map, const struct dw_yaml_pair *pair,
                         struct dw_err *err)
{
    size_t count = map->children.count;
    if (count == 0 && map->begin == text->length) { /* nothing but comments */
        patch_lines_after(patch, text, text->length);
        put_pair(&patch->text, pair);
        dw_buf_puts(&patch->text, "\n");
        return 0;
    }
    if (count == 0)
        return dw_fail(err, -EINVAL, "line %d: write the first key by hand", map->line);
    const struct dw_yaml_node *first = map->children.items[0],
                              *last = map->children.items[count - 1];
    if (map->flow) {
        patch->begin = patch->end = last->end;
        dw_buf_puts(&patch->text, ", ");
        put_pair(&patch->text, pair);
        return 0;
    }
    patch_lines_after(patch, text, last->end);
    put_spaces(&patch->text, first->key_begin - line_begin(text, first->key_begin));
    put_pair(&patch->text, pair);
    dw_buf_puts(&patch->text, "\n");
    return 0;
}

static int patch_set(struct patch *patch, const struct dw_buf *text, const struct dw_yaml_node *map,
                     const struct dw_yaml_pair *pair, struct dw_err *err)
{
    const struct dw_yaml_node *value = dw_yaml_get(map, pair->key);
    if (value == NULL)
        return patch_new_key(patch, text, map, pair, err);
    if (value->kind != DW_YAML_SCALAR)
        return dw_fail(err, -EINVAL, "line %d: '%s' is no single value: change it by hand",
                       value->line, pair->key);
    patch->begin = value->begin;
    patch->end = value->end;
    if (value->begin == value->end)
        dw_buf_puts(&patch->text, " ");
    put_value(&patch->text, pair->value);
    return 0;
}

static void put_item(struct dw_buf *out, size_t indent, const struct dw_yaml_pair *pairs,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_spaces(out, indent);
        dw_buf_puts(out, i == 0 ? "- " : "  ");
        put_pair(out, &pairs[i]);
        dw_buf_puts(out, "\n");
    }
}

static void put_flow_item(struct dw_buf *out, const struct dw_yaml_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        dw_buf_puts(out, i == 0 ? ", {" : ", ");
        put_pair(out, &pairs[i]);
    }
    dw_buf_puts(out, "}");
}

/* Where the dash of a block list's item stands; the list's text before it is only spaces. */
static size_t dash_of(const struct dw_buf *text, const struct dw_yaml_node *item)
{
    size_t at = item->key_begin;
    while (at > 0 && text->data[at] != '-')
        at--;
    return at;
}

static void patch_add(struct patch *patch, const struct dw_buf *text,
                      const struct dw_yaml_node *root, const char *name,
                      const struct dw_yaml_pair *pairs, size_t count)
{
    const struct dw_yaml_node *list = dw_yaml_get(root, name);
    if (list == NULL) {
        patch_lines_after(patch, text, text->length);
        dw_buf_printf(&patch->text, "%s:\n", name);
        put_item(&patch->text, 2, pairs, count);
    } else if (list->children.count == 0) { /* "cameras:" or "cameras: []" */
        patch->begin = list->begin;
        patch->end = list->end;
        while (patch->begin > 0 && text->data[patch->begin - 1] == ' ')
            patch->begin--;
        dw_buf_puts(&patch->text, "\n");
        put_item(&patch->text, 2, pairs, count);
        patch->text.data[--patch->text.length] = '\0'; /* the rest of the line follows */
    } else if (list->flow) {
        patch->begin = patch->end = list->children.items[list->children.count - 1]->end;
        put_flow_item(&patch->text, pairs, count);
    } else {
        size_t dash = dash_of(text, list->children.items[0]);
        patch_lines_after(patch, text, list->children.items[list->children.count - 1]->end);
        put_item(&patch->text, dash - line_begin(text, dash), pairs, count);
    }
}

static void patch_remove(struct patch *patch, const struct dw_buf *text,
                         const struct dw_yaml_node *list, size_t item)
{
    const struct dw_yaml_node *node = list->children.items[item];
    bool last = item + 1 == list->children.count;
    if (list->children.count == 1) {
        patch->begin = list->flow ? list->begin : line_begin(text, dash_of(text, node));
        patch->end = list->flow ? list->end : line_end(text, node->end);
        dw_buf_puts(&patch->text, list->flow ? "[]" : "  []\n");
    } else if (!list->flow) {
        patch->begin = line_begin(text, dash_of(text, node));
        patch->end = line_end(text, node->end);
    } else if (last) {
        patch->begin = list->children.items[item - 1]->end;
        patch->end = node->end;
    } else {
        patch->begin = node->begin;
        patch->end = list->children.items[item + 1]->begin;
    }
}

/* --- Whether it did that and nothing else --------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same(const struct dw_yaml_node *a, const struct dw_yaml_node *b)
{
    if (a->kind != b->kind || !same_text(a->key, b->key) || !same_text(a->text, b->text) ||
        a->children.count != b->children.count)
        return false;
    for (size_t i = 0; i < a->children.count; i++)
        if (!same(a->children.items[i], b->children.items[i]))
            return false;
    return true;
}

static struct dw_yaml_node *add_child(struct dw_yaml_node *node, const char *key,
                                      enum dw_yaml_kind kind)
{
    struct dw_yaml_node *child = dw_alloc0(sizeof(*child));
    child->kind = kind;
    child->key = key != NULL ? dw_strdup(key) : NULL;
    dw_vec_push(&node->children, child);
    return child;
}

static void set_child(struct dw_yaml_node *map, const struct dw_yaml_pair *pair)
{
    struct dw_yaml_node *child = dw_yaml_get(map, pair->key);
    if (child == NULL)
        child = add_child(map, pair->key, DW_YAML_SCALAR);
    free(child->text);
    child->text = dw_strdup(pair->value);
}

/* `wanted` is the tree of the text, changed as it should be. */
static int commit(struct dw_buf *text, const struct patch *patch, const struct dw_yaml_node *wanted,
                  struct dw_err *err)
{
    struct dw_buf changed = { 0 };
    DW_AUTO(yaml_node) *found = NULL;
    apply(text, patch, &changed);
    int r = dw_yaml_parse(&found, dw_buf_text(&changed), changed.length, NULL);
    if (r == 0 && same(found, wanted)) {
        struct dw_buf former = *text;
        *text = changed;
        changed = former;
    } else {
        r = dw_fail(err, -EINVAL,
                    "cannot be changed without touching more than that: it is laid "
                    "out in an unusual way; change it by hand");
    }
    dw_buf_fini(&changed);
    return r;
}

static struct dw_yaml_node *find_list(const struct dw_yaml_node *root, const char *name,
                                      size_t item)
{
    struct dw_yaml_node *list = dw_yaml_get(root, name);
    bool fine = list != NULL && list->kind == DW_YAML_LIST && item < list->children.count;
    return fine ? list : NULL;
}

int dw_yaml_edit_set(struct dw_buf *text, const char *list, size_t item, struct dw_yaml_pair pair,
                     struct dw_err *err)
{
    DW_AUTO(yaml_node) *root = NULL;
    int r = dw_yaml_parse(&root, dw_buf_text(text), text->length, err);
    if (r < 0)
        return r;
    struct dw_yaml_node *items = list != NULL ? find_list(root, list, item) : NULL;
    struct dw_yaml_node *map = list == NULL    ? root
                               : items != NULL ? items->children.items[item]
                                               : NULL;
    if (map == NULL || map->kind != DW_YAML_MAP)
        return dw_fail(err, -ENOENT, "there is no item %zu of '%s'", item + 1, list);
    struct patch patch = { 0 };
    r = patch_set(&patch, text, map, &pair, err);
    if (r == 0) {
        set_child(map, &pair);
        r = commit(text, &patch, root, err);
    }
    dw_buf_fini(&patch.text);
    return r;
}

int dw_yaml_edit_add(struct dw_buf *text, const char *list, const struct dw_yaml_pair *pairs,
                     size_t count, struct dw_err *err)
{
    DW_AUTO(yaml_node) *root = NULL;
    int r = dw_yaml_parse(&root, dw_buf_text(text), text->length, err);
    if (r < 0)
        return r;
    struct patch patch = { 0 };
    patch_add(&patch, text, root, list, pairs, count);
    struct dw_yaml_node *items = dw_yaml_get(root, list);
    if (items == NULL)
        items = add_child(root, list, DW_YAML_LIST);
    items->kind = DW_YAML_LIST;
    free(DW_TAKE(items->text));
    struct dw_yaml_node *map = add_child(items, NULL, DW_YAML_MAP);
    for (size_t i = 0; i < count; i++)
        set_child(map, &pairs[i]);
    r = commit(text, &patch, root, err);
    dw_buf_fini(&patch.text);
    return r;
}

int dw_yaml_edit_remove(struct dw_buf *text, const char *list, size_t item, struct dw_err *err)
{
    DW_AUTO(yaml_node) *root = NULL;
    int r = dw_yaml_parse(&root, dw_buf_text(text), text->length, err);
    if (r < 0)
        return r;
    struct dw_yaml_node *items = find_list(root, list, item);
    if (items == NULL)
        return dw_fail(err, -ENOENT, "there is no item %zu of '%s'", item + 1, list);
    struct patch patch = { 0 };
    patch_remove(&patch, text, items, item);
    dw_yaml_node_destroy(items->children.items[item]);
    dw_vec_remove(&items->children, item);
    r = commit(text, &patch, root, err);
    dw_buf_fini(&patch.text);
    return r;
}
