/* SPDX-License-Identifier: Apache-2.0 */
/* How count and median move with settings and roles that nobody can know. docs/figures.md says
 * more. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/wall_time.h"
#include "insight/format.h"
#include "insight/report_impl.h"

static struct dw_report_quantile median_of(struct dw_duration *durations, size_t count)
{
    struct dw_report_quantile median = { .known = count >= 2 };
    bool cut = false;
    for (size_t i = 0; i < count; i++)
        cut |= durations[i].cut;
    median.s = dw_stats_survival_median(durations, count);
    if (!cut)
        median.s.value = dw_stats_quantile(durations, count, .5);
    return median;
}

static void compute_variant(struct dw_report_zone *zone, enum dw_variant variant)
{
    struct dw_report_variant *found = &zone->variants[variant];
    struct dw_duration *durations = dw_alloc_array0(zone->doubt.count + 1, sizeof(*durations));
    for (size_t i = 0; i < zone->doubt.count; i++) {
        const struct dw_store_doubt *doubt = &zone->doubt.items[i];
        if (doubt->variant != variant)
            continue;
        durations[found->visits++] =
            (struct dw_duration){ dw_time_to_seconds(doubt->dwell_us), doubt->cut };
    }
    found->median = median_of(durations, found->visits);
    free(durations);
}

static void compute_told(struct dw_report_zone *zone)
{
    struct dw_duration *durations = dw_alloc_array0(zone->visits + 1, sizeof(*durations));
    struct dw_report_variant *told = &zone->told;
    for (size_t i = 0; i < zone->stays.count; i++) {
        const struct dw_report_stay *stay = &zone->stays.items[i];
        if (stay->pass || stay->role == DW_ROLE_UNKNOWN)
            continue;
        durations[told->visits++] = (struct dw_duration){ dw_time_to_seconds(stay->dwell_us),
                                                          stay->cut_start || stay->cut_end };
    }
    told->median = median_of(durations, told->visits);
    zone->unknown_visits = zone->visits - told->visits;
    free(durations);
}

static bool run_is_doubted(const struct dw_report_zone *zone, int64_t run)
{
    for (size_t i = 0; i < zone->doubt.count; i++)
        if (zone->doubt.items[i].run == run)
            return true;
    return false;
}

/*
 * Whether the figures can be compared: nobody was left out as staff, and no run was measured by a
 * dwell that did not doubt yet.
 */
static bool comparable(const struct dw_report_zone *zone, bool include_staff)
{
    int64_t known = 0;
    if (zone->staff_visits > 0 && !include_staff)
        return false;
    for (size_t i = 0; i < zone->stays.count; i++) {
        const struct dw_report_stay *stay = &zone->stays.items[i];
        if (stay->pass || stay->run == known)
            continue;
        if (!run_is_doubted(zone, stay->run))
            return false;
        known = stay->run;
    }
    return zone->visits > 0;
}

void dw_report_zone_doubt(struct dw_report_zone *zone, bool include_staff)
{
    compute_told(zone);
    zone->doubted = comparable(zone, include_staff);
    for (int i = 0; zone->doubted && i < DW_VARIANT_COUNT; i++)
        compute_variant(zone, (enum dw_variant)i);
}

/* "3" or "3 to 4". */
static void put_range(struct dw_buf *out, const char *low, const char *high)
{
    dw_buf_puts(out, low);
    if (strcmp(low, high) != 0)
        dw_buf_printf(out, " to %s", high);
}

static void put_visits(const struct dw_report_zone *zone, struct dw_buf *out)
{
    char low[DW_FORMAT_SIZE], high[DW_FORMAT_SIZE];
    size_t least = zone->visits, most = least;
    for (int i = 0; i < DW_VARIANT_COUNT; i++) {
        least = DW_MIN(least, zone->variants[i].visits);
        most = DW_MAX(most, zone->variants[i].visits);
    }
    snprintf(low, sizeof(low), "%zu", least);
    snprintf(high, sizeof(high), "%zu", most);
    dw_buf_puts(out, "visits ");
    put_range(out, low, high);
}

static void put_median(const struct dw_report_zone *zone, struct dw_buf *out)
{
    char low[DW_FORMAT_SIZE], high[DW_FORMAT_SIZE];
    struct dw_report_quantile least = zone->median, most = zone->median;
    for (int i = 0; i < DW_VARIANT_COUNT; i++) {
        const struct dw_report_quantile *median = &zone->variants[i].median;
        least = median->s.value < least.s.value ? *median : least;
        most = median->s.value > most.s.value ? *median : most;
        least.known &= median->known;
    }
    if (!least.known)
        return;
    dw_buf_puts(out, ", median ");
    put_range(out, dw_format_quantile(low, zone, &least), dw_format_quantile(high, zone, &most));
}

/* When roles are told here at all. */
static void note_unknown(struct dw_report *report, const struct dw_report_zone *zone)
{
    char median[DW_FORMAT_SIZE];
    if (zone->unknown_visits == 0 || zone->told.visits + zone->staff_visits == 0)
        return;
    dw_vec_push(&report->notes,
                dw_strdup_printf("%s: of %zu of %zu visits the role is not known, and they count "
                                 "as shoppers'; without them: visits %zu, median %s",
                                 zone->zone.name, zone->unknown_visits, zone->visits,
                                 zone->told.visits,
                                 dw_format_quantile(median, zone, &zone->told.median)));
}

void dw_report_note_doubt(struct dw_report *report, const struct dw_report_zone *zone)
{
    note_unknown(report, zone);
    if (!zone->doubted)
        return;
    struct dw_buf out = { 0 };
    dw_buf_printf(&out, "%s: with bridge or link halved or doubled: ", zone->zone.name);
    put_visits(zone, &out);
    put_median(zone, &out);
    dw_vec_push(&report->notes, dw_strdup(dw_buf_text(&out)));
    dw_buf_fini(&out);
}
