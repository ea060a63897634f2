/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Today so far, against what is usual: the mean of the same weekday in the four weeks before up to
 * the same time of day, of those days on which it was measured half of that time or more.
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/wall_time.h"
#include "engine/site.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/routes.h"
#include "insight/local_day.h"
#include "insight/report_kind.h"
#include "insight/zone_days.h"

#define WEEKS 4
#define HOURS 24

struct zone_today {
    int64_t visits, passes, measured_us, scheduled_us;
    struct dw_estimate median_s;
    int64_t hours[HOURS]; /* visits of today */
    double usual_sum, usual_hours[HOURS];
    int usual_days, usual_hour_days[HOURS];
};

struct today {
    int64_t now_us, day;
    struct dw_report_places places;
    struct zone_today *zones; /* as places */
};

static struct zone_today *find(struct today *today, int64_t zone_id)
{
    const struct dw_report_place *place = dw_report_place_of(&today->places, zone_id);
    return place != NULL ? &today->zones[place - today->places.list.items] : NULL;
}

/* --- Today ---------------------------------------------------------------------------------- */

static struct dw_estimate median_of(const struct dw_dwell_hist *hist)
{
    struct dw_estimate unknown = { (double)NAN, (double)NAN, (double)NAN };
    struct dw_dwells dwells = { 0 };
    dw_dwell_spread(&dwells, hist);
    size_t count = dwells.list.count;
    if (count == 0)
        return unknown;
    struct dw_survival_step *steps = dw_alloc_array0(count, sizeof(*steps));
    dw_stats_sort(dwells.list.items, count);
    size_t found = dw_stats_survival(dwells.list.items, count, steps);
    struct dw_estimate median = dw_stats_survival_quantile(steps, found, .5);
    free(steps);
    dw_vec_fini(&dwells.list);
    return median;
}

/* Slots are the hours on the clock; their histograms are added up. */
static int take_today(void *context, const struct dw_store_zone_counts *counted)
{
    struct zone_today *zone = find(context, counted->zone_id);
    struct dw_dwell_hist dwell = { .ended = { 0 } };
    if (zone == NULL)
        return 0;
    for (size_t i = 0; i < counted->slot_count; i++) {
        zone->hours[i] = counted->counts[i].visits;
        zone->visits += counted->counts[i].visits;
        zone->passes += counted->counts[i].passes;
        zone->measured_us += counted->cover[i].measured_us;
        zone->scheduled_us += counted->cover[i].scheduled_us;
        dw_dwell_hist_add(&dwell, &counted->dwell[i]);
    }
    zone->median_s = median_of(&dwell);
    return 0;
}

static int read_today(struct today *today, struct dw_store *store, unsigned roles,
                      struct dw_err *err)
{
    int64_t first = dw_quarter_of(dw_local_day_start(today->day));
    size_t quarters = (size_t)(dw_quarter_of(today->now_us) + 1 - first);
    int *slots = dw_alloc_array0(quarters, sizeof(*slots));
    for (size_t i = 0; i < quarters; i++)
        slots[i] = dw_local_hour((first + (int64_t)i) * DW_QUARTER_US);
    const struct dw_store_counts_query query = {
        .roles = roles,
        .dwell = true,
        .slots = { first, quarters, slots, HOURS },
    };
    int result = dw_store_read_zone_counts(store, &query, take_today, today, err);
    free(slots);
    return result;
}

/* --- What is usual -------------------------------------------------------------------------- */

/* Slots of one week back: the hours up to the time of day, then those after it. */
static int take_week(void *context, const struct dw_store_zone_counts *counted)
{
    struct zone_today *zone = find(context, counted->zone_id);
    int64_t visits = 0, measured_us = 0, scheduled_us = 0;
    if (zone == NULL)
        return 0;
    for (size_t i = 0; i < HOURS; i++) {
        const struct dw_store_cover *before = &counted->cover[i],
                                    *after = &counted->cover[HOURS + i];
        visits += counted->counts[i].visits;
        measured_us += before->measured_us;
        scheduled_us += before->scheduled_us;
        if (before->measured_us + after->measured_us < 2 * DW_QUARTER_US)
            continue;
        zone->usual_hours[i] +=
            (double)(counted->counts[i].visits + counted->counts[HOURS + i].visits);
        zone->usual_hour_days[i]++;
    }
    if (scheduled_us > 0 && 2 * measured_us >= scheduled_us) {
        zone->usual_sum += (double)visits;
        zone->usual_days++;
    }
    return 0;
}

static int read_week(struct today *today, struct dw_store *store, int week, unsigned roles,
                     struct dw_err *err)
{
    int64_t day = today->day - (int64_t)7 * week;
    int64_t first = dw_quarter_of(dw_local_day_start(day));
    size_t quarters = (size_t)(dw_quarter_of(dw_local_day_start(day + 1)) - first);
    int64_t gone = dw_quarter_of(today->now_us) + 1 - dw_quarter_of(dw_local_day_start(today->day));
    int *slots = dw_alloc_array0(quarters, sizeof(*slots));
    for (size_t i = 0; i < quarters; i++)
        slots[i] =
            dw_local_hour((first + (int64_t)i) * DW_QUARTER_US) + ((int64_t)i < gone ? 0 : HOURS);
    const struct dw_store_counts_query query = {
        .roles = roles,
        .slots = { first, quarters, slots, 2 * (size_t)HOURS },
    };
    int result = dw_store_read_zone_counts(store, &query, take_week, today, err);
    free(slots);
    return result;
}

static int read_all(struct today *today, struct dw_store *store, struct dw_err *err)
{
    const struct dw_report_request request = { .from_day = today->day, .to_day = today->day + 1 };
    unsigned roles = dw_report_roles(&request);
    int result = dw_report_places_read(&today->places, store, &request, err);
    today->zones = dw_alloc_array0(today->places.list.count + 1, sizeof(*today->zones));
    for (size_t i = 0; i < today->places.list.count; i++)
        today->zones[i].median_s.value = (double)NAN;
    if (result == 0)
        result = read_today(today, store, roles, err);
    for (int week = 1; week <= WEEKS && result == 0; week++)
        result = read_week(today, store, week, roles, err);
    return result;
}

/* --- What is now ---------------------------------------------------------------------------- */

/* -1: not known. */
static int64_t occupancy_of(json_t *moments, const char *camera, const char *zone)
{
    const json_t *zones = json_object_get(json_object_get(moments, camera), "occupancy");
    for (size_t i = 0; i < json_array_size(zones); i++) {
        const json_t *item = json_array_get(zones, i);
        const char *name = json_string_value(json_object_get(item, "zone"));
        if (name != NULL && strcmp(name, zone) == 0)
            return json_integer_value(json_object_get(item, "count"));
    }
    return -1;
}

static json_t *read_moments(struct dw_site *site)
{
    json_t *moments = json_object();
    struct dw_camera_status status;
    for (size_t i = 0; dw_site_camera_status(site, i, &status) == 0; i++) {
        DW_AUTO(hub_record) *moment = dw_hub_moment(dw_site_hub(site), status.name);
        if (moment != NULL)
            json_object_set_new(moments, status.name,
                                json_loadb(moment->json, moment->json_length, 0, NULL));
    }
    return moments;
}

/* --- All ------------------------------------------------------------------------------------ */

static void put_mean(struct dw_json_writer *json, const char *key, double sum, int days)
{
    dw_json_real(json, key, days > 0 ? sum / days : (double)NAN, 2);
}

static void put_hours(struct dw_json_writer *json, const struct zone_today *zone)
{
    dw_json_array_begin(json, "hours");
    for (int hour = 0; hour < HOURS; hour++) {
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
                     const struct zone_today *zone, int64_t occupancy)
{
    const struct dw_estimate *median = &zone->median_s;
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "camera", place->camera);
    dw_json_string(json, "zone", place->zone.name);
    if (occupancy >= 0)
        dw_json_integer(json, "occupancy", occupancy);
    else
        dw_json_null(json, "occupancy");
    dw_json_integer(json, "visits", zone->visits);
    dw_json_integer(json, "passes", zone->passes);
    dw_answer_estimate(json, "median_s", median->value, median->low, median->high);
    dw_json_real(json, "coverage",
                 zone->scheduled_us > 0 ? (double)zone->measured_us / (double)zone->scheduled_us
                                        : (double)NAN,
                 4);
    put_mean(json, "usual_visits", zone->usual_sum, zone->usual_days);
    dw_json_integer(json, "usual_days", zone->usual_days);
    put_hours(json, zone);
    dw_json_object_end(json);
}

static void put_today(struct dw_call *call, const struct today *today)
{
    json_t *moments = read_moments(call->app->site);
    struct dw_json_writer json = dw_answer_json(call, 200);
    char date[DW_DATE_SIZE];
    dw_json_string(&json, "day", dw_local_date(date, today->day));
    dw_json_bool(&json, "simulated", today->places.simulated);
    dw_json_array_begin(&json, "zones");
    for (size_t i = 0; i < today->places.list.count; i++) {
        const struct dw_report_place *place = &today->places.list.items[i];
        put_zone(&json, place, &today->zones[i],
                 occupancy_of(moments, place->camera, place->zone.name));
    }
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    json_decref(moments);
}

void dw_route_today_get(struct dw_call *call)
{
    struct today today = { .now_us = dw_now_us() };
    struct dw_err err = { { 0 } };
    today.day = dw_local_day(today.now_us);
    struct dw_store *store = dw_answer_take_store(call);
    if (store == NULL)
        return;
    int result = read_all(&today, store, &err);
    if (result == 0)
        put_today(call, &today);
    else
        dw_problem_of(call->response, result, &err);
    dw_answer_give_store(call, store, result);
    dw_report_places_fini(&today.places);
    free(today.zones);
}
