/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Today so far, against what is usual: the mean of the same weekday in the four weeks before up to
 * the same time of day, of those days on which it was measured half of that time or more.
 */
#ifndef DW_INSIGHT_TODAY_H
#define DW_INSIGHT_TODAY_H

#include <stdint.h>

#include "core/stats.h"
#include "insight/report_kind.h"

#define DW_TODAY_HOURS 24

struct dw_today_zone {
    int64_t visits, passes;
    struct dw_store_cover cover;
    struct dw_estimate median_s;                   /* value NAN: no visit */
    int64_t hours[DW_TODAY_HOURS];                 /* visits of today, by the hour on the clock */
    double usual_sum, usual_hours[DW_TODAY_HOURS]; /* over so many days: */
    int usual_days, usual_hour_days[DW_TODAY_HOURS];
    int64_t usual_least, usual_most; /* of one of these days */
};

struct dw_today {
    int64_t now_us, day; /* wall time, and its local day */
    struct dw_report_places places;
    struct dw_today_zone *zones; /* as places */
};

/* Of the zones measured today; camera NULL: of all. Free with dw_today_fini(), also on failure. */
int dw_today_read(struct dw_today *today, struct dw_store *store, const char *camera,
                  int64_t now_us, struct dw_err *err);
void dw_today_fini(struct dw_today *today);

#endif
