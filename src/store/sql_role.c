/* SPDX-License-Identifier: Apache-2.0 */
/* A visit's role, decided by hand or found later: taken out of one roll-up and put into another, so
 * that roll-ups stay the sums of the visits. */
#include <errno.h>
#include <stdio.h>

#include "store/store_impl.h"

struct found {
    struct dw_stay stay;
    struct dw_role_change *change; /* filled in */
    double role_p;
    int count;
};

static int take_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                    struct dw_err *err)
{
    (void)store, (void)err;
    struct found *found = context;
    struct dw_role_change *change = found->change;
    found->count++;
    found->stay = dw_rollup_stay_of(row, false);
    found->role_p = dw_row_real(row, 12);
    change->visit.enter_us = found->stay.enter_us;
    change->visit.exit_us = dw_row_integer(row, 10);
    change->visit.person = dw_row_integer(row, 11);
    snprintf(change->zone, sizeof(change->zone), "%s", dw_row_text(row, 13));
    return 0;
}

static int move(struct dw_store *store, struct dw_stay stay, enum dw_role role, struct dw_err *err)
{
    stay.away = true;
    int result = dw_rollup_stay(store, &stay, err);
    stay.away = false;
    stay.role = (int)role;
    return result == 0 ? dw_rollup_stay(store, &stay, err) : result;
}

static int update(struct dw_store *store, const struct found *found, struct dw_err *err)
{
    struct dw_role_change *change = found->change;
    const struct dw_visit *visit = &change->visit;
    change->before = (enum dw_role)found->stay.role;
    int result = change->before != visit->role ? move(store, found->stay, visit->role, err) : 0;
    if (result < 0)
        return result;
    return dw_sql_run(store,
                      "UPDATE visit SET role=?4, role_p=?5"
                      " WHERE zone_id=?1 AND enter_us=?2 AND uid=?3",
                      DW_VALUES(DW_INTEGER(found->stay.zone_id), DW_INTEGER(visit->enter_us),
                                DW_BLOB(visit->id, sizeof(visit->id)),
                                DW_TEXT(dw_role_name(visit->role)), DW_REAL(visit->role_p)),
                      NULL, err);
}

/* NULL: any camera's. */
static int find(struct dw_store *store, const char *camera, struct found *found, struct dw_err *err)
{
    const struct dw_visit *visit = &found->change->visit;
    return dw_sql_query(
        store,
        "SELECT " DW_ROLLUP_COLUMNS ", exit_us, person, role_p,"
        " (SELECT name FROM zone WHERE id = zone_id) FROM visit"
        " WHERE zone_id IN (SELECT zone.id FROM zone JOIN camera ON camera.id=camera_id"
        " WHERE CAST(?3 AS TEXT) IS NULL OR camera.name=?3) AND enter_us >= ?1"
        " AND enter_us < ?1 + 1000 AND uid=?2",
        DW_VALUES(DW_INTEGER(visit->enter_us), DW_BLOB(visit->id, sizeof(visit->id)),
                  camera != NULL ? DW_TEXT(camera) : DW_NULL),
        take_row, found, err);
}

int dw_store_set_role(struct dw_store *store, const char *camera, struct dw_role_change *change,
                      struct dw_err *err)
{
    struct found found = { .change = change };
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    change->visit.role_p = 1;
    result = find(store, camera, &found, err);
    if (result == 0 && found.count == 0)
        result = dw_fail(err, -ENOENT, "there is no such visit (any more)");
    if (result == 0)
        result = update(store, &found, err);
    return dw_sql_leave(store, own, result, err);
}

int dw_store_find_role(struct dw_store *store, struct dw_role_change *change, struct dw_err *err)
{
    struct found found = { .change = change };
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    change->before = change->visit.role;
    result = find(store, NULL, &found, err);
    if (result == 0 && found.count > 0 &&
        (found.role_p < 1 || change->visit.role_p >= 1 || change->taken_back))
        result = update(store, &found, err);
    return dw_sql_leave(store, own, result, err);
}
