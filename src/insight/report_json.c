/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/json_writer.h"
#include "base/wall_time.h"
#include "insight/report.h"

/* Keys with the values behind them; a value that was not reached is written as null. */
static void write_estimate(struct dw_json_writer *json, const char *key, bool known,
                           const struct dw_estimate *estimate)
{
    dw_json_object_begin(json, key);
    dw_json_real(json, "value", known ? estimate->value : (double)NAN, 4);
    dw_json_real(json, "low", known ? estimate->low : (double)NAN, 4);
    dw_json_real(json, "high", known ? estimate->high : (double)NAN, 4);
    dw_json_object_end(json);
}

static void write_share(struct dw_json_writer *json, const char *key,
                        const struct dw_report_share *share)
{
    dw_json_object_begin(json, key);
    dw_json_real(json, "level_s", dw_time_to_seconds(share->level_us), 3);
    dw_json_integer(json, "seen", (int64_t)share->hits);
    dw_json_string(json, "method", share->curve ? "kaplan-meier" : "wilson");
    write_estimate(json, "share", share->known, &share->share);
    dw_json_object_end(json);
}

static void write_time(struct dw_json_writer *json, const char *key, int64_t wall_us)
{
    char text[DW_ISO8601_SIZE];
    dw_json_string(json, key, dw_time_iso8601(text, wall_us));
}

static void write_coverage(struct dw_json_writer *json, const struct dw_spans *measured,
                           const struct dw_spans *scheduled)
{
    int64_t measured_us = dw_spans_total(measured), scheduled_us = dw_spans_total(scheduled);
    dw_json_real(json, "measured_s", dw_time_to_seconds(measured_us), 3);
    dw_json_real(json, "scheduled_s", dw_time_to_seconds(scheduled_us), 3);
    dw_json_real(json, "coverage",
                 scheduled_us > 0 ? (double)measured_us / (double)scheduled_us : (double)NAN, 4);
}

static void write_entries(struct dw_json_writer *json, const struct dw_report_zone *zone)
{
    dw_json_integer(json, "entries", (int64_t)zone->entries);
    dw_json_array_begin(json, "entries_by_side");
    for (size_t side = 1; side <= zone->zone.corner_count; side++)
        dw_json_integer(json, NULL, (int64_t)zone->side_entries[side]);
    dw_json_array_end(json);
}

static void write_doubt(struct dw_json_writer *json, const struct dw_report_zone *zone)
{
    dw_json_array_begin(json, "doubt");
    for (int i = 0; zone->doubted && i < DW_VARIANT_COUNT; i++) {
        const struct dw_report_variant *variant = &zone->variants[i];
        dw_json_object_begin(json, NULL);
        dw_json_string(json, "settings", dw_variant_name((enum dw_variant)i));
        dw_json_integer(json, "visits", (int64_t)variant->visits);
        write_estimate(json, "median_s", variant->median.known, &variant->median.s);
        dw_json_object_end(json);
    }
    dw_json_array_end(json);
}

static void write_zone(struct dw_json_writer *json, const struct dw_report_zone *zone)
{
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "zone", zone->zone.name);
    dw_json_integer(json, "revisions", zone->revisions);
    write_coverage(json, &zone->measured, &zone->scheduled);
    dw_json_integer(json, "visits", (int64_t)zone->visits);
    dw_json_integer(json, "people", (int64_t)zone->people);
    dw_json_integer(json, "passes", (int64_t)zone->passes);
    write_entries(json, zone);
    dw_json_integer(json, "staff_visits", (int64_t)zone->staff_visits);
    dw_json_integer(json, "staff_passes", (int64_t)zone->staff_passes);
    dw_json_real(json, "staff_share", zone->staff_share, 4);
    dw_json_integer(json, "unknown_visits", (int64_t)zone->unknown_visits);
    dw_json_object_begin(json, "without_unknown");
    dw_json_integer(json, "visits", (int64_t)zone->told.visits);
    write_estimate(json, "median_s", zone->told.median.known, &zone->told.median.s);
    dw_json_object_end(json);
    dw_json_integer(json, "cut_visits", (int64_t)zone->cut_visits);
    dw_json_string(json, "dwell_method", zone->cut_visits > 0 ? "kaplan-meier" : "type-7");
    write_estimate(json, "median_s", zone->median.known, &zone->median.s);
    write_estimate(json, "p75_s", zone->p75.known, &zone->p75.s);
    write_estimate(json, "p90_s", zone->p90.known, &zone->p90.s);
    dw_json_real(json, "mean_seen_s", zone->visits > 0 ? zone->mean_s : (double)NAN, 3);
    dw_json_real(json, "longest_seen_s", zone->visits > 0 ? zone->longest_s : (double)NAN, 3);
    dw_json_real(json, "total_seen_s", zone->total_s, 3);
    write_share(json, "stop", &zone->stop);
    write_share(json, "engage", &zone->engage);
    dw_json_real(json, "bridged_share", zone->visits > 0 ? zone->bridged_share : (double)NAN, 4);
    write_doubt(json, zone);
    dw_json_real(json, "occupancy_average", zone->occupancy_average, 4);
    dw_json_integer(json, "occupancy_peak", (int64_t)zone->occupancy_peak);
    dw_json_object_end(json);
}

static void write_camera(struct dw_json_writer *json, const struct dw_report *report,
                         const struct dw_report_camera *camera)
{
    const struct dw_spans *spans = &camera->scheduled;
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "site", camera->site);
    dw_json_string(json, "camera", camera->name);
    if (spans->count > 0) {
        write_time(json, "start", spans->items[0].start_us);
        write_time(json, "end", spans->items[spans->count - 1].end_us);
    }
    dw_json_bool(json, "simulated", camera->simulated);
    dw_json_integer(json, "runs", (int64_t)camera->runs);
    write_coverage(json, &camera->measured, spans);
    dw_json_array_begin(json, "zones");
    for (size_t i = 0; i < report->zones.count; i++)
        if (report->zones.items[i].camera_id == camera->id)
            write_zone(json, &report->zones.items[i]);
    dw_json_array_end(json);
    dw_json_array_begin(json, "lines");
    for (size_t i = 0; i < report->lines.count; i++) {
        const struct dw_report_line *line = &report->lines.items[i];
        if (line->camera_id != camera->id)
            continue;
        dw_json_object_begin(json, NULL);
        dw_json_string(json, "line", line->line.name);
        dw_json_integer(json, "to_right", line->to_right);
        dw_json_integer(json, "to_left", line->to_left);
        dw_json_object_end(json);
    }
    dw_json_array_end(json);
    dw_json_object_end(json);
}

void dw_report_json(const struct dw_report *report, struct dw_buf *out)
{
    struct dw_json_writer json = { .out = out };
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "report", "dwell " DWELL_VERSION);
    dw_json_bool(&json, "staff_included", report->include_staff);
    dw_json_array_begin(&json, "cameras");
    for (size_t i = 0; i < report->cameras.count; i++)
        write_camera(&json, report, &report->cameras.items[i]);
    dw_json_array_end(&json);
    dw_json_array_begin(&json, "notes");
    for (size_t i = 0; i < report->notes.count; i++)
        dw_json_string(&json, NULL, report->notes.items[i]);
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    dw_buf_puts(out, "\n");
}
