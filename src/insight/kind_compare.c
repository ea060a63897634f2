/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell report compare`: did it help? Two periods, two displays, or days with and without. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "insight/kind_plot.h"
#include "insight/kinds.h"
#include "insight/local_day.h"
#include "insight/zone_days.h"

enum option { PERIOD_A, PERIOD_B, AGAINST, ALTERNATE, PROMOTION, ANY_WEEKDAY, SHORTER };

static const struct dw_report_option options[] = {
    [PERIOD_A] = { "a", "FROM..TO", "days that are compared with, both included" },
    [PERIOD_B] = { "b", "FROM..TO", "days that are compared: 2026-11-16..2026-11-29" },
    [AGAINST] = { "against", "NAME", "compare --zone with this zone, on the same days" },
    [ALTERNATE] = { "alternate-days", NULL,
                    "compare the 1st, 3rd ... day of the period with the "
                    "others" },
    [PROMOTION] = { "promotion-days", "LIST",
                    "compare these days with the others of the period: "
                    "2026-11-03,2026-11-09..2026-11-11" },
    [ANY_WEEKDAY] = { "any-weekday", NULL, "compare Mondays with Saturdays too" },
    [SHORTER] = { "shorter-is-better", NULL, "dwell is time lost, as in a queue" },
};

#define COLUMNS(value_key, value_unit, difference_unit)                                            \
    {                                                                                              \
        { .key = "zone", .heading = "zone" },                                                      \
            { .key = value_key "_a", .heading = "A", .unit = (value_unit) },                       \
            { .key = value_key "_b", .heading = "B", .unit = (value_unit) },                       \
            { .key = "difference",                                                                 \
              .heading = "difference",                                                             \
              .unit = (difference_unit),                                                           \
              .interval = true },                                                                  \
            { .key = "p_adjusted", .heading = "p, Holm", .unit = DW_SHEET_P },                     \
            { .key = "verdict", .heading = "verdict" },                                            \
            { .key = "n_a", .heading = "n A", .unit = DW_SHEET_COUNT, .breaks = true },            \
            { .key = "n_b", .heading = "n B", .unit = DW_SHEET_COUNT },                            \
            { .key = "days_a", .heading = "days A", .unit = DW_SHEET_COUNT },                      \
            { .key = "days_b", .heading = "days B", .unit = DW_SHEET_COUNT },                      \
            { .key = "coverage_a", .heading = "coverage A", .unit = DW_SHEET_SHARE },              \
            { .key = "coverage_b", .heading = "coverage B", .unit = DW_SHEET_SHARE },              \
            { .key = "p", .heading = "p alone", .unit = DW_SHEET_P },                              \
            { .key = "more_days", .heading = "more days", .unit = DW_SHEET_COUNT },                \
    }
#define COLUMN_COUNT 14

static const struct {
    const char *key, *title;
    enum dw_sheet_unit difference_unit;
    struct dw_sheet_column columns[COLUMN_COUNT];
} figures[DW_COMPARE_FIGURES] = {
    [DW_COMPARE_FOOTFALL] = { "footfall", "Footfall, people an hour", DW_SHEET_CHANGE,
                              COLUMNS("per_hour", DW_SHEET_NUMBER, DW_SHEET_CHANGE) },
    [DW_COMPARE_STOP_RATE] = { "stop_rate", "Stop rate", DW_SHEET_POINTS,
                               COLUMNS("rate", DW_SHEET_SHARE, DW_SHEET_POINTS) },
    [DW_COMPARE_DWELL] = { "median_dwell", "Median dwell", DW_SHEET_SECONDS,
                           COLUMNS("seconds", DW_SHEET_SECONDS, DW_SHEET_SECONDS) },
};

/* What is compared with what. */
struct plan {
    struct dw_report_request request; /* all days that are needed */
    struct dw_compare_conf conf;
    int *sides; /* of each day; -1: neither */
    size_t count;
    const char *against; /* zone of side 0, or NULL: the same zone on both sides */
};

static bool given(const struct dw_report_request *request, enum option option)
{
    return request->values[option] != NULL;
}

/* "2026-11-16..2026-11-29", or one day. */
static int parse_days(int64_t *first, int64_t *last, const char *text, struct dw_err *err)
{
    char part[DW_DATE_SIZE];
    const char *dots = strstr(text, "..");
    size_t length = dots != NULL ? (size_t)(dots - text) : strlen(text);
    snprintf(part, sizeof(part), "%.*s", (int)DW_MIN(length, sizeof(part) - 1), text);
    int result = dw_local_date_parse(first, part, err);
    *last = *first;
    if (result == 0 && dots != NULL)
        result = dw_local_date_parse(last, dots + 2, err);
    if (result == 0 && *last < *first)
        return dw_fail(err, -EINVAL, "'%s' ends before it begins", text);
    return result;
}

static void make_sides(struct plan *plan, int side)
{
    plan->count = (size_t)(plan->request.to_day - plan->request.from_day);
    plan->sides = dw_alloc_array0(plan->count + 1, sizeof(*plan->sides));
    for (size_t i = 0; i < plan->count; i++)
        plan->sides[i] = side;
}

/* -EINVAL when a day is on the other side already. */
static int set_side(struct plan *plan, int64_t first, int64_t last, int side)
{
    for (int64_t day = DW_MAX(first, plan->request.from_day);
         day <= last && day < plan->request.to_day; day++) {
        int *at = &plan->sides[day - plan->request.from_day];
        if (*at == 1 - side)
            return -EINVAL;
        *at = side;
    }
    return 0;
}

static int plan_periods(struct plan *plan, struct dw_sheet *sheet, struct dw_err *err)
{
    struct dw_report_request *request = &plan->request;
    int64_t first[2], last[2];
    for (int side = 0; side < 2; side++) {
        enum option option = side == 0 ? PERIOD_A : PERIOD_B;
        if (!given(request, option))
            return dw_fail(err, -EINVAL, "--a wants --b beside it, and --b --a");
        int result = parse_days(&first[side], &last[side], request->values[option], err);
        if (result < 0)
            return dw_fail_within(err, result, "--%s", options[option].name);
    }
    request->from_day = DW_MIN(first[0], first[1]);
    request->to_day = DW_MAX(last[0], last[1]) + 1;
    make_sides(plan, -1);
    (void)set_side(plan, first[0], last[0], 0);
    if (set_side(plan, first[1], last[1], 1) < 0)
        return dw_fail(err, -EINVAL, "--a and --b have days in common");
    free(sheet->period);
    sheet->period =
        dw_strdup_printf("A %s, B %s", request->values[PERIOD_A], request->values[PERIOD_B]);
    return 0;
}

static int plan_promotion(struct plan *plan, struct dw_err *err)
{
    const char *list = plan->request.values[PROMOTION];
    make_sides(plan, 0);
    while (*list != '\0') {
        char part[32];
        size_t length = strcspn(list, ",");
        int64_t first = 0, last = 0;
        snprintf(part, sizeof(part), "%.*s", (int)DW_MIN(length, sizeof(part) - 1), list);
        int result = parse_days(&first, &last, part, err);
        if (result < 0)
            return dw_fail_within(err, result, "--promotion-days");
        for (int64_t day = DW_MAX(first, plan->request.from_day);
             day <= last && day < plan->request.to_day; day++)
            plan->sides[day - plan->request.from_day] = 1;
        list += length + (list[length] == ',' ? 1 : 0);
    }
    return 0;
}

static int make_plan(struct plan *plan, const struct dw_report_request *request,
                     struct dw_sheet *sheet, struct dw_err *err)
{
    bool periods = given(request, PERIOD_A) || given(request, PERIOD_B);
    int ways = (int)periods + (int)given(request, AGAINST) + (int)given(request, ALTERNATE) +
               (int)given(request, PROMOTION);
    *plan = (struct plan){ .request = *request,
                           .conf = { .any_weekday = given(request, ANY_WEEKDAY),
                                     .shorter_is_better = given(request, SHORTER) } };
    if (ways != 1)
        return dw_fail(err, -EINVAL,
                       "wants one thing to compare: --a with --b, --zone with "
                       "--against, --alternate-days, or --promotion-days");
    if (periods)
        return plan_periods(plan, sheet, err);
    if (given(request, PROMOTION))
        return plan_promotion(plan, err);
    if (given(request, AGAINST)) {
        if (request->zone == NULL)
            return dw_fail(err, -EINVAL, "--against wants --zone: the zone that is compared");
        plan->against = request->values[AGAINST];
        plan->request.zone = NULL;
        make_sides(plan, 1);
        return 0;
    }
    make_sides(plan, 0);
    for (size_t i = 0; i < plan->count; i += 2)
        plan->sides[i] = 1;
    return 0;
}

/* The days of the sides, with the visits that they point to. */
struct days {
    DW_VEC(struct dw_compare_day) list;
    DW_VEC(struct dw_dwells) dwells;
};

/* `side` -1: each day's own. */
static void add_days(struct days *days, const struct plan *plan, const struct dw_zone_days *zone,
                     const struct dw_report_place *place, int side)
{
    assert(plan->sides != NULL);
    for (size_t i = 0; zone != NULL && i < zone->count; i++) {
        const struct dw_zone_day *day = &zone->days[i];
        if (plan->sides[i] < 0)
            continue;
        int weekday = dw_local_weekday(plan->request.from_day + (int64_t)i);
        struct dw_dwells dwells = { 0 };
        dw_dwell_spread(&dwells, &day->dwell);
        dw_vec_push(&days->dwells, dwells);
        struct dw_compare_day found = dw_zone_day_compare(day, side >= 0 ? side : plan->sides[i],
                                                          weekday, place->zone.rules.stop_us);
        found.dwells = dwells.list.items;
        found.dwell_count = dwells.list.count;
        dw_vec_push(&days->list, found);
    }
}

static void free_days(struct days *days)
{
    for (size_t i = 0; i < days->dwells.count; i++)
        dw_vec_fini(&days->dwells.items[i].list);
    dw_vec_fini(&days->dwells);
    dw_vec_fini(&days->list);
}

/* What was compared, zone by zone. */
struct results {
    DW_VEC(struct dw_comparison) list;
    DW_VEC(char *) labels;
};

static void compare_each(struct results *results, const struct plan *plan,
                         const struct dw_report_places *places,
                         const struct dw_zone_days_list *zones)
{
    for (size_t i = 0; i < places->list.count; i++) {
        const struct dw_report_place *place = &places->list.items[i];
        struct days days = { 0 };
        add_days(&days, plan, dw_zone_days_of(zones, place->zone_id), place, -1);
        dw_compare(dw_vec_add(&results->list), &plan->conf, days.list.items, days.list.count);
        dw_vec_push(&results->labels, dw_strdup(place->label));
        free_days(&days);
    }
}

/* By its name, or by name and camera where a name is there twice. NULL with a sentence when it is
 * not one. */
static const struct dw_report_place *find_place(const struct dw_report_places *places,
                                                const char *name, struct dw_err *err)
{
    const struct dw_report_place *found = NULL;
    for (size_t i = 0; i < places->list.count; i++) {
        const struct dw_report_place *place = &places->list.items[i];
        if (strcmp(place->label, name) == 0)
            return place;
        if (strcmp(place->zone.name, name) != 0)
            continue;
        if (found != NULL) {
            dw_fail(err, -EINVAL, "there are several zones '%s'; say which: '%s' or '%s'", name,
                    found->label, place->label);
            return NULL;
        }
        found = place;
    }
    if (found == NULL)
        dw_fail(err, -EINVAL, "no zone '%s' was measured in these days", name);
    return found;
}

static int compare_two(struct results *results, const struct plan *plan, const char *name,
                       const struct dw_report_places *places, const struct dw_zone_days_list *zones,
                       struct dw_err *err)
{
    const struct dw_report_place *a = find_place(places, plan->against, err), *b = NULL;
    if (a != NULL)
        b = find_place(places, name, err);
    if (a == NULL || b == NULL)
        return -EINVAL;
    struct days days = { 0 };
    add_days(&days, plan, dw_zone_days_of(zones, a->zone_id), a, 0);
    add_days(&days, plan, dw_zone_days_of(zones, b->zone_id), b, 1);
    dw_compare(dw_vec_add(&results->list), &plan->conf, days.list.items, days.list.count);
    dw_vec_push(&results->labels, dw_strdup_printf("%s against %s", b->label, a->label));
    free_days(&days);
    return 0;
}

static void add_row(struct dw_sheet_table *table, const char *label,
                    const struct dw_comparison *comparison, enum dw_compare_figure figure)
{
    const struct dw_compared *found = &comparison->figures[figure];
    struct dw_estimate unknown = { (double)NAN, (double)NAN, (double)NAN };
    dw_sheet_text(table, label);
    dw_sheet_number(table, found->values[0]);
    dw_sheet_number(table, found->values[1]);
    dw_sheet_estimate(table, found->known ? found->difference : unknown);
    dw_sheet_number(table, found->p_adjusted);
    dw_sheet_text(table, dw_verdict_name(found->verdict));
    dw_sheet_number(table, found->n[0]);
    dw_sheet_number(table, found->n[1]);
    dw_sheet_number(table, (double)found->days[0]);
    dw_sheet_number(table, (double)found->days[1]);
    dw_sheet_number(table, comparison->coverage[0]);
    dw_sheet_number(table, comparison->coverage[1]);
    dw_sheet_number(table, found->p);
    dw_sheet_number(table, found->more_days >= 0 ? (double)found->more_days : (double)NAN);
}

static void write_figure(struct dw_sheet *sheet, const struct results *results,
                         enum dw_compare_figure figure)
{
    struct dw_plot_bar *bars = dw_alloc_array0(results->list.count + 1, sizeof(*bars));
    struct dw_buf plot = { 0 };
    struct dw_sheet_table *table = dw_sheet_add_table(
        sheet, figures[figure].key, figures[figure].title, figures[figure].columns, COLUMN_COUNT);
    for (size_t i = 0; i < results->list.count; i++) {
        const struct dw_compared *found = &results->list.items[i].figures[figure];
        add_row(table, results->labels.items[i], &results->list.items[i], figure);
        bars[i] = (struct dw_plot_bar){ results->labels.items[i], found->difference };
        if (!found->known)
            bars[i].value = (struct dw_estimate){ (double)NAN, (double)NAN, (double)NAN };
    }
    dw_plot_bars(figures[figure].key, figures[figure].title, figures[figure].difference_unit, bars,
                 results->list.count, &plot);
    char *caption =
        dw_strdup_printf("%s: difference of B to A with its 95 %% interval", figures[figure].title);
    dw_sheet_plot(sheet, dw_buf_text(&plot), caption);
    free(caption);
    dw_buf_fini(&plot);
    free(bars);
}

static void say_all(struct dw_sheet *sheet, const struct results *results)
{
    for (size_t i = 0; i < results->list.count; i++)
        for (size_t k = 0; k < DW_COMPARE_FIGURES; k++) {
            struct dw_buf text = { 0 };
            dw_compare_say(&results->list.items[i], (enum dw_compare_figure)k, &text);
            dw_sheet_note(sheet, "%s, %s", results->labels.items[i], dw_buf_text(&text));
            dw_buf_fini(&text);
        }
    dw_sheet_formula(sheet, "footfall = visits and passes whose start was seen / hours measured; "
                            "ratio of rates, weekdays and hours matched");
    dw_sheet_formula(sheet,
                     "stop rate = stops / (visits + passes - visits cut off before the level)");
    dw_sheet_formula(sheet,
                     "median dwell: of visits, Kaplan-Meier, from buckets 1.6 to 3.1 %% wide");
    dw_sheet_formula(sheet, "the day is the unit; p of all rows corrected together (Holm 1979), "
                            "intervals of 95 %% each are not");
}

static void write_results(struct dw_sheet *sheet, const struct plan *plan,
                          const struct results *results)
{
    if (results->list.count == 0)
        return;
    dw_compare_judge(results->list.items, results->list.count, &plan->conf);
    for (size_t k = 0; k < DW_COMPARE_FIGURES; k++)
        write_figure(sheet, results, (enum dw_compare_figure)k);
    say_all(sheet, results);
}

static int fill_compare(struct dw_sheet *sheet, struct dw_store *store,
                        const struct dw_report_request *request, struct dw_err *err)
{
    struct dw_report_places places = { 0 };
    struct dw_zone_days_list zones = { 0 };
    struct results results = { 0 };
    struct plan plan;
    int result = make_plan(&plan, request, sheet, err);
    sheet->title = dw_strdup("A and B compared");
    if (result == 0)
        result = dw_report_places_read(&places, store, &plan.request, err);
    sheet->simulated = places.simulated;
    if (result == 0)
        result = dw_zone_days_read(&zones, store, &plan.request, err);
    if (result == 0 && plan.against != NULL)
        result = compare_two(&results, &plan, request->zone, &places, &zones, err);
    else if (result == 0)
        compare_each(&results, &plan, &places, &zones);
    if (result == 0)
        write_results(sheet, &plan, &results);
    for (size_t i = 0; i < results.labels.count; i++)
        free(results.labels.items[i]);
    dw_vec_fini(&results.labels);
    dw_vec_fini(&results.list);
    dw_report_note_approximate(sheet, zones.approximate);
    free(plan.sides);
    dw_zone_days_fini(&zones);
    dw_report_places_fini(&places);
    return result;
}

const struct dw_report_kind dw_report_compare = {
    .name = "compare",
    .about = "Did it help? Footfall, stop rate and median dwell of two periods (--a, --b), of two\n"
             "zones (--zone, --against), or of days with and without a promotion.\n"
             "docs/statistics.md says how.",
    .options = options,
    .option_count = DW_LENGTH(options),
    .fill = fill_compare,
};
