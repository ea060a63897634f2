/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell report displays`: all displays side by side, and whether they do better than before. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "core/median.h"
#include "core/proportion.h"
#include "core/rate.h"
#include "insight/dwell_curve.h"
#include "insight/kind_plot.h"
#include "insight/kinds.h"
#include "insight/local_day.h"
#include "insight/zone_days.h"

#define WEEK 7

enum rank { RANK_DWELL, RANK_ENGAGE, RANK_PEOPLE, RANK_STOP, RANK_VISITS, RANKS };

/* The unit of a change depends on the figure that the displays are ranked by. */
#define COLUMNS(change_unit)                                                                       \
    {                                                                                              \
        { .key = "zone", .heading = "zone" },                                                      \
            { .key = "visits", .heading = "visits", .unit = DW_SHEET_COUNT },                      \
            { .key = "people", .heading = "people", .unit = DW_SHEET_COUNT },                      \
            { .key = "passes", .heading = "passes", .unit = DW_SHEET_COUNT },                      \
            { .key = "coverage", .heading = "coverage", .unit = DW_SHEET_SHARE },                  \
            { .key = "change", .heading = "change", .unit = (change_unit), .interval = true },     \
            { .key = "stop_rate",                                                                  \
              .heading = "stop rate",                                                              \
              .unit = DW_SHEET_SHARE,                                                              \
              .interval = true,                                                                    \
              .breaks = true },                                                                    \
            { .key = "engage_rate",                                                                \
              .heading = "engage rate",                                                            \
              .unit = DW_SHEET_SHARE,                                                              \
              .interval = true },                                                                  \
            { .key = "median_s",                                                                   \
              .heading = "median",                                                                 \
              .unit = DW_SHEET_SECONDS,                                                            \
              .interval = true,                                                                    \
              .breaks = true },                                                                    \
            { .key = "visits_before", .heading = "visits before", .unit = DW_SHEET_COUNT },        \
    }
#define COLUMN_COUNT 10
#define CHANGE 5 /* the column */

static const struct {
    const char *name, *what;
    enum dw_sheet_unit unit;
    struct dw_sheet_column columns[COLUMN_COUNT];
} ranks[RANKS] = {
    { "dwell", "median dwell", DW_SHEET_SECONDS, COLUMNS(DW_SHEET_SECONDS) },
    { "engage", "engage rate", DW_SHEET_SHARE, COLUMNS(DW_SHEET_POINTS) },
    { "people", "people", DW_SHEET_COUNT, COLUMNS(DW_SHEET_CHANGE) },
    { "stop", "stop rate", DW_SHEET_SHARE, COLUMNS(DW_SHEET_POINTS) },
    { "visits", "visits", DW_SHEET_COUNT, COLUMNS(DW_SHEET_CHANGE) },
};

static const struct dw_report_option options[] = {
    { "rank", "FIGURE", "order by visits, stop, engage, dwell or people (visits)" },
};

/* One display over the period; `change`: of the figure it is ranked by. */
struct display {
    const struct dw_report_place *place;
    struct dw_store_counts counts, before;
    struct dw_store_cover cover;
    struct dw_estimate values[RANKS], change;
};

struct comparing {
    const struct dw_zone_days *zone;
    size_t now;        /* index of the first day of the period; the days before come from 0 on */
    size_t length;     /* days of either period */
    int64_t first_day; /* of index 0 */
    int64_t level_us;  /* stop or engage */
    enum rank rank;
};

static bool in_period(const struct comparing *comparing, size_t at, int *side)
{
    *side = at >= comparing->now ? 1 : 0;
    return *side == 1 || at < comparing->length;
}

static int weekday_of(const struct comparing *comparing, size_t at)
{
    return dw_local_weekday(comparing->first_day + (int64_t)at);
}

static struct dw_estimate estimate_of(const struct dw_effect *effect)
{
    return effect->known ? (struct dw_estimate){ effect->value, effect->low, effect->high }
                         : (struct dw_estimate){ (double)NAN, (double)NAN, (double)NAN };
}

/* Visits or people, per measured time by weekday and hour. */
static struct dw_estimate compare_counts(const struct comparing *comparing)
{
    size_t count = comparing->zone->count;
    struct dw_rate_day *days = dw_alloc_array0(count + 1, sizeof(*days));
    struct dw_rate_cell *cells = dw_alloc_array0(count * DW_COMPARE_HOURS + 1, sizeof(*cells));
    size_t day_count = 0, cell_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct dw_zone_day *day = &comparing->zone->days[i];
        int side = 0, stratum = weekday_of(comparing, i);
        if (!in_period(comparing, i, &side))
            continue;
        days[day_count] = (struct dw_rate_day){ .side = side, .stratum = stratum };
        for (int hour = 0; hour < DW_COMPARE_HOURS; hour++) {
            const struct dw_store_counts *counts = &day->hours[hour];
            int64_t people = comparing->rank == RANK_PEOPLE ? counts->people : counts->visits;
            cells[cell_count++] =
                (struct dw_rate_cell){ day_count, stratum * DW_COMPARE_HOURS + hour, (double)people,
                                       (double)day->cover[hour].measured_us };
        }
        day_count++;
    }
    dw_rate_standardise(days, day_count, cells, cell_count);
    struct dw_effect effect = dw_rate_log_ratio(days, day_count, DW_RATE_NEGATIVE_BINOMIAL);
    struct dw_estimate ratio = estimate_of(&effect);
    free(days);
    free(cells);
    return (struct dw_estimate){ expm1(ratio.value), expm1(ratio.low), expm1(ratio.high) };
}

static struct dw_estimate compare_shares(const struct comparing *comparing)
{
    size_t count = comparing->zone->count, day_count = 0;
    struct dw_share_day *days = dw_alloc_array0(count + 1, sizeof(*days));
    for (size_t i = 0; i < count; i++) {
        const struct dw_zone_day *day = &comparing->zone->days[i];
        const struct dw_store_counts *counts = &day->counts;
        int64_t cut = dw_dwell_cut_before(day->dwell, comparing->level_us);
        int64_t hits = comparing->rank == RANK_STOP ? counts->stops : counts->engages;
        int side = 0;
        if (in_period(comparing, i, &side))
            days[day_count++] =
                (struct dw_share_day){ side, weekday_of(comparing, i), (double)hits,
                                       (double)(counts->visits + counts->passes - cut) };
    }
    struct dw_effect effect = dw_share_difference(days, day_count);
    free(days);
    return estimate_of(&effect);
}

static struct dw_estimate compare_dwell(const struct comparing *comparing)
{
    size_t count = comparing->zone->count, day_count = 0;
    struct dw_dwell_day *days = dw_alloc_array0(count + 1, sizeof(*days));
    struct dw_quantile_difference found;
    for (size_t i = 0; i < count; i++) {
        const struct dw_zone_day *day = &comparing->zone->days[i];
        int side = 0;
        if (in_period(comparing, i, &side))
            days[day_count++] =
                (struct dw_dwell_day){ .side = side,
                                       .stratum = weekday_of(comparing, i),
                                       .bins = day->bins,
                                       .count = (size_t)dw_dwell_hist_count(day->dwell) };
    }
    dw_quantile_difference(&found, days, day_count, .5);
    free(days);
    return estimate_of(&found.effect);
}

static struct dw_estimate compare(const struct comparing *comparing)
{
    if (comparing->rank == RANK_DWELL)
        return compare_dwell(comparing);
    bool share = comparing->rank == RANK_STOP || comparing->rank == RANK_ENGAGE;
    return share ? compare_shares(comparing) : compare_counts(comparing);
}

static void add_counts(struct dw_store_counts *sum, const struct dw_store_counts *more)
{
    for (size_t i = 0; i < DW_COUNT_KINDS; i++)
        sum->all[i] += more->all[i];
}

static void measure(struct display *display, const struct comparing *comparing)
{
    struct dw_dwell_hist *dwell = dw_alloc0(sizeof(*dwell));
    const struct dw_zone_rules *rules = &display->place->zone.rules;
    for (size_t i = 0; i < comparing->zone->count; i++) {
        const struct dw_zone_day *day = &comparing->zone->days[i];
        int side = 0;
        if (!in_period(comparing, i, &side))
            continue;
        add_counts(side == 1 ? &display->counts : &display->before, &day->counts);
        if (side == 0)
            continue;
        if (i == comparing->now || day->dwell != day[-1].dwell)
            dw_dwell_hist_add(dwell, day->dwell);
        for (size_t hour = 0; hour < DW_COMPARE_HOURS; hour++) {
            display->cover.measured_us += day->cover[hour].measured_us;
            display->cover.scheduled_us += day->cover[hour].scheduled_us;
        }
    }
    const struct dw_store_counts *counts = &display->counts;
    struct dw_estimate *values = display->values;
    values[RANK_VISITS].value = (double)counts->visits;
    values[RANK_PEOPLE].value = (double)counts->people;
    values[RANK_STOP] = dw_report_reached(counts, counts->stops, dwell, rules->stop_us);
    values[RANK_ENGAGE] = dw_report_reached(counts, counts->engages, dwell, rules->engage_us);
    values[RANK_DWELL] = dw_dwell_hist_median(dwell);
    free(dwell);
}

static void add_row(struct dw_sheet_table *table, const struct display *display)
{
    dw_sheet_text(table, display->place->label);
    dw_sheet_number(table, (double)display->counts.visits);
    dw_sheet_number(table, (double)display->counts.people);
    dw_sheet_number(table, (double)display->counts.passes);
    dw_sheet_number(table, dw_report_coverage(&display->cover));
    dw_sheet_estimate(table, display->change);
    dw_sheet_estimate(table, display->values[RANK_STOP]);
    dw_sheet_estimate(table, display->values[RANK_ENGAGE]);
    dw_sheet_estimate(table, display->values[RANK_DWELL]);
    dw_sheet_number(table, (double)display->before.visits);
}

/* The best first; at equal figures as in the store. */
static void sort(struct display *displays, size_t count, enum rank rank)
{
    for (size_t i = 1; i < count; i++) {
        struct display moved = displays[i];
        size_t at = i;
        for (; at > 0 && !(displays[at - 1].values[rank].value >= moved.values[rank].value) &&
               !isnan(moved.values[rank].value);
             at--)
            displays[at] = displays[at - 1];
        displays[at] = moved;
    }
}

static void draw_change(struct dw_sheet *sheet, const struct dw_plot_bar *bars, size_t count,
                        enum rank rank)
{
    struct dw_buf plot = { 0 };
    dw_plot_bars("change", "Change to the days before", ranks[rank].columns[CHANGE].unit, bars,
                 count, &plot);
    dw_sheet_plot(sheet, dw_buf_text(&plot),
                  "Change to the days before, with its 95 % interval: where that holds zero, "
                  "nothing is shown to have changed");
    dw_buf_fini(&plot);
}

static void draw(struct dw_sheet *sheet, const struct display *displays, size_t count,
                 enum rank rank)
{
    struct dw_plot_bar *bars = dw_alloc_array0(count + 1, sizeof(*bars));
    struct dw_buf plot = { 0 };
    for (size_t i = 0; i < count; i++) {
        bars[i] = (struct dw_plot_bar){ displays[i].place->label, displays[i].values[rank] };
        if (rank == RANK_VISITS || rank == RANK_PEOPLE)
            bars[i].value.low = bars[i].value.high = (double)NAN;
    }
    dw_plot_bars("displays", ranks[rank].what, ranks[rank].unit, bars, count, &plot);
    dw_sheet_plot(sheet, dw_buf_text(&plot), ranks[rank].what);
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        bars[i].value = displays[i].change;
        known += isnan(displays[i].change.value) ? 0 : 1;
    }
    if (known == 0)
        dw_sheet_note(sheet,
                      "No change can be told: too few days of the same weekday were measured "
                      "in one of the periods");
    if (known > 0)
        draw_change(sheet, bars, count, rank);
    dw_buf_fini(&plot);
    free(bars);
}

static void explain(struct dw_sheet *sheet, const struct dw_report_request *request,
                    int64_t before_day, enum rank rank)
{
    char first[DW_DATE_SIZE], last[DW_DATE_SIZE];
    int64_t length = request->to_day - request->from_day;
    dw_sheet_note(sheet,
                  "Ordered by %s; change: of %s, to %s to %s (as many days, the same weekdays)",
                  ranks[rank].what, ranks[rank].what, dw_local_date(first, before_day),
                  dw_local_date(last, before_day + length - 1));
    dw_sheet_formula(sheet,
                     "change of visits and people: ratio of rates an hour measured, weekdays "
                     "and hours matched");
    dw_sheet_formula(sheet, "change of stop and engage rate: difference in points; of the median: "
                            "in seconds; the day is the unit");
    dw_sheet_formula(sheet,
                     "stop rate = stops / (visits + passes - visits cut off before the level); "
                     "engage rate likewise");
    dw_sheet_formula(sheet,
                     "intervals are of 95 %% each, not corrected for the number of displays");
}

static int find_rank(const char *name, enum rank *rank, struct dw_err *err)
{
    *rank = RANK_VISITS;
    if (name == NULL)
        return 0;
    for (int i = 0; i < RANKS; i++)
        if (strcmp(ranks[i].name, name) == 0) {
            *rank = (enum rank)i;
            return 0;
        }
    return dw_fail(err, -EINVAL, "--rank wants visits, stop, engage, dwell or people, got '%s'",
                   name);
}

static void fill_table(struct dw_sheet *sheet, const struct dw_report_places *places,
                       const struct dw_zone_days_list *zones, struct comparing *comparing)
{
    enum rank rank = comparing->rank;
    struct display *displays = dw_alloc_array0(places->list.count + 1, sizeof(*displays));
    size_t count = 0;
    for (size_t i = 0; i < places->list.count; i++) {
        const struct dw_report_place *place = &places->list.items[i];
        comparing->zone = dw_zone_days_of(zones, place->zone_id);
        if (comparing->zone == NULL)
            continue;
        const struct dw_zone_rules *rules = &place->zone.rules;
        comparing->level_us = rank == RANK_STOP ? rules->stop_us : rules->engage_us;
        displays[count].place = place;
        measure(&displays[count], comparing);
        displays[count++].change = compare(comparing);
    }
    sort(displays, count, rank);
    struct dw_sheet_table *table = dw_sheet_add_table(sheet, "zones", "Displays side by side",
                                                      ranks[rank].columns, COLUMN_COUNT);
    for (size_t i = 0; i < count; i++)
        add_row(table, &displays[i]);
    if (count > 0)
        draw(sheet, displays, count, rank);
    free(displays);
}

static int fill_displays(struct dw_sheet *sheet, struct dw_store *store,
                         const struct dw_report_request *request, struct dw_err *err)
{
    struct dw_report_places places = { 0 };
    struct dw_zone_days_list zones = { 0 };
    struct dw_report_request both = *request;
    struct comparing comparing = { .length = (size_t)(request->to_day - request->from_day) };
    int result = find_rank(request->values[0], &comparing.rank, err);
    if (result < 0)
        return result;
    comparing.now = (comparing.length + WEEK - 1) / WEEK * WEEK;
    both.from_day -= (int64_t)comparing.now;
    comparing.first_day = both.from_day;
    bool counts_only = comparing.rank == RANK_VISITS || comparing.rank == RANK_PEOPLE;
    struct dw_zone_days_dwell dwell = { counts_only ? request->from_day : both.from_day,
                                        counts_only };
    sheet->title = dw_strdup("Displays side by side");
    result = dw_report_places_read(&places, store, request, err);
    sheet->simulated = places.simulated;
    if (result == 0)
        result = dw_zone_days_read(&zones, store, &both, &dwell, err);
    if (result == 0)
        fill_table(sheet, &places, &zones, &comparing);
    if (result == 0 && zones.list.count > 0)
        explain(sheet, request, both.from_day, comparing.rank);
    dw_report_note_approximate(sheet, zones.approximate);
    dw_zone_days_fini(&zones);
    dw_report_places_fini(&places);
    return result;
}

const struct dw_report_kind dw_report_displays = {
    .name = "displays",
    .about =
        "All displays side by side, the best first, and how much they changed to as many days\n"
        "before.",
    .options = options,
    .option_count = DW_LENGTH(options),
    .fill = fill_displays,
};
