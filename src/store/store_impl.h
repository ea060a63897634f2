/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the store share. Every kind of store is an SQL database: the statements are
 * written once (sql_*.c) in what the kinds have in common, a kind brings connection, schema, and
 * the few things each database does its own way. To add a kind: one file and one line in the table
 * of store.c. Private to store/ and its tests.
 *
 * The common SQL: parameters are ?1, ?2, ...; whole numbers are BIGINT when cast; truth is 0 or 1;
 * no bare columns beside aggregates, no max() of two values; a row function runs no statement.
 */
#ifndef DW_STORE_STORE_IMPL_H
#define DW_STORE_STORE_IMPL_H

#include "base/vec.h"
#include "store/rollup.h"
#include "store/store_care.h"
#include "store/store_counts.h"
#include "store/store_read.h"

struct dw_sql_value {
    enum { DW_SQL_NULL, DW_SQL_INTEGER, DW_SQL_REAL, DW_SQL_TEXT, DW_SQL_BLOB } kind;
    int64_t integer;
    double real;
    const void *bytes; /* text is NUL-terminated; NULL text counts as "" */
    size_t size;       /* of a blob */
};

#define DW_NULL ((struct dw_sql_value){ .kind = DW_SQL_NULL })
#define DW_INTEGER(value) ((struct dw_sql_value){ .kind = DW_SQL_INTEGER, .integer = (value) })
#define DW_REAL(value) ((struct dw_sql_value){ .kind = DW_SQL_REAL, .real = (value) })
#define DW_TEXT(value) ((struct dw_sql_value){ .kind = DW_SQL_TEXT, .bytes = (value) })
#define DW_BLOB(data, length)                                                                      \
    ((struct dw_sql_value){ .kind = DW_SQL_BLOB, .bytes = (data), .size = (length) })

/* Values for the parameters ?1, ?2, ... */
struct dw_sql_values {
    const struct dw_sql_value *items;
    size_t count;
};

#define DW_NO_VALUES ((struct dw_sql_values){ 0 })
#define DW_VALUES(...)                                                                             \
    ((struct dw_sql_values){ (const struct dw_sql_value[]){ __VA_ARGS__ },                         \
                             DW_LENGTH(((const struct dw_sql_value[]){ __VA_ARGS__ })) })

/* A row of a result, while its function runs. Columns from 0; NULL is 0, 0.0 and "". */
struct dw_sql_row {
    const struct dw_store_impl *impl;
    void *handle;
    int at;
};

typedef int (*dw_sql_row_fn)(struct dw_store *store, const struct dw_sql_row *row, void *context,
                             struct dw_err *err);

/* What is counted of a visit or pass. */
struct dw_stay {
    int64_t zone_id, run, enter_us, dwell_us, bridged_us;
    bool cut_start, cut_end, pass, first;
    bool away; /* counted before, and not any more */
    int enter_side, role;
};

/* How one gets in. The texts among the values are static. */
struct dw_stay_insertion {
    const char *sql;
    struct dw_sql_values values;
    struct dw_stay stay;
};

struct dw_store_impl {
    bool (*accepts)(const char *url);
    /* Connects, makes or migrates the schema when `writable`; refuses an older one otherwise. */
    int (*open)(struct dw_store **out, const char *url, bool writable, struct dw_err *err);
    void (*close)(struct dw_store *store); /* frees it too */

    int (*begin)(struct dw_store *store, struct dw_err *err);
    int (*commit)(struct dw_store *store, struct dw_err *err);
    void (*rollback)(struct dw_store *store);
    /* Statements without parameters, whose rows nobody wants. */
    int (*exec)(struct dw_store *store, const char *sql, struct dw_err *err);
    /* One statement of a static text (kept prepared); fn may be NULL. */
    int (*query)(struct dw_store *store, const char *sql, struct dw_sql_values values,
                 dw_sql_row_fn fn, void *context, struct dw_err *err);
    /* NULL, or: the same, when all rows surely fit into memory at once and that is quicker. */
    int (*query_whole)(struct dw_store *store, const char *sql, struct dw_sql_values values,
                       dw_sql_row_fn fn, void *context, struct dw_err *err);
    /* NULL, or: one whose rows and count nobody wants. It may run later, within the transaction and
     * before whatever else is asked, which then complains for it. */
    int (*later)(struct dw_store *store, const char *sql, struct dw_sql_values values,
                 struct dw_err *err);
    /* Rows that the last statement of `query` inserted, updated or deleted. */
    int64_t (*changed)(const struct dw_store *store);

    bool (*is_null)(const struct dw_sql_row *row, int column);
    int64_t (*integer)(const struct dw_sql_row *row, int column);
    double (*real)(const struct dw_sql_row *row, int column);
    const char *(*text)(const struct dw_sql_row *row, int column);
    const void *(*blob)(const struct dw_sql_row *row, int column, size_t *size);

    /* Yields x and y of each corner of the polygon ?1. */
    const char *corners_sql;
    /* Visits are put into the outbox by us; else the database does so itself. */
    bool fills_outbox;
    /* NULL, or: keeps an insertion for later, to send many at once; `flush` sends them, before
     * anything that depends on them is done within the transaction. */
    int (*put_later)(struct dw_store *store, const struct dw_stay_insertion *insertion,
                     struct dw_err *err);
    int (*flush)(struct dw_store *store, struct dw_err *err);

    /* store_care.h */
    int (*shrink)(struct dw_store *store, struct dw_err *err);
    int (*backup)(struct dw_store *store, const char *path, struct dw_err *err);
    int (*check)(struct dw_store *store, dw_store_problem_fn fn, void *context, struct dw_err *err);
    /* Bytes on the disk of a table with its indices; NULL: of the whole store. */
    int (*table_bytes)(struct dw_store *store, const char *table, int64_t *bytes,
                       struct dw_err *err);
};

/* Which persons a zone has seen in a run: the last DW_PEOPLE_KEPT numbers, a bit each. */
#define DW_PEOPLE_KEPT 65536
struct dw_people {
    int64_t highest;
    uint64_t bits[DW_PEOPLE_KEPT / 64];
};

/* A run this program began: how its media times and indices map to the store's. */
struct dw_run_state {
    int64_t id, start_us, utc_offset_us;
    DW_VEC(int64_t) zone_ids;
    DW_VEC(int64_t) line_ids;
    struct dw_people **people; /* by zone; NULL: none yet */
};

/* What a row of a visit does not say, but its roll-up wants to know. */
struct dw_levels {
    int64_t run, zone_id, stop_us, engage_us, utc_offset_us;
};

/* First member of every kind of store. */
struct dw_store {
    const struct dw_store_impl *impl;
    char *name; /* for sentences: path or address, without a password */
    bool busy;  /* between begin and commit */
    enum { DW_SENDERS_NOT_ASKED, DW_NO_SENDERS, DW_SENDERS } senders; /* in this transaction */
    DW_VEC(struct dw_run_state) runs;
    DW_VEC(struct dw_levels) levels; /* by run and zone */
    struct dw_rollups rollups; /* as they will be; written when the transaction is committed */
    struct {
        struct dw_people_mark {
            int64_t run, person;
            int zone;
        } * items;
        size_t count, capacity;
    } marks; /* made in this transaction */
    struct {
        struct dw_outgoing {
            int64_t zone_id, enter_us;
            unsigned char uid[16];
        } * items;
        size_t count, capacity;
    } outgoing; /* visits of this transaction that the outbox does not have yet */
};

extern const struct dw_store_impl dw_store_sqlite;
extern const struct dw_store_impl dw_store_postgres;

/* What a driver calls first and last: a store of `size` bytes, and its common parts freed. */
struct dw_store *dw_store_alloc(size_t size, const struct dw_store_impl *impl, const char *name);
void dw_store_free(struct dw_store *store);

int dw_sql_query(struct dw_store *store, const char *sql, struct dw_sql_values values,
                 dw_sql_row_fn fn, void *context, struct dw_err *err);

/* `query_whole` of struct dw_store_impl where there is one. */
int dw_sql_query_whole(struct dw_store *store, const char *sql, struct dw_sql_values values,
                       dw_sql_row_fn fn, void *context, struct dw_err *err);

/* One whose rows and count nobody wants: `later` of struct dw_store_impl, or at once. */
int dw_sql_later(struct dw_store *store, const char *sql, struct dw_sql_values values,
                 struct dw_err *err);

/* Runs a statement to its end. `first` (may be NULL) gets the integer in the first row, and stays
 * as it is when there is none. */
int dw_sql_run(struct dw_store *store, const char *sql, struct dw_sql_values values, int64_t *first,
               struct dw_err *err);

/* A transaction around several statements, unless the caller has one already. `leave` commits when
 * `result` is 0, else rolls back, and returns what came of it. */
int dw_sql_enter(struct dw_store *store, bool *own, struct dw_err *err);
int dw_sql_leave(struct dw_store *store, bool own, int result, struct dw_err *err);

static inline bool dw_row_null(const struct dw_sql_row *row, int column)
{
    return row->impl->is_null(row, column);
}

static inline int64_t dw_row_integer(const struct dw_sql_row *row, int column)
{
    return row->impl->integer(row, column);
}

static inline double dw_row_real(const struct dw_sql_row *row, int column)
{
    return row->impl->real(row, column);
}

static inline const char *dw_row_text(const struct dw_sql_row *row, int column)
{
    return row->impl->text(row, column);
}

static inline const void *dw_row_blob(const struct dw_sql_row *row, int column, size_t *size)
{
    return row->impl->blob(row, column, size);
}

/* "footprint", "bottom_center", "center": as settings are stored. */
const char *dw_store_anchor_name(enum dw_anchor anchor);

/* sql_run.c */
void dw_run_state_fini(struct dw_run_state *run);
/* NULL, with a sentence, when this program began no such run: -EINVAL. */
struct dw_run_state *dw_store_find_run(struct dw_store *store, int64_t id, struct dw_err *err);
/* Whether this is the person's first visit to the zone (an index), which it is no more after. */
bool dw_run_is_first(struct dw_store *store, struct dw_run_state *run, int zone, int64_t person);
/* As if it had not been asked: the visit is not stored after all. */
void dw_run_forget_first(struct dw_store *store, const struct dw_people_mark *mark);
/* Loads `levels` of all runs. */
int dw_store_load_levels(struct dw_store *store, struct dw_err *err);
/* NULL: not loaded, or the zone is not of the run. */
const struct dw_levels *dw_store_find_levels(const struct dw_store *store, int64_t run,
                                             int64_t zone_id);

/* sql_write.c: inserts a visit or pass and counts it, unless it is there already. */
int dw_stay_insert(struct dw_store *store, const struct dw_stay_insertion *insertion,
                   struct dw_err *err);
/* Closes the visits that a killed program left open. */
int dw_store_recover(struct dw_store *store, struct dw_err *err);

/* Whether what a run says of a zone counts: it was not measured again since. */
#define DW_COUNTS(zone)                                                                            \
    " (run_id, " zone ") NOT IN (SELECT run_zone.run_id, run_zone.zone_id FROM run_zone"           \
    " WHERE superseded=1)"

/* Columns of visit or pass, in this order, from which roll-ups are made. */
#define DW_ROLLUP_COLUMNS                                                                          \
    "zone_id, run_id, enter_us, dwell_us, bridged_us, cut_start, cut_end, enter_side,"             \
    " role, first"

/* Roll-ups of the camera ?1 (NULL: of all), whose subject is of the table `owner`. No join: a
 * server would look owner and camera up again for each of years of roll-ups. */
#define DW_ROLLUP_OF_CAMERA(owner)                                                                 \
    " (CAST(?1 AS TEXT) IS NULL OR subject IN (SELECT " owner ".id FROM " owner                    \
    " JOIN camera ON camera.id=camera_id WHERE camera.name=?1))"
/* Of days that touch ?2 to ?3, quarters; the 96 of a roll-up may begin before them. */
#define DW_ROLLUP_TOUCHES " first_quarter > ?2 - 96 AND first_quarter < ?3"

/* sql_rollup.c. A row of these columns. */
struct dw_stay dw_rollup_stay_of(const struct dw_sql_row *row, bool pass);

/* Adds a stay, or takes it away; the others are row functions that do so with what was read. */
int dw_rollup_stay(struct dw_store *store, const struct dw_stay *stay, struct dw_err *err);
int dw_rollup_visit_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                        struct dw_err *err);
int dw_rollup_pass_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                       struct dw_err *err);
struct dw_crossed {
    int64_t line_id, run, time_us, utc_offset_us;
    bool to_right;
};
void dw_rollup_crossing(struct dw_store *store, const struct dw_crossed *crossed);
/* More of a run or gap, wall time; a span that ends before it starts takes away. */
void dw_rollup_cover(struct dw_store *store, int64_t run, int64_t utc_offset_us,
                     enum dw_cover_cell cell, struct dw_time_span more);
/* The first format that keeps peaks: an older store's are found when it has been migrated. */
#define DW_SETTLED_FORMAT 7
/* sql_peak.c: whether the visits of a day are all there. */
#define DW_PEAK_OPEN                                                                               \
    " first_quarter * 900000000 >= coalesce((SELECT before_us FROM pruned WHERE kind='visits'),"   \
    " first_quarter * 900000000)"
/* Peaks of which another visit may make something else. */
#define DW_PEAK_FORGET(which) "DELETE FROM peak WHERE " which " AND" DW_PEAK_OPEN
int dw_peak_forget(struct dw_store *store, int64_t zone_id, int64_t first_quarter,
                   struct dw_err *err);

/* Writes what changed. */
int dw_rollup_flush(struct dw_store *store, struct dw_err *err);

/* Puts what waits for the outbox into it. */
int dw_outbox_flush(struct dw_store *store, struct dw_err *err);

#endif
