/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/today.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "insight/dwell_curve.h"
#include "insight/local_day.h"

#define WEEKS 4

static struct dw_today_zone *find(struct dw_today *today, int64_t zone_id)
{
    const struct dw_report_place *place = dw_report_place_of(&today->places, zone_id);
    return place != NULL ? &today->zones[place - today->places.list.items] : NULL;
}

/* --- Today ---------------------------------------------------------------------------------- */

/* Slots are the hours on the clock. */
static int take_today(void *context, const struct dw_store_zone_counts *counted)
{
    struct dw_today_zone *zone = find(context, counted->zone_id);
    if (zone == NULL)
        return 0;
    for (size_t i = 0; i < counted->slot_count; i++) {
        zone->hours[i] = counted->counts[i].visits;
        zone->visits += counted->counts[i].visits;
        zone->passes += counted->counts[i].passes;
        zone->cover.measured_us += counted->cover[i].measured_us;
        zone->cover.scheduled_us += counted->cover[i].scheduled_us;
    }
    zone->median_s = dw_dwell_hist_median(counted->dwell);
    return 0;
}

static int read_today(struct dw_today *today, struct dw_store *store, unsigned roles,
                      struct dw_err *err)
{
    static const int one_histogram[DW_TODAY_HOURS] = { 0 };
    int64_t first = dw_quarter_of(dw_local_day_start(today->day));
    size_t quarters = (size_t)(dw_quarter_of(today->now_us) + 1 - first);
    int *slots = dw_alloc_array0(quarters, sizeof(*slots));
    for (size_t i = 0; i < quarters; i++)
        slots[i] = dw_local_hour((first + (int64_t)i) * DW_QUARTER_US);
    const struct dw_store_counts_query query = {
        .roles = roles,
        .dwell = true,
        .dwell_slot = one_histogram,
        .dwell_slot_count = 1,
        .slots = { first, quarters, slots, DW_TODAY_HOURS },
    };
    int result = dw_store_read_zone_counts(store, &query, take_today, today, err);
    free(slots);
    return result;
}

/* --- What is usual -------------------------------------------------------------------------- */

/* Slots of one week back: the hours up to the time of day, then those after it. */
static int take_week(void *context, const struct dw_store_zone_counts *counted)
{
    struct dw_today_zone *zone = find(context, counted->zone_id);
    int64_t visits = 0, measured_us = 0, scheduled_us = 0;
    if (zone == NULL)
        return 0;
    for (size_t i = 0; i < DW_TODAY_HOURS; i++) {
        const struct dw_store_cover *before = &counted->cover[i],
                                    *after = &counted->cover[DW_TODAY_HOURS + i];
        visits += counted->counts[i].visits;
        measured_us += before->measured_us;
        scheduled_us += before->scheduled_us;
        if (before->measured_us + after->measured_us < 2 * DW_QUARTER_US)
            continue;
        zone->usual_hours[i] +=
            (double)(counted->counts[i].visits + counted->counts[DW_TODAY_HOURS + i].visits);
        zone->usual_hour_days[i]++;
    }
    if (scheduled_us > 0 && 2 * measured_us >= scheduled_us) {
        zone->usual_sum += (double)visits;
        zone->usual_most = DW_MAX(zone->usual_most, visits);
        if (zone->usual_days == 0 || visits < zone->usual_least)
            zone->usual_least = visits;
        zone->usual_days++;
    }
    return 0;
}

static int read_week(struct dw_today *today, struct dw_store *store, int week, unsigned roles,
                     struct dw_err *err)
{
    int64_t day = today->day - (int64_t)7 * week;
    int64_t first = dw_quarter_of(dw_local_day_start(day));
    size_t quarters = (size_t)(dw_quarter_of(dw_local_day_start(day + 1)) - first);
    int64_t gone = dw_quarter_of(today->now_us) + 1 - dw_quarter_of(dw_local_day_start(today->day));
    int *slots = dw_alloc_array0(quarters, sizeof(*slots));
    for (size_t i = 0; i < quarters; i++)
        slots[i] = dw_local_hour((first + (int64_t)i) * DW_QUARTER_US) +
                   ((int64_t)i < gone ? 0 : DW_TODAY_HOURS);
    const struct dw_store_counts_query query = {
        .roles = roles,
        .slots = { first, quarters, slots, 2 * (size_t)DW_TODAY_HOURS },
    };
    int result = dw_store_read_zone_counts(store, &query, take_week, today, err);
    free(slots);
    return result;
}

int dw_today_read(struct dw_today *today, struct dw_store *store, const char *camera,
                  int64_t now_us, struct dw_err *err)
{
    *today = (struct dw_today){ .now_us = now_us, .day = dw_local_day(now_us) };
    const struct dw_report_request request = { .camera = camera,
                                               .from_day = today->day,
                                               .to_day = today->day + 1 };
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

void dw_today_fini(struct dw_today *today)
{
    dw_report_places_fini(&today->places);
    free(today->zones);
}
