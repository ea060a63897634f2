/* SPDX-License-Identifier: Apache-2.0 */
#include "core/presence.h"

#include <stdlib.h>

#include "base/vec.h"

void dw_presence_add(struct dw_presence *presence, int64_t enter_us, int64_t exit_us)
{
    if (exit_us <= enter_us)
        return;
    dw_vec_push(presence, ((struct dw_presence_step){ enter_us, 1 }));
    dw_vec_push(presence, ((struct dw_presence_step){ exit_us, -1 }));
}

static int compare(const void *a, const void *b)
{
    const struct dw_presence_step *one = a, *other = b;
    if (one->time_us != other->time_us)
        return one->time_us < other->time_us ? -1 : 1;
    return one->change - other->change;
}

void dw_presence_sort(struct dw_presence *presence)
{
    if (presence->count > 0)
        qsort(presence->items, presence->count, sizeof(*presence->items), compare);
}
