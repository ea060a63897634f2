/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/roles.h"

#include <math.h>
#include <stdio.h>

#define P_STEP 0.01

void dw_roles_fini(struct dw_roles *roles)
{
    dw_vec_fini(&roles->visits);
    dw_vec_fini(&roles->changes);
}

static bool differs(const struct dw_visit *visit, struct dw_staff_verdict verdict)
{
    return verdict.role != visit->role || (verdict.p >= 1) != (visit->role_p >= 1) ||
           fabs(verdict.p - visit->role_p) >= P_STEP;
}

static void note(struct dw_roles *roles, const struct dw_output_context *context,
                 struct dw_visit *visit, int64_t time_us)
{
    struct dw_staff_verdict verdict = dw_staff_watch_judge(context->staff, visit->person);
    if (!differs(visit, verdict))
        return;
    struct dw_role_change *change = dw_vec_add(&roles->changes);
    change->before = visit->role;
    change->taken_back = visit->role_p >= 1 && verdict.p < 1;
    visit->role = verdict.role;
    visit->role_p = verdict.p;
    change->visit = *visit;
    change->time_us = time_us;
    change->why = dw_staff_watch_why(context->staff, visit->person);
    snprintf(change->zone, sizeof(change->zone), "%s",
             context->record.layout->zones[visit->zone].name);
}

void dw_roles_step(struct dw_roles *roles, const struct dw_output_context *context,
                   struct dw_output_moment *moment)
{
    dw_vec_clear(&roles->changes);
    if (context->staff == NULL)
        return;
    for (size_t i = roles->visits.count; i-- > 0;) {
        if (dw_staff_watch_knows(context->staff, roles->visits.items[i].person))
            note(roles, context, &roles->visits.items[i], moment->time_us);
        else
            dw_vec_remove(&roles->visits, i);
    }
    for (size_t i = 0; i < moment->lane.event_count; i++) {
        const struct dw_lane_event *event = &moment->lane.events[i];
        if (event->kind == DW_LANE_FINISHED && !event->visit.pass)
            dw_vec_push(&roles->visits, event->visit);
    }
    moment->roles = roles->changes.items;
    moment->role_count = roles->changes.count;
}
