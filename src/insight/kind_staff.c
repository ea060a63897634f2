/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `dwell report staff`: where staff were, how many shoppers to one of them, and how soon they came.
 * Off unless it is said that staff may be watched: many laws ask for more than a camera's sign.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "insight/joined.h"
#include "insight/kinds.h"
#include "insight/local_day.h"

#define HOURS 24

static const struct dw_report_option options[] = {
    { "allowed", NULL, "staff may be watched here; without it nothing is told of them" },
};

static const struct dw_sheet_column hour_columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "hour", .heading = "hour", .unit = DW_SHEET_COUNT },
    { .key = "measured_h", .heading = "hours measured", .unit = DW_SHEET_NUMBER },
    { .key = "staff", .heading = "staff present", .unit = DW_SHEET_NUMBER },
    { .key = "shoppers", .heading = "shoppers present", .unit = DW_SHEET_NUMBER },
    { .key = "per_employee", .heading = "shoppers for each of staff", .unit = DW_SHEET_NUMBER },
};

static const struct dw_sheet_column joined_columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "visits", .heading = "shoppers' visits", .unit = DW_SHEET_COUNT },
    { .key = "joined",
      .heading = "staff came or were there",
      .unit = DW_SHEET_SHARE,
      .interval = true },
    { .key = "median_s",
      .heading = "median until then",
      .unit = DW_SHEET_SECONDS,
      .interval = true },
};

/* One zone: person-time by hour of the day, and its visits. */
struct zone {
    const struct dw_report_place *place;
    double measured_s[HOURS], staff_s[HOURS], shoppers_s[HOURS];
    DW_VEC(struct dw_joined_stay) stays;
};

struct filling {
    struct dw_report_places places;
    struct zone *zones; /* as the places */
    bool staff;         /* whose person-time is read */
    size_t unknown;     /* visits of no role */
};

static struct zone *zone_of(const struct filling *filling, int64_t zone_id)
{
    const struct dw_report_place *place = dw_report_place_of(&filling->places, zone_id);
    return place != NULL ? &filling->zones[place - filling->places.list.items] : NULL;
}

static int add_hours(void *context, const struct dw_store_zone_counts *counts)
{
    const struct filling *filling = context;
    struct zone *zone = zone_of(filling, counts->zone_id);
    for (size_t hour = 0; zone != NULL && hour < counts->slot_count; hour++) {
        double present_s = dw_time_to_seconds(counts->counts[hour].occupancy_us);
        (filling->staff ? zone->staff_s : zone->shoppers_s)[hour] = present_s;
        zone->measured_s[hour] = dw_time_to_seconds(counts->cover[hour].measured_us);
    }
    return 0;
}

static int take_visit(void *context, const struct dw_store_visit *found)
{
    struct filling *filling = context;
    struct zone *zone = zone_of(filling, found->zone_id);
    const struct dw_visit *visit = &found->visit;
    if (zone == NULL)
        return 0;
    filling->unknown += visit->role == DW_ROLE_UNKNOWN;
    dw_vec_push(&zone->stays, ((struct dw_joined_stay){ visit->enter_us, visit->exit_us,
                                                        visit->role == DW_ROLE_STAFF }));
    return 0;
}

static int read_hours(struct filling *filling, struct dw_store *store,
                      const struct dw_report_request *request, struct dw_err *err)
{
    struct dw_store_counts_query query = {
        .camera = request->camera,
        .slots = dw_report_slots(request),
    };
    int *slot = dw_alloc_array0(query.slots.quarter_count + 1, sizeof(*slot));
    dw_local_hours(slot, query.slots.first_quarter, query.slots.quarter_count, request->from_day);
    for (size_t i = 0; i < query.slots.quarter_count; i++)
        slot[i] %= HOURS;
    query.slots.slot = slot;
    query.slots.slot_count = HOURS;
    int r = 0;
    for (int staff = 0; r == 0 && staff < 2; staff++) {
        filling->staff = staff == 1;
        query.roles = staff ? DW_ROLE_BIT(DW_ROLE_STAFF)
                            : DW_ROLE_BIT(DW_ROLE_UNKNOWN) | DW_ROLE_BIT(DW_ROLE_SHOPPER);
        r = dw_store_read_zone_counts(store, &query, add_hours, filling, err);
    }
    free(slot);
    return r;
}

static void put_hours(struct dw_sheet *sheet, const struct filling *filling)
{
    struct dw_sheet_table *table =
        dw_sheet_add_table(sheet, "hours", "Who was there", hour_columns, DW_LENGTH(hour_columns));
    for (size_t i = 0; i < filling->places.list.count; i++) {
        const struct zone *zone = &filling->zones[i];
        for (int hour = 0; hour < HOURS; hour++) {
            if (!(zone->measured_s[hour] > 0))
                continue;
            double staff = zone->staff_s[hour] / zone->measured_s[hour];
            double shoppers = zone->shoppers_s[hour] / zone->measured_s[hour];
            dw_sheet_text(table, zone->place->label);
            dw_sheet_number(table, hour);
            dw_sheet_number(table, zone->measured_s[hour] / 3600);
            dw_sheet_number(table, staff);
            dw_sheet_number(table, shoppers);
            dw_sheet_number(table, staff > 0 ? shoppers / staff : (double)NAN);
        }
    }
}

static void put_joined(struct dw_sheet *sheet, const struct filling *filling)
{
    struct dw_sheet_table *table = dw_sheet_add_table(sheet, "joined", "How soon staff came",
                                                      joined_columns, DW_LENGTH(joined_columns));
    for (size_t i = 0; i < filling->places.list.count; i++) {
        const struct zone *zone = &filling->zones[i];
        size_t room = zone->stays.count, joined = 0;
        struct dw_duration *durations = dw_alloc_array0(room + 1, sizeof(*durations));
        size_t count = room > 0 ? dw_joined(zone->stays.items, room, durations) : 0;
        for (size_t k = 0; k < count; k++)
            joined += !durations[k].cut;
        if (count > 0) {
            dw_sheet_text(table, zone->place->label);
            dw_sheet_number(table, (double)count);
            dw_sheet_estimate(table, dw_stats_share(joined, count));
            dw_sheet_estimate(table, dw_stats_survival_median(durations, count));
        }
        free(durations);
    }
}

static void say(struct dw_sheet *sheet, const struct filling *filling)
{
    if (filling->unknown > 0)
        dw_sheet_note(sheet, "%zu visits of an unknown role count as shoppers'", filling->unknown);
    dw_sheet_formula(sheet, "present = person-time / measured time, by the hour of the day");
    dw_sheet_formula(sheet, "staff came or were there = shoppers' visits with staff in the zone at "
                            "one time or another / all of them (Wilson)");
    dw_sheet_formula(sheet, "median until then: Kaplan-Meier, cut where the shopper left first; 0 "
                            "when staff were there");
}

static int fill(struct dw_sheet *sheet, struct dw_store *store,
                const struct dw_report_request *request, struct dw_err *err)
{
    struct filling filling = { 0 };
    struct dw_store_filter filter = dw_report_filter(request);
    filter.no_passes = true;
    sheet->title = dw_strdup("Staff among shoppers");
    if (request->values[0] == NULL)
        return dw_fail(err, -EINVAL,
                       "figures of staff are off: watching staff wants a reason, and in many "
                       "places their consent or an agreement; where it is allowed, give --allowed");
    int r = dw_report_places_read(&filling.places, store, request, err);
    size_t count = filling.places.list.count;
    filling.zones = dw_alloc_array0(count + 1, sizeof(*filling.zones));
    for (size_t i = 0; i < count; i++)
        filling.zones[i].place = &filling.places.list.items[i];
    if (r == 0)
        r = read_hours(&filling, store, request, err);
    if (r == 0)
        r = dw_store_read_visits(store, &filter, take_visit, &filling, err);
    if (r == 0) {
        sheet->simulated = filling.places.simulated;
        put_hours(sheet, &filling);
        put_joined(sheet, &filling);
        say(sheet, &filling);
    }
    for (size_t i = 0; i < count; i++)
        dw_vec_fini(&filling.zones[i].stays);
    free(filling.zones);
    dw_report_places_fini(&filling.places);
    return r;
}

const struct dw_report_kind dw_report_staff = {
    .name = "staff",
    .about = "Where staff were by the hour, how many shoppers to one of them, and how soon they\n"
             "joined a shopper. Off unless --allowed says that staff may be watched.",
    .options = options,
    .option_count = DW_LENGTH(options),
    .fill = fill,
};
