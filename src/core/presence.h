/* SPDX-License-Identifier: Apache-2.0 */
/* How many were there at once: the moments at which somebody came or went, in order. Pure. */
#ifndef DW_CORE_PRESENCE_H
#define DW_CORE_PRESENCE_H

#include <stddef.h>
#include <stdint.h>

/* Somebody comes (+1) or leaves (-1). */
struct dw_presence_step {
    int64_t time_us;
    int change;
};

/* All zero: nobody. Free or clear it as a vector. */
struct dw_presence {
    struct dw_presence_step *items;
    size_t count, capacity;
};

/* Who leaves when they come, or before, was not there. */
void dw_presence_add(struct dw_presence *presence, int64_t enter_us, int64_t exit_us);

/* By time; at one moment, who leaves does so before who comes. */
void dw_presence_sort(struct dw_presence *presence);

#endif
