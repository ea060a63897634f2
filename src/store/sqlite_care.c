/* SPDX-License-Identifier: Apache-2.0 */
/* What looking after a store takes that only SQLite does its way (store_care.h). */
#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "store/store_sqlite.h"

#define PAGES_A_STEP 4096

int dw_sqlite_shrink(struct dw_store *store, struct dw_err *err)
{
    /* Freed pages were overwritten with zeros when they were freed (secure_delete); the log still
     * has what they held until it is emptied. A store from before incremental vacuum keeps its
     * empty pages for what comes. */
    int result = dw_sql_run(store, "PRAGMA incremental_vacuum", DW_NO_VALUES, NULL, err);
    int64_t busy = 0;
    if (result == 0)
        result = dw_sql_run(store, "PRAGMA wal_checkpoint(TRUNCATE)", DW_NO_VALUES, &busy, err);
    if (result == 0 && busy != 0)
        return dw_fail(err, -EBUSY,
                       "store '%s' is being read: what was deleted stays in its log until the "
                       "readers end; prune again then",
                       store->name);
    return result;
}

static int copy_to(struct dw_sqlite *self, const char *path, struct dw_err *err)
{
    sqlite3 *copy = NULL;
    int code = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    sqlite3_backup *backup =
        code == SQLITE_OK ? sqlite3_backup_init(copy, "main", self->db, "main") : NULL;
    if (backup != NULL) {
        do {
            code = sqlite3_backup_step(backup, PAGES_A_STEP);
        } while (code == SQLITE_OK);
        sqlite3_backup_finish(backup);
        code = sqlite3_errcode(copy);
    }
    int result = code == SQLITE_OK
                     ? 0
                     : dw_fail(err, (code & 0xff) == SQLITE_FULL ? -ENOSPC : -EIO,
                               "copy '%s' cannot be written: %s", path, sqlite3_errmsg(copy));
    sqlite3_close(copy);
    return result;
}

int dw_sqlite_backup(struct dw_store *store, const char *path, struct dw_err *err)
{
    if (access(path, F_OK) == 0)
        return dw_fail(err, -EEXIST, "copy '%s' is there already: name a new file", path);
    /* Reading of one moment for the whole copy: else a writer would make it start again. */
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result == 0)
        result = dw_sql_run(store, "SELECT 1 FROM meta", DW_NO_VALUES, NULL, err);
    if (result == 0)
        result = copy_to((struct dw_sqlite *)store, path, err);
    if (own)
        dw_store_rollback(store);
    if (result < 0)
        unlink(path);
    return result;
}

struct problems {
    dw_store_problem_fn fn;
    void *context;
};

static int problem_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                       struct dw_err *err)
{
    (void)store, (void)err;
    const struct problems *problems = context;
    const char *said = dw_row_text(row, 0);
    return strcmp(said, "ok") == 0 ? 0 : problems->fn(problems->context, said);
}

int dw_sqlite_check(struct dw_store *store, dw_store_problem_fn fn, void *context,
                    struct dw_err *err)
{
    return dw_sql_query(store, "PRAGMA integrity_check(20)", DW_NO_VALUES, problem_row,
                        &(struct problems){ fn, context }, err);
}

int dw_sqlite_table_bytes(struct dw_store *store, const char *table, int64_t *bytes,
                          struct dw_err *err)
{
    *bytes = 0;
    if (table == NULL)
        return dw_sql_run(store,
                          "SELECT page_count * page_size FROM pragma_page_count,"
                          " pragma_page_size",
                          DW_NO_VALUES, bytes, err);
    return dw_sql_run(store,
                      "SELECT sum(pgsize) FROM dbstat WHERE aggregate=TRUE"
                      " AND name IN (SELECT name FROM sqlite_schema WHERE tbl_name=?1)",
                      DW_VALUES(DW_TEXT(table)), bytes, err);
}
