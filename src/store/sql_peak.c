/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_peak.h"

#include "core/presence.h"
#include "store/store_impl.h"

/* A zone in a span of time, of which visits are read. */
struct sweep {
    int64_t from_us, to_us;
    bool include_staff;
    struct dw_presence steps;
};

static int stay_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                    struct dw_err *err)
{
    (void)store, (void)err;
    struct sweep *sweep = context;
    bool staff = dw_role_parse(dw_row_text(row, 2)) == (int)DW_ROLE_STAFF;
    if (!staff || sweep->include_staff)
        dw_presence_add(&sweep->steps, DW_MAX(dw_row_integer(row, 0), sweep->from_us),
                        DW_MIN(dw_row_integer(row, 1), sweep->to_us));
    return 0;
}

#define STAYS(table)                                                                               \
    "SELECT enter_us, exit_us, role FROM " table " WHERE zone_id=?1"                               \
    " AND enter_us >= ?2 AND enter_us < ?3 AND exit_us > ?4 AND" DW_COUNTS("zone_id")

/* Adds the zone's peak in the sweep's span to `peak`. Nobody is taken to stay for more than a day.
 */
static int add_sweep(struct dw_store *store, struct sweep *sweep, struct dw_store_peak *peak,
                     struct dw_err *err)
{
    int64_t people = 0;
    dw_vec_clear(&sweep->steps);
    int result = dw_sql_query(store, STAYS("visit") " UNION ALL " STAYS("pass"),
                              DW_VALUES(DW_INTEGER(peak->zone_id),
                                        DW_INTEGER(sweep->from_us - DW_ROLLUP_DAY_US),
                                        DW_INTEGER(sweep->to_us), DW_INTEGER(sweep->from_us)),
                              stay_row, sweep, err);
    dw_presence_sort(&sweep->steps);
    for (size_t i = 0; i < sweep->steps.count; i++) {
        people += sweep->steps.items[i].change;
        if (people <= peak->people)
            continue;
        peak->people = people;
        peak->at_us = sweep->steps.items[i].time_us;
    }
    return result;
}

/* A zone's day, and what is kept of it. */
struct day {
    int64_t zone_id, start_us;
    bool kept;
    int64_t people, at_us;
};

struct days {
    DW_VEC(struct day) list;
};

static int day_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                   struct dw_err *err)
{
    (void)store, (void)err;
    struct days *days = context;
    dw_vec_push(
        &days->list,
        ((struct day){ dw_row_integer(row, 0), dw_row_integer(row, 1) * DW_QUARTER_US,
                       !dw_row_null(row, 2), dw_row_integer(row, 2), dw_row_integer(row, 3) }));
    return 0;
}

static int keep_day(struct dw_store *store, const struct day *day, struct sweep *sweep,
                    struct dw_err *err)
{
    int result = 0;
    sweep->from_us = day->start_us;
    sweep->to_us = day->start_us + DW_ROLLUP_DAY_US;
    for (int staff = 0; staff <= 1 && result == 0; staff++) {
        struct dw_store_peak peak = { .zone_id = day->zone_id, .at_us = day->start_us };
        sweep->include_staff = staff == 1;
        result = add_sweep(store, sweep, &peak, err);
        if (result == 0)
            result = dw_sql_later(
                store,
                "INSERT INTO peak(zone_id, first_quarter, staff, people, at_us)"
                " VALUES(?1, ?2, ?3, ?4, ?5)",
                DW_VALUES(DW_INTEGER(day->zone_id), DW_INTEGER(day->start_us / DW_QUARTER_US),
                          DW_INTEGER(staff), DW_INTEGER(peak.people), DW_INTEGER(peak.at_us)),
                err);
    }
    return result;
}

int dw_store_settle(struct dw_store *store, int64_t from_us, struct dw_err *err)
{
    struct sweep sweep = { 0 };
    struct days days = { 0 };
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = dw_rollup_flush(store, err);
    if (result == 0)
        result = dw_sql_query(
            store,
            "SELECT DISTINCT subject, first_quarter, NULL, NULL FROM rollup WHERE kind=0"
            " AND first_quarter > ?1 - 96"
            " AND (first_quarter + 96) * 900000000 <= (SELECT max(end_us) FROM run)"
            " AND" DW_PEAK_OPEN " AND NOT EXISTS(SELECT 1 FROM peak"
            " WHERE zone_id=subject AND peak.first_quarter=rollup.first_quarter)",
            DW_VALUES(DW_INTEGER(dw_quarter_of(from_us))), day_row, &days, err);
    for (size_t i = 0; i < days.list.count && result == 0; i++)
        result = keep_day(store, &days.list.items[i], &sweep, err);
    dw_vec_fini(&days.list);
    dw_vec_fini(&sweep.steps);
    return dw_sql_leave(store, own, result, err);
}

/* The zone's day, as far as it lies in the sweep's span. */
static int add_day(struct dw_store *store, const struct day *day, struct sweep *span,
                   int64_t pruned_us, struct dw_store_peak *peak, struct dw_err *err)
{
    struct sweep part = *span;
    part.from_us = DW_MAX(span->from_us, day->start_us);
    part.to_us = DW_MIN(span->to_us, day->start_us + DW_ROLLUP_DAY_US);
    if (day->kept && day->at_us >= span->from_us && day->at_us < span->to_us) {
        if (day->people > peak->people) {
            peak->people = day->people;
            peak->at_us = day->at_us;
        }
        return 0;
    }
    if (part.from_us < pruned_us)
        peak->known = false;
    int result = add_sweep(store, &part, peak, err);
    span->steps = part.steps; /* its room */
    return result;
}

int dw_store_read_peaks(struct dw_store *store, const struct dw_store_peak_query *query,
                        dw_store_peak_fn fn, void *context, struct dw_err *err)
{
    struct sweep span = { query->from_us, query->to_us, query->include_staff, { 0 } };
    struct days days = { 0 };
    int64_t pruned_us = 0;
    int result = dw_rollup_flush(store, err);
    if (result == 0)
        result = dw_store_pruned_before(store, DW_KIND_VISITS, &pruned_us, err);
    if (result == 0)
        result = dw_sql_query_whole(
            store,
            "SELECT subject, days.first_quarter, people, at_us FROM"
            " (SELECT DISTINCT subject, first_quarter FROM rollup WHERE kind=0"
            " AND" DW_ROLLUP_OF_CAMERA("zone") " AND" DW_ROLLUP_TOUCHES ") AS days"
                                               " LEFT JOIN peak ON zone_id=subject AND "
                                               "peak.first_quarter=days.first_quarter"
                                               " AND staff=?4 ORDER BY subject, days.first_quarter",
            DW_VALUES(query->camera != NULL ? DW_TEXT(query->camera) : DW_NULL,
                      DW_INTEGER(dw_quarter_of(query->from_us)),
                      DW_INTEGER(dw_quarter_of(query->to_us)),
                      DW_INTEGER(query->include_staff ? 1 : 0)),
            day_row, &days, err);
    for (size_t i = 0; i < days.list.count && result == 0;) {
        struct dw_store_peak peak = { .zone_id = days.list.items[i].zone_id,
                                      .at_us = query->from_us,
                                      .known = true };
        for (; i < days.list.count && days.list.items[i].zone_id == peak.zone_id && result == 0;
             i++)
            result = add_day(store, &days.list.items[i], &span, pruned_us, &peak, err);
        if (result == 0)
            result = fn(context, &peak);
    }
    dw_vec_fini(&days.list);
    dw_vec_fini(&span.steps);
    return result;
}

int dw_peak_forget(struct dw_store *store, int64_t zone_id, int64_t first_quarter,
                   struct dw_err *err)
{
    /* Roll-ups are by dwell, which ends before the visit does when an absence was forgiven. */
    return dw_sql_later(store,
                        DW_PEAK_FORGET("zone_id=?1 AND first_quarter BETWEEN ?2 AND ?2 + 96"),
                        DW_VALUES(DW_INTEGER(zone_id), DW_INTEGER(first_quarter)), err);
}
