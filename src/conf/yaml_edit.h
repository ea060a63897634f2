/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes single values of a YAML text where they stand: everything else, comments and layout
 * included, stays as its author left it. Each either does exactly what it says or fails and leaves
 * the text as it was: what comes out is read again and compared.
 */
#ifndef DW_CONF_YAML_EDIT_H
#define DW_CONF_YAML_EDIT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct dw_yaml_pair {
    const char *key, *value;
};

/* The value of a key of item `item` of the list `list` ("cameras"), or of the document's own when
 * `list` is NULL; added when it is not there. */
int dw_yaml_edit_set(struct dw_buf *text, const char *list, size_t item, struct dw_yaml_pair pair,
                     struct dw_err *err);

/* One more mapping at the end of a list, which is made when there is none. */
int dw_yaml_edit_add(struct dw_buf *text, const char *list, const struct dw_yaml_pair *pairs,
                     size_t count, struct dw_err *err);

/* Takes an item out, with the comments inside it. */
int dw_yaml_edit_remove(struct dw_buf *text, const char *list, size_t item, struct dw_err *err);

#endif
