/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/output.h"

#include <string.h>

#include "base/macros.h"
#include "engine/visit_id.h"

extern const struct dw_output_impl dw_output_events, dw_output_overlay, dw_output_store,
    dw_output_tracks, dw_output_visits;

/* Keep sorted. */
static const struct dw_output_impl *const impls[] = {
    &dw_output_events, &dw_output_overlay, &dw_output_store, &dw_output_tracks, &dw_output_visits,
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
}
