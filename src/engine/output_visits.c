/* SPDX-License-Identifier: Apache-2.0 */
/* --visits: JSON Lines, ordered by exit. */
#include "engine/text_output.h"
#include "sink/jsonl.h"

static int take(void *self, const struct dw_output_moment *moment, struct dw_err *err)
{
    struct dw_text_output *output = self;
    for (size_t i = 0; i < moment->lane.event_count; i++) {
        const struct dw_lane_event *event = &moment->lane.events[i];
        struct dw_buf text = { 0 };
        if (event->kind == DW_LANE_FINISHED && !event->visit.pass)
            dw_jsonl_visit(&text, &dw_text_output_context(output)->record, &event->visit);
        dw_text_output_add(output, event->visit.exit_us, &text);
    }
    return dw_text_output_settle(output, moment->time_us, err);
}

const struct dw_output_impl dw_output_visits = {
    .name = "visits",
    .open = dw_text_output_open,
    .take = take,
    .finish = dw_text_output_finish,
    .close = dw_text_output_close,
};
