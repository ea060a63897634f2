/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell report funnel`: of those who come by a display, how many stop, and how many engage. */
#include <math.h>

#include "insight/kind_plot.h"
#include "insight/kinds.h"
#include "insight/zone_days.h"

static const struct dw_sheet_column columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "stays", .heading = "stays", .unit = DW_SHEET_COUNT },
    { .key = "passes", .heading = "passes", .unit = DW_SHEET_COUNT },
    { .key = "visits", .heading = "visits", .unit = DW_SHEET_COUNT },
    { .key = "stops", .heading = "stops", .unit = DW_SHEET_COUNT },
    { .key = "engaged", .heading = "engaged", .unit = DW_SHEET_COUNT },
    { .key = "coverage", .heading = "coverage", .unit = DW_SHEET_SHARE },
    { .key = "stop_rate",
      .heading = "stop rate",
      .unit = DW_SHEET_SHARE,
      .interval = true,
      .breaks = true },
    { .key = "engage_rate", .heading = "engage rate", .unit = DW_SHEET_SHARE, .interval = true },
    { .key = "engaged_of_stops",
      .heading = "engaged of stops",
      .unit = DW_SHEET_SHARE,
      .interval = true },
};

struct filling {
    struct dw_sheet *sheet;
    struct dw_sheet_table *table;
    const struct dw_report_places *places;
    DW_VEC(struct dw_plot_bar) bars;
    int64_t cut, approximate;
};

static int add_zone(void *context, const struct dw_store_zone_counts *zone)
{
    struct filling *filling = context;
    const struct dw_report_place *place = dw_report_place_of(filling->places, zone->zone_id);
    if (place == NULL)
        return 0;
    const struct dw_store_counts *counts = zone->counts;
    struct dw_sheet_table *table = filling->table;
    struct dw_estimate unknown = { (double)NAN, (double)NAN, (double)NAN };
    struct dw_estimate stop_rate =
        dw_report_reached(counts, counts->stops, zone->dwell, place->zone.rules.stop_us);
    int64_t stays = counts->visits + counts->passes;
    dw_sheet_text(table, place->label);
    dw_sheet_number(table, (double)stays);
    dw_sheet_number(table, (double)counts->passes);
    dw_sheet_number(table, (double)counts->visits);
    dw_sheet_number(table, (double)counts->stops);
    dw_sheet_number(table, (double)counts->engages);
    dw_sheet_number(table, dw_report_coverage(zone->cover));
    dw_sheet_estimate(table, stop_rate);
    dw_sheet_estimate(table, dw_report_reached(counts, counts->engages, zone->dwell,
                                               place->zone.rules.engage_us));
    dw_sheet_estimate(table, counts->stops > 0
                                 ? dw_stats_share((size_t)counts->engages, (size_t)counts->stops)
                                 : unknown);
    dw_vec_push(&filling->bars, ((struct dw_plot_bar){ place->label, stop_rate }));
    filling->cut += counts->cut;
    filling->approximate += zone->approximate;
    return 0;
}

static void explain(struct filling *filling)
{
    struct dw_sheet *sheet = filling->sheet;
    struct dw_buf plot = { 0 };
    dw_plot_bars("funnel", "Stop rate of each display", DW_SHEET_SHARE, filling->bars.items,
                 filling->bars.count, &plot);
    dw_sheet_plot(sheet, dw_buf_text(&plot),
                  "Stop rate: of those who came by, who stopped, with its 95 % interval");
    dw_buf_fini(&plot);
    if (filling->cut > 0)
        dw_sheet_note(sheet,
                      "%lld visits were cut off at an end that was not seen; those cut before they "
                      "could reach a level are left out of its rate",
                      (long long)filling->cut);
    dw_sheet_formula(sheet, "stays = passes + visits; a pass is shorter than the zone's min_dwell");
    dw_sheet_formula(sheet, "stops, engaged = visits of the zone's level or longer");
    dw_sheet_formula(
        sheet,
        "stop rate = stops / (stays - visits cut off before the level); engage rate likewise");
    dw_sheet_formula(sheet, "engaged of stops = engaged / stops");
    dw_sheet_formula(sheet, "95 %% = Wilson's score interval of hits / count");
}

static int fill_funnel(struct dw_sheet *sheet, struct dw_store *store,
                       const struct dw_report_request *request, struct dw_err *err)
{
    struct dw_report_places places = { 0 };
    struct filling filling = { .sheet = sheet, .places = &places };
    struct dw_store_counts_query query = {
        .camera = request->camera,
        .roles = dw_report_roles(request),
        .dwell = true,
        .slots = dw_report_slots(request),
    };
    sheet->title = dw_strdup("From pass to stop to engage");
    filling.table =
        dw_sheet_add_table(sheet, "zones", "Funnel of each display", columns, DW_LENGTH(columns));
    int result = dw_report_places_read(&places, store, request, err);
    sheet->simulated = places.simulated;
    if (result == 0)
        result = dw_store_read_zone_counts(store, &query, add_zone, &filling, err);
    if (result == 0 && filling.bars.count > 0)
        explain(&filling);
    dw_report_note_approximate(sheet, filling.approximate);
    dw_vec_fini(&filling.bars);
    dw_report_places_fini(&places);
    return result;
}

const struct dw_report_kind dw_report_funnel = {
    .name = "funnel",
    .about = "Of those who come by each display: how many pass, stop and engage.",
    .fill = fill_funnel,
};
