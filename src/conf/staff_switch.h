/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which staff models were put to use, one after the other: lines "MODEL CAMERA", "-" for no model,
 * no camera for the whole site. The last line of a camera counts. What is not like that is refused
 * with a sentence.
 */
#ifndef DW_CONF_STAFF_SWITCH_H
#define DW_CONF_STAFF_SWITCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

#define DW_STAFF_SWITCHES_MAX 1000

struct dw_staff_switch {
    char model[64];   /* "": none */
    char camera[128]; /* "": the site */
};

struct dw_staff_switches {
    struct dw_staff_switch *items;
    size_t count, capacity; /* a DW_VEC with a name */
};

/* Whether it can be the name of a model or a set, and so of a file: letters, digits, - and _. */
bool dw_staff_name_is_good(const char *name);

/* `out` is all zero before; the caller frees it with dw_vec_fini(), also after a failure. */
int dw_staff_switches_parse(struct dw_staff_switches *out, const char *text, struct dw_err *err);
void dw_staff_switches_print(struct dw_buf *out, const struct dw_staff_switches *switches);

#endif
