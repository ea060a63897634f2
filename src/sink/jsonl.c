/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/jsonl.h"

#include "base/json_writer.h"
#include "base/wall_time.h"
#include "sink/hex.h"

static void put_seconds(struct dw_json_writer *json, const char *key, int64_t us)
{
    dw_json_real(json, key, dw_time_to_seconds(us), 3);
}

static void put_measures(struct dw_json_writer *json, const struct dw_visit *visit)
{
    put_seconds(json, "enter_s", visit->enter_us);
    put_seconds(json, "exit_s", visit->exit_us);
    put_seconds(json, "dwell_s", visit->dwell_us);
    put_seconds(json, "observed_s", visit->observed_us);
    put_seconds(json, "bridged_s", visit->bridged_us);
    dw_json_integer(json, "links", visit->links);
    dw_json_bool(json, "cut_start", visit->cut_start);
    dw_json_bool(json, "cut_end", visit->cut_end);
    dw_json_string(json, "end_reason", dw_end_reason_name(visit->end_reason));
    dw_json_integer(json, "enter_side", visit->enter_side);
    dw_json_integer(json, "exit_side", visit->exit_side);
    dw_json_real(json, "score", visit->score, 3);
    dw_json_real(json, "quality", dw_visit_quality(visit), 3);
    dw_json_string(json, "role", dw_role_name(visit->role));
    dw_json_real(json, "role_p", visit->role_p, 3);
    if (visit->speed_avg >= 0) {
        dw_json_real(json, "speed_avg", visit->speed_avg, 2);
        dw_json_real(json, "speed_min", visit->speed_min, 2);
    }
}

void dw_jsonl_visit(struct dw_buf *out, const struct dw_record_context *context,
                    const struct dw_visit *visit)
{
    struct dw_json_writer json = { .out = out };
    char id[DW_HEX_SIZE], when[DW_ISO8601_SIZE];
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "id", dw_hex(id, visit->id));
    dw_json_string(&json, "site", context->site);
    dw_json_string(&json, "camera", context->camera);
    dw_json_string(&json, "zone", context->layout->zones[visit->zone].name);
    dw_json_integer(&json, "person", visit->person);
    int64_t start_us = context->start_wall_us;
    dw_json_string(&json, "enter", dw_time_iso8601(when, start_us + visit->enter_us));
    dw_json_string(&json, "exit", dw_time_iso8601(when, start_us + visit->exit_us));
    put_measures(&json, visit);
    dw_json_object_end(&json);
    dw_buf_puts(out, "\n");
}

static void put_time(struct dw_json_writer *json, const char *key,
                     const struct dw_record_context *context, int64_t time_us)
{
    char when[DW_ISO8601_SIZE];
    dw_json_string(json, key, dw_time_iso8601(when, context->start_wall_us + time_us));
}

/* What every record of something that happens begins with. */
static void begin_record(struct dw_json_writer *json, const struct dw_record_context *context,
                         const char *kind, const char *zone)
{
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "kind", kind);
    dw_json_string(json, "site", context->site);
    dw_json_string(json, "camera", context->camera);
    dw_json_string(json, "zone", zone);
}

static const char *zone_name(const struct dw_record_context *context, int zone)
{
    return context->layout->zones[zone].name;
}

static void end_record(struct dw_json_writer *json)
{
    dw_json_object_end(json);
    dw_buf_puts(json->out, "\n");
}

void dw_jsonl_occupancy(struct dw_buf *out, const struct dw_record_context *context,
                        const struct dw_occupancy_change *change)
{
    struct dw_json_writer json = { .out = out };
    begin_record(&json, context, "occupancy", zone_name(context, change->zone));
    put_time(&json, "time", context, change->time_us);
    put_seconds(&json, "time_s", change->time_us);
    if (change->people == DW_PEOPLE_UNKNOWN)
        dw_json_null(&json, "people");
    else
        dw_json_integer(&json, "people", change->people);
    end_record(&json);
}

void dw_jsonl_quarter(struct dw_buf *out, const struct dw_record_context *context,
                      const struct dw_occupancy_quarter *quarter)
{
    struct dw_json_writer json = { .out = out };
    begin_record(&json, context, "occupancy_quarter", zone_name(context, quarter->zone));
    put_time(&json, "start", context, quarter->start_us);
    put_seconds(&json, "measured_s", quarter->measured_us);
    dw_json_real(&json, "average", (double)quarter->person_us / (double)quarter->measured_us, 3);
    dw_json_integer(&json, "peak", quarter->peak);
    end_record(&json);
}

void dw_jsonl_alert(struct dw_buf *out, const struct dw_record_context *context,
                    const struct dw_alert_event *event)
{
    struct dw_json_writer json = { .out = out };
    const struct dw_alert *alert = &event->alert;
    const struct dw_alert_rule *rule = &context->layout->alerts[alert->rule];
    char id[DW_HEX_SIZE];
    begin_record(&json, context, event->cleared ? "alert_cleared" : "alert_raised",
                 zone_name(context, rule->zone));
    dw_json_string(&json, "id", dw_hex(id, alert->id));
    dw_json_string(&json, "alert", rule->name);
    dw_json_string(&json, "rule", dw_alert_kind_name(rule->kind));
    put_time(&json, "time", context, event->time_us);
    put_seconds(&json, "time_s", event->time_us);
    put_time(&json, "since", context, alert->since_us);
    put_time(&json, "raised", context, alert->raised_us);
    dw_json_integer(&json, "people", alert->people);
    if (alert->person != 0)
        dw_json_integer(&json, "person", alert->person);
    dw_json_integer(&json, "told", alert->told);
    if (event->cleared) {
        put_seconds(&json, "lasted_s", alert->cleared_us - alert->raised_us);
        dw_json_string(&json, "end", dw_alert_end_name(alert->end));
    }
    end_record(&json);
}

void dw_jsonl_role(struct dw_buf *out, const struct dw_record_context *context,
                   const struct dw_role_change *change)
{
    struct dw_json_writer json = { .out = out };
    const struct dw_visit *visit = &change->visit;
    char id[DW_HEX_SIZE];
    begin_record(&json, context, "role", change->zone);
    dw_json_string(&json, "id", dw_hex(id, visit->id));
    dw_json_integer(&json, "person", visit->person);
    put_time(&json, "enter", context, visit->enter_us);
    put_time(&json, "time", context, change->time_us);
    dw_json_string(&json, "before", dw_role_name(change->before));
    dw_json_string(&json, "role", dw_role_name(visit->role));
    dw_json_real(&json, "role_p", visit->role_p, 3);
    dw_json_string(&json, "why", change->why);
    end_record(&json);
}
