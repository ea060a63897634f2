/* SPDX-License-Identifier: Apache-2.0 */
/* Something else was found of a visit's role, or decided by hand, after the visit had ended. */
#ifndef DW_CORE_ROLE_CHANGE_H
#define DW_CORE_ROLE_CHANGE_H

#include "core/visit.h"
#include "core/zone.h"

struct dw_role_change {
    struct dw_visit visit; /* with role and role_p as they are now */
    enum dw_role before;   /* the same when only the probability is another */
    bool taken_back;       /* it was decided by hand, and that stands no longer */
    int64_t time_us;       /* when it became known; media time, as the visit's times */
    char zone[DW_ZONE_NAME_MAX];
    const char *why; /* static text: "looks", "rule" or "hand" */
};

#endif
