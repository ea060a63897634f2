/* SPDX-License-Identifier: Apache-2.0 */
/* What a camera of a site tells those who watch: events as they happen and are stored, who is where
 * some times a second, and the latest picture. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/wall_time.h"
#include "engine/site_impl.h"
#include "sink/hex.h"

#define MOMENT_EVERY_US 200000

struct live_output {
    const struct dw_output_context *context;
    struct dw_camera *camera;
    struct dw_buf text;
    int64_t moment_us; /* when the last was told, by the monotonic clock */
};

static int open_live(void **self, const char *path, const struct dw_output_context *context,
                     struct dw_err *err)
{
    (void)path;
    (void)err;
    struct live_output *output = dw_alloc0(sizeof(*output));
    output->context = context;
    output->camera = context->user;
    *self = output;
    return 0;
}

static void close_live(void *self)
{
    struct live_output *output = self;
    if (output == NULL)
        return;
    dw_buf_fini(&output->text);
    free(output);
}

/* Tells what stands in `text`, and empties it. */
static void publish(struct live_output *output, const char *kind)
{
    struct dw_buf *text = &output->text;
    if (text->length > 0 && text->data[text->length - 1] == '\n')
        text->data[--text->length] = '\0';
    dw_hub_publish_event(output->camera->tools->hub, kind, output->context->record.camera,
                         dw_buf_text(text));
    dw_buf_clear(text);
}

static struct dw_json_writer begin(struct live_output *output, const char *key, int64_t time_us)
{
    struct dw_json_writer json = { .out = &output->text };
    char when[DW_ISO8601_SIZE];
    dw_buf_clear(&output->text);
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "camera", output->context->record.camera);
    dw_time_iso8601(when, output->context->record.start_wall_us + time_us);
    dw_json_string(&json, key, when);
    return json;
}

static void tell_entered(struct live_output *output, const struct dw_visit *visit)
{
    char id[DW_HEX_SIZE];
    struct dw_json_writer json = begin(output, "time", visit->enter_us);
    dw_json_string(&json, "id", dw_hex(id, visit->id));
    dw_json_string(&json, "zone", output->context->record.layout->zones[visit->zone].name);
    dw_json_integer(&json, "person", visit->person);
    dw_json_object_end(&json);
    publish(output, "entered");
}

static void tell_crossing(struct live_output *output, const struct dw_crossing *crossing)
{
    struct dw_json_writer json = begin(output, "time", crossing->time_us);
    dw_json_string(&json, "line", output->context->record.layout->lines[crossing->line].name);
    dw_json_integer(&json, "person", crossing->person);
    dw_json_string(&json, "direction", crossing->to_right ? "right" : "left");
    dw_json_object_end(&json);
    publish(output, "crossing");
}

static void tell_gap(struct live_output *output, const struct dw_gap *gap)
{
    char when[DW_ISO8601_SIZE];
    struct dw_json_writer json = begin(output, "start", gap->start_us);
    dw_time_iso8601(when, output->context->record.start_wall_us + gap->end_us);
    dw_json_string(&json, "end", when);
    dw_json_string(&json, "reason", gap->reason);
    dw_json_object_end(&json);
    publish(output, "gap");
}

static void tell_event(struct live_output *output, const struct dw_lane_event *event)
{
    switch (event->kind) {
    case DW_LANE_ENTERED:
        tell_entered(output, &event->visit);
        break;
    case DW_LANE_FINISHED:
        dw_jsonl_visit(&output->text, &output->context->record, &event->visit);
        publish(output, event->visit.pass ? "pass" : "visit");
        break;
    case DW_LANE_CROSSED:
        tell_crossing(output, &event->crossing);
        break;
    }
}

static void tell_watched(struct live_output *output, const struct dw_output_moment *moment)
{
    const struct dw_record_context *record = &output->context->record;
    for (size_t i = 0; i < moment->occupancy.change_count; i++) {
        dw_jsonl_occupancy(&output->text, record, &moment->occupancy.changes[i]);
        publish(output, "occupancy");
    }
    for (size_t i = 0; i < moment->alerts.count; i++) {
        dw_jsonl_alert(&output->text, record, &moment->alerts.events[i]);
        publish(output, "alert");
    }
}

/* --- Moments -------------------------------------------------------------------------------- */

/* Provisional, by what was seen of the person so far. */
static enum dw_role role_of(const struct dw_output_context *context, int64_t person)
{
    return context->staff != NULL ? dw_staff_watch_judge(context->staff, person).role
                                  : DW_ROLE_UNKNOWN;
}

static void put_person(struct live_output *output, struct dw_json_writer *json,
                       const struct dw_sighting *sighting)
{
    const struct dw_output_context *context = output->context;
    const struct dw_box *box = &sighting->box;
    double w_px = context->record.width_px, h_px = context->record.height_px;
    struct dw_point anchor = dw_lane_anchor(context->lane, DW_ANCHOR_FOOTPRINT, *box);
    const double shown[] = { (double)box->x / w_px, (double)box->y / h_px, (double)box->w / w_px,
                             (double)box->h / h_px };
    dw_json_object_begin(json, NULL);
    dw_json_integer(json, "person", sighting->person);
    dw_json_array_begin(json, "box");
    for (size_t i = 0; i < DW_LENGTH(shown); i++)
        dw_json_real(json, NULL, shown[i], 4);
    dw_json_array_end(json);
    dw_json_array_begin(json, "anchor");
    dw_json_real(json, NULL, anchor.x, 4);
    dw_json_real(json, NULL, anchor.y, 4);
    dw_json_array_end(json);
    dw_json_string(json, "role", dw_role_name(role_of(context, sighting->person)));
    size_t count = 0;
    const struct dw_present *present = dw_occupancy_present(context->occupancy, &count);
    dw_json_array_begin(json, "zones");
    for (size_t i = 0; i < count; i++) {
        if (present[i].person != sighting->person)
            continue;
        dw_json_object_begin(json, NULL);
        dw_json_string(json, "zone", context->record.layout->zones[present[i].zone].name);
        dw_json_real(json, "seconds", dw_time_to_seconds(present[i].dwell_us), 1);
        dw_json_object_end(json);
    }
    dw_json_array_end(json);
    dw_json_object_end(json);
}

static void put_occupancy(struct live_output *output, struct dw_json_writer *json)
{
    const struct dw_layout *layout = output->context->record.layout;
    dw_json_array_begin(json, "occupancy");
    for (size_t i = 0; i < layout->zone_count; i++) {
        int people = dw_occupancy_people(output->context->occupancy, (int)i);
        dw_json_object_begin(json, NULL);
        dw_json_string(json, "zone", layout->zones[i].name);
        if (people == DW_PEOPLE_UNKNOWN)
            dw_json_null(json, "count");
        else
            dw_json_integer(json, "count", people);
        dw_json_object_end(json);
    }
    dw_json_array_end(json);
}

static void tell_moment(struct live_output *output, const struct dw_output_moment *moment)
{
    struct dw_json_writer json = begin(output, "time", moment->time_us);
    dw_json_array_begin(&json, "people");
    for (size_t i = 0; i < moment->lane.live_count; i++)
        put_person(output, &json, &moment->lane.live[i]);
    dw_json_array_end(&json);
    put_occupancy(output, &json);
    dw_json_object_end(&json);
    dw_hub_publish_moment(output->camera->tools->hub, output->context->record.camera,
                          dw_buf_text(&output->text));
    dw_buf_clear(&output->text);
}

/* With pictures off, none is kept for longer than it takes to look for people. */
static void keep_frame(struct live_output *output, const struct dw_output_moment *moment,
                       int64_t now_us)
{
    struct dw_camera *camera = output->camera;
    bool shown = moment->frame->has_image && camera->tools->privacy != DW_PRIVACY_OFF;
    struct dw_frame *frame =
        shown ? dw_frame_ref((struct dw_frame *)(uintptr_t)moment->frame) : NULL;
    pthread_mutex_lock(&camera->lock);
    struct dw_frame *former = camera->frame;
    camera->frame = frame;
    camera->frame_us = now_us;
    camera->status.width_px = output->context->record.width_px;
    camera->status.height_px = output->context->record.height_px;
    pthread_mutex_unlock(&camera->lock);
    dw_frame_unref(former);
}

static void count_gap(struct dw_camera *camera)
{
    pthread_mutex_lock(&camera->lock);
    camera->status.gaps++;
    pthread_mutex_unlock(&camera->lock);
}

static int take(void *self, const struct dw_output_moment *moment, struct dw_err *err)
{
    (void)err;
    struct live_output *output = self;
    if (moment->gap != NULL && !moment->gap_goes_on) {
        count_gap(output->camera);
        tell_gap(output, moment->gap);
    }
    for (size_t i = 0; i < moment->lane.event_count; i++) {
        const struct dw_lane_event *event = &moment->lane.events[i];
        tell_event(output, event);
        if (event->kind == DW_LANE_ENTERED)
            dw_camera_entered(output->camera, &event->visit);
    }
    tell_watched(output, moment);
    if (moment->frame == NULL)
        return 0;
    int64_t now_us = dw_clock_us(CLOCK_MONOTONIC);
    keep_frame(output, moment, now_us);
    if (moment->frame->has_image)
        dw_camera_look(output->camera, &moment->frame->image, now_us);
    if (now_us - output->moment_us >= MOMENT_EVERY_US) {
        output->moment_us = now_us;
        tell_moment(output, moment);
    }
    return 0;
}

static int finish(void *self, int64_t end_us, bool complete, struct dw_err *err)
{
    (void)self;
    (void)end_us;
    (void)complete;
    (void)err;
    return 0;
}

const struct dw_output_impl dw_output_live = {
    .name = "live",
    .open = open_live,
    .take = take,
    .finish = finish,
    .close = close_live,
};
