/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small allocations. They abort when memory is gone, so callers have no error branch; big, data-
 * driven memory (frames, queues, request bodies) belongs in bounded pools instead. Free with
 * free().
 */
#ifndef DW_BASE_ALLOC_H
#define DW_BASE_ALLOC_H

#include <stddef.h>

#include "base/macros.h"

/* Ends the program with a message: for what other libraries allocate, in small. */
void dw_out_of_memory(void) __attribute__((noreturn)); /* cppcheck does not know _Noreturn */

/* `size` zeroed bytes. */
void *dw_alloc0(size_t size) __attribute__((malloc, alloc_size(1), returns_nonnull));

/* `count` zeroed items of `size` bytes; aborts on overflow. */
void *dw_alloc_array0(size_t count, size_t size)
    __attribute__((malloc, alloc_size(1, 2), returns_nonnull));

/* Grows or shrinks an array; new bytes are not initialised. */
void *dw_realloc_array(void *array, size_t count, size_t size)
    __attribute__((alloc_size(2, 3), returns_nonnull));

char *dw_strdup(const char *text) __attribute__((malloc, returns_nonnull));

/* A string made by format; the caller frees it. */
char *dw_strdup_printf(const char *format, ...) DW_PRINTF(1, 2)
    __attribute__((malloc, returns_nonnull));

#endif
