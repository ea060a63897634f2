/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "store/foot_codec.h"
#include "store/sqlite_impl.h"

#define STAY_COLUMNS                                                                               \
    "zone_id, enter_us, uid, exit_us, run_id, person, dwell_us, observed_us, bridged_us, links,"   \
    " cut_start, cut_end, end_reason, enter_side, exit_side, score, role, role_p, facing_us,"      \
    " speed_avg, speed_min"

#define PUT_STAY(table)                                                                            \
    "INSERT INTO " table "(" STAY_COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"      \
    " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)"                                      \
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

static int find_zone(struct dw_sqlite *self, int64_t run_id, int zone,
                     const struct dw_sqlite_run **run, struct dw_err *err)
{
    int result = dw_sqlite_find_run(self, run_id, run, err);
    if (result < 0)
        return result;
    if (zone < 0 || (size_t)zone >= (*run)->zone_ids.count)
        return dw_fail(err, -EINVAL, "store '%s': a visit to zone %d of %zu", self->path, zone,
                       (*run)->zone_ids.count);
    return 0;
}

static int put_stay(struct dw_sqlite *self, const char *sql, int64_t run_id,
                    const struct dw_visit *visit, struct dw_err *err)
{
    const struct dw_sqlite_run *run = NULL;
    int result = find_zone(self, run_id, visit->zone, &run, err);
    if (result < 0)
        return result;
    return dw_sqlite_run(
        self, sql,
        DW_VALUES(DW_INTEGER(run->zone_ids.items[visit->zone]),
                  DW_INTEGER(run->start_us + visit->enter_us),
                  DW_BLOB(visit->id, sizeof(visit->id)), DW_INTEGER(run->start_us + visit->exit_us),
                  DW_INTEGER(run_id), DW_INTEGER(visit->person), DW_INTEGER(visit->dwell_us),
                  DW_INTEGER(visit->observed_us), DW_INTEGER(visit->bridged_us),
                  DW_INTEGER(visit->links), DW_INTEGER(visit->cut_start ? 1 : 0),
                  DW_INTEGER(visit->cut_end ? 1 : 0),
                  DW_TEXT(dw_end_reason_name(visit->end_reason)), DW_INTEGER(visit->enter_side),
                  DW_INTEGER(visit->exit_side), finite_real(visit->score),
                  DW_TEXT(dw_role_name(visit->role)), finite_real(visit->role_p),
                  visit->facing_us >= 0 ? DW_INTEGER(visit->facing_us) : DW_NULL,
                  measured_real(visit->speed_avg), measured_real(visit->speed_min)),
        NULL, err);
}

int dw_sqlite_put_visit(struct dw_store *store, int64_t run, const struct dw_visit *visit,
                        struct dw_err *err)
{
    return put_stay((struct dw_sqlite *)store, visit->pass ? put_pass : put_visit, run, visit, err);
}

int dw_sqlite_put_doubt(struct dw_store *store, int64_t run_id, const struct dw_doubt_visit *doubt,
                        struct dw_err *err)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    const struct dw_visit *visit = &doubt->visit;
    const struct dw_sqlite_run *run = NULL;
    int result = find_zone(self, run_id, visit->zone, &run, err);
    if (result < 0)
        return result;
    return dw_sqlite_run(self,
                         "INSERT INTO doubt(zone_id, enter_us, run_id, variant, person, dwell_us,"
                         " cut) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                         " ON CONFLICT(zone_id, enter_us, run_id, variant, person) DO NOTHING",
                         DW_VALUES(DW_INTEGER(run->zone_ids.items[visit->zone]),
                                   DW_INTEGER(run->start_us + visit->enter_us), DW_INTEGER(run_id),
                                   DW_TEXT(dw_variant_name(doubt->variant)),
                                   DW_INTEGER(visit->person), DW_INTEGER(visit->dwell_us),
                                   DW_INTEGER(visit->cut_start || visit->cut_end ? 1 : 0)),
                         NULL, err);
}

int dw_sqlite_put_open(struct dw_store *store, int64_t run, const struct dw_visit *visits,
                       size_t count, struct dw_err *err)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    bool own = false;
    int result = dw_sqlite_enter(self, &own, err);
    if (result < 0)
        return result;
    result = dw_sqlite_run(self, "DELETE FROM open_visit WHERE run_id=?1",
                           DW_VALUES(DW_INTEGER(run)), NULL, err);
    for (size_t i = 0; i < count && result == 0; i++)
        result = put_stay(self, put_open, run, &visits[i], err);
    return dw_sqlite_leave(self, own, result, err);
}

int dw_sqlite_put_crossing(struct dw_store *store, int64_t run_id,
                           const struct dw_crossing *crossing, struct dw_err *err)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    const struct dw_sqlite_run *run = NULL;
    int result = dw_sqlite_find_run(self, run_id, &run, err);
    if (result < 0)
        return result;
    if (crossing->line < 0 || (size_t)crossing->line >= run->line_ids.count)
        return dw_fail(err, -EINVAL, "store '%s': a crossing of line %d of %zu", self->path,
                       crossing->line, run->line_ids.count);
    return dw_sqlite_run(self,
                         "INSERT INTO crossing(line_id, time_us, run_id, person, to_right, score)"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
                         " ON CONFLICT(line_id, time_us, run_id, person) DO NOTHING",
                         DW_VALUES(DW_INTEGER(run->line_ids.items[crossing->line]),
                                   DW_INTEGER(run->start_us + crossing->time_us),
                                   DW_INTEGER(run_id), DW_INTEGER(crossing->person),
                                   DW_INTEGER(crossing->to_right ? 1 : 0),
                                   finite_real(crossing->score)),
                         NULL, err);
}

int dw_sqlite_put_gap(struct dw_store *store, int64_t run_id, const struct dw_gap *gap,
                      struct dw_err *err)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    const struct dw_sqlite_run *run = NULL;
    int result = dw_sqlite_find_run(self, run_id, &run, err);
    if (result < 0)
        return result;
    return dw_sqlite_run(self,
                         "INSERT INTO gap(run_id, start_us, end_us, reason) VALUES(?1, ?2, ?3, ?4)"
                         " ON CONFLICT(run_id, start_us) DO UPDATE SET end_us=excluded.end_us,"
                         " reason=excluded.reason",
                         DW_VALUES(DW_INTEGER(run_id), DW_INTEGER(run->start_us + gap->start_us),
                                   DW_INTEGER(run->start_us + gap->end_us), DW_TEXT(gap->reason)),
                         NULL, err);
}

int dw_sqlite_put_foot_track(struct dw_store *store, int64_t run_id, int64_t person,
                             const struct dw_foot_point *points, size_t count, struct dw_err *err)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    const struct dw_sqlite_run *run = NULL;
    int result = dw_sqlite_find_run(self, run_id, &run, err);
    if (result < 0 || count == 0)
        return result;
    struct dw_foot_point *thinned = dw_alloc_array0(count, sizeof(*thinned));
    struct dw_buf bytes = { 0 };
    size_t kept = dw_foot_thin(points, count, thinned);
    dw_foot_encode(&bytes, points[0].time_us, thinned, kept);
    result =
        dw_sqlite_run(self,
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

/* Their dwell is that of the last save: a lower bound, as visits cut at the end are. */
#define CLOSE_OPEN(table, condition)                                                               \
    "INSERT INTO " table "(" STAY_COLUMNS ")"                                                      \
    " SELECT zone_id, enter_us, uid, exit_us, run_id, person, dwell_us, observed_us, bridged_us,"  \
    " links, cut_start, 1, 'restart', enter_side, 0, score, role, role_p, facing_us, speed_avg,"   \
    " speed_min FROM open_visit JOIN run_zone USING(run_id, zone_id)"                              \
    " JOIN zone_revision USING(zone_id, revision)"                                                 \
    " WHERE dwell_us " condition " settings ->> '$.min_dwell_us'"                                  \
    " ON CONFLICT(zone_id, enter_us, uid) DO NOTHING;"

int dw_sqlite_recover(struct dw_sqlite *self, struct dw_err *err)
{
    bool own = false;
    int64_t open_visits = 0;
    int result = dw_sqlite_run(self, "SELECT count(*) FROM open_visit", (struct dw_sql_values){ 0 },
                               &open_visits, err);
    if (result < 0 || open_visits == 0)
        return result;
    result = dw_sqlite_enter(self, &own, err);
    if (result < 0)
        return result;
    result = dw_sqlite_exec(
        self,
        CLOSE_OPEN("visit", ">=")
            CLOSE_OPEN("pass", "<") "UPDATE run SET end_us=max(end_us,"
                                    " (SELECT max(exit_us) FROM open_visit WHERE run_id=run.id))"
                                    " WHERE id IN (SELECT run_id FROM open_visit);"
                                    "DELETE FROM open_visit;",
        err);
    return dw_sqlite_leave(self, own, result, err);
}
