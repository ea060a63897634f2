/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "base/wall_time.h"
#include "insight/kind_staffing.h"
#include "insight/local_day.h"

static void add_hour(struct dw_staffing_hour *hour, const struct dw_store_counts *counts,
                     double measured_s)
{
    if (measured_s < DW_STAFFING_MEASURED_LEAST_S)
        return;
    hour->entries += (double)counts->entries * 3600 / measured_s;
    hour->occupancy += dw_time_to_seconds(counts->occupancy_us) / measured_s;
    hour->measured_s = DW_MAX(hour->measured_s, measured_s);
}

static int add_zone(void *context, const struct dw_store_zone_counts *counts)
{
    struct dw_staffing_data *data = context;
    const struct dw_report_place *place = dw_report_place_of(&data->places, counts->zone_id);
    if (place == NULL)
        return 0;
    struct dw_staffing_zone *zone = dw_vec_add(&data->zones);
    zone->label = place->label;
    zone->days = dw_alloc_array0(data->day_count, sizeof(*zone->days));
    for (size_t slot = 0; slot < counts->slot_count; slot++) {
        struct dw_exception_day *day = &zone->days[slot / DW_SHIFT_HOURS];
        double measured_s = dw_time_to_seconds(counts->cover[slot].measured_us);
        day->weekday = data->days[slot / DW_SHIFT_HOURS].weekday;
        day->engages += (double)counts->counts[slot].engages;
        day->measured_s += measured_s;
        add_hour(&data->days[slot / DW_SHIFT_HOURS].hours[slot % DW_SHIFT_HOURS],
                 &counts->counts[slot], measured_s);
    }
    zone->exceptions = dw_exceptions_find(zone->days, data->day_count);
    return 0;
}

int dw_staffing_data_read(struct dw_staffing_data *data, struct dw_store *store,
                          const struct dw_report_request *request, struct dw_err *err)
{
    struct dw_store_counts_query query = {
        .camera = request->camera,
        .roles = dw_report_roles(request),
        .slots = dw_report_slots(request),
    };
    if (request->to_day - request->from_day > DW_STAFFING_DAYS_MAX)
        return dw_fail(err, -EINVAL, "%lld days are too many to tell apart: %d at most",
                       (long long)(request->to_day - request->from_day), DW_STAFFING_DAYS_MAX);
    data->first_day = request->from_day;
    data->day_count = (size_t)(request->to_day - request->from_day);
    data->days = dw_alloc_array0(data->day_count, sizeof(*data->days));
    for (size_t i = 0; i < data->day_count; i++)
        data->days[i].weekday = dw_local_weekday(data->first_day + (int64_t)i);
    int *slot = dw_alloc_array0(query.slots.quarter_count + 1, sizeof(*slot));
    dw_local_hours(slot, query.slots.first_quarter, query.slots.quarter_count, data->first_day);
    query.slots.slot = slot;
    query.slots.slot_count = data->day_count * DW_SHIFT_HOURS;
    int result = dw_report_places_read(&data->places, store, request, err);
    if (result == 0)
        result = dw_store_read_zone_counts(store, &query, add_zone, data, err);
    free(slot);
    return result;
}

void dw_staffing_data_fini(struct dw_staffing_data *data)
{
    for (size_t i = 0; i < data->zones.count; i++)
        free(data->zones.items[i].days);
    dw_vec_fini(&data->zones);
    free(data->days);
    dw_report_places_fini(&data->places);
}
