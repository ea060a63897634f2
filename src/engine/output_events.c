/* SPDX-License-Identifier: Apache-2.0 */
/* --events: the messages of the retired container (sink/azure.h), in order of time. */
#include "engine/text_output.h"
#include "engine/visit_id.h"
#include "sink/azure.h"

/* Appends the message for the event, if its zone or line wants one; returns when it happened. */
static int64_t describe(struct dw_buf *text, const struct dw_output_context *context,
                        const struct dw_lane_event *event)
{
    switch (event->kind) {
    case DW_LANE_ENTERED:
        dw_azure_enter(text, &context->record, &event->visit);
        return event->visit.enter_us;
    case DW_LANE_FINISHED:
        dw_azure_exit(text, &context->record, &event->visit);
        return event->visit.exit_us;
    case DW_LANE_CROSSED:
        break;
    }
    uint8_t id[16];
    const struct dw_crossing *crossing = &event->crossing;
    dw_visit_id(id, context, context->record.layout->lines[crossing->line].name, crossing->person,
                crossing->time_us);
    dw_azure_crossing(text, &context->record, crossing, id);
    return crossing->time_us;
}

static void describe_count(struct dw_buf *text, const struct dw_output_context *context,
                           const struct dw_output_moment *moment, size_t at)
{
    uint8_t id[16];
    const struct dw_occupancy_change *change = &moment->occupancy.changes[at];
    int64_t frame = moment->frame != NULL ? moment->frame->index : 0;
    dw_visit_id(id, context, context->record.layout->zones[change->zone].name, 0, change->time_us);
    dw_azure_count(text, &context->record, change, frame, id);
}

static int take(void *self, const struct dw_output_moment *moment, struct dw_err *err)
{
    struct dw_text_output *output = self;
    for (size_t i = 0; i < moment->lane.event_count; i++) {
        struct dw_buf text = { 0 };
        int64_t time_us = describe(&text, dw_text_output_context(output), &moment->lane.events[i]);
        dw_text_output_add(output, time_us, &text);
    }
    for (size_t i = 0; i < moment->occupancy.change_count; i++) {
        struct dw_buf text = { 0 };
        describe_count(&text, dw_text_output_context(output), moment, i);
        dw_text_output_add(output, moment->occupancy.changes[i].time_us, &text);
    }
    return dw_text_output_settle(output, moment->time_us, err);
}

const struct dw_output_impl dw_output_events = {
    .name = "events",
    .open = dw_text_output_open,
    .take = take,
    .finish = dw_text_output_finish,
    .close = dw_text_output_close,
};
