/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

#include <assert.h>
#include <string.h>

void *dw_vec_grow_(void *items, size_t *count, size_t *capacity, size_t size)
{
    if (*count == *capacity) {
        size_t wanted = *capacity > 0 ? *capacity * 2 : 8;
        items = dw_realloc_array(items, wanted, size);
        *capacity = wanted;
    }
    memset((char *)items + *count * size, 0, size);
    *count += 1;
    return items;
}

void dw_vec_remove_(void *items, size_t *count, size_t size, size_t at)
{
    assert(at < *count);
    char *slot = (char *)items + at * size;
    memmove(slot, slot + size, (*count - at - 1) * size);
    *count -= 1;
}
