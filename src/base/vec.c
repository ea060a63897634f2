/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

#include <assert.h>

void *dw_vec_grow_(void *items, size_t *capacity, size_t size)
{
    *capacity = *capacity > 0 ? *capacity * 2 : 8;
    return dw_realloc_array(items, *capacity, size);
}

void dw_vec_remove_(void *items, size_t *count, size_t size, size_t at)
{
    assert(at < *count);
    char *slot = (char *)items + at * size;
    memmove(slot, slot + size, (*count - at - 1) * size);
    *count -= 1;
}
