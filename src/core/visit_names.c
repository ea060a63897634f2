/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/macros.h"
#include "core/visit.h"

static const char *const reasons[DW_END_REASON_COUNT] = {
    [DW_END_LEFT] = "left",       [DW_END_LOST] = "lost",       [DW_END_GAP] = "gap",
    [DW_END_RESTART] = "restart", [DW_END_STOPPED] = "stopped", [DW_END_HANDOVER] = "handover",
    [DW_END_EDITED] = "edited",
};

static const char *const roles[DW_ROLE_COUNT] = {
    [DW_ROLE_UNKNOWN] = "unknown",
    [DW_ROLE_SHOPPER] = "shopper",
    [DW_ROLE_STAFF] = "staff",
};

static int find(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

const char *dw_end_reason_name(enum dw_end_reason reason)
{
    return reasons[reason];
}

int dw_end_reason_parse(const char *name)
{
    return find(reasons, DW_END_REASON_COUNT, name);
}

const char *dw_role_name(enum dw_role role)
{
    return roles[role];
}

int dw_role_parse(const char *name)
{
    return find(roles, DW_ROLE_COUNT, name);
}

double dw_visit_quality(const struct dw_visit *visit)
{
    if (visit->dwell_us <= 0)
        return 0;
    double seen = (double)visit->observed_us / (double)visit->dwell_us;
    return seen * visit->score / (1 + visit->links / 4.0);
}
