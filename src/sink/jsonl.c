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
