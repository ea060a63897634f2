/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When people come, how many are there at once, and how many should serve them: the hours of the
 * week over many weeks, and shifts that cover them. Works on plain arrays that the caller brings;
 * reads no store. Any thread. docs/figures.md gives each formula for users.
 */
#ifndef DW_INSIGHT_STAFFING_H
#define DW_INSIGHT_STAFFING_H

#include <stdbool.h>

#include "insight/shifts.h"

#define DW_WEEKDAYS 7

/* Less of an hour than this says little about it. */
#define DW_STAFFING_MEASURED_LEAST_S 1800

/*
 * What was counted in one hour of a local day. On the day summer time begins one hour stays all
 * zero: it was not. On the day it ends one hour holds both, and twice the measured time.
 */
struct dw_staffing_hour {
    double entries;    /* a measured hour: sum over zones of entries / measured hours */
    double occupancy;  /* people present at once on average: the same of person-time */
    double measured_s; /* by the zone measured longest; 0: not measured, the others say nothing */
};

struct dw_staffing_day {
    int weekday; /* 0: Monday */
    struct dw_staffing_hour hours[DW_SHIFT_HOURS];
};

struct dw_staffing_conf {
    double per_employee; /* shoppers that one of staff can look after; > 0 */
    int min_shift_hours, max_shift_hours;
};

/* Over weeks: quantiles of definition 7 of Hyndman and Fan (1996). */
struct dw_spread {
    double p10, median, p90;
};

enum dw_hour_state {
    DW_HOUR_UNMEASURED, /* in no week for as much as half of it */
    DW_HOUR_CLOSED,     /* measured, and in most weeks nobody came */
    DW_HOUR_OPEN
};

struct dw_week_hour {
    enum dw_hour_state state;
    int weeks; /* measured, for half of the hour or longer */
    struct dw_spread entries, occupancy;
    int people; /* suggested on the floor: p90 of occupancy / per_employee, rounded up, at least
                   one while open: enough in nine weeks of ten */
};

struct dw_staffing_plan {
    struct dw_shift shifts[DW_SHIFTS_MAX];
    size_t shift_count;
    int needed_hours, paid_hours; /* person-hours suggested, and in the shifts */
};

#define DW_BUSIEST 5

struct dw_staffing {
    struct dw_week_hour hours[DW_WEEKDAYS][DW_SHIFT_HOURS];
    int busiest[DW_BUSIEST]; /* weekday * 24 + hour, by median of entries, the most first */
    int busiest_count;
    struct dw_staffing_plan plans[DW_WEEKDAYS];
};

void dw_staffing(struct dw_staffing *out, const struct dw_staffing_conf *conf,
                 const struct dw_staffing_day *days, size_t count);

#endif
