/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/staffing.h"

#include <math.h>

#include "base/macros.h"
#include "base/vec.h"
#include "core/stats.h"

/* A rounding error must not call for one more of staff. */
#define TINY 1e-9

struct values {
    struct dw_duration *items;
    size_t count, capacity;
};

static struct dw_spread find_spread(const struct values *values)
{
    dw_stats_sort(values->items, values->count);
    return (struct dw_spread){
        .p10 = dw_stats_quantile(values->items, values->count, .1),
        .median = dw_stats_quantile(values->items, values->count, .5),
        .p90 = dw_stats_quantile(values->items, values->count, .9),
    };
}

/* Nobody in more than half of the weeks: whoever came in the others was cleaning or late. */
static enum dw_hour_state find_state(const struct values *entries)
{
    size_t visited = 0;
    for (size_t i = 0; i < entries->count; i++)
        visited += entries->items[i].value > 0;
    if (entries->count == 0)
        return DW_HOUR_UNMEASURED;
    return 2 * visited >= entries->count ? DW_HOUR_OPEN : DW_HOUR_CLOSED;
}

static void fill_hour(struct dw_week_hour *out, struct values values[2], double per_employee)
{
    out->weeks = (int)values[0].count;
    out->state = find_state(&values[0]);
    out->entries = find_spread(&values[0]);
    out->occupancy = find_spread(&values[1]);
    if (out->state == DW_HOUR_OPEN)
        out->people = DW_MAX((int)ceil(out->occupancy.p90 / per_employee - TINY), 1);
}

static void fill_hours(struct dw_staffing *out, double per_employee,
                       const struct dw_staffing_day *days, size_t count)
{
    struct values values[2] = { 0 };
    for (int cell = 0; cell < DW_WEEKDAYS * DW_SHIFT_HOURS; cell++) {
        int weekday = cell / DW_SHIFT_HOURS, hour = cell % DW_SHIFT_HOURS;
        dw_vec_clear(&values[0]);
        dw_vec_clear(&values[1]);
        for (size_t i = 0; i < count; i++) {
            const struct dw_staffing_hour *counted = &days[i].hours[hour];
            if (days[i].weekday != weekday || counted->measured_s < DW_STAFFING_MEASURED_LEAST_S)
                continue;
            dw_vec_push(&values[0], ((struct dw_duration){ counted->entries, false }));
            dw_vec_push(&values[1], ((struct dw_duration){ counted->occupancy, false }));
        }
        fill_hour(&out->hours[weekday][hour], values, per_employee);
    }
    dw_vec_fini(&values[0]);
    dw_vec_fini(&values[1]);
}

static double entries_of(const struct dw_staffing *staffing, int cell)
{
    const struct dw_week_hour *hour =
        &staffing->hours[cell / DW_SHIFT_HOURS][cell % DW_SHIFT_HOURS];
    return hour->state == DW_HOUR_OPEN ? hour->entries.median : 0;
}

/* By insertion into the few that are kept; of equals the earlier hour stays first. */
static void find_busiest(struct dw_staffing *out)
{
    for (int cell = 0; cell < DW_WEEKDAYS * DW_SHIFT_HOURS; cell++) {
        int at = out->busiest_count, moved = cell;
        if (entries_of(out, cell) <= 0)
            continue;
        while (at > 0 && entries_of(out, out->busiest[at - 1]) < entries_of(out, cell))
            at--;
        for (int i = at; i < DW_MIN(out->busiest_count + 1, DW_BUSIEST); i++) {
            int next = out->busiest[i];
            out->busiest[i] = moved;
            moved = next;
        }
        out->busiest_count = DW_MIN(out->busiest_count + 1, DW_BUSIEST);
    }
}

static void make_plan(struct dw_staffing_plan *plan, const struct dw_week_hour *hours,
                      const struct dw_staffing_conf *conf)
{
    int need[DW_SHIFT_HOURS];
    for (int hour = 0; hour < DW_SHIFT_HOURS; hour++) {
        need[hour] = hours[hour].people;
        plan->needed_hours += need[hour];
    }
    plan->shift_count =
        dw_shifts_cover(plan->shifts, need, conf->min_shift_hours, conf->max_shift_hours);
    for (size_t i = 0; i < plan->shift_count; i++) {
        const struct dw_shift *shift = &plan->shifts[i];
        plan->paid_hours += (shift->to_hour - shift->from_hour) * shift->people;
    }
}

void dw_staffing(struct dw_staffing *out, const struct dw_staffing_conf *conf,
                 const struct dw_staffing_day *days, size_t count)
{
    *out = (struct dw_staffing){ 0 };
    fill_hours(out, conf->per_employee, days, count);
    find_busiest(out);
    for (int weekday = 0; weekday < DW_WEEKDAYS; weekday++)
        make_plan(&out->plans[weekday], out->hours[weekday], conf);
}
