/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell report summary`: every figure of every zone over a period. */
#include <math.h>
#include <stdio.h>

#include "base/wall_time.h"
#include "insight/dwell_curve.h"
#include "insight/format.h"
#include "insight/kind_plot.h"
#include "insight/kinds.h"
#include "insight/zone_days.h"
#include "store/store_peak.h"

/* A point of the curve that is written for each share of this size. */
#define CURVE_STEP 0.01
#define COVERED 0.995

static const struct dw_sheet_column count_columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "visits", .heading = "visits", .unit = DW_SHEET_COUNT },
    { .key = "people", .heading = "people", .unit = DW_SHEET_COUNT },
    { .key = "passes", .heading = "passes", .unit = DW_SHEET_COUNT },
    { .key = "entries", .heading = "entries", .unit = DW_SHEET_COUNT },
    { .key = "occupancy_average", .heading = "average", .unit = DW_SHEET_NUMBER },
    { .key = "occupancy_peak", .heading = "most", .unit = DW_SHEET_COUNT },
    { .key = "coverage", .heading = "coverage", .unit = DW_SHEET_SHARE, .breaks = true },
    { .key = "cut_visits", .heading = "cut", .unit = DW_SHEET_COUNT },
    { .key = "bridged_share", .heading = "bridged", .unit = DW_SHEET_SHARE },
    { .key = "staff_visits", .heading = "staff visits", .unit = DW_SHEET_COUNT },
    { .key = "staff_passes", .heading = "staff passes", .unit = DW_SHEET_COUNT },
    { .key = "staff_share", .heading = "staff", .unit = DW_SHEET_SHARE },
    { .key = "unknown_visits", .heading = "role not known", .unit = DW_SHEET_COUNT },
};

#define WITH_INTERVAL(column_key, column_heading, column_unit)                                     \
    {                                                                                              \
        .key = (column_key), .heading = (column_heading), .unit = (column_unit), .interval = true, \
    }

static const struct dw_sheet_column dwell_columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "visits", .heading = "n", .unit = DW_SHEET_COUNT },
    WITH_INTERVAL("median_s", "median", DW_SHEET_SECONDS),
    WITH_INTERVAL("p75_s", "p75", DW_SHEET_SECONDS),
    WITH_INTERVAL("p90_s", "p90", DW_SHEET_SECONDS),
    WITH_INTERVAL("stop_share", "stop", DW_SHEET_SHARE),
    WITH_INTERVAL("engage_share", "engage", DW_SHEET_SHARE),
};

static const struct dw_sheet_column side_columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "side", .heading = "edge crossed" },
    { .key = "entries", .heading = "entries", .unit = DW_SHEET_COUNT },
    { .key = "share", .heading = "of the zone's", .unit = DW_SHEET_SHARE },
};

static const struct dw_sheet_column curve_columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "seconds", .heading = "after", .unit = DW_SHEET_SECONDS },
    WITH_INTERVAL("still_there", "still there", DW_SHEET_SHARE),
};

/* One zone over the period. */
struct summed {
    const struct dw_report_place *place;
    struct dw_store_counts counts, staff;
    double peak; /* NaN: not known */
    struct dw_store_cover cover;
    struct dw_dwell_hist *dwell;
    struct dw_dwell_curve curve;
    int64_t sides[DW_ZONE_CORNERS_MAX + 1]; /* [0]: edge not known */
    struct dw_estimate median;
    int64_t told_visits; /* of a known role ... */
    double told_median;  /* ... and their median */
};

struct summing {
    const struct dw_report_places *places;
    DW_VEC(struct summed) zones;
    int64_t approximate;
};

static int add_zone(void *context, const struct dw_store_zone_counts *found)
{
    struct summing *summing = context;
    const struct dw_report_place *place = dw_report_place_of(summing->places, found->zone_id);
    if (place == NULL)
        return 0;
    struct summed *zone = dw_vec_add(&summing->zones);
    zone->place = place;
    zone->counts = *found->counts;
    zone->cover = *found->cover;
    zone->dwell = dw_alloc0(sizeof(*zone->dwell));
    *zone->dwell = *found->dwell;
    for (size_t i = 0; i < found->side_count && i < DW_LENGTH(zone->sides); i++)
        zone->sides[i] = found->entries_by_side[i];
    dw_dwell_curve_init(&zone->curve, zone->dwell);
    zone->median = dw_dwell_curve_quantile(&zone->curve, .5);
    summing->approximate += found->approximate;
    return 0;
}

static struct summed *zone_of(struct summing *summing, int64_t zone_id)
{
    for (size_t i = 0; i < summing->zones.count; i++)
        if (summing->zones.items[i].place->zone_id == zone_id)
            return &summing->zones.items[i];
    return NULL;
}

static int add_staff(void *context, const struct dw_store_zone_counts *found)
{
    struct summed *zone = zone_of(context, found->zone_id);
    if (zone != NULL)
        zone->staff = *found->counts;
    return 0;
}

static int add_told(void *context, const struct dw_store_zone_counts *found)
{
    struct summed *zone = zone_of(context, found->zone_id);
    if (zone == NULL)
        return 0;
    zone->told_visits = found->counts->visits;
    zone->told_median = dw_dwell_hist_median(found->dwell).value;
    return 0;
}

static int add_peak(void *context, const struct dw_store_peak *found)
{
    struct summed *zone = zone_of(context, found->zone_id);
    if (zone != NULL)
        zone->peak = found->known ? (double)found->people : (double)NAN;
    return 0;
}

static int read_zones(struct summing *summing, struct dw_store *store,
                      const struct dw_report_request *request, struct dw_err *err)
{
    struct dw_store_counts_query query = {
        .camera = request->camera,
        .roles = dw_report_roles(request),
        .dwell = true,
        .slots = dw_report_slots(request),
    };
    int result = dw_store_read_zone_counts(store, &query, add_zone, summing, err);
    query.roles = DW_ROLE_BIT(DW_ROLE_SHOPPER);
    if (request->include_staff)
        query.roles |= DW_ROLE_BIT(DW_ROLE_STAFF);
    if (result == 0)
        result = dw_store_read_zone_counts(store, &query, add_told, summing, err);
    query.roles = DW_ROLE_BIT(DW_ROLE_STAFF);
    query.dwell = false;
    if (result == 0)
        result = dw_store_read_zone_counts(store, &query, add_staff, summing, err);
    int64_t from = query.slots.first_quarter, to = from + (int64_t)query.slots.quarter_count;
    struct dw_store_peak_query span = { .camera = request->camera,
                                        .include_staff = request->include_staff,
                                        .from_us = from * DW_QUARTER_US,
                                        .to_us = to * DW_QUARTER_US };
    return result == 0 ? dw_store_read_peaks(store, &span, add_peak, summing, err) : result;
}

static double ratio(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

/* Of all visits and passes, staff's too, whether the others count them or not. */
static double staff_share(const struct summed *zone, bool included)
{
    int64_t staff = zone->staff.visits + zone->staff.passes;
    return ratio(staff, zone->counts.visits + zone->counts.passes + (included ? 0 : staff));
}

static void add_counts(struct dw_sheet_table *table, const struct summed *zone, bool included)
{
    const struct dw_store_counts *counts = &zone->counts;
    dw_sheet_text(table, zone->place->label);
    dw_sheet_number(table, (double)counts->visits);
    dw_sheet_number(table, (double)counts->people);
    dw_sheet_number(table, (double)counts->passes);
    dw_sheet_number(table, (double)counts->entries);
    dw_sheet_number(table, ratio(counts->occupancy_us, zone->cover.measured_us));
    dw_sheet_number(table, zone->peak);
    dw_sheet_number(table, dw_report_coverage(&zone->cover));
    dw_sheet_number(table, (double)counts->cut);
    dw_sheet_number(table, ratio(counts->bridged_us, counts->dwell_us));
    dw_sheet_number(table, (double)zone->staff.visits);
    dw_sheet_number(table, (double)zone->staff.passes);
    dw_sheet_number(table, staff_share(zone, included));
    dw_sheet_number(table, (double)(counts->visits - zone->told_visits));
}

/* Of the visits; by the curve where one was cut off before the level. */
static struct dw_estimate share_over(const struct summed *zone, int64_t hits, int64_t level_us)
{
    if (zone->counts.visits == 0)
        return (struct dw_estimate){ (double)NAN, (double)NAN, (double)NAN };
    if (dw_dwell_cut_before(zone->dwell, level_us) == 0)
        return dw_stats_share((size_t)hits, (size_t)zone->counts.visits);
    return dw_dwell_curve_share(&zone->curve, dw_time_to_seconds(level_us));
}

static void add_dwell(struct dw_sheet_table *table, const struct summed *zone)
{
    const struct dw_zone_rules *rules = &zone->place->zone.rules;
    dw_sheet_text(table, zone->place->label);
    dw_sheet_number(table, (double)zone->counts.visits);
    dw_sheet_estimate(table, zone->median);
    dw_sheet_estimate(table, dw_dwell_curve_quantile(&zone->curve, .75));
    dw_sheet_estimate(table, dw_dwell_curve_quantile(&zone->curve, .9));
    dw_sheet_estimate(table, share_over(zone, zone->counts.stops, rules->stop_us));
    dw_sheet_estimate(table, share_over(zone, zone->counts.engages, rules->engage_us));
}

static void add_side(struct dw_sheet_table *table, const struct summed *zone, size_t side)
{
    char name[64] = "not known";
    if (side > 0)
        snprintf(name, sizeof(name), "%zu%s", side,
                 (int)side == zone->place->zone.target_side ? ", facing the display" : "");
    dw_sheet_text(table, zone->place->label);
    dw_sheet_text(table, name);
    dw_sheet_number(table, (double)zone->sides[side]);
    dw_sheet_number(table, ratio(zone->sides[side], zone->counts.entries));
}

static void add_sides(struct dw_sheet_table *table, const struct summed *zone)
{
    for (size_t side = 1; side <= zone->place->zone.corner_count; side++)
        add_side(table, zone, side);
    if (zone->sides[0] > 0)
        add_side(table, zone, 0);
}

struct drawing {
    struct dw_sheet_table *table;
    const struct summed *zone;
};

static void add_point(void *context, const struct dw_survival_step *step)
{
    const struct drawing *drawing = context;
    dw_sheet_text(drawing->table, drawing->zone->place->label);
    dw_sheet_number(drawing->table, step->time);
    dw_sheet_estimate(drawing->table, dw_stats_survival_interval(step));
}

static void write_tables(struct dw_sheet *sheet, const struct summing *summing, bool included)
{
    const struct summed *zones = summing->zones.items;
    size_t count = summing->zones.count;
    struct dw_sheet_table *table =
        dw_sheet_add_table(sheet, "zones", "How many", count_columns, DW_LENGTH(count_columns));
    for (size_t i = 0; i < count; i++)
        add_counts(table, &zones[i], included);
    table = dw_sheet_add_table(sheet, "dwell", "How long", dwell_columns, DW_LENGTH(dwell_columns));
    for (size_t i = 0; i < count; i++)
        add_dwell(table, &zones[i]);
    table = dw_sheet_add_table(sheet, "entries", "Entries by side", side_columns,
                               DW_LENGTH(side_columns));
    for (size_t i = 0; i < count; i++)
        add_sides(table, &zones[i]);
    table = dw_sheet_add_table(sheet, "curve", "Share of visits still there after each time",
                               curve_columns, DW_LENGTH(curve_columns));
    table->data = true;
    for (size_t i = 0; i < count; i++)
        dw_dwell_curve_points(&zones[i].curve, CURVE_STEP, add_point,
                              &(struct drawing){ table, &zones[i] });
}

static void draw(struct dw_sheet *sheet, const struct summing *summing)
{
    struct dw_plot_bar *bars = dw_alloc_array0(summing->zones.count + 1, sizeof(*bars));
    struct dw_buf plot = { 0 };
    for (size_t i = 0; i < summing->zones.count; i++) {
        const struct summed *zone = &summing->zones.items[i];
        bars[i] = (struct dw_plot_bar){ zone->place->label,
                                        { (double)zone->counts.visits, (double)NAN, (double)NAN } };
    }
    dw_plot_bars("visits", "Visits", DW_SHEET_COUNT, bars, summing->zones.count, &plot);
    dw_sheet_plot(sheet, dw_buf_text(&plot), "Visits");
    dw_buf_clear(&plot);
    for (size_t i = 0; i < summing->zones.count; i++)
        bars[i].value = summing->zones.items[i].median;
    dw_plot_bars("median", "Median dwell", DW_SHEET_SECONDS, bars, summing->zones.count, &plot);
    dw_sheet_plot(sheet, dw_buf_text(&plot), "Median dwell with its 95 % interval");
    dw_buf_fini(&plot);
    free(bars);
}

/* When roles are told here at all. */
static void note_unknown(struct dw_sheet *sheet, const struct summed *zone)
{
    char median[DW_FORMAT_SIZE] = "-";
    int64_t unknown = zone->counts.visits - zone->told_visits;
    if (unknown == 0 || zone->told_visits + zone->staff.visits == 0)
        return;
    if (isfinite(zone->told_median))
        dw_format_seconds(median, zone->told_median);
    dw_sheet_note(sheet,
                  "%s: of %lld of %lld visits the role is not known, and they count as shoppers'; "
                  "without them: visits %lld, median %s",
                  zone->place->label, (long long)unknown, (long long)zone->counts.visits,
                  (long long)zone->told_visits, median);
}

static void note_zone(struct dw_sheet *sheet, const struct summed *zone, bool included)
{
    const char *name = zone->place->label;
    double coverage = dw_report_coverage(&zone->cover);
    if (zone->counts.cut > 0)
        dw_sheet_note(sheet,
                      "%s: %lld of %lld visits were cut off; their dwell is a lower bound, which "
                      "median, p75, p90 and shares allow for (Kaplan-Meier)",
                      name, (long long)zone->counts.cut, (long long)zone->counts.visits);
    if (zone->staff.visits + zone->staff.passes > 0)
        dw_sheet_note(sheet, "%s: staff %s, %.1f %% of all stays", name,
                      included ? "are counted too" : "are left out of every figure",
                      100 * staff_share(zone, included));
    note_unknown(sheet, zone);
    if (zone->place->revisions > 1)
        dw_sheet_note(sheet,
                      "%s: the zone or its settings changed; the figures put %d revisions together",
                      name, zone->place->revisions);
    if (coverage < COVERED)
        dw_sheet_note(sheet,
                      "%s: %.1f %% of the scheduled time was not measured; counts are not scaled "
                      "up",
                      name, 100 * (1 - coverage));
}

static void explain(struct dw_sheet *sheet)
{
    dw_sheet_formula(sheet, "visits = stays of min_dwell or longer; passes = shorter ones; people "
                            "= different persons among the visits of a run");
    dw_sheet_formula(sheet, "entries = visits and passes whose start was seen");
    dw_sheet_formula(sheet, "average = person-time of visits and passes / measured time; most = "
                            "of both at one moment");
    dw_sheet_formula(sheet, "coverage = measured / scheduled time");
    dw_sheet_formula(sheet, "median, p75, p90: Kaplan-Meier, from buckets 1.6 to 3.1 %% wide; "
                            "interval of Brookmeyer and Crowley, 95 %%");
    dw_sheet_formula(sheet, "stop, engage = visits of the zone's level or longer / visits, "
                            "Wilson's interval; from the curve where a visit was cut off before");
    dw_sheet_formula(sheet, "bridged = time hidden but taken to have stayed / dwell of visits");
    dw_sheet_formula(sheet, "staff = visits and passes of staff / all visits and passes");
}

static int fill_summary(struct dw_sheet *sheet, struct dw_store *store,
                        const struct dw_report_request *request, struct dw_err *err)
{
    struct dw_report_places places = { 0 };
    struct summing summing = { .places = &places };
    bool included = request->include_staff;
    sheet->title = dw_strdup("Summary");
    int result = dw_report_places_read(&places, store, request, err);
    sheet->simulated = places.simulated;
    if (result == 0)
        result = read_zones(&summing, store, request, err);
    if (result == 0 && summing.zones.count > 0) {
        write_tables(sheet, &summing, included);
        draw(sheet, &summing);
        for (size_t i = 0; i < summing.zones.count; i++)
            note_zone(sheet, &summing.zones.items[i], included);
        explain(sheet);
    }
    dw_report_note_approximate(sheet, summing.approximate);
    for (size_t i = 0; i < summing.zones.count; i++) {
        dw_dwell_curve_fini(&summing.zones.items[i].curve);
        free(summing.zones.items[i].dwell);
    }
    dw_vec_fini(&summing.zones);
    dw_report_places_fini(&places);
    return result;
}

const struct dw_report_kind dw_report_summary = {
    .name = "summary",
    .about = "Every figure of every zone: how many came, how long they stayed, how sure that is.",
    .fill = fill_summary,
};
