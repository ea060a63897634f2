/* SPDX-License-Identifier: Apache-2.0 */
/* Today so far, against what is usual, and how many people are there now. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/occupancy.h"
#include "http/routes.h"
#include "insight/local_day.h"
#include "insight/today.h"

struct occupied {
    const struct dw_report_places *places;
    int64_t *people; /* as places */
};

static void take_occupancy(void *user, const char *camera, const char *zone, int64_t people)
{
    struct occupied *occupied = user;
    for (size_t i = 0; i < occupied->places->list.count; i++) {
        const struct dw_report_place *place = &occupied->places->list.items[i];
        if (strcmp(place->camera, camera) == 0 && strcmp(place->zone.name, zone) == 0)
            occupied->people[i] = people;
    }
}

/* -1: not known. */
static void find_occupancy(int64_t *people, const struct dw_today *today, struct dw_site *site)
{
    struct occupied occupied = { &today->places, people };
    for (size_t i = 0; i < today->places.list.count; i++)
        people[i] = -1;
    dw_occupancy_each(site, take_occupancy, &occupied);
}

static void put_mean(struct dw_json_writer *json, const char *key, double sum, int days)
{
    dw_json_real(json, key, days > 0 ? sum / days : (double)NAN, 2);
}

static void put_known(struct dw_json_writer *json, const char *key, int64_t value, bool known)
{
    if (known)
        dw_json_integer(json, key, value);
    else
        dw_json_null(json, key);
}

static void put_hours(struct dw_json_writer *json, const struct dw_today_zone *zone)
{
    dw_json_array_begin(json, "hours");
    for (int hour = 0; hour < DW_TODAY_HOURS; hour++) {
        if (zone->hours[hour] == 0 && zone->usual_hour_days[hour] == 0)
            continue;
        dw_json_object_begin(json, NULL);
        dw_json_integer(json, "hour", hour);
        dw_json_integer(json, "visits", zone->hours[hour]);
        put_mean(json, "usual", zone->usual_hours[hour], zone->usual_hour_days[hour]);
        dw_json_object_end(json);
    }
    dw_json_array_end(json);
}

static void put_zone(struct dw_json_writer *json, const struct dw_report_place *place,
                     const struct dw_today_zone *zone, int64_t occupancy)
{
    const struct dw_estimate *median = &zone->median_s;
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "camera", place->camera);
    dw_json_string(json, "zone", place->zone.name);
    put_known(json, "occupancy", occupancy, occupancy >= 0);
    dw_json_integer(json, "visits", zone->visits);
    dw_json_integer(json, "passes", zone->passes);
    dw_answer_estimate(json, "median_s", median->value, median->low, median->high);
    dw_json_real(json, "coverage", dw_report_coverage(&zone->cover), 4);
    put_mean(json, "usual_visits", zone->usual_sum, zone->usual_days);
    put_known(json, "usual_least", zone->usual_least, zone->usual_days > 0);
    put_known(json, "usual_most", zone->usual_most, zone->usual_days > 0);
    dw_json_integer(json, "usual_days", zone->usual_days);
    put_hours(json, zone);
    dw_json_object_end(json);
}

static void put_today(struct dw_call *call, const struct dw_today *today, const int64_t *occupancy)
{
    struct dw_json_writer json = dw_answer_json(call, 200);
    char date[DW_DATE_SIZE];
    dw_json_string(&json, "day", dw_local_date(date, today->day));
    dw_json_bool(&json, "simulated", today->places.simulated);
    dw_json_array_begin(&json, "zones");
    for (size_t i = 0; i < today->places.list.count; i++)
        put_zone(&json, &today->places.list.items[i], &today->zones[i], occupancy[i]);
    dw_json_array_end(&json);
    dw_json_object_end(&json);
}

static const struct dw_sheet_column columns[] = {
    { .key = "camera", .heading = "camera" },
    { .key = "zone", .heading = "zone" },
    { .key = "occupancy", .heading = "now", .unit = DW_SHEET_COUNT },
    { .key = "visits", .heading = "visits", .unit = DW_SHEET_COUNT },
    { .key = "usual", .heading = "usual", .unit = DW_SHEET_NUMBER, .interval = true },
    { .key = "usual_days", .heading = "usual of days", .unit = DW_SHEET_COUNT },
    { .key = "passes", .heading = "passes", .unit = DW_SHEET_COUNT },
    { .key = "median_s", .heading = "median", .unit = DW_SHEET_SECONDS, .interval = true },
    { .key = "coverage", .heading = "coverage", .unit = DW_SHEET_SHARE },
};

static struct dw_estimate usual_of(const struct dw_today_zone *zone)
{
    if (zone->usual_days == 0)
        return (struct dw_estimate){ (double)NAN, (double)NAN, (double)NAN };
    return (struct dw_estimate){ zone->usual_sum / zone->usual_days, (double)zone->usual_least,
                                 (double)zone->usual_most };
}

static void put_table(struct dw_call *call, const struct dw_today *today, const int64_t *occupancy)
{
    struct dw_sheet sheet = { .kind = dw_strdup("today"), .simulated = today->places.simulated };
    struct dw_sheet_table *table =
        dw_sheet_add_table(&sheet, "today", "Today", columns, DW_LENGTH(columns));
    for (size_t i = 0; i < today->places.list.count; i++) {
        const struct dw_today_zone *zone = &today->zones[i];
        dw_sheet_text(table, today->places.list.items[i].camera);
        dw_sheet_text(table, today->places.list.items[i].zone.name);
        dw_sheet_number(table, occupancy[i] >= 0 ? (double)occupancy[i] : (double)NAN);
        dw_sheet_number(table, (double)zone->visits);
        dw_sheet_estimate(table, usual_of(zone));
        dw_sheet_number(table, zone->usual_days);
        dw_sheet_number(table, (double)zone->passes);
        dw_sheet_estimate(table, zone->median_s);
        dw_sheet_number(table, dw_report_coverage(&zone->cover));
    }
    dw_answer_csv(call, &sheet);
    dw_sheet_fini(&sheet);
}

static void answer_today(struct dw_call *call, enum dw_format format)
{
    struct dw_today today;
    struct dw_err err = { { 0 } };
    struct dw_store *store = dw_answer_take_store(call);
    if (store == NULL)
        return;
    int result =
        dw_today_read(&today, store, dw_query_find(&call->query, "camera"), dw_now_us(), &err);
    int64_t *occupancy = dw_alloc_array0(today.places.list.count + 1, sizeof(*occupancy));
    find_occupancy(occupancy, &today, call->app->site);
    if (result == 0)
        (format == DW_CSV ? put_table : put_today)(call, &today, occupancy);
    else
        dw_problem_of(call->response, result, &err);
    dw_answer_give_store(call, store, result);
    dw_today_fini(&today);
    free(occupancy);
}

void dw_route_today_get(struct dw_call *call)
{
    enum dw_format format = dw_answer_format(&call->query);
    if (format >= DW_HTML)
        dw_problem(call->response, 400, "format: wants json or csv");
    else
        answer_today(call, format);
}
