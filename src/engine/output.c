/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/output.h"

#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "engine/visit_id.h"

extern const struct dw_output_impl dw_output_alerts, dw_output_events, dw_output_live,
    dw_output_overlay, dw_output_staff, dw_output_store, dw_output_tracks, dw_output_visits;

/* Keep sorted. */
static const struct dw_output_impl *const impls[] = {
    &dw_output_alerts, &dw_output_events, &dw_output_live,   &dw_output_overlay,
    &dw_output_staff,  &dw_output_store,  &dw_output_tracks, &dw_output_visits,
};

const struct dw_output_impl *dw_output_find(const char *name)
{
    for (size_t i = 0; i < DW_LENGTH(impls); i++)
        if (strcmp(impls[i]->name, name) == 0)
            return impls[i];
    return NULL;
}

void dw_output_identify(const struct dw_output_context *context, struct dw_visit *visit)
{
    const char *zone = context->record.layout->zones[visit->zone].name;
    dw_visit_id(visit->id, context, zone, visit->person, visit->enter_us);
    if (context->staff == NULL)
        return;
    struct dw_staff_verdict verdict = dw_staff_watch_judge(context->staff, visit->person);
    visit->role = verdict.role;
    visit->role_p = verdict.p;
}

/* No visit has such an id: no zone has a line feed and a rule in its name. */
void dw_output_identify_alert(const struct dw_output_context *context, struct dw_alert *alert)
{
    char name[2 * DW_ZONE_NAME_MAX + 16];
    const struct dw_layout *layout = context->record.layout;
    const struct dw_alert_rule *rule = &layout->alerts[alert->rule];
    snprintf(name, sizeof(name), "%s\nalert %s", layout->zones[rule->zone].name, rule->name);
    dw_visit_id(alert->id, context, name, alert->person, alert->raised_us);
}
