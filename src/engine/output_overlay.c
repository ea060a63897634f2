/* SPDX-License-Identifier: Apache-2.0 */
/* --overlay: the video with zones, people and running figures drawn over it. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "engine/output.h"
#include "media/overlay.h"

/* Dwells of a zone's finished visits, sorted. */
struct dwells {
    DW_VEC(int64_t) sorted;
};

struct overlay_output {
    const struct dw_output_context *context;
    struct dw_overlay *overlay;
    struct dw_overlay_zone *zones; /* of the layout */
    struct dwells *dwells;         /* of the layout's zones */
    int64_t *line_counts;          /* two a line */
    DW_VEC(struct dw_overlay_person) persons;
    DW_VEC(struct dw_visit) open;
    int64_t judged_us; /* zones are, up to then */
};

static void close_overlay(void *self)
{
    struct overlay_output *output = self;
    if (output == NULL)
        return;
    for (size_t i = 0; i < output->context->record.layout->zone_count; i++)
        dw_vec_fini(&output->dwells[i].sorted);
    dw_overlay_destroy(output->overlay);
    dw_vec_fini(&output->persons);
    dw_vec_fini(&output->open);
    free(output->zones);
    free(output->dwells);
    free(output->line_counts);
    free(output);
}

static int open_overlay(void **self, const char *path, const struct dw_output_context *context,
                        struct dw_err *err)
{
    const struct dw_layout *layout = context->record.layout;
    struct dw_overlay *overlay = NULL;
    int r = dw_overlay_create(&overlay, path, context->record.width_px, context->record.height_px,
                              context->fps > 0 ? context->fps : 25, err);
    if (r < 0)
        return r;
    struct overlay_output *output = dw_alloc0(sizeof(*output));
    output->context = context;
    output->overlay = overlay;
    output->zones = dw_alloc_array0(layout->zone_count, sizeof(*output->zones));
    output->dwells = dw_alloc_array0(layout->zone_count, sizeof(*output->dwells));
    output->line_counts = dw_alloc_array0(2 * layout->line_count, sizeof(int64_t));
    *self = output;
    return 0;
}

static void insert_sorted(struct dwells *dwells, int64_t dwell_us)
{
    dw_vec_push(&dwells->sorted, dwell_us);
    int64_t *items = dwells->sorted.items;
    size_t at = dwells->sorted.count - 1;
    for (; at > 0 && items[at - 1] > dwell_us; at--)
        items[at] = items[at - 1];
    items[at] = dwell_us;
}

static void count_events(struct overlay_output *output, const struct dw_lane_output *lane)
{
    for (size_t i = 0; i < lane->event_count; i++) {
        const struct dw_lane_event *event = &lane->events[i];
        if (event->kind == DW_LANE_CROSSED) {
            output->line_counts[2 * event->crossing.line + (event->crossing.to_right ? 0 : 1)]++;
        } else if (event->kind == DW_LANE_FINISHED && event->visit.pass) {
            output->zones[event->visit.zone].passes++;
        } else if (event->kind == DW_LANE_FINISHED) {
            struct dwells *dwells = &output->dwells[event->visit.zone];
            insert_sorted(dwells, event->visit.dwell_us);
            output->zones[event->visit.zone].median_us =
                dwells->sorted.items[(dwells->sorted.count - 1) / 2];
        }
    }
}

static void look_at_open_visits(struct overlay_output *output)
{
    const struct dw_lane *lane = output->context->lane;
    output->judged_us = dw_lane_judged_us(lane);
    size_t count = dw_lane_open_visits(lane, NULL, 0);
    dw_vec_clear(&output->open);
    for (size_t i = 0; i < count; i++)
        (void)dw_vec_add(&output->open);
    dw_lane_open_visits(lane, output->open.items, count);
    for (size_t i = 0; i < output->context->record.layout->zone_count; i++) {
        output->zones[i].present = 0;
        output->zones[i].visits = (int64_t)output->dwells[i].sorted.count;
    }
    for (size_t i = 0; i < count; i++) {
        const struct dw_visit *visit = &output->open.items[i];
        output->zones[visit->zone].present += visit->exit_us > output->judged_us;
        output->zones[visit->zone].visits += !visit->pass;
    }
}

static struct dw_overlay_person describe_person(const struct overlay_output *output,
                                                const struct dw_sighting *sighting)
{
    struct dw_overlay_person person = {
        .person = sighting->person,
        .box = sighting->box,
        .anchor = dw_box_anchor(sighting->box, DW_ANCHOR_FOOTPRINT),
        .zone = -1,
    };
    for (size_t i = 0; i < output->open.count; i++) {
        const struct dw_visit *visit = &output->open.items[i];
        bool present = visit->person == sighting->person && visit->exit_us > output->judged_us;
        /* Zones are judged a little late; whoever was inside then is taken to be so still. */
        int64_t dwell_us = visit->dwell_us + DW_MAX(sighting->time_us - visit->exit_us, 0);
        if (present && dwell_us >= person.dwell_us) {
            person.zone = visit->zone;
            person.dwell_us = dwell_us;
        }
    }
    return person;
}

static int take(void *self, const struct dw_output_moment *moment, struct dw_err *err)
{
    struct overlay_output *output = self;
    count_events(output, &moment->lane);
    if (moment->frame == NULL)
        return 0;
    look_at_open_visits(output);
    dw_vec_clear(&output->persons);
    for (size_t i = 0; i < moment->lane.live_count; i++)
        dw_vec_push(&output->persons, describe_person(output, &moment->lane.live[i]));
    struct dw_overlay_scene scene = {
        .layout = output->context->record.layout,
        .zones = output->zones,
        .persons = output->persons.items,
        .person_count = output->persons.count,
        .line_counts = output->line_counts,
        .time_us = moment->time_us,
    };
    return dw_overlay_write(output->overlay, &moment->frame->image, &scene, moment->time_us, err);
}

static int finish(void *self, int64_t end_us, bool complete, struct dw_err *err)
{
    (void)end_us;
    (void)complete;
    struct overlay_output *output = self;
    return dw_overlay_finish(output->overlay, err);
}

static const char *warning(const void *self)
{
    const struct overlay_output *output = self;
    return dw_overlay_warning(output->overlay);
}

const struct dw_output_impl dw_output_overlay = {
    .name = "overlay",
    .open = open_overlay,
    .take = take,
    .finish = finish,
    .close = close_overlay,
    .warning = warning,
};
