/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/foot_codec.h"
#include "store/store_impl.h"

#define STAY_COLUMNS                                                                               \
    "zone_id, enter_us, uid, exit_us, run_id, person, dwell_us, observed_us, bridged_us, links,"   \
    " cut_start, cut_end, end_reason, enter_side, exit_side, score, role, role_p, facing_us,"      \
    " speed_avg, speed_min, first"

#define PUT_STAY(table)                                                                            \
    "INSERT INTO " table "(" STAY_COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"      \
    " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)"                                 \
    " ON CONFLICT(zone_id, enter_us, uid) DO NOTHING"

static const char put_visit[] = PUT_STAY("visit");
static const char put_pass[] = PUT_STAY("pass");
static const char put_open[] = PUT_STAY("open_visit");

static struct dw_sql_value finite_real(double value)
{
    return DW_REAL(isfinite(value) ? value : 0);
}

/* A measure that is negative when it was not taken. */
static struct dw_sql_value measured_real(double value)
{
    return isfinite(value) && value >= 0 ? DW_REAL(value) : DW_NULL;
}

static int find_zone(struct dw_store *store, int64_t run_id, int zone, struct dw_run_state **run,
                     struct dw_err *err)
{
    *run = dw_store_find_run(store, run_id, err);
    if (*run == NULL)
        return -EINVAL;
    if (zone < 0 || (size_t)zone >= (*run)->zone_ids.count)
        return dw_fail(err, -EINVAL, "store '%s': a visit to zone %d of %zu", store->name, zone,
                       (*run)->zone_ids.count);
    return 0;
}

/* Inserts it, or has it inserted later; without `stay`, uncounted. */
static int put_stay(struct dw_store *store, const char *sql, const struct dw_run_state *run,
                    const struct dw_visit *visit, const struct dw_stay *stay, struct dw_err *err)
{
    int64_t zone_id = run->zone_ids.items[visit->zone];
    struct dw_sql_values values = DW_VALUES(
        DW_INTEGER(zone_id), DW_INTEGER(run->start_us + visit->enter_us),
        DW_BLOB(visit->id, sizeof(visit->id)), DW_INTEGER(run->start_us + visit->exit_us),
        DW_INTEGER(run->id), DW_INTEGER(visit->person), DW_INTEGER(visit->dwell_us),
        DW_INTEGER(visit->observed_us), DW_INTEGER(visit->bridged_us), DW_INTEGER(visit->links),
        DW_INTEGER(visit->cut_start ? 1 : 0), DW_INTEGER(visit->cut_end ? 1 : 0),
        DW_TEXT(dw_end_reason_name(visit->end_reason)), DW_INTEGER(visit->enter_side),
        DW_INTEGER(visit->exit_side), finite_real(visit->score), DW_TEXT(dw_role_name(visit->role)),
        finite_real(visit->role_p), visit->facing_us >= 0 ? DW_INTEGER(visit->facing_us) : DW_NULL,
        measured_real(visit->speed_avg), measured_real(visit->speed_min),
        DW_INTEGER(stay != NULL && stay->first ? 1 : 0));
    if (stay == NULL)
        return dw_sql_run(store, sql, values, NULL, err);
    struct dw_stay_insertion insertion = { sql, values, *stay };
    return store->impl->put_later != NULL ? store->impl->put_later(store, &insertion, err)
                                          : dw_stay_insert(store, &insertion, err);
}

/* Whether anybody sends visits on: nobody begins to within a transaction. */
static int ask_senders(struct dw_store *store, struct dw_err *err)
{
    int64_t any = 0;
    int result = dw_sql_run(store, "SELECT count(*) FROM sender", DW_NO_VALUES, &any, err);
    store->senders = any > 0 ? DW_SENDERS : DW_NO_SENDERS;
    return result;
}

#define QUEUE "INSERT INTO outbox(kind, zone_id, enter_us, uid) VALUES"
#define QUEUED "('visit', ?, ?, ?)"
#define QUEUED_4 QUEUED ", " QUEUED ", " QUEUED ", " QUEUED
#define QUEUED_16 QUEUED_4 ", " QUEUED_4 ", " QUEUED_4 ", " QUEUED_4
#define AT_ONCE 16
#define OUTGOING_MAX 4096

/* Puts the first `count` of those that wait, 1 or AT_ONCE, into the outbox. */
static int queue(struct dw_store *store, const struct dw_outgoing *waiting, size_t count,
                 struct dw_err *err)
{
    struct dw_sql_value values[3 * AT_ONCE];
    for (size_t i = 0; i < count; i++) {
        values[3 * i] = DW_INTEGER(waiting[i].zone_id);
        values[3 * i + 1] = DW_INTEGER(waiting[i].enter_us);
        values[3 * i + 2] = DW_BLOB(waiting[i].uid, sizeof(waiting[i].uid));
    }
    return dw_sql_query(store, count == 1 ? QUEUE QUEUED : QUEUE QUEUED_16,
                        (struct dw_sql_values){ values, 3 * count }, NULL, NULL, err);
}

int dw_outbox_flush(struct dw_store *store, struct dw_err *err)
{
    int result = 0;
    size_t count = store->outgoing.count;
    for (size_t i = 0, some = 1; i < count && result == 0; i += some) {
        some = count - i >= AT_ONCE ? AT_ONCE : 1;
        result = queue(store, &store->outgoing.items[i], some, err);
    }
    dw_vec_clear(&store->outgoing);
    return result;
}

static int send_on(struct dw_store *store, const struct dw_stay_insertion *insertion,
                   struct dw_err *err)
{
    if (insertion->stay.pass || !store->impl->fills_outbox)
        return 0;
    int result = store->senders == DW_SENDERS_NOT_ASKED ? ask_senders(store, err) : 0;
    if (result < 0 || store->senders == DW_NO_SENDERS)
        return result;
    struct dw_outgoing *fresh = dw_vec_add(&store->outgoing);
    fresh->zone_id = insertion->stay.zone_id;
    fresh->enter_us = insertion->stay.enter_us;
    memcpy(fresh->uid, insertion->values.items[2].bytes, sizeof(fresh->uid));
    return store->outgoing.count < OUTGOING_MAX ? 0 : dw_outbox_flush(store, err);
}

int dw_stay_insert(struct dw_store *store, const struct dw_stay_insertion *insertion,
                   struct dw_err *err)
{
    int result = dw_sql_query(store, insertion->sql, insertion->values, NULL, NULL, err);
    if (result < 0 || store->impl->changed(store) == 0)
        return result;
    result = send_on(store, insertion, err);
    return result == 0 ? dw_rollup_stay(store, &insertion->stay, err) : result;
}

int dw_store_put_visit(struct dw_store *store, int64_t run_id, const struct dw_visit *visit,
                       struct dw_err *err)
{
    struct dw_run_state *run = NULL;
    bool own = false;
    int result = find_zone(store, run_id, visit->zone, &run, err);
    if (result == 0)
        result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    struct dw_stay stay = {
        .zone_id = run->zone_ids.items[visit->zone],
        .run = run_id,
        .enter_us = run->start_us + visit->enter_us,
        .dwell_us = visit->dwell_us,
        .bridged_us = visit->bridged_us,
        .cut_start = visit->cut_start,
        .cut_end = visit->cut_end,
        .pass = visit->pass,
        .first = !visit->pass && dw_run_is_first(store, run, visit->zone, visit->person),
        .enter_side = visit->enter_side,
        .role = (int)visit->role,
    };
    result = put_stay(store, visit->pass ? put_pass : put_visit, run, visit, &stay, err);
    return dw_sql_leave(store, own, result, err);
}

int dw_store_put_doubt(struct dw_store *store, int64_t run_id, const struct dw_doubt_visit *doubt,
                       struct dw_err *err)
{
    const struct dw_visit *visit = &doubt->visit;
    struct dw_run_state *run = NULL;
    int result = find_zone(store, run_id, visit->zone, &run, err);
    if (result < 0)
        return result;
    return dw_sql_run(store,
                      "INSERT INTO doubt(zone_id, enter_us, run_id, variant, person, dwell_us,"
                      " cut) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                      " ON CONFLICT(zone_id, enter_us, run_id, variant, person) DO NOTHING",
                      DW_VALUES(DW_INTEGER(run->zone_ids.items[visit->zone]),
                                DW_INTEGER(run->start_us + visit->enter_us), DW_INTEGER(run_id),
                                DW_TEXT(dw_variant_name(doubt->variant)), DW_INTEGER(visit->person),
                                DW_INTEGER(visit->dwell_us),
                                DW_INTEGER(visit->cut_start || visit->cut_end ? 1 : 0)),
                      NULL, err);
}

int dw_store_put_open(struct dw_store *store, int64_t run_id, const struct dw_visit *visits,
                      size_t count, struct dw_err *err)
{
    struct dw_run_state *run = NULL;
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = dw_sql_run(store, "DELETE FROM open_visit WHERE run_id=?1",
                        DW_VALUES(DW_INTEGER(run_id)), NULL, err);
    for (size_t i = 0; i < count && result == 0; i++) {
        result = find_zone(store, run_id, visits[i].zone, &run, err);
        if (result == 0)
            result = put_stay(store, put_open, run, &visits[i], NULL, err);
    }
    return dw_sql_leave(store, own, result, err);
}

int dw_store_put_crossing(struct dw_store *store, int64_t run_id,
                          const struct dw_crossing *crossing, struct dw_err *err)
{
    struct dw_run_state *run = dw_store_find_run(store, run_id, err);
    if (run == NULL)
        return -EINVAL;
    if (crossing->line < 0 || (size_t)crossing->line >= run->line_ids.count)
        return dw_fail(err, -EINVAL, "store '%s': a crossing of line %d of %zu", store->name,
                       crossing->line, run->line_ids.count);
    bool own = false;
    int64_t line_id = run->line_ids.items[crossing->line];
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = dw_sql_query(
        store,
        "INSERT INTO crossing(line_id, time_us, run_id, person, to_right, score)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(line_id, time_us, run_id, person) DO NOTHING",
        DW_VALUES(DW_INTEGER(line_id), DW_INTEGER(run->start_us + crossing->time_us),
                  DW_INTEGER(run_id), DW_INTEGER(crossing->person),
                  DW_INTEGER(crossing->to_right ? 1 : 0), finite_real(crossing->score)),
        NULL, NULL, err);
    if (result == 0 && store->impl->changed(store) > 0)
        dw_rollup_crossing(store,
                           &(struct dw_crossed){ line_id, run_id, run->start_us + crossing->time_us,
                                                 run->utc_offset_us, crossing->to_right });
    return dw_sql_leave(store, own, result, err);
}

int dw_store_put_alert(struct dw_store *store, int64_t run_id, const struct dw_alert_rule *rule,
                       const struct dw_alert_event *event, struct dw_err *err)
{
    const struct dw_alert *alert = &event->alert;
    struct dw_run_state *run = NULL;
    int result = find_zone(store, run_id, rule->zone, &run, err);
    if (result < 0)
        return result;
    return dw_sql_run(
        store,
        "INSERT INTO alert(zone_id, raised_us, uid, run_id, name, kind, person, people, since_us,"
        " told, cleared_us, end_reason) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        " ON CONFLICT(zone_id, raised_us, uid) DO UPDATE SET people=excluded.people,"
        " told=excluded.told, cleared_us=excluded.cleared_us, end_reason=excluded.end_reason",
        DW_VALUES(DW_INTEGER(run->zone_ids.items[rule->zone]),
                  DW_INTEGER(run->start_us + alert->raised_us),
                  DW_BLOB(alert->id, sizeof(alert->id)), DW_INTEGER(run_id), DW_TEXT(rule->name),
                  DW_TEXT(dw_alert_kind_name(rule->kind)), DW_INTEGER(alert->person),
                  DW_INTEGER(alert->people), DW_INTEGER(run->start_us + alert->since_us),
                  DW_INTEGER(alert->told),
                  event->cleared ? DW_INTEGER(run->start_us + alert->cleared_us) : DW_NULL,
                  event->cleared ? DW_TEXT(dw_alert_end_name(alert->end)) : DW_NULL),
        NULL, err);
}

int dw_store_put_gap(struct dw_store *store, int64_t run_id, const struct dw_gap *gap,
                     struct dw_err *err)
{
    struct dw_run_state *run = dw_store_find_run(store, run_id, err);
    bool own = false;
    if (run == NULL)
        return -EINVAL;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    int64_t start_us = run->start_us + gap->start_us, end_us = run->start_us + gap->end_us;
    int64_t before_us = start_us; /* where the gap ended so far */
    result = dw_sql_run(store, "SELECT end_us FROM gap WHERE run_id=?1 AND start_us=?2",
                        DW_VALUES(DW_INTEGER(run_id), DW_INTEGER(start_us)), &before_us, err);
    if (result == 0)
        result = dw_sql_run(store,
                            "INSERT INTO gap(run_id, start_us, end_us, reason)"
                            " VALUES(?1, ?2, ?3, ?4) ON CONFLICT(run_id, start_us)"
                            " DO UPDATE SET end_us=excluded.end_us, reason=excluded.reason",
                            DW_VALUES(DW_INTEGER(run_id), DW_INTEGER(start_us), DW_INTEGER(end_us),
                                      DW_TEXT(gap->reason)),
                            NULL, err);
    if (result == 0)
        dw_rollup_cover(store, run_id, run->utc_offset_us, DW_COVER_GAP,
                        (struct dw_time_span){ before_us, end_us });
    return dw_sql_leave(store, own, result, err);
}

int dw_store_put_foot_track(struct dw_store *store, int64_t run_id, int64_t person,
                            const struct dw_foot_point *points, size_t count, struct dw_err *err)
{
    struct dw_run_state *run = dw_store_find_run(store, run_id, err);
    if (run == NULL)
        return -EINVAL;
    if (count == 0)
        return 0;
    struct dw_foot_point *thinned = dw_alloc_array0(count, sizeof(*thinned));
    struct dw_buf bytes = { 0 };
    size_t kept = dw_foot_thin(points, count, thinned);
    dw_foot_encode(&bytes, points[0].time_us, thinned, kept);
    int result =
        dw_sql_run(store,
                   "INSERT INTO foot_track(run_id, start_us, person, points)"
                   " VALUES(?1, ?2, ?3, ?4)"
                   " ON CONFLICT(run_id, start_us, person) DO NOTHING",
                   DW_VALUES(DW_INTEGER(run_id), DW_INTEGER(run->start_us + points[0].time_us),
                             DW_INTEGER(person), DW_BLOB(bytes.data, bytes.length)),
                   NULL, err);
    dw_buf_fini(&bytes);
    free(thinned);
    return result;
}

#define OPEN_AND(condition)                                                                        \
    " FROM open_visit JOIN run_zone USING(run_id, zone_id)"                                        \
    " JOIN zone_revision USING(zone_id, revision)"                                                 \
    " WHERE dwell_us " condition " CAST(settings ->> 'min_dwell_us' AS BIGINT)"

/* Their dwell is that of the last save: a lower bound, as visits cut at the end are. */
#define CLOSE_OPEN(table, condition, first)                                                        \
    "INSERT INTO " table "(" STAY_COLUMNS ")"                                                      \
    " SELECT zone_id, enter_us, uid, exit_us, run_id, person, dwell_us, observed_us, bridged_us,"  \
    " links, cut_start, 1, 'restart', enter_side, 0, score, role, role_p, facing_us, speed_avg,"   \
    " speed_min, " first                                                                           \
    OPEN_AND(                                                                                      \
        condition) " ON CONFLICT(zone_id, enter_us, uid) DO NOTHING RETURNING " DW_ROLLUP_COLUMNS

#define QUEUE_OPEN                                                                                 \
    "INSERT INTO outbox(kind, zone_id, enter_us, uid) SELECT 'visit', zone_id, enter_us, "         \
    "uid" OPEN_AND(                                                                                \
        ">=") " AND EXISTS(SELECT 1 FROM sender) AND NOT EXISTS(SELECT 1 FROM visit"               \
              " WHERE visit.zone_id=open_visit.zone_id AND visit.enter_us=open_visit.enter_us"     \
              " AND visit.uid=open_visit.uid)"

#define NOT_BEFORE                                                                                 \
    "CASE WHEN EXISTS(SELECT 1 FROM visit WHERE visit.zone_id=open_visit.zone_id"                  \
    " AND visit.run_id=open_visit.run_id AND visit.person=open_visit.person) THEN 0 ELSE 1 END"

struct run_end {
    int64_t run, utc_offset_us;
    struct dw_time_span more;
};

struct run_ends {
    DW_VEC(struct run_end) found;
};

static int keep_run_end(struct dw_store *store, const struct dw_sql_row *row, void *context,
                        struct dw_err *err)
{
    (void)store, (void)err;
    struct run_ends *ends = context;
    dw_vec_push(&ends->found,
                ((struct run_end){ dw_row_integer(row, 0),
                                   dw_row_integer(row, 1),
                                   { dw_row_integer(row, 2), dw_row_integer(row, 3) } }));
    return 0;
}

/* They were measured until the end of the open visits at least. */
static int extend_runs(struct dw_store *store, struct dw_err *err)
{
    struct run_ends ends = { 0 };
    int result = dw_sql_query(store,
                              "SELECT run.id, run.utc_offset_us, run.end_us, max(exit_us)"
                              " FROM open_visit JOIN run ON run.id=run_id"
                              " GROUP BY run.id, run.utc_offset_us, run.end_us"
                              " HAVING max(exit_us) > run.end_us",
                              DW_NO_VALUES, keep_run_end, &ends, err);
    for (size_t i = 0; i < ends.found.count && result == 0; i++) {
        const struct run_end *end = &ends.found.items[i];
        dw_rollup_cover(store, end->run, end->utc_offset_us, DW_COVER_SCHEDULED, end->more);
        result =
            dw_sql_run(store, "UPDATE run SET end_us=?2 WHERE id=?1",
                       DW_VALUES(DW_INTEGER(end->run), DW_INTEGER(end->more.end_us)), NULL, err);
    }
    dw_vec_fini(&ends.found);
    return result;
}

/* They lasted as long as was measured. */
static int clear_alerts(struct dw_store *store, struct dw_err *err)
{
    return dw_sql_run(store,
                      "UPDATE alert SET end_reason='restart',"
                      " cleared_us=(SELECT end_us FROM run WHERE run.id=run_id)"
                      " WHERE cleared_us IS NULL",
                      DW_NO_VALUES, NULL, err);
}

static int close_visits(struct dw_store *store, struct dw_err *err)
{
    int64_t open_visits = 0;
    int result =
        dw_sql_run(store, "SELECT count(*) FROM open_visit", DW_NO_VALUES, &open_visits, err);
    if (result < 0 || open_visits == 0)
        return result;
    result = dw_store_load_levels(store, err);
    if (result == 0)
        result = extend_runs(store, err);
    if (result == 0 && store->impl->fills_outbox)
        result = dw_sql_run(store, QUEUE_OPEN, DW_NO_VALUES, NULL, err);
    if (result == 0)
        result = dw_sql_query(store, CLOSE_OPEN("visit", ">=", NOT_BEFORE), DW_NO_VALUES,
                              dw_rollup_visit_row, NULL, err);
    if (result == 0)
        result = dw_sql_query(store, CLOSE_OPEN("pass", "<", "0"), DW_NO_VALUES, dw_rollup_pass_row,
                              NULL, err);
    if (result == 0)
        result = dw_sql_run(store, "DELETE FROM open_visit", DW_NO_VALUES, NULL, err);
    return result;
}

int dw_store_recover(struct dw_store *store, struct dw_err *err)
{
    bool own = false;
    int64_t left_open = 0;
    int result = dw_sql_run(store,
                            "SELECT (SELECT count(*) FROM open_visit)"
                            " + (SELECT count(*) FROM alert WHERE cleared_us IS NULL)",
                            DW_NO_VALUES, &left_open, err);
    if (result == 0 && left_open > 0)
        result = dw_sql_enter(store, &own, err);
    if (result < 0 || left_open == 0)
        return result;
    result = close_visits(store, err);
    if (result == 0)
        result = clear_alerts(store, err);
    return dw_sql_leave(store, own, result, err);
}
