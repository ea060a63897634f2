/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void dw_out_of_memory(void)
{
    fputs("dwell: out of memory\n", stderr);
    abort();
}

static void *or_abort(void *memory)
{
    if (memory == NULL)
        dw_out_of_memory();
    return memory;
}

void *dw_alloc0(size_t size)
{
    return or_abort(calloc(1, size > 0 ? size : 1));
}

void *dw_alloc_array0(size_t count, size_t size)
{
    return or_abort(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *dw_realloc_array(void *array, size_t count, size_t size)
{
    return or_abort(reallocarray(array, count > 0 ? count : 1, size));
}

char *dw_strdup(const char *text)
{
    return or_abort(strdup(text));
}

char *dw_strdup_printf(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    return or_abort(length < 0 ? NULL : text);
}
