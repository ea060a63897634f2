/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing array of plain values: `DW_VEC(struct dw_box) boxes = { 0 };`. All zero is a valid,
 * empty start; items move when it grows.
 */
#ifndef DW_BASE_VEC_H
#define DW_BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define DW_VEC(type)                                                                               \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count, capacity;                                                                    \
    }

/* Makes room for one more, zeroed, and yields its address. */
#define dw_vec_add(vec)                                                                            \
    (dw_vec_reserve_(vec), memset(&(vec)->items[(vec)->count], 0, sizeof(*(vec)->items)),          \
     &(vec)->items[(vec)->count++])

#define dw_vec_push(vec, value)                                                                    \
    (dw_vec_reserve_(vec), (void)((vec)->items[(vec)->count] = (value)), (void)(vec)->count++)

/* Removes item `at`, keeping the order of the others. */
#define dw_vec_remove(vec, at)                                                                     \
    dw_vec_remove_((vec)->items, &(vec)->count, sizeof(*(vec)->items), (at))

#define dw_vec_clear(vec) ((void)((vec)->count = 0))

#define dw_vec_fini(vec)                                                                           \
    (free((vec)->items), (void)((vec)->items = NULL), (void)((vec)->count = (vec)->capacity = 0))

#define dw_vec_reserve_(vec)                                                                       \
    ((void)((vec)->items = dw_vec_room_((vec)->items, (vec)->count, &(vec)->capacity,              \
                                        sizeof(*(vec)->items))))

void *dw_vec_grow_(void *items, size_t *capacity, size_t size);
void dw_vec_remove_(void *items, size_t *count, size_t size, size_t at);

static inline void *dw_vec_room_(void *items, size_t count, size_t *capacity, size_t size)
{
    return count < *capacity ? items : dw_vec_grow_(items, capacity, size);
}

#endif
