/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/wall_time.h"
#include "insight/format.h"
#include "insight/text_table.h"

static const struct dw_text_column zone_columns[] = {
    { .heading = "zone", .left = true },
    { .heading = "visits" },
    { .heading = "people" },
    { .heading = "passes" },
    { .heading = "entries" },
    { .heading = "average" },
    { .heading = "peak" },
    { .heading = "coverage" },
    { .heading = "median", .breaks = true },
    { .heading = "95 %", .left = true, .belongs = true },
    { .heading = "p75" },
    { .heading = "p90" },
    { .heading = "stop", .breaks = true },
    { .heading = "95 %", .left = true, .belongs = true },
    { .heading = "engage" },
    { .heading = "95 %", .left = true, .belongs = true },
    { .heading = "cut" },
    { .heading = "bridged" },
};

static const struct dw_text_column line_columns[] = {
    { .heading = "line", .left = true },
    { .heading = "to the right" },
    { .heading = "to the left" },
    { .heading = "both" },
};

static const char *const legend[][2] = {
    { "visits", "stays in the zone, passes left out" },
    { "people", "different people among the visits" },
    { "passes", "stays too short for a visit (min_dwell)" },
    { "entries", "visits and passes whose start was seen" },
    { "average", "people in the zone at once, over the measured time; peak: the most" },
    { "coverage", "measured time / scheduled time" },
    { "median", "half of the visits last no longer; p75, p90: 75 and 90 of 100" },
    { "95 %", "where the figure before it lies, with 95 % confidence" },
    { "cut", "visits whose start or end was not seen: they lasted longer than that" },
    { "bridged", "share of the dwell in which the person was hidden" },
    { "-", "too few visits to tell;  > : longer than the longest seen" },
};

static void add_name(struct dw_text_table *table, const char *name,
                     const struct dw_report_style *style)
{
    struct dw_buf tamed = { 0 };
    dw_text_tame(&tamed, name, style);
    dw_text_table_add(table, dw_buf_text(&tamed));
    dw_buf_fini(&tamed);
}

static void add_count(struct dw_text_table *table, size_t count)
{
    char text[DW_FORMAT_SIZE];
    snprintf(text, sizeof(text), "%zu", count);
    dw_text_table_add(table, text);
}

static void add_zone(struct dw_text_table *table, const struct dw_report_zone *zone,
                     const struct dw_report_style *style)
{
    char text[DW_FORMAT_SIZE];
    add_name(table, zone->zone.name, style);
    add_count(table, zone->visits);
    add_count(table, zone->people);
    add_count(table, zone->passes);
    add_count(table, zone->entries);
    snprintf(text, sizeof(text), "%.2f", zone->occupancy_average);
    dw_text_table_add(table, text);
    add_count(table, zone->occupancy_peak);
    dw_text_table_add(table, dw_format_percent(text, zone->coverage));
    dw_text_table_add(table, dw_format_quantile(text, zone, &zone->median));
    dw_text_table_add(table, dw_format_quantile_interval(text, &zone->median));
    dw_text_table_add(table, dw_format_quantile(text, zone, &zone->p75));
    dw_text_table_add(table, dw_format_quantile(text, zone, &zone->p90));
    dw_text_table_add(table, dw_format_share(text, &zone->stop));
    dw_text_table_add(table, dw_format_share_interval(text, &zone->stop));
    dw_text_table_add(table, dw_format_share(text, &zone->engage));
    dw_text_table_add(table, dw_format_share_interval(text, &zone->engage));
    add_count(table, zone->cut_visits);
    dw_text_table_add(table, zone->visits > 0 ? dw_format_percent(text, zone->bridged_share) : "-");
}

static void write_zones(const struct dw_report *report, int64_t camera,
                        const struct dw_report_style *style, struct dw_buf *out)
{
    struct dw_text_table table = { zone_columns, DW_LENGTH(zone_columns), { 0 } };
    for (size_t i = 0; i < report->zones.count; i++)
        if (report->zones.items[i].camera_id == camera)
            add_zone(&table, &report->zones.items[i], style);
    if (table.cells.count > 0) {
        dw_buf_puts(out, "\n");
        dw_text_table_write(&table, style, out);
    }
    dw_text_table_fini(&table);
}

static void write_lines(const struct dw_report *report, int64_t camera,
                        const struct dw_report_style *style, struct dw_buf *out)
{
    struct dw_text_table table = { line_columns, DW_LENGTH(line_columns), { 0 } };
    for (size_t i = 0; i < report->lines.count; i++) {
        const struct dw_report_line *line = &report->lines.items[i];
        if (line->camera_id != camera)
            continue;
        add_name(&table, line->line.name, style);
        add_count(&table, (size_t)line->to_right);
        add_count(&table, (size_t)line->to_left);
        add_count(&table, (size_t)(line->to_right + line->to_left));
    }
    if (table.cells.count > 0) {
        dw_buf_puts(out, "\n");
        dw_text_table_write(&table, style, out);
    }
    dw_text_table_fini(&table);
}

static void write_camera(const struct dw_report *report, const struct dw_report_camera *camera,
                         const struct dw_report_style *style, struct dw_buf *out)
{
    char span[DW_FORMAT_SIZE], measured[DW_FORMAT_SIZE], scheduled[DW_FORMAT_SIZE];
    dw_buf_puts(out, camera->simulated ? "\nSIMULATED, nothing of this was measured: " : "\n");
    if (*camera->site != '\0') {
        dw_text_tame(out, camera->site, style);
        dw_buf_puts(out, ", ");
    }
    dw_buf_puts(out, "camera ");
    dw_text_tame(out, camera->name, style);
    dw_buf_puts(out, "\n");
    if (camera->scheduled.count > 0) {
        const struct dw_spans *spans = &camera->scheduled;
        int64_t end_us = spans->items[spans->count - 1].end_us;
        dw_buf_printf(
            out, "%s, measured %s of %s\n",
            dw_format_span(span, (struct dw_span){ spans->items[0].start_us, end_us }),
            dw_format_seconds(measured, dw_time_to_seconds(dw_spans_total(&camera->measured))),
            dw_format_seconds(scheduled, dw_time_to_seconds(dw_spans_total(spans))));
    }
    write_zones(report, camera->id, style, out);
    write_lines(report, camera->id, style, out);
}

/* "3 s or longer", or each zone's own level when they differ. */
static void write_level(const struct dw_report *report, const char *term, bool engage,
                        struct dw_buf *out)
{
    char level[DW_FORMAT_SIZE];
    int64_t level_us = 0;
    bool same = true;
    for (size_t i = 0; i < report->zones.count; i++) {
        const struct dw_report_zone *zone = &report->zones.items[i];
        int64_t own_us = engage ? zone->engage.level_us : zone->stop.level_us;
        same &= i == 0 || own_us == level_us;
        level_us = own_us;
    }
    if (same)
        dw_buf_printf(out, "  %-9s share of visits of %s or longer\n", term,
                      dw_format_level(level, level_us));
    else
        dw_buf_printf(out, "  %-9s share of visits as long as the zone's \"%s\" or longer\n", term,
                      term);
}

static void write_legend(const struct dw_report *report, struct dw_buf *out)
{
    dw_buf_puts(out, "\n");
    for (size_t i = 0; i < DW_LENGTH(legend); i++) {
        if (strcmp(legend[i][0], "cut") == 0) {
            write_level(report, "stop", false, out);
            write_level(report, "engage", true, out);
        }
        dw_buf_printf(out, "  %-9s %s\n", legend[i][0], legend[i][1]);
    }
}

static void write_empty(const struct dw_report *report, struct dw_buf *out)
{
    bool narrowed = report->camera != NULL || report->from_us != 0 || report->to_us != 0;
    dw_buf_puts(out, narrowed ? "Nothing was measured by that camera in that period. Without "
                                "--camera, --from and --to\nthe report shows all there is.\n"
                              : "Nothing has been measured into this store yet. Fill it with:\n"
                                "  dwell analyze VIDEO --zones ZONES.json --store FILE\n");
}

void dw_report_text(const struct dw_report *report, const struct dw_report_style *style,
                    struct dw_buf *out)
{
    if (report->cameras.count == 0) {
        write_empty(report, out);
        return;
    }
    for (size_t i = 0; i < report->cameras.count; i++)
        write_camera(report, &report->cameras.items[i], style, out);
    if (report->notes.count > 0)
        dw_buf_puts(out, "\n");
    for (size_t i = 0; i < report->notes.count; i++)
        dw_text_note(out, report->notes.items[i], style);
    if (report->zones.count > 0)
        write_legend(report, out);
}
