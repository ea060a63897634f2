/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell report flow`: which zone people go to after which, where they begin and where they end. */
#include <math.h>
#include <string.h>

#include "base/wall_time.h"
#include "insight/flow.h"
#include "insight/kind_number.h"
#include "insight/kind_plot.h"
#include "insight/kinds.h"

#define GAP_MINUTES 10

static const struct dw_report_option options[] = {
    { "gap", "MINUTES", "after so long in no zone a new way begins (10)" },
};

static const struct dw_sheet_column transition_columns[] = {
    { .key = "from", .heading = "from" },
    { .key = "to", .heading = "to" },
    { .key = "count", .heading = "times", .unit = DW_SHEET_COUNT },
    { .key = "of", .heading = "of visits", .unit = DW_SHEET_COUNT },
    { .key = "share", .heading = "share", .unit = DW_SHEET_SHARE, .interval = true },
};

static const struct dw_sheet_column zone_columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "visits", .heading = "visits", .unit = DW_SHEET_COUNT },
    { .key = "unknown", .heading = "not known where to", .unit = DW_SHEET_COUNT },
    { .key = "first", .heading = "ways begun", .unit = DW_SHEET_COUNT },
    { .key = "first_share", .heading = "share", .unit = DW_SHEET_SHARE, .interval = true },
    { .key = "last", .heading = "ways ended", .unit = DW_SHEET_COUNT, .breaks = true },
    { .key = "last_share", .heading = "share", .unit = DW_SHEET_SHARE, .interval = true },
};

struct filling {
    struct dw_sheet *sheet;
    struct dw_report_places places;
    const struct dw_report_place *last; /* that of the visit before */
    const char *zone;
    struct dw_flow flow;
    DW_VEC(struct dw_flow_visit) visits;
};

static int take_visit(void *context, const struct dw_store_brief *visit)
{
    struct filling *filling = context;
    const struct dw_report_place *place = filling->last;
    if (place == NULL || place->zone_id != visit->zone_id)
        place = filling->last = dw_report_place_of(&filling->places, visit->zone_id);
    if (place == NULL)
        return 0;
    dw_vec_push(&filling->visits,
                ((struct dw_flow_visit){ .run = visit->run,
                                         .person = visit->person,
                                         .zone = (size_t)(place - filling->places.list.items),
                                         .enter_us = visit->enter_us,
                                         .exit_us = visit->exit_us,
                                         .cut_start = visit->cut_start,
                                         .cut_end = visit->cut_end }));
    return 0;
}

static struct dw_estimate share_of(size_t hits, size_t count)
{
    struct dw_estimate unknown = { (double)NAN, (double)NAN, (double)NAN };
    return count > 0 ? dw_stats_share(hits, count) : unknown;
}

static const struct dw_report_place *place_at(const struct filling *filling, size_t zone)
{
    return &filling->places.list.items[zone];
}

static bool asked_for(const struct filling *filling, size_t zone)
{
    return filling->zone == NULL || strcmp(place_at(filling, zone)->zone.name, filling->zone) == 0;
}

static void add_transitions(struct filling *filling, size_t from, struct dw_sheet_table *table)
{
    const struct dw_flow *flow = &filling->flow;
    size_t known = flow->visits[from] - flow->unknown[from];
    for (size_t to = 0; to < flow->zone_count; to++) {
        size_t times = flow->next[from * flow->zone_count + to];
        if (times == 0 || !(asked_for(filling, from) || asked_for(filling, to)))
            continue;
        dw_sheet_text(table, place_at(filling, from)->label);
        dw_sheet_text(table, place_at(filling, to)->label);
        dw_sheet_number(table, (double)times);
        dw_sheet_number(table, (double)known);
        dw_sheet_estimate(table, share_of(times, known));
    }
}

static void add_tables(struct filling *filling)
{
    const struct dw_flow *flow = &filling->flow;
    struct dw_sheet_table *table = dw_sheet_add_table(
        filling->sheet, "zones", "Where ways begin and end", zone_columns, DW_LENGTH(zone_columns));
    for (size_t zone = 0; zone < flow->zone_count; zone++) {
        if (!asked_for(filling, zone))
            continue;
        dw_sheet_text(table, place_at(filling, zone)->label);
        dw_sheet_number(table, (double)flow->visits[zone]);
        dw_sheet_number(table, (double)flow->unknown[zone]);
        dw_sheet_number(table, (double)flow->first[zone]);
        dw_sheet_estimate(table, share_of(flow->first[zone], flow->ways_first));
        dw_sheet_number(table, (double)flow->last[zone]);
        dw_sheet_estimate(table, share_of(flow->last[zone], flow->ways_last));
    }
    table = dw_sheet_add_table(filling->sheet, "transitions", "From zone to zone",
                               transition_columns, DW_LENGTH(transition_columns));
    for (size_t from = 0; from < flow->zone_count; from++)
        add_transitions(filling, from, table);
}

/* Rows: from; columns: to. */
static void add_plot(struct filling *filling)
{
    const struct dw_flow *flow = &filling->flow;
    size_t count = flow->zone_count;
    const char **labels = dw_alloc_array0(count, sizeof(*labels));
    double *values = dw_alloc_array0(count * count, sizeof(*values));
    struct dw_buf svg = { 0 };
    for (size_t i = 0; i < count; i++)
        labels[i] = place_at(filling, i)->label;
    for (size_t i = 0; i < count * count; i++)
        values[i] = (double)flow->next[i];
    dw_plot_grid(&(struct dw_plot_grid){ .id = "flow",
                                         .title = "From zone to zone",
                                         .columns = count,
                                         .rows = count,
                                         .column_labels = labels,
                                         .row_labels = labels,
                                         .values = values,
                                         .cell_height = 34,
                                         .numbers = true },
                 &svg);
    dw_sheet_plot(filling->sheet, dw_buf_text(&svg),
                  "How often a visit to the zone of the row was followed by one to that of the "
                  "column");
    dw_buf_fini(&svg);
    free(labels);
    free(values);
}

static void explain(struct filling *filling, double gap_minutes)
{
    struct dw_sheet *sheet = filling->sheet;
    size_t unknown = 0;
    for (size_t i = 0; i < filling->flow.zone_count; i++)
        unknown += filling->flow.unknown[i];
    dw_sheet_note(sheet,
                  "%zu ways of one person before one camera; nobody is known again before another "
                  "camera, or after having been lost from sight: ways seem shorter than they are",
                  filling->flow.ways);
    if (unknown > 0)
        dw_sheet_note(sheet,
                      "After %zu visits it was not seen where people went; shares leave them out",
                      unknown);
    dw_sheet_formula(sheet,
                     "way = visits (no passes) of one person, each within %g minutes of the "
                     "end of those before",
                     gap_minutes);
    dw_sheet_formula(sheet, "share of a step = times / visits to \"from\" of which is known what "
                            "came next, another zone or the end of the way");
    dw_sheet_formula(sheet,
                     "share of ways = begun (ended) here / ways whose first (last) visit was "
                     "seen from its start (to its end)");
    dw_sheet_formula(sheet, "95 %% = Wilson's score interval; steps of one person are taken for "
                            "independent");
}

static int fill_flow(struct dw_sheet *sheet, struct dw_store *store,
                     const struct dw_report_request *request, struct dw_err *err)
{
    static const struct dw_kind_number gap = { "--gap", 0, 1440 };
    double minutes = GAP_MINUTES;
    struct filling filling = { .sheet = sheet, .zone = request->zone };
    struct dw_report_request all = *request; /* a way leads through other zones too */
    struct dw_store_filter filter = dw_report_filter(request);
    all.zone = NULL;
    filter.no_staff = !request->include_staff;
    sheet->title = dw_strdup("From zone to zone");
    int result = dw_kind_number(&minutes, &gap, request->values[0], err);
    if (result == 0)
        result = dw_report_places_read(&filling.places, store, &all, err);
    sheet->simulated = filling.places.simulated;
    if (result == 0)
        result = dw_store_read_briefs(store, &filter, take_visit, &filling, err);
    if (result == 0 && filling.places.list.count > 0) {
        dw_flow(&filling.flow, filling.places.list.count, filling.visits.items,
                filling.visits.count, dw_time_from_seconds(60 * minutes));
        add_plot(&filling);
        add_tables(&filling);
        explain(&filling, minutes);
    }
    dw_flow_fini(&filling.flow);
    dw_vec_fini(&filling.visits);
    dw_report_places_fini(&filling.places);
    return result;
}

const struct dw_report_kind dw_report_flow = {
    .name = "flow",
    .about = "Which zone people go to after which, before one camera; where their ways begin and\n"
             "end. With --zone only the steps from and to it.",
    .options = options,
    .option_count = DW_LENGTH(options),
    .fill = fill_flow,
};
