/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was counted of each zone on each local day and hour, from the roll-ups: the ground of
 * reports that take the day as their unit. One thread at a time.
 */
#ifndef DW_INSIGHT_ZONE_DAYS_H
#define DW_INSIGHT_ZONE_DAYS_H

#include "insight/compare.h"
#include "insight/report_kind.h"

/* Two years and the two before; a day of a zone takes 2 KB, and 10 for a histogram of its own. */
#define DW_ZONE_DAYS_MAX 1500

struct dw_zone_day {
    struct dw_store_counts counts;
    const struct dw_store_counts *hours; /* DW_COMPARE_HOURS on the clock; an hour that a day has
                                            twice holds both */
    const struct dw_store_cover *cover;  /* of each hour */
    const struct dw_dwell_hist *dwell; /* its own or shared with other days; NULL: not asked for */
    struct dw_dwell_bins bins;         /* the same for core/median.h, in seconds */
};

struct dw_zone_days {
    int64_t zone_id;
    struct dw_zone_day *days; /* from request->from_day on */
    size_t count;
    struct dw_store_counts *counts; /* what the days point to, as the next */
    struct dw_store_cover *cover;
    struct dw_dwell_hist *dwell;
};

struct dw_zone_days_list {
    DW_VEC(struct dw_zone_days) list;
    int64_t approximate; /* as in struct dw_store_zone_counts, of all zones */
    double *edges;       /* of the bins */
};

/*
 * The zones of every camera asked for, whatever request->zone says. `dwell_from` and on: days that
 * have a histogram, one each; with `dwell_together` a single one for all of these. -EINVAL: too
 * many days.
 */
struct dw_zone_days_dwell {
    int64_t from_day;
    bool together;
};
int dw_zone_days_read(struct dw_zone_days_list *zones, struct dw_store *store,
                      const struct dw_report_request *request,
                      const struct dw_zone_days_dwell *dwell, struct dw_err *err);
void dw_zone_days_fini(struct dw_zone_days_list *zones);

/* NULL: nothing of it was measured. */
const struct dw_zone_days *dw_zone_days_of(const struct dw_zone_days_list *zones, int64_t zone_id);

/* Visits cut off before they reached a level, as far as buckets tell: belong neither to those who
 * reached it nor to those who did not. */
int64_t dw_dwell_cut_before(const struct dw_dwell_hist *hist, int64_t level_us);

/* hits / (visits + passes - those cut off before the level) with Wilson's interval; NAN: of none.
 */
struct dw_estimate dw_report_reached(const struct dw_store_counts *counts, int64_t hits,
                                     const struct dw_dwell_hist *dwell, int64_t level_us);

/* A day that has a histogram of its own as dw_compare() wants it. Which hour those cut off
 * before the level belong to is not known: it is shared out as the hour's cut visits are. */
struct dw_compare_day dw_zone_day_compare(const struct dw_zone_day *day, int side, int weekday,
                                          int64_t stop_us);

#endif
