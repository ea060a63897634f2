/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/joined.h"

#include "base/macros.h"
#include "base/wall_time.h"

static struct dw_duration wait_of(const struct dw_joined_stay *stay, int64_t staff_us)
{
    bool cut = staff_us >= stay->exit_us;
    int64_t until_us = cut ? stay->exit_us : staff_us;
    return (struct dw_duration){ dw_time_to_seconds(until_us - stay->enter_us), cut };
}

size_t dw_joined(const struct dw_joined_stay *stays, size_t count, struct dw_duration *durations)
{
    int64_t staffed_until_us = INT64_MIN;
    size_t found = 0, next = 0; /* the next of staff to come in, not before the shopper */
    for (size_t i = 0; i < count; i++) {
        if (stays[i].staff) {
            staffed_until_us = DW_MAX(staffed_until_us, stays[i].exit_us);
            continue;
        }
        next = DW_MAX(next, i + 1);
        while (next < count && !stays[next].staff)
            next++;
        int64_t come_us = next < count ? stays[next].enter_us : INT64_MAX;
        bool there = staffed_until_us > stays[i].enter_us;
        durations[found++] = wait_of(&stays[i], there ? stays[i].enter_us : come_us);
    }
    return found;
}
