/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping the roll-ups up. What a transaction adds is summed in memory and written when it is
 * committed. Written roll-ups stay in memory while there are few: the next visit is likely of the
 * same day, and nobody else writes.
 */
#include <errno.h>

#include "store/store_impl.h"

#define KEPT_MAX 512

static struct dw_rollup *touch(struct dw_store *store, const struct dw_rollup_key *key)
{
    struct dw_rollup *rollup = dw_rollups_find(&store->rollups, key);
    if (rollup == NULL)
        rollup = dw_rollups_add(&store->rollups, key);
    rollup->dirty = true;
    return rollup;
}

/* The roll-up of the key's kind, subject, run and role to whose day the quarter belongs. */
static struct dw_rollup *touch_day(struct dw_store *store, struct dw_rollup_key *key,
                                   int64_t quarter, int64_t utc_offset_us)
{
    key->first_quarter = dw_rollup_day(quarter, utc_offset_us);
    return touch(store, key);
}

/* Adds the length of a span to one cell of each quarter it touches. */
static void spread(struct dw_store *store, struct dw_rollup_key *key, int64_t utc_offset_us,
                   struct dw_time_span span, int cell)
{
    int64_t sign = span.end_us < span.start_us ? -1 : 1;
    int64_t at_us = DW_MIN(span.start_us, span.end_us);
    int64_t end_us = DW_MAX(span.start_us, span.end_us);
    while (at_us < end_us) {
        int64_t quarter = dw_quarter_of(at_us);
        int64_t next_us = DW_MIN((quarter + 1) * DW_QUARTER_US, end_us);
        struct dw_rollup *rollup = touch_day(store, key, quarter, utc_offset_us);
        dw_rollup_cell(rollup, quarter)[cell] += sign * (next_us - at_us);
        at_us = next_us;
    }
}

/* Of one visit; dwell goes to its bucket, or is taken out of it. */
static void add_visit(struct dw_rollup *rollup, struct dw_store_counts *counts,
                      const struct dw_stay *stay, const struct dw_levels *levels)
{
    bool cut = stay->cut_start || stay->cut_end;
    counts->visits++;
    counts->people += stay->first;
    counts->stops += stay->dwell_us >= levels->stop_us;
    counts->engages += stay->dwell_us >= levels->engage_us;
    counts->cut += cut;
    counts->dwell_us += stay->dwell_us;
    counts->bridged_us += stay->bridged_us;
    int64_t *buckets = cut ? rollup->dwell.cut : rollup->dwell.ended;
    buckets[dw_dwell_bucket(stay->dwell_us)] += stay->away ? -1 : 1;
}

int dw_rollup_stay(struct dw_store *store, const struct dw_stay *stay, struct dw_err *err)
{
    struct dw_rollup_key key = {
        .kind = DW_ROLLUP_ZONE, .subject = stay->zone_id, .run = stay->run, .role = stay->role
    };
    const struct dw_levels *levels = dw_store_find_levels(store, stay->run, stay->zone_id);
    if (levels == NULL || stay->role < 0)
        return dw_fail(err, -EINVAL,
                       "store '%s' holds a visit of run %lld to zone %lld that cannot be counted: "
                       "analyze its source again",
                       store->name, (long long)stay->run, (long long)stay->zone_id);
    int64_t quarter = dw_quarter_of(stay->enter_us);
    struct dw_rollup *rollup = touch_day(store, &key, quarter, levels->utc_offset_us);
    struct dw_store_counts counts = { 0 };
    int64_t sign = stay->away ? -1 : 1;
    counts.passes = stay->pass;
    counts.entries = !stay->cut_start;
    if (!stay->cut_start)
        rollup->sides[DW_MIN(DW_MAX(stay->enter_side, 0), DW_ROLLUP_SIDES - 1)] += sign;
    if (!stay->pass)
        add_visit(rollup, &counts, stay, levels);
    int64_t *cell = dw_rollup_cell(rollup, quarter);
    for (int i = 0; i < DW_COUNT_KINDS; i++)
        cell[i] += sign * counts.all[i];
    struct dw_time_span span = { stay->enter_us, stay->enter_us + DW_MAX(stay->dwell_us, 0) };
    if (stay->away)
        span = (struct dw_time_span){ span.end_us, span.start_us };
    spread(store, &key, levels->utc_offset_us, span, DW_COUNT_OCCUPANCY);
    return 0;
}

struct dw_stay dw_rollup_stay_of(const struct dw_sql_row *row, bool pass)
{
    return (struct dw_stay){
        .zone_id = dw_row_integer(row, 0),
        .run = dw_row_integer(row, 1),
        .enter_us = dw_row_integer(row, 2),
        .dwell_us = dw_row_integer(row, 3),
        .bridged_us = dw_row_integer(row, 4),
        .cut_start = dw_row_integer(row, 5) != 0,
        .cut_end = dw_row_integer(row, 6) != 0,
        .pass = pass,
        .enter_side = (int)dw_row_integer(row, 7),
        .role = dw_role_parse(dw_row_text(row, 8)),
        .first = dw_row_integer(row, 9) != 0,
    };
}

int dw_rollup_visit_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                        struct dw_err *err)
{
    (void)context;
    struct dw_stay stay = dw_rollup_stay_of(row, false);
    return dw_rollup_stay(store, &stay, err);
}

int dw_rollup_pass_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                       struct dw_err *err)
{
    (void)context;
    struct dw_stay stay = dw_rollup_stay_of(row, true);
    return dw_rollup_stay(store, &stay, err);
}

void dw_rollup_crossing(struct dw_store *store, const struct dw_crossed *crossed)
{
    struct dw_rollup_key key = { .kind = DW_ROLLUP_LINE,
                                 .subject = crossed->line_id,
                                 .run = crossed->run };
    int64_t quarter = dw_quarter_of(crossed->time_us);
    struct dw_rollup *rollup = touch_day(store, &key, quarter, crossed->utc_offset_us);
    dw_rollup_cell(rollup, quarter)[crossed->to_right ? DW_LINE_TO_RIGHT : DW_LINE_TO_LEFT]++;
}

void dw_rollup_cover(struct dw_store *store, int64_t run, int64_t utc_offset_us,
                     enum dw_cover_cell cell, struct dw_time_span more)
{
    struct dw_rollup_key key = { .kind = DW_ROLLUP_COVER, .subject = run, .run = run };
    spread(store, &key, utc_offset_us, more, (int)cell);
}

static int load_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                    struct dw_err *err)
{
    struct dw_rollup *rollup = context;
    size_t size = 0;
    const void *bytes = dw_row_blob(row, 0, &size);
    return dw_rollup_decode(rollup, bytes, size) < 0
               ? dw_fail(err, -EBADMSG,
                         "store '%s': a roll-up is damaged: mend it with dwell store rebuild",
                         store->name)
               : 0;
}

static int write_rollup(struct dw_store *store, struct dw_rollup *rollup, struct dw_buf *bytes,
                        struct dw_err *err)
{
    int result = 0;
#define KEY                                                                                        \
    DW_INTEGER(rollup->key.kind), DW_INTEGER(rollup->key.subject),                                 \
        DW_INTEGER(rollup->key.first_quarter), DW_INTEGER(rollup->key.run),                        \
        DW_INTEGER(rollup->key.role)
    if (!rollup->loaded)
        result = dw_sql_query(store,
                              "SELECT data FROM rollup WHERE kind=?1 AND subject=?2"
                              " AND first_quarter=?3 AND run_id=?4 AND role=?5",
                              DW_VALUES(KEY), load_row, rollup, err);
    if (result != 0)
        return result;
    rollup->loaded = true;
    dw_buf_clear(bytes);
    dw_rollup_encode(rollup, bytes);
    result = dw_sql_later(store,
                          "INSERT INTO rollup(kind, subject, first_quarter, run_id, role, data)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
                          " ON CONFLICT(first_quarter, kind, subject, run_id, role)"
                          " DO UPDATE SET data=excluded.data",
                          DW_VALUES(KEY, DW_BLOB(bytes->data, bytes->length)), err);
#undef KEY
    if (result == 0 && rollup->key.kind == DW_ROLLUP_ZONE)
        result = dw_peak_forget(store, rollup->key.subject, rollup->key.first_quarter, err);
    rollup->dirty = result != 0;
    return result;
}

int dw_rollup_flush(struct dw_store *store, struct dw_err *err)
{
    struct dw_buf bytes = { 0 };
    int result = store->impl->flush != NULL ? store->impl->flush(store, err) : 0;
    for (size_t i = 0; i < store->rollups.count && result == 0; i++)
        if (store->rollups.items[i]->dirty)
            result = write_rollup(store, store->rollups.items[i], &bytes, err);
    dw_buf_fini(&bytes);
    if (result == 0 && store->rollups.count > KEPT_MAX)
        dw_rollups_clear(&store->rollups);
    return result;
}
