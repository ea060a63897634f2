/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A YAML document as a tree that knows where in the text each value stands, so that it can be
 * checked with line numbers, and changed without touching anything else. What configuration needs
 * and no more: one document of mappings, lists and scalars, without anchors, aliases and tags.
 */
#ifndef DW_CONF_YAML_TREE_H
#define DW_CONF_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/macros.h"
#include "base/vec.h"

#define DW_YAML_BYTES_MAX (256 * 1024)

enum dw_yaml_kind { DW_YAML_SCALAR, DW_YAML_LIST, DW_YAML_MAP };

struct dw_yaml_node {
    enum dw_yaml_kind kind;
    char *key;        /* in a mapping, else NULL */
    char *text;       /* of a scalar; "" when nothing stands there */
    bool flow;        /* [a, b] or {a: b} */
    int line;         /* from 1; of the key in a mapping */
    size_t key_begin; /* bytes into the text; in a list that of the value */
    size_t begin;     /* of the value */
    size_t end;       /* behind its last byte: of the last thing in it, or the closing bracket */
    DW_VEC(struct dw_yaml_node *) children;
};

/* -EINVAL with a sentence that begins with the line. Nothing, or only comments: an empty mapping.
 */
int dw_yaml_parse(struct dw_yaml_node **out, const char *text, size_t length, struct dw_err *err);
void dw_yaml_node_destroy(struct dw_yaml_node *node);
DW_DEFINE_AUTO(yaml_node)

/* The value of a key, or NULL. */
struct dw_yaml_node *dw_yaml_get(const struct dw_yaml_node *map, const char *key);

#endif
