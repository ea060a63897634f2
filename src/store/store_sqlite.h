/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite store's own parts. Private to store/ and its tests. */
#ifndef DW_STORE_STORE_SQLITE_H
#define DW_STORE_STORE_SQLITE_H

#include "store/store_impl.h"
#include "store/writer_lock.h"

struct sqlite3;
struct sqlite3_stmt;

struct dw_sqlite_statement {
    const char *sql; /* static: its address is the key */
    struct sqlite3_stmt *prepared;
};

struct dw_sqlite {
    struct dw_store base;
    struct dw_writer_lock lock;
    struct sqlite3 *db;
    DW_VEC(struct dw_sqlite_statement) statements;
};

/* Brings a database from its user_version to that of the newest migration, one transaction each. */
int dw_sqlite_migrate(struct dw_store *store, const char *const *steps, size_t count,
                      struct dw_err *err);

/* Refuses what is no store of ours or comes from a newer program. With `writable`, makes or
 * migrates the schema; without it, an older one is refused. */
int dw_sqlite_prepare_schema(struct dw_store *store, bool writable, struct dw_err *err);

/* What SQLite last complained about, as a sentence with the remedy; returns a negative errno. */
int dw_sqlite_fail(const struct dw_sqlite *self, struct dw_err *err);

/* sqlite_care.c; of struct dw_store_impl. */
int dw_sqlite_shrink(struct dw_store *store, struct dw_err *err);
int dw_sqlite_backup(struct dw_store *store, const char *path, struct dw_err *err);
int dw_sqlite_check(struct dw_store *store, dw_store_problem_fn fn, void *context,
                    struct dw_err *err);
int dw_sqlite_table_bytes(struct dw_store *store, const char *table, int64_t *bytes,
                          struct dw_err *err);

#endif
