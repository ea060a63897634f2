/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store of record: one SQLite file. Write-ahead log, so that reports read while we write;
 * synchronous=FULL, so that what was committed survives a power cut; one writer, which also makes
 * the checkpoints (see writer_lock.h).
 */
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/store_sqlite.h"

#define BUSY_TIMEOUT_MS 5000
/* Years of roll-ups fit; SQLite's own 2 MB would read them from the system again each time. Those
 * are enough for who writes. */
#define READING_SQL "PRAGMA cache_size=-65536"
/* 16 MB of log before it is carried over, not 4: the pages of today's roll-ups are in it again and
 * again, and are then written once. */
#define LOG_SQL "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000"

static const struct {
    int code, error;
    const char *sentence; /* after "store 'x' "; an extended code before its own */
} complaints[] = {
    { SQLITE_FULL, -ENOSPC, "cannot grow: the disk is full; make room and run again" },
    /* As with a quota that is used up: goes away like a full disk. */
    { SQLITE_IOERR_WRITE, -ENOSPC, "cannot be written: the disk refuses; make room and run again" },
    { SQLITE_BUSY, -EBUSY, "is locked by another program; wait for it to end" },
    { SQLITE_LOCKED, -EBUSY, "is locked by another program; wait for it to end" },
    { SQLITE_READONLY_ROLLBACK, -EBUSY,
      "was left half written when it was made: measure into it once, which mends it" },
    { SQLITE_READONLY, -EROFS,
      "cannot be written: give file and folder write permission, or name another file" },
    { SQLITE_CANTOPEN, -EACCES, "cannot be opened: check the permissions of file and folder" },
    { SQLITE_PERM, -EACCES, "cannot be opened: check the permissions of file and folder" },
    { SQLITE_NOTADB, -EINVAL, "is not a Dwell store: name another file, this one stays as it is" },
    { SQLITE_CORRUPT, -EIO,
      "is damaged: bring back a copy, or save what can be read with sqlite3's .recover" },
};

int dw_sqlite_fail(const struct dw_sqlite *self, struct dw_err *err)
{
    int extended = sqlite3_extended_errcode(self->db), code = extended & 0xff;
    for (size_t i = 0; i < DW_LENGTH(complaints); i++)
        if (complaints[i].code == extended || complaints[i].code == code)
            return dw_fail(err, complaints[i].error, "store '%s' %s", self->base.name,
                           complaints[i].sentence);
    return dw_fail(err, code == SQLITE_CONSTRAINT ? -EINVAL : -EIO, "store '%s': %s",
                   self->base.name, sqlite3_errmsg(self->db));
}

static int exec(struct dw_store *store, const char *sql, struct dw_err *err)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    return sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
                                                                      : dw_sqlite_fail(self, err);
}

static int bind_value(sqlite3_stmt *statement, int at, const struct dw_sql_value *value)
{
    switch (value->kind) {
    case DW_SQL_NULL:
        return sqlite3_bind_null(statement, at);
    case DW_SQL_INTEGER:
        return sqlite3_bind_int64(statement, at, value->integer);
    case DW_SQL_REAL:
        return sqlite3_bind_double(statement, at, value->real);
    case DW_SQL_TEXT:
        return sqlite3_bind_text(statement, at, value->bytes != NULL ? value->bytes : "", -1,
                                 SQLITE_STATIC);
    case DW_SQL_BLOB:
        return sqlite3_bind_blob64(statement, at, value->bytes, value->size, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static struct dw_sqlite_statement *find_statement(struct dw_sqlite *self, const char *sql)
{
    for (size_t i = 0; i < self->statements.count; i++)
        if (self->statements.items[i].sql == sql)
            return &self->statements.items[i];
    struct dw_sqlite_statement *fresh = dw_vec_add(&self->statements);
    *fresh = (struct dw_sqlite_statement){ .sql = sql };
    return fresh;
}

static int bind(struct dw_sqlite *self, const char *sql, struct dw_sql_values values,
                sqlite3_stmt **statement, struct dw_err *err)
{
    struct dw_sqlite_statement *found = find_statement(self, sql);
    if (found->prepared == NULL && sqlite3_prepare_v3(self->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                                      &found->prepared, NULL) != SQLITE_OK)
        return dw_sqlite_fail(self, err);
    for (size_t i = 0; i < values.count; i++)
        if (bind_value(found->prepared, (int)i + 1, &values.items[i]) != SQLITE_OK)
            return dw_sqlite_fail(self, err);
    *statement = found->prepared;
    return 0;
}

static int query(struct dw_store *store, const char *sql, struct dw_sql_values values,
                 dw_sql_row_fn fn, void *context, struct dw_err *err)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    sqlite3_stmt *statement = NULL;
    int result = bind(self, sql, values, &statement, err);
    if (result < 0)
        return result;
    struct dw_sql_row row = { &dw_store_sqlite, statement, 0 };
    int step = SQLITE_ROW;
    while (result == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW)
        result = fn != NULL ? fn(store, &row, context, err) : 0;
    if (result == 0 && step != SQLITE_DONE)
        result = dw_sqlite_fail(self, err);
    sqlite3_reset(statement);
    return result;
}

static int64_t changed(const struct dw_store *store)
{
    return sqlite3_changes64(((const struct dw_sqlite *)store)->db);
}

static bool row_null(const struct dw_sql_row *row, int column)
{
    return sqlite3_column_type(row->handle, column) == SQLITE_NULL;
}

static int64_t row_integer(const struct dw_sql_row *row, int column)
{
    return sqlite3_column_int64(row->handle, column);
}

static double row_real(const struct dw_sql_row *row, int column)
{
    return sqlite3_column_double(row->handle, column);
}

static const char *row_text(const struct dw_sql_row *row, int column)
{
    const char *found = (const char *)sqlite3_column_text(row->handle, column);
    return found != NULL ? found : "";
}

static const void *row_blob(const struct dw_sql_row *row, int column, size_t *size)
{
    const void *found = sqlite3_column_blob(row->handle, column);
    *size = (size_t)sqlite3_column_bytes(row->handle, column);
    return found;
}

static int begin(struct dw_store *store, struct dw_err *err)
{
    bool reading = sqlite3_db_readonly(((struct dw_sqlite *)store)->db, "main") == 1;
    return exec(store, reading ? "BEGIN" : "BEGIN IMMEDIATE", err);
}

static int commit(struct dw_store *store, struct dw_err *err)
{
    return exec(store, "COMMIT", err);
}

static void rollback(struct dw_store *store)
{
    /* SQLite may have rolled back by itself already, as when the disk was full. */
    sqlite3_exec(((struct dw_sqlite *)store)->db, "ROLLBACK", NULL, NULL, NULL);
}

static bool is_memory(const char *url)
{
    return strcmp(url, ":memory:") == 0;
}

static bool accepts(const char *url)
{
    return strstr(url, "://") == NULL;
}

static void close_store(struct dw_store *store)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    for (size_t i = 0; i < self->statements.count; i++)
        sqlite3_finalize(self->statements.items[i].prepared);
    dw_vec_fini(&self->statements);
    sqlite3_close(self->db);
    dw_writer_lock_release(&self->lock);
    dw_store_free(store);
}

/* What SQLite would only call "unable to open database file". */
static int check_path(const char *path, bool writable, struct dw_err *err)
{
    struct stat info;
    if (stat(path, &info) == 0) {
        if (S_ISREG(info.st_mode))
            return 0;
        return dw_fail(err, S_ISDIR(info.st_mode) ? -EISDIR : -EINVAL,
                       "store '%s' is not a file: name a file", path);
    }
    if (errno != ENOENT)
        return dw_fail(err, -errno, "store '%s' cannot be opened: %s", path, strerror(errno));
    if (!writable)
        return dw_fail(err, -ENOENT, "no such store '%s': make one with dwell analyze --store",
                       path);
    const char *slash = strrchr(path, '/');
    if (*path == '\0' || (slash != NULL && slash[1] == '\0'))
        return dw_fail(err, -EINVAL, "store '%s' has no file name: name a file", path);
    char *folder = slash == NULL ? dw_strdup(".") : dw_strdup(path);
    if (slash != NULL)
        folder[slash == path ? 1 : slash - path] = '\0';
    bool there = stat(folder, &info) == 0 && S_ISDIR(info.st_mode);
    int result = there ? 0
                       : dw_fail(err, -ENOENT, "store '%s': there is no folder '%s'; make it first",
                                 path, folder);
    free(folder);
    return result;
}

static int take_lock(struct dw_sqlite *self, struct dw_err *err)
{
    int result = dw_writer_lock_take(&self->lock, self->base.name);
    if (result == -EBUSY)
        return dw_fail(err, -EBUSY,
                       "another dwell is writing to store '%s': wait for it to end, or name "
                       "another file",
                       self->base.name);
    if (result < 0)
        return dw_fail(err, result, "store '%s' cannot be written: its folder says %s",
                       self->base.name, strerror(-result));
    return 0;
}

/*
 * A log-less store on a read-only file system: SQLite cannot make the shared memory that the
 * write-ahead log wants, but nobody can write either, so it may be told that nothing will change.
 */
static int open_unchanging(struct dw_sqlite *self)
{
    struct dw_buf uri = { 0 };
    dw_buf_puts(&uri, "file:");
    for (const char *at = self->base.name; *at != '\0'; at++)
        dw_buf_printf(&uri, strchr("%?#", *at) != NULL ? "%%%02x" : "%c", (unsigned char)*at);
    dw_buf_puts(&uri, "?immutable=1");
    sqlite3_close(self->db);
    self->db = NULL;
    int code = sqlite3_open_v2(uri.data, &self->db,
                               SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    dw_buf_fini(&uri);
    return code;
}

static int open_reading(struct dw_sqlite *self, struct dw_err *err)
{
    int code = sqlite3_open_v2(self->base.name, &self->db,
                               SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(self->db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
    if ((code & 0xff) == SQLITE_CANTOPEN) {
        char *log = dw_strdup_printf("%s-wal", self->base.name);
        if (access(log, F_OK) != 0)
            code = open_unchanging(self);
        free(log);
    }
    return code == SQLITE_OK ? 0 : dw_sqlite_fail(self, err);
}

static int open_writing(struct dw_sqlite *self, struct dw_err *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(self->base.name, &self->db, flags, NULL) != SQLITE_OK)
        return dw_sqlite_fail(self, err);
    if (sqlite3_db_readonly(self->db, "main") == 1)
        return dw_fail(err, -EROFS,
                       "store '%s' cannot be written: give it write permission, or name another "
                       "file",
                       self->base.name);
    return 0;
}

static int set_up(struct dw_sqlite *self, bool writable, struct dw_err *err)
{
    struct dw_store *store = &self->base;
    sqlite3_extended_result_codes(self->db, 1);
    sqlite3_busy_timeout(self->db, BUSY_TIMEOUT_MS);
    int result = exec(store, "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON", err);
    if (result == 0 && !writable)
        result = exec(store, READING_SQL, err);
    /* Says nothing to a store that has tables; a new one can then give back room that it freed. */
    if (result == 0 && writable)
        result = exec(store, "PRAGMA auto_vacuum=INCREMENTAL", err);
    /* Before the first write of any kind: somebody else's database must stay as it is. */
    if (result == 0)
        result = dw_sqlite_prepare_schema(store, writable, err);
    if (result == 0 && writable)
        result = exec(store, LOG_SQL, err);
    if (result == 0 && writable)
        result = dw_store_recover(store, err);
    return result;
}

static int open_store(struct dw_store **out, const char *url, bool writable, struct dw_err *err)
{
    bool memory = is_memory(url);
    if (memory && !writable)
        return dw_fail(err, -ENOENT, "store ':memory:' holds nothing to read: name a file");
    int result = memory ? 0 : check_path(url, writable, err);
    if (result < 0)
        return result;
    struct dw_store *store = dw_store_alloc(sizeof(struct dw_sqlite), &dw_store_sqlite, url);
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    if (writable && !memory)
        result = take_lock(self, err);
    if (result == 0)
        result = writable ? open_writing(self, err) : open_reading(self, err);
    if (result == 0)
        result = set_up(self, writable, err);
    if (result < 0)
        close_store(store);
    else
        *out = store;
    return result;
}

const char *dw_store_version(void)
{
    return sqlite3_libversion();
}

const struct dw_store_impl dw_store_sqlite = {
    .accepts = accepts,
    .open = open_store,
    .close = close_store,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .exec = exec,
    .query = query,
    .changed = changed,
    .is_null = row_null,
    .integer = row_integer,
    .real = row_real,
    .text = row_text,
    .blob = row_blob,
    .fills_outbox = true,
    .corners_sql = "SELECT value ->> 0, value ->> 1 FROM json_each(?1)",
    .shrink = dw_sqlite_shrink,
    .backup = dw_sqlite_backup,
    .check = dw_sqlite_check,
    .table_bytes = dw_sqlite_table_bytes,
};
