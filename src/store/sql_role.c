/* SPDX-License-Identifier: Apache-2.0 */
/* A visit's role decided by hand: taken out of one roll-up and put into another, so that roll-ups
 * stay the sums of the visits. */
#include <errno.h>

#include "store/store_impl.h"

struct found {
    struct dw_stay stay;
    int64_t exit_us, person;
    int count;
};

static int take_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                    struct dw_err *err)
{
    (void)store, (void)err;
    struct found *found = context;
    found->count++;
    found->stay = dw_rollup_stay_of(row, false);
    found->exit_us = dw_row_integer(row, 10);
    found->person = dw_row_integer(row, 11);
    return 0;
}

static int move(struct dw_store *store, const uint8_t id[16], const struct found *found,
                enum dw_role role, struct dw_err *err)
{
    struct dw_stay stay = found->stay;
    stay.away = true;
    int result = dw_rollup_stay(store, &stay, err);
    stay.away = false;
    stay.role = (int)role;
    if (result == 0)
        result = dw_rollup_stay(store, &stay, err);
    if (result == 0)
        result = dw_sql_run(store,
                            "UPDATE visit SET role=?4, role_p=1"
                            " WHERE zone_id=?1 AND enter_us=?2 AND uid=?3",
                            DW_VALUES(DW_INTEGER(stay.zone_id), DW_INTEGER(stay.enter_us),
                                      DW_BLOB(id, 16), DW_TEXT(dw_role_name(role))),
                            NULL, err);
    return result;
}

int dw_store_set_role(struct dw_store *store, struct dw_visit *visit, struct dw_err *err)
{
    struct found found = { .count = 0 };
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result =
        dw_sql_query(store,
                     "SELECT " DW_ROLLUP_COLUMNS ", exit_us, person FROM visit"
                     " WHERE zone_id IN (SELECT id FROM zone) AND enter_us >= ?1"
                     " AND enter_us < ?1 + 1000 AND uid=?2",
                     DW_VALUES(DW_INTEGER(visit->enter_us), DW_BLOB(visit->id, sizeof(visit->id))),
                     take_row, &found, err);
    if (result == 0 && found.count == 0)
        result = dw_fail(err, -ENOENT, "there is no such visit (any more)");
    if (result == 0)
        result = move(store, visit->id, &found, visit->role, err);
    visit->enter_us = found.stay.enter_us;
    visit->exit_us = found.exit_us;
    visit->person = found.person;
    return dw_sql_leave(store, own, result, err);
}
