/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/wall_time.h"
#include "store/store_impl.h"
#include "store/store_peak.h"

/* A table of a kind. In each query a period of time is tried within each zone or line, as the
 * tables are clustered. */
struct table {
    enum dw_store_kind kind;
    const char *name;
    const char *prune; /* what ended before ?1 */
    const char *rows, *first, *last;
};

#define BOUND(what, table, column, owner, key)                                                     \
    "SELECT " what "(t) FROM (SELECT (SELECT " what "(" column ") FROM " table " WHERE " key       \
    "=" owner ".id) AS t FROM " owner ") AS bounds"

#define TABLE(kind, table, column, owner, key, ended)                                              \
    {                                                                                              \
        kind, #table,                                                                              \
            "DELETE FROM " #table " WHERE " key " IN (SELECT id FROM " owner ") AND " column       \
            " < ?1 AND " ended " < ?1",                                                            \
            "SELECT count(*) FROM " #table, BOUND("min", #table, column, owner, key),              \
            BOUND("max", #table, column, owner, key)                                               \
    }

/* SQLite numbers a row after the highest there is, and senders remember the last they sent. */
#define KEEP_NEWEST " AND seq < (SELECT max(seq) FROM outbox)"

static const struct table tables[] = {
    TABLE(DW_KIND_VISITS, visit, "enter_us", "zone", "zone_id", "exit_us"),
    TABLE(DW_KIND_VISITS, pass, "enter_us", "zone", "zone_id", "exit_us"),
    TABLE(DW_KIND_VISITS, alert, "raised_us", "zone", "zone_id", "coalesce(cleared_us, raised_us)"),
    { DW_KIND_VISITS, "outbox", "DELETE FROM outbox WHERE enter_us < ?1" KEEP_NEWEST, "SELECT 0",
      "SELECT NULL", "SELECT NULL" },
    TABLE(DW_KIND_DOUBT, doubt, "enter_us", "zone", "zone_id", "enter_us + dwell_us"),
    TABLE(DW_KIND_CROSSINGS, crossing, "time_us", "line", "line_id", "time_us"),
    TABLE(DW_KIND_FEET, foot_track, "start_us", "run", "run_id", "start_us"),
    { DW_KIND_ROLLUPS, "rollup", "DELETE FROM rollup WHERE (first_quarter + 96) * 900000000 <= ?1",
      "SELECT count(*) FROM rollup", "SELECT min(first_quarter) * 900000000 FROM rollup",
      "SELECT (max(first_quarter) + 96) * 900000000 FROM rollup" },
    { DW_KIND_ROLLUPS, "peak", "DELETE FROM peak WHERE (first_quarter + 96) * 900000000 <= ?1",
      "SELECT count(*) FROM peak", "SELECT min(first_quarter) * 900000000 FROM peak",
      "SELECT (max(first_quarter) + 96) * 900000000 FROM peak" },
};

static const char *const kind_names[DW_KIND_COUNT] = {
    [DW_KIND_VISITS] = "visits", [DW_KIND_DOUBT] = "doubt",     [DW_KIND_CROSSINGS] = "crossings",
    [DW_KIND_FEET] = "feet",     [DW_KIND_ROLLUPS] = "rollups",
};

const char *dw_store_kind_name(enum dw_store_kind kind)
{
    return kind_names[kind];
}

int dw_store_kind_parse(const char *name)
{
    for (int kind = 0; kind < DW_KIND_COUNT; kind++)
        if (strcmp(kind_names[kind], name) == 0)
            return kind;
    return -1;
}

static int prune_tables(struct dw_store *store, enum dw_store_kind kind, int64_t before_us,
                        int64_t *deleted, struct dw_err *err)
{
    int result = 0;
    for (size_t i = 0; i < DW_LENGTH(tables) && result == 0; i++) {
        if (tables[i].kind != kind)
            continue;
        result =
            dw_sql_query(store, tables[i].prune, DW_VALUES(DW_INTEGER(before_us)), NULL, NULL, err);
        *deleted += result == 0 ? store->impl->changed(store) : 0;
    }
    if (result < 0 || *deleted == 0)
        return result;
    return dw_sql_run(store,
                      "INSERT INTO pruned(kind, before_us) VALUES(?1, ?2) ON CONFLICT(kind)"
                      " DO UPDATE SET before_us=excluded.before_us"
                      " WHERE excluded.before_us > pruned.before_us",
                      DW_VALUES(DW_TEXT(dw_store_kind_name(kind)), DW_INTEGER(before_us)), NULL,
                      err);
}

int dw_store_prune(struct dw_store *store, enum dw_store_kind kind, int64_t before_us,
                   int64_t *deleted, struct dw_err *err)
{
    bool own = false;
    int64_t count = 0;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = kind == DW_KIND_VISITS ? dw_store_settle(store, INT64_MIN, err)
                                    : dw_rollup_flush(store, err);
    if (result == 0) {
        dw_rollups_clear(&store->rollups); /* those pruned must not come back */
        int64_t day = dw_rollup_day(dw_quarter_of(before_us), 0);
        result = prune_tables(store, kind, day * DW_QUARTER_US, &count, err);
    }
    if (deleted != NULL)
        *deleted = count;
    return dw_sql_leave(store, own, result, err);
}

int dw_store_shrink(struct dw_store *store, struct dw_err *err)
{
    return store->impl->shrink(store, err);
}

int dw_store_backup(struct dw_store *store, const char *path, struct dw_err *err)
{
    if (store->impl->backup == NULL)
        return dw_fail(err, -ENOTSUP, "store '%s' is no file: copy it with pg_dump", store->name);
    return store->impl->backup(store, path, err);
}

int dw_store_pruned_before(struct dw_store *store, enum dw_store_kind kind, int64_t *before_us,
                           struct dw_err *err)
{
    *before_us = INT64_MIN;
    return dw_sql_run(store, "SELECT before_us FROM pruned WHERE kind=?1",
                      DW_VALUES(DW_TEXT(dw_store_kind_name(kind))), before_us, err);
}

/* --- Roll-ups from raw rows ----------------------------------------------------------------- */

/* The days that the store's rows touch. */
struct days {
    int64_t first_us, last_us, longest_us; /* bounds of rows; the longest stay */
    DW_VEC(int64_t) offsets;               /* of runs from UTC */
};

static int offset_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                      struct dw_err *err)
{
    (void)store, (void)err;
    struct days *days = context;
    dw_vec_push(&days->offsets, dw_row_integer(row, 0));
    return 0;
}

static int find_bounds(struct dw_store *store, struct days *days, struct dw_err *err)
{
    static const char *const longest[] = { "SELECT max(dwell_us) FROM visit",
                                           "SELECT max(dwell_us) FROM pass" };
    days->first_us = INT64_MAX;
    days->last_us = INT64_MIN;
    int result = dw_sql_run(store, "SELECT start_us FROM run ORDER BY start_us LIMIT 1",
                            DW_NO_VALUES, &days->first_us, err);
    if (result == 0)
        result = dw_sql_run(store, "SELECT end_us FROM run ORDER BY end_us DESC LIMIT 1",
                            DW_NO_VALUES, &days->last_us, err);
    for (size_t i = 0; i < DW_LENGTH(longest) && result == 0; i++) {
        int64_t most = 0;
        result = dw_sql_run(store, longest[i], DW_NO_VALUES, &most, err);
        days->longest_us = DW_MAX(days->longest_us, most);
    }
    for (size_t i = 0; i < DW_LENGTH(tables) && result == 0; i++) {
        int64_t first = days->first_us, last = 0;
        result = dw_sql_run(store, tables[i].first, DW_NO_VALUES, &first, err);
        if (result == 0)
            result = dw_sql_run(store, tables[i].last, DW_NO_VALUES, &last, err);
        if (first != 0) { /* there is something */
            days->first_us = DW_MIN(days->first_us, first);
            days->last_us = DW_MAX(days->last_us, last + days->longest_us);
        }
    }
    if (result == 0)
        result = dw_sql_query(store, "SELECT DISTINCT utc_offset_us FROM run", DW_NO_VALUES,
                              offset_row, days, err);
    return result;
}

static int cover_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                     struct dw_err *err)
{
    (void)err;
    const enum dw_cover_cell *cell = context;
    dw_rollup_cover(store, dw_row_integer(row, 0), dw_row_integer(row, 1), *cell,
                    (struct dw_time_span){ dw_row_integer(row, 2), dw_row_integer(row, 3) });
    return 0;
}

static int crossing_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                        struct dw_err *err)
{
    (void)context, (void)err;
    dw_rollup_crossing(store, &(struct dw_crossed){ dw_row_integer(row, 0), dw_row_integer(row, 1),
                                                    dw_row_integer(row, 2), dw_row_integer(row, 3),
                                                    dw_row_integer(row, 4) != 0 });
    return 0;
}

#define STAYS_OF(table)                                                                            \
    "SELECT " DW_ROLLUP_COLUMNS " FROM " table " WHERE zone_id IN (SELECT id FROM zone)"           \
    " AND enter_us >= ?1 AND enter_us < ?2"
/* Only the part within the day: a run may be years long. */
#define CLIPPED(table)                                                                             \
    " CASE WHEN " table ".start_us < ?1 THEN ?1 ELSE " table ".start_us END,"                      \
    " CASE WHEN " table ".end_us > ?2 THEN ?2 ELSE " table ".end_us END"
#define OVERLAPS(table) table ".start_us < ?2 AND " table ".end_us > ?1"

/* Leaves in store->rollups, empty before, what the raw rows say of the day. */
static int recompute(struct dw_store *store, int64_t first_quarter, int64_t longest_us,
                     struct dw_err *err)
{
    enum dw_cover_cell scheduled = DW_COVER_SCHEDULED, gap = DW_COVER_GAP;
    int64_t from_us = first_quarter * DW_QUARTER_US, to_us = from_us + DW_ROLLUP_DAY_US;
    struct dw_sql_value day[] = { DW_INTEGER(from_us), DW_INTEGER(to_us) };
    struct dw_sql_value touching[] = { DW_INTEGER(from_us - longest_us), DW_INTEGER(to_us) };
    struct dw_sql_values of_day = { day, 2 }, to_day = { touching, 2 };
    int result = dw_sql_query(store, STAYS_OF("visit"), to_day, dw_rollup_visit_row, NULL, err);
    if (result == 0)
        result = dw_sql_query(store, STAYS_OF("pass"), to_day, dw_rollup_pass_row, NULL, err);
    if (result == 0)
        result = dw_sql_query(store,
                              "SELECT line_id, run_id, time_us, utc_offset_us, to_right"
                              " FROM crossing JOIN run ON run.id=run_id"
                              " WHERE line_id IN (SELECT id FROM line)"
                              " AND time_us >= ?1 AND time_us < ?2",
                              of_day, crossing_row, NULL, err);
    if (result == 0)
        result = dw_sql_query(
            store, "SELECT id, utc_offset_us," CLIPPED("run") " FROM run WHERE " OVERLAPS("run"),
            of_day, cover_row, &scheduled, err);
    if (result == 0)
        result =
            dw_sql_query(store,
                         "SELECT run_id, utc_offset_us," CLIPPED(
                             "gap") " FROM gap JOIN run ON run.id=run_id WHERE " OVERLAPS("gap"),
                         of_day, cover_row, &gap, err);
    dw_rollups_keep_day(&store->rollups, first_quarter); /* of others not all rows were seen */
    return result;
}

typedef int (*day_fn)(struct dw_store *store, int64_t first_quarter, void *context,
                      struct dw_err *err);

/* Recomputes each day, then calls fn, which finds it in store->rollups. */
static int each_day(struct dw_store *store, day_fn fn, void *context, struct dw_err *err)
{
    struct days days = { 0 };
    int result = dw_store_load_levels(store, err);
    if (result == 0)
        result = find_bounds(store, &days, err);
    for (size_t i = 0; i < days.offsets.count && days.last_us >= days.first_us; i++) {
        int64_t offset_us = days.offsets.items[i];
        int64_t day = dw_rollup_day(dw_quarter_of(days.first_us), offset_us);
        int64_t last = dw_quarter_of(days.last_us);
        for (; day <= last && result == 0; day += DW_ROLLUP_QUARTERS) {
            result = recompute(store, day, days.longest_us, err);
            if (result == 0)
                result = fn(store, day, context, err);
            dw_rollups_clear(&store->rollups);
        }
    }
    dw_vec_fini(&days.offsets);
    return result;
}

static int write_day(struct dw_store *store, int64_t first_quarter, void *context,
                     struct dw_err *err)
{
    (void)first_quarter, (void)context;
    return dw_rollup_flush(store, err);
}

int dw_store_rebuild(struct dw_store *store, struct dw_err *err)
{
    bool own = false;
    int64_t pruned = 0;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = dw_sql_run(store, "SELECT count(*) FROM pruned WHERE kind IN ('visits', 'crossings')",
                        DW_NO_VALUES, &pruned, err);
    if (result == 0 && pruned > 0)
        result = dw_fail(err, -EINVAL,
                         "store '%s': visits or crossings were pruned, so that roll-ups cannot be "
                         "made from them; bring back a copy instead",
                         store->name);
    if (result == 0)
        result = dw_rollup_flush(store, err);
    if (result == 0)
        result = dw_sql_run(store, "DELETE FROM rollup", DW_NO_VALUES, NULL, err);
    if (result == 0)
        result = dw_sql_run(store, "DELETE FROM peak", DW_NO_VALUES, NULL, err);
    dw_rollups_clear(&store->rollups);
    if (result == 0)
        result = each_day(store, write_day, NULL, err);
    if (result == 0)
        result = dw_store_settle(store, INT64_MIN, err);
    return dw_sql_leave(store, own, result, err);
}

/* --- Checking ------------------------------------------------------------------------------- */

struct checking {
    dw_store_problem_fn fn;
    void *context;
    int64_t pruned_us[DW_KIND_COUNT];
    int64_t first_quarter;
    struct dw_buf kept, counted;
};

static bool is_prunable(const struct checking *checking, int64_t first_quarter,
                        enum dw_rollup_kind kind)
{
    static const enum dw_store_kind raw[] = { DW_KIND_VISITS, DW_KIND_CROSSINGS };
    int64_t start_us = first_quarter * DW_QUARTER_US;
    if (start_us + DW_ROLLUP_DAY_US <= checking->pruned_us[DW_KIND_ROLLUPS])
        return true;
    return kind != DW_ROLLUP_COVER && start_us < checking->pruned_us[raw[kind]];
}

static int complain(struct checking *checking, const struct dw_rollup_key *key, const char *what)
{
    static const char *const kinds[] = { "zone", "line", "run" };
    char day[DW_ISO8601_SIZE];
    char *sentence =
        dw_strdup_printf("the roll-up of %s %lld (run %lld) on the day that begins %s %s",
                         kinds[key->kind], (long long)key->subject, (long long)key->run,
                         dw_time_iso8601(day, key->first_quarter * DW_QUARTER_US), what);
    int result = checking->fn(checking->context, sentence);
    free(sentence);
    return result;
}

static bool is_empty(const struct dw_rollup *rollup)
{
    struct dw_rollup *none = dw_alloc0(sizeof(*none));
    bool empty = memcmp(none->cells, rollup->cells, sizeof(none->cells)) == 0 &&
                 memcmp(&none->dwell, &rollup->dwell, sizeof(none->dwell)) == 0;
    free(none);
    return empty;
}

static int compare_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                       struct dw_err *err)
{
    (void)err;
    struct checking *checking = context;
    struct dw_rollup kept = { .key = { .kind = (enum dw_rollup_kind)dw_row_integer(row, 0),
                                       .subject = dw_row_integer(row, 1),
                                       .first_quarter = checking->first_quarter,
                                       .run = dw_row_integer(row, 2),
                                       .role = (int)dw_row_integer(row, 3) } };
    const struct dw_rollup_key *key = &kept.key;
    size_t size = 0;
    const void *bytes = dw_row_blob(row, 4, &size);
    struct dw_rollup *counted = dw_rollups_find(&store->rollups, key);
    if (counted != NULL)
        counted->loaded = true; /* there was one */
    if (dw_rollup_decode(&kept, bytes, size) < 0)
        return complain(checking, key, "is damaged");
    if (is_prunable(checking, key->first_quarter, key->kind))
        return 0;
    if (counted == NULL)
        return is_empty(&kept) ? 0 : complain(checking, key, "has no rows to it");
    dw_buf_clear(&checking->counted);
    dw_rollup_encode(counted, &checking->counted);
    bool same =
        checking->counted.length == size && memcmp(checking->counted.data, bytes, size) == 0;
    return same ? 0 : complain(checking, key, "is not the sum of its rows");
}

static int check_day(struct dw_store *store, int64_t first_quarter, void *context,
                     struct dw_err *err)
{
    struct checking *checking = context;
    checking->first_quarter = first_quarter;
    int result = dw_sql_query(store,
                              "SELECT kind, subject, run_id, role, data FROM rollup"
                              " WHERE kind IN (0, 1, 2) AND first_quarter=?1",
                              DW_VALUES(DW_INTEGER(first_quarter)), compare_row, checking, err);
    for (size_t i = 0; i < store->rollups.count && result == 0; i++) {
        const struct dw_rollup *counted = store->rollups.items[i];
        if (!counted->loaded && !is_empty(counted) &&
            !is_prunable(checking, first_quarter, counted->key.kind))
            result = complain(checking, &counted->key, "is missing");
    }
    return result;
}

static int check_rollups(struct dw_store *store, struct checking *checking, struct dw_err *err)
{
    int result = dw_rollup_flush(store, err);
    struct dw_rollups kept = store->rollups; /* those of the transaction going on */
    store->rollups = (struct dw_rollups){ 0 };
    for (int kind = 0; kind < DW_KIND_COUNT && result == 0; kind++)
        result = dw_store_pruned_before(store, (enum dw_store_kind)kind, &checking->pruned_us[kind],
                                        err);
    if (result == 0)
        result = each_day(store, check_day, checking, err);
    dw_rollups_fini(&store->rollups);
    store->rollups = kept;
    dw_buf_fini(&checking->counted);
    return result;
}

int dw_store_check(struct dw_store *store, dw_store_problem_fn fn, void *context,
                   struct dw_err *err)
{
    struct checking checking = { .fn = fn, .context = context };
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = store->impl->check(store, fn, context, err);
    if (result == 0)
        result = check_rollups(store, &checking, err);
    if (own)
        dw_store_rollback(store); /* nothing was written */
    return result;
}

/* --- Sizes ---------------------------------------------------------------------------------- */

static int add_size(struct dw_store *store, const struct table *table, struct dw_store_size *size,
                    struct dw_err *err)
{
    int64_t rows = 0, bytes = 0, first = 0, last = 0;
    int result = dw_sql_run(store, table->rows, DW_NO_VALUES, &rows, err);
    if (result == 0)
        result = store->impl->table_bytes(store, table->name, &bytes, err);
    if (result == 0)
        result = dw_sql_run(store, table->first, DW_NO_VALUES, &first, err);
    if (result == 0)
        result = dw_sql_run(store, table->last, DW_NO_VALUES, &last, err);
    size->rows += rows;
    size->bytes += bytes;
    if (rows > 0) {
        size->first_us = size->first_us == 0 ? first : DW_MIN(size->first_us, first);
        size->last_us = DW_MAX(size->last_us, last);
    }
    return result;
}

int dw_store_read_sizes(struct dw_store *store, dw_store_size_fn fn, void *context,
                        struct dw_err *err)
{
    struct dw_store_size other = { .name = "other" };
    int result = store->impl->table_bytes(store, NULL, &other.bytes, err);
    for (int kind = 0; kind < DW_KIND_COUNT && result == 0; kind++) {
        struct dw_store_size size = { .name = kind_names[kind] };
        for (size_t i = 0; i < DW_LENGTH(tables) && result == 0; i++)
            if ((int)tables[i].kind == kind)
                result = add_size(store, &tables[i], &size, err);
        other.bytes -= size.bytes;
        if (result == 0)
            result = fn(context, &size);
    }
    return result == 0 ? fn(context, &other) : result;
}
