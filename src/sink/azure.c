/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/azure.h"

#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/wall_time.h"
#include "sink/hex.h"

#define FEET_PER_METRE 3.280839895

/* What every message ends with: who was seen where, and on which picture. */
struct moment {
    int64_t time_us, frame;
    struct dw_box box;
    double score;
    const char *tracking_id;
};

/* Each event of a visit has an id of its own, made from the visit's. */
static const char *event_id(char out[DW_HEX_SIZE], const uint8_t id[16], uint8_t kind)
{
    uint8_t own[16];
    memcpy(own, id, sizeof(own));
    own[15] ^= kind;
    return dw_hex(out, own);
}

/* Persons are numbers; the container's consumers expect 32 hex characters. Those of one camera and
 * day of recording stay apart by the start of measuring. */
static const char *tracking_id(char out[DW_HEX_SIZE], const struct dw_record_context *context,
                               int64_t person)
{
    snprintf(out, DW_HEX_SIZE, "%016llx%016llx", (unsigned long long)context->start_wall_us,
             (unsigned long long)person);
    return out;
}

static void put_point(struct dw_json_writer *json, double x, double y)
{
    dw_json_object_begin(json, NULL);
    dw_json_real(json, "x", x, 4);
    dw_json_real(json, "y", y, 4);
    dw_json_object_end(json);
}

static double within(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static void put_region(struct dw_json_writer *json, const struct dw_record_context *context,
                       struct dw_box box)
{
    double w = context->width_px, h = context->height_px;
    dw_json_object_begin(json, "region");
    dw_json_string(json, "type", "RECTANGLE");
    dw_json_array_begin(json, "points");
    put_point(json, within((double)box.x / w), within((double)box.y / h));
    put_point(json, within(((double)box.x + (double)box.w) / w),
              within(((double)box.y + (double)box.h) / h));
    dw_json_array_end(json);
    dw_json_object_end(json);
}

static void put_detection(struct dw_json_writer *json, const struct dw_record_context *context,
                          const struct moment *moment)
{
    char number[32];
    struct dw_point foot = dw_box_anchor(moment->box, DW_ANCHOR_FOOTPRINT);
    dw_json_array_begin(json, "detections");
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "type", "person");
    dw_json_string(json, "id", moment->tracking_id);
    put_region(json, context, moment->box);
    dw_json_real(json, "confidence", moment->score, 4);
    dw_json_object_begin(json, "metadata");
    dw_json_string(json, "trackingId", moment->tracking_id);
    snprintf(number, sizeof(number), "%.4f", within(foot.x / context->width_px));
    dw_json_string(json, "footprintX", number);
    snprintf(number, sizeof(number), "%.4f", within(foot.y / context->height_px));
    dw_json_string(json, "footprintY", number);
    dw_json_object_end(json);
    dw_json_object_end(json);
    dw_json_array_end(json);
}

static void put_source(struct dw_json_writer *json, const struct dw_record_context *context,
                       int64_t time_us, int64_t frame)
{
    char when[DW_ISO8601_SIZE], number[32];
    dw_json_object_begin(json, "sourceInfo");
    dw_json_string(json, "id", context->camera);
    dw_json_string(json, "timestamp", dw_time_iso8601(when, context->start_wall_us + time_us));
    dw_json_integer(json, "width", context->width_px);
    dw_json_integer(json, "height", context->height_px);
    snprintf(number, sizeof(number), "%lld", (long long)frame);
    dw_json_string(json, "frameId", number);
    dw_json_string(json, "imagePath", "");
    dw_json_object_end(json);
}

static void put_version(struct dw_json_writer *json)
{
    dw_json_string(json, "schemaVersion", "2.0");
    dw_json_object_end(json);
    dw_buf_puts(json->out, "\n");
}

static void end_message(struct dw_json_writer *json, const struct dw_record_context *context,
                        const struct moment *moment)
{
    dw_json_array_end(json);
    put_source(json, context, moment->time_us, moment->frame);
    put_detection(json, context, moment);
    put_version(json);
}

static void begin_message(struct dw_json_writer *json)
{
    dw_json_object_begin(json, NULL);
    dw_json_array_begin(json, "events");
}

static void begin_event(struct dw_json_writer *json, const char *id, const char *type,
                        const char *tracking)
{
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "id", id);
    dw_json_string(json, "type", type);
    dw_json_array_begin(json, "detectionIds");
    dw_json_string(json, NULL, tracking);
    dw_json_array_end(json);
    dw_json_object_begin(json, "properties");
    dw_json_string(json, "trackingId", tracking);
}

static void put_status(struct dw_json_writer *json, const char *status, int side)
{
    char number[16] = "";
    if (side > 0)
        snprintf(number, sizeof(number), "%d", side);
    dw_json_string(json, "status", status);
    dw_json_string(json, "side", number);
}

static void end_event(struct dw_json_writer *json, const char *zone)
{
    dw_json_object_end(json);
    dw_json_string(json, "zone", zone);
    dw_json_object_end(json);
}

void dw_azure_enter(struct dw_buf *out, const struct dw_record_context *context,
                    const struct dw_visit *visit)
{
    const struct dw_zone *zone = &context->layout->zones[visit->zone];
    if ((zone->events & DW_EVENT_ZONE_CROSSING) == 0)
        return;
    char id[DW_HEX_SIZE], tracking[DW_HEX_SIZE];
    struct moment moment = { visit->enter_us, visit->enter_frame, visit->last_box, visit->score,
                             tracking_id(tracking, context, visit->person) };
    struct dw_json_writer json = { .out = out };
    begin_message(&json);
    begin_event(&json, event_id(id, visit->id, 1), "personZoneEnterExitEvent", tracking);
    put_status(&json, "Enter", visit->enter_side);
    end_event(&json, zone->name);
    end_message(&json, context, &moment);
}

static void put_dwell(struct dw_json_writer *json, const struct dw_visit *visit)
{
    dw_json_real(json, "dwellTime", (double)visit->dwell_us / 1e3, 1);
    dw_json_integer(json, "dwellFrames", visit->frames);
    if (visit->facing_us >= 0)
        dw_json_real(json, "dwellTimeForTargetSide", (double)visit->facing_us / 1e3, 1);
    if (visit->speed_avg >= 0) {
        dw_json_real(json, "avgSpeed", visit->speed_avg * FEET_PER_METRE, 2);
        dw_json_real(json, "minSpeed", visit->speed_min * FEET_PER_METRE, 2);
    }
}

void dw_azure_exit(struct dw_buf *out, const struct dw_record_context *context,
                   const struct dw_visit *visit)
{
    const struct dw_zone *zone = &context->layout->zones[visit->zone];
    if ((zone->events & (DW_EVENT_ZONE_CROSSING | DW_EVENT_ZONE_DWELL)) == 0)
        return;
    char id[DW_HEX_SIZE], tracking[DW_HEX_SIZE];
    struct moment moment = { visit->exit_us, visit->exit_frame, visit->last_box, visit->score,
                             tracking_id(tracking, context, visit->person) };
    struct dw_json_writer json = { .out = out };
    begin_message(&json);
    if ((zone->events & DW_EVENT_ZONE_CROSSING) != 0) {
        begin_event(&json, event_id(id, visit->id, 2), "personZoneEnterExitEvent", tracking);
        put_status(&json, "Exit", visit->exit_side);
        end_event(&json, zone->name);
    }
    if ((zone->events & DW_EVENT_ZONE_DWELL) != 0) {
        begin_event(&json, event_id(id, visit->id, 3), "personZoneDwellTimeEvent", tracking);
        put_status(&json, "Exit", visit->exit_side);
        put_dwell(&json, visit);
        end_event(&json, zone->name);
    }
    end_message(&json, context, &moment);
}

void dw_azure_crossing(struct dw_buf *out, const struct dw_record_context *context,
                       const struct dw_crossing *crossing, const uint8_t id[16])
{
    const struct dw_line *line = &context->layout->lines[crossing->line];
    if ((line->events & DW_EVENT_LINE_CROSSING) == 0)
        return;
    char hex[DW_HEX_SIZE], tracking[DW_HEX_SIZE];
    struct moment moment = { crossing->time_us, crossing->frame, crossing->box, crossing->score,
                             tracking_id(tracking, context, crossing->person) };
    struct dw_json_writer json = { .out = out };
    begin_message(&json);
    begin_event(&json, dw_hex(hex, id), "personLineEvent", tracking);
    dw_json_string(&json, "status", crossing->to_right ? "CrossRight" : "CrossLeft");
    end_event(&json, line->name);
    end_message(&json, context, &moment);
}

void dw_azure_count(struct dw_buf *out, const struct dw_record_context *context,
                    const struct dw_occupancy_change *change, int64_t frame, const uint8_t id[16])
{
    const struct dw_zone *zone = &context->layout->zones[change->zone];
    if ((zone->events & DW_EVENT_COUNT) == 0 || change->people == DW_PEOPLE_UNKNOWN)
        return;
    char hex[DW_HEX_SIZE];
    struct dw_json_writer json = { .out = out };
    begin_message(&json);
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "id", dw_hex(hex, id));
    dw_json_string(&json, "type", "personCountEvent");
    dw_json_array_begin(&json, "detectionIds");
    dw_json_array_end(&json);
    dw_json_object_begin(&json, "properties");
    dw_json_integer(&json, "personCount", change->people);
    dw_json_object_end(&json);
    dw_json_string(&json, "zone", zone->name);
    dw_json_string(&json, "trigger", "event");
    dw_json_object_end(&json);
    dw_json_array_end(&json);
    put_source(&json, context, change->time_us, frame);
    dw_json_array_begin(&json, "detections");
    dw_json_array_end(&json);
    put_version(&json);
}
