/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell report compare`: did it help? Two periods, two displays, or days with and without. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/wall_time.h"
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
            { .key = "p_ranks", .heading = "p by ranks", .unit = DW_SHEET_P },                     \
    }
#define COLUMN_COUNT 15
#define COLUMN_COUNT_WITHOUT_RANKS (COLUMN_COUNT - 1)

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

/* The visits of one day of one zone, one by one, where they were read so. */
struct visits {
    int64_t zone_id;
    size_t day; /* of the plan */
    DW_VEC(struct dw_duration) dwells;
    DW_VEC(int) hours;
};

/* The days of the sides of one comparison, with the visits that they point to. */
struct days {
    DW_VEC(struct dw_compare_day) list;
    DW_VEC(struct visits) visits; /* of each of the list */
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
        dw_vec_push(&days->visits, ((struct visits){ .zone_id = place->zone_id, .day = i }));
        struct dw_compare_day found = dw_zone_day_compare(day, side >= 0 ? side : plan->sides[i],
                                                          weekday, place->zone.rules.stop_us);
        dw_vec_push(&days->list, found);
    }
}

static void free_days(struct days *days)
{
    for (size_t i = 0; i < days->visits.count; i++) {
        dw_vec_fini(&days->visits.items[i].dwells);
        dw_vec_fini(&days->visits.items[i].hours);
    }
    dw_vec_fini(&days->visits);
    dw_vec_fini(&days->list);
}

/* What was compared, zone by zone. */
struct results {
    DW_VEC(struct dw_comparison) list;
    DW_VEC(struct days) days;
    DW_VEC(char *) labels;
    size_t not_by_hour; /* uneven ones whose visits are not all there any more */
};

static void compare_each(struct results *results, const struct plan *plan,
                         const struct dw_report_places *places,
                         const struct dw_zone_days_list *zones)
{
    for (size_t i = 0; i < places->list.count; i++) {
        const struct dw_report_place *place = &places->list.items[i];
        add_days(dw_vec_add(&results->days), plan, dw_zone_days_of(zones, place->zone_id), place,
                 -1);
        dw_vec_push(&results->labels, dw_strdup(place->label));
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
    struct days *days = dw_vec_add(&results->days);
    add_days(days, plan, dw_zone_days_of(zones, a->zone_id), a, 0);
    add_days(days, plan, dw_zone_days_of(zones, b->zone_id), b, 1);
    dw_vec_push(&results->labels, dw_strdup_printf("%s against %s", b->label, a->label));
    return 0;
}

struct reading {
    struct results *results;
    const struct plan *plan;
    const bool *uneven; /* of each comparison */
};

static void take_visit(struct days *days, int64_t zone_id, int64_t day,
                       const struct dw_visit *visit)
{
    for (size_t i = 0; i < days->visits.count; i++) {
        struct visits *visits = &days->visits.items[i];
        if (visits->zone_id != zone_id || (int64_t)visits->day != day)
            continue;
        dw_vec_push(&visits->dwells, ((struct dw_duration){ dw_time_to_seconds(visit->dwell_us),
                                                            visit->cut_start || visit->cut_end }));
        dw_vec_push(&visits->hours, dw_local_hour(visit->enter_us));
    }
}

static int add_visit(void *context, const struct dw_store_visit *found)
{
    const struct reading *reading = context;
    const struct dw_visit *visit = &found->visit;
    const struct dw_report_request *request = &reading->plan->request;
    if (visit->role == DW_ROLE_STAFF && !request->include_staff)
        return 0;
    int64_t day = dw_local_day(visit->enter_us) - request->from_day;
    for (size_t i = 0; i < reading->results->days.count; i++)
        if (reading->uneven[i])
            take_visit(&reading->results->days.items[i], found->zone_id, day, visit);
    return 0;
}

/* All the visits of the comparison or none: those of a pruned day would count for less. */
static bool use_visits(struct days *days)
{
    for (size_t i = 0; i < days->list.count; i++)
        if (days->visits.items[i].dwells.count != days->list.items[i].dwell_count)
            return false;
    for (size_t i = 0; i < days->list.count; i++) {
        days->list.items[i].bins = (struct dw_dwell_bins){ 0 };
        days->list.items[i].dwells = days->visits.items[i].dwells.items;
        days->list.items[i].dwell_hours = days->visits.items[i].hours.items;
    }
    return true;
}

/* Where coverage is uneven dwell is matched by hour, for which visits are read one by one. */
static int read_hours(struct results *results, const struct plan *plan, struct dw_store *store,
                      struct dw_err *err)
{
    const struct dw_report_request *request = &plan->request;
    struct dw_store_filter filter = dw_report_filter(request);
    filter.no_passes = true;
    bool *uneven = dw_alloc_array0(results->days.count + 1, sizeof(*uneven)), any = false;
    struct reading reading = { results, plan, uneven };
    int result = 0;
    for (size_t i = 0; i < results->days.count; i++) {
        const struct days *days = &results->days.items[i];
        uneven[i] = dw_compare_uneven(&plan->conf, days->list.items, days->list.count);
        any |= uneven[i];
    }
    if (any)
        result = dw_store_read_visits(store, &filter, add_visit, &reading, err);
    for (size_t i = 0; i < results->days.count; i++)
        if (uneven[i] && !use_visits(&results->days.items[i]))
            results->not_by_hour++;
    free(uneven);
    return result;
}

static void compare_all(struct results *results, const struct plan *plan)
{
    for (size_t i = 0; i < results->days.count; i++) {
        const struct days *days = &results->days.items[i];
        dw_compare(dw_vec_add(&results->list), &plan->conf, days->list.items, days->list.count);
    }
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
    if (figure == DW_COMPARE_DWELL)
        dw_sheet_number(table, found->p_ranks);
}

static void write_figure(struct dw_sheet *sheet, const struct results *results,
                         enum dw_compare_figure figure)
{
    struct dw_plot_bar *bars = dw_alloc_array0(results->list.count + 1, sizeof(*bars));
    struct dw_buf plot = { 0 };
    struct dw_sheet_table *table = dw_sheet_add_table(
        sheet, figures[figure].key, figures[figure].title, figures[figure].columns,
        figure == DW_COMPARE_DWELL ? COLUMN_COUNT : COLUMN_COUNT_WITHOUT_RANKS);
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
                     "stop rate = stops / (visits + passes - visits cut off before the level), "
                     "weekdays and hours matched");
    dw_sheet_formula(sheet,
                     "median dwell: of visits, Kaplan-Meier, weekdays matched; hours too where one "
                     "side was measured more; p by ranks: of the days' medians, each less its "
                     "weekday's mean (Hodges and Lehmann 1962), another opinion on the same row");
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
    if (results->not_by_hour > 0)
        dw_sheet_note(sheet, "Some hours were measured more on one side, and the visits needed to "
                             "match dwell by hour are pruned: it is matched by weekday only");
}

static void free_results(struct results *results)
{
    for (size_t i = 0; i < results->labels.count; i++)
        free(results->labels.items[i]);
    for (size_t i = 0; i < results->days.count; i++)
        free_days(&results->days.items[i]);
    dw_vec_fini(&results->labels);
    dw_vec_fini(&results->days);
    dw_vec_fini(&results->list);
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
        result =
            dw_zone_days_read(&zones, store, &plan.request,
                              &(struct dw_zone_days_dwell){ plan.request.from_day, false }, err);
    if (result == 0 && plan.against != NULL)
        result = compare_two(&results, &plan, request->zone, &places, &zones, err);
    else if (result == 0)
        compare_each(&results, &plan, &places, &zones);
    if (result == 0)
        result = read_hours(&results, &plan, store, err);
    if (result == 0) {
        compare_all(&results, &plan);
        write_results(sheet, &plan, &results);
    }
    free_results(&results);
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
