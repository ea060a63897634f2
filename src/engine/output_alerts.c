/* SPDX-License-Identifier: Apache-2.0 */
/* --alerts: how many people are in each zone, alerts, and roles that are found after a visit,
 * written as it happens. */
#include "engine/text_output.h"
#include "sink/jsonl.h"

static int take(void *self, const struct dw_output_moment *moment, struct dw_err *err)
{
    struct dw_text_output *output = self;
    const struct dw_record_context *record = &dw_text_output_context(output)->record;
    struct dw_buf text = { 0 };
    for (size_t i = 0; i < moment->occupancy.quarter_count; i++)
        dw_jsonl_quarter(&text, record, &moment->occupancy.quarters[i]);
    for (size_t i = 0; i < moment->occupancy.change_count; i++)
        dw_jsonl_occupancy(&text, record, &moment->occupancy.changes[i]);
    for (size_t i = 0; i < moment->alerts.count; i++)
        dw_jsonl_alert(&text, record, &moment->alerts.events[i]);
    for (size_t i = 0; i < moment->role_count; i++)
        if (moment->roles[i].before != moment->roles[i].visit.role)
            dw_jsonl_role(&text, record, &moment->roles[i]);
    dw_text_output_add(output, moment->time_us, &text);
    return dw_text_output_write(output, err);
}

const struct dw_output_impl dw_output_alerts = {
    .name = "alerts",
    .open = dw_text_output_open,
    .take = take,
    .finish = dw_text_output_finish,
    .close = dw_text_output_close,
};
