/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the SQLite store share: the open database, statements prepared once, values to
 * bind, and SQLite's errors as sentences. Private to store/sqlite_*.c and their tests.
 */
#ifndef DW_STORE_SQLITE_IMPL_H
#define DW_STORE_SQLITE_IMPL_H

#include "base/vec.h"
#include "store/store_impl.h"
#include "store/writer_lock.h"

struct sqlite3;
struct sqlite3_stmt;

/* A run this program began: how its media times and indices map to the store's. */
struct dw_sqlite_run {
    int64_t id, start_us;
    DW_VEC(int64_t) zone_ids;
    DW_VEC(int64_t) line_ids;
};

struct dw_sqlite_statement {
    const char *sql; /* static: its address is the key */
    struct sqlite3_stmt *prepared;
};

struct dw_sqlite {
    struct dw_store base;
    char *path;
    struct dw_writer_lock lock;
    struct sqlite3 *db;
    DW_VEC(struct dw_sqlite_statement) statements;
    DW_VEC(struct dw_sqlite_run) runs;
};

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

#define DW_VALUES(...)                                                                             \
    ((struct dw_sql_values){ (const struct dw_sql_value[]){ __VA_ARGS__ },                         \
                             DW_LENGTH(((const struct dw_sql_value[]){ __VA_ARGS__ })) })

/* Writes what SQLite last complained about, with the remedy; returns a negative errno. */
int dw_sqlite_fail(const struct dw_sqlite *self, struct dw_err *err);

/* Runs SQL text that has no parameters and whose rows nobody wants. */
int dw_sqlite_exec(struct dw_sqlite *self, const char *sql, struct dw_err *err);

/* The statement of a static text with its values bound; prepared at first use, kept until close.
 * Reset it when done. */
int dw_sqlite_bind(struct dw_sqlite *self, const char *sql, struct dw_sql_values values,
                   struct sqlite3_stmt **statement, struct dw_err *err);

/* Runs such a statement to its end. `first` (may be NULL) gets the integer in the first row, and
 * stays as it is when there is none. */
int dw_sqlite_run(struct dw_sqlite *self, const char *sql, struct dw_sql_values values,
                  int64_t *first, struct dw_err *err);

/* A transaction around several statements, unless the caller has one already. `leave` commits when
 * `result` is 0, else rolls back, and returns what came of it. */
int dw_sqlite_enter(struct dw_sqlite *self, bool *own, struct dw_err *err);
int dw_sqlite_leave(struct dw_sqlite *self, bool own, int result, struct dw_err *err);

/* Brings a database from its user_version to that of the newest migration, one transaction each. */
int dw_sqlite_migrate(struct dw_sqlite *self, const char *const *steps, size_t count,
                      struct dw_err *err);

/* Refuses what is no store of ours or comes from a newer program. With `writable`, makes or
 * migrates the schema; without it, an older one is refused. */
int dw_sqlite_prepare_schema(struct dw_sqlite *self, bool writable, struct dw_err *err);

/* Closes the visits that a killed program left open. */
int dw_sqlite_recover(struct dw_sqlite *self, struct dw_err *err);

/* "footprint", "bottom_center", "center": as settings are stored. */
const char *dw_sqlite_anchor_name(enum dw_anchor anchor);

void dw_sqlite_run_fini(struct dw_sqlite_run *run);
int dw_sqlite_find_run(struct dw_sqlite *self, int64_t id, const struct dw_sqlite_run **run,
                       struct dw_err *err);

/* The functions of struct dw_store_impl, by the file that has them. */
int dw_sqlite_run_begin(struct dw_store *store, const struct dw_store_run_conf *conf, int64_t *run,
                        struct dw_err *err);
int dw_sqlite_run_measured(struct dw_store *store, int64_t run, int64_t end_us, bool complete,
                           struct dw_err *err);

int dw_sqlite_put_visit(struct dw_store *store, int64_t run, const struct dw_visit *visit,
                        struct dw_err *err);
int dw_sqlite_put_crossing(struct dw_store *store, int64_t run, const struct dw_crossing *crossing,
                           struct dw_err *err);
int dw_sqlite_put_gap(struct dw_store *store, int64_t run, const struct dw_gap *gap,
                      struct dw_err *err);
int dw_sqlite_put_foot_track(struct dw_store *store, int64_t run, int64_t person,
                             const struct dw_foot_point *points, size_t count, struct dw_err *err);
int dw_sqlite_put_open(struct dw_store *store, int64_t run, const struct dw_visit *visits,
                       size_t count, struct dw_err *err);

int dw_sqlite_read_runs(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_run_fn fn, void *context, struct dw_err *err);
int dw_sqlite_read_zones(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_zone_fn fn, void *context, struct dw_err *err);
int dw_sqlite_read_run_zones(struct dw_store *store, const struct dw_store_filter *filter,
                             dw_store_run_zone_fn fn, void *context, struct dw_err *err);
int dw_sqlite_read_lines(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_line_fn fn, void *context, struct dw_err *err);
int dw_sqlite_put_doubt(struct dw_store *store, int64_t run, const struct dw_doubt_visit *doubt,
                        struct dw_err *err);
int dw_sqlite_read_doubt(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_doubt_fn fn, void *context, struct dw_err *err);
int dw_sqlite_read_visits(struct dw_store *store, const struct dw_store_filter *filter,
                          dw_store_visit_fn fn, void *context, struct dw_err *err);
int dw_sqlite_read_gaps(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_gap_fn fn, void *context, struct dw_err *err);
int dw_sqlite_read_foot_tracks(struct dw_store *store, const struct dw_store_filter *filter,
                               dw_store_foot_track_fn fn, void *context, struct dw_err *err);

#endif
