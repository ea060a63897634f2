/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/zone_days.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/wall_time.h"
#include "insight/local_day.h"

struct reading {
    struct dw_zone_days_list *zones;
    const struct dw_store_counts_query *query;
    size_t day_count;
};

static void *copy_of(const void *items, size_t count, size_t size)
{
    void *copy = dw_alloc_array0(count + 1, size);
    memcpy(copy, items, count * size);
    return copy;
}

static int take_zone(void *context, const struct dw_store_zone_counts *zone)
{
    struct reading *reading = context;
    const struct dw_store_counts_query *query = reading->query;
    struct dw_zone_days *found = dw_vec_add(&reading->zones->list);
    reading->zones->approximate += zone->approximate;
    *found = (struct dw_zone_days){
        .zone_id = zone->zone_id,
        .count = reading->day_count,
        .days = dw_alloc_array0(reading->day_count + 1, sizeof(*found->days)),
        .counts = copy_of(zone->counts, zone->slot_count, sizeof(*zone->counts)),
        .cover = copy_of(zone->cover, zone->slot_count, sizeof(*zone->cover)),
        .dwell = copy_of(zone->dwell, query->dwell_slot_count, sizeof(*zone->dwell)),
    };
    for (size_t i = 0; i < zone->slot_count; i++) {
        struct dw_zone_day *day = &found->days[i / DW_COMPARE_HOURS];
        for (size_t k = 0; k < DW_COUNT_KINDS; k++)
            day->counts.all[k] += zone->counts[i].all[k];
        if (i % DW_COMPARE_HOURS != 0)
            continue;
        day->hours = &found->counts[i];
        day->cover = &found->cover[i];
        if (query->dwell_slot[i] < 0)
            continue;
        day->dwell = &found->dwell[query->dwell_slot[i]];
        day->bins = (struct dw_dwell_bins){ reading->zones->edges, day->dwell->ended,
                                            day->dwell->cut, DW_DWELL_BUCKETS };
    }
    return 0;
}

/* The histogram of each hour, and how many there are. */
static size_t share_out(int *histograms, const struct dw_report_request *request,
                        const struct dw_zone_days_dwell *dwell)
{
    int64_t first = dwell->from_day - request->from_day, days = request->to_day - request->from_day;
    for (int64_t i = 0; i < days * DW_COMPARE_HOURS; i++) {
        int64_t at = i / DW_COMPARE_HOURS - first;
        histograms[i] = at >= 0 && dwell->together ? 0 : (int)DW_MAX(at, -1);
    }
    return dwell->together ? 1 : (size_t)(days - first);
}

int dw_zone_days_read(struct dw_zone_days_list *zones, struct dw_store *store,
                      const struct dw_report_request *request,
                      const struct dw_zone_days_dwell *dwell, struct dw_err *err)
{
    int64_t length = request->to_day - request->from_day;
    if (length > DW_ZONE_DAYS_MAX)
        return dw_fail(err, -EINVAL,
                       "%lld days are too many to tell apart, those compared with included: %d at "
                       "most",
                       (long long)length, DW_ZONE_DAYS_MAX);
    struct dw_store_counts_query query = { .camera = request->camera,
                                           .roles = dw_report_roles(request),
                                           .dwell = true,
                                           .slots = dw_report_slots(request) };
    struct reading reading = { zones, &query, (size_t)length };
    size_t quarters = query.slots.quarter_count, slots = reading.day_count * DW_COMPARE_HOURS;
    int *hours = dw_alloc_array0(quarters + 1, sizeof(*hours));
    int *histograms = dw_alloc_array0(slots + 1, sizeof(*histograms));
    zones->edges = dw_alloc_array0(DW_DWELL_BUCKETS + 1, sizeof(*zones->edges));
    for (int i = 0; i <= DW_DWELL_BUCKETS; i++)
        zones->edges[i] = dw_time_to_seconds(dw_dwell_bucket_low_us(i));
    dw_local_hours(hours, query.slots.first_quarter, quarters, request->from_day);
    query.slots.slot = hours;
    query.slots.slot_count = slots;
    query.dwell_slot = histograms;
    query.dwell_slot_count = share_out(histograms, request, dwell);
    int result = dw_store_read_zone_counts(store, &query, take_zone, &reading, err);
    free(hours);
    free(histograms);
    return result;
}

void dw_zone_days_fini(struct dw_zone_days_list *zones)
{
    for (size_t i = 0; i < zones->list.count; i++) {
        free(zones->list.items[i].days);
        free(zones->list.items[i].counts);
        free(zones->list.items[i].cover);
        free(zones->list.items[i].dwell);
    }
    dw_vec_fini(&zones->list);
    free(zones->edges);
}

const struct dw_zone_days *dw_zone_days_of(const struct dw_zone_days_list *zones, int64_t zone_id)
{
    for (size_t i = 0; i < zones->list.count; i++)
        if (zones->list.items[i].zone_id == zone_id)
            return &zones->list.items[i];
    return NULL;
}

int64_t dw_dwell_cut_before(const struct dw_dwell_hist *hist, int64_t level_us)
{
    int64_t count = 0;
    for (int i = 0; i < dw_dwell_bucket(level_us); i++)
        count += hist->cut[i];
    return count;
}

struct dw_estimate dw_report_reached(const struct dw_store_counts *counts, int64_t hits,
                                     const struct dw_dwell_hist *dwell, int64_t level_us)
{
    int64_t count = counts->visits + counts->passes - dw_dwell_cut_before(dwell, level_us);
    return count >= hits && count > 0
               ? dw_stats_share((size_t)hits, (size_t)count)
               : (struct dw_estimate){ (double)NAN, (double)NAN, (double)NAN };
}

struct dw_compare_day dw_zone_day_compare(const struct dw_zone_day *day, int side, int weekday,
                                          int64_t stop_us)
{
    struct dw_compare_day out = { .side = side, .weekday = weekday, .bins = day->bins };
    out.dwell_count = (size_t)dw_dwell_hist_count(day->dwell);
    double cut = (double)dw_dwell_cut_before(day->dwell, stop_us);
    for (size_t i = 0; i < DW_COMPARE_HOURS; i++) {
        const struct dw_store_counts *counts = &day->hours[i];
        double part = counts->cut > 0 ? (double)counts->cut / (double)day->counts.cut : 0;
        out.hours[i] = (struct dw_compare_hour){
            .people = (double)counts->entries,
            .passers = (double)(counts->visits + counts->passes) - part * cut,
            .stops = (double)counts->stops,
            .measured_s = dw_time_to_seconds(day->cover[i].measured_us),
            .scheduled_s = dw_time_to_seconds(day->cover[i].scheduled_us),
        };
    }
    return out;
}
