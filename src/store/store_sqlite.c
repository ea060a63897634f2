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
#include "store/sqlite_impl.h"

#define BUSY_TIMEOUT_MS 5000

static const struct {
    int code, error;
    const char *sentence; /* after "store 'x' " */
} complaints[] = {
    { SQLITE_FULL, -ENOSPC, "cannot grow: the disk is full; make room and run again" },
    { SQLITE_BUSY, -EBUSY, "is locked by another program; wait for it to end" },
    { SQLITE_LOCKED, -EBUSY, "is locked by another program; wait for it to end" },
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
    int code = sqlite3_errcode(self->db) & 0xff;
    if (code == SQLITE_IOERR && sqlite3_system_errno(self->db) == ENOSPC)
        code = SQLITE_FULL;
    for (size_t i = 0; i < DW_LENGTH(complaints); i++)
        if (complaints[i].code == code)
            return dw_fail(err, complaints[i].error, "store '%s' %s", self->path,
                           complaints[i].sentence);
    return dw_fail(err, code == SQLITE_CONSTRAINT ? -EINVAL : -EIO, "store '%s': %s", self->path,
                   sqlite3_errmsg(self->db));
}

int dw_sqlite_exec(struct dw_sqlite *self, const char *sql, struct dw_err *err)
{
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

int dw_sqlite_bind(struct dw_sqlite *self, const char *sql, struct dw_sql_values values,
                   struct sqlite3_stmt **statement, struct dw_err *err)
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

int dw_sqlite_run(struct dw_sqlite *self, const char *sql, struct dw_sql_values values,
                  int64_t *first, struct dw_err *err)
{
    sqlite3_stmt *statement = NULL;
    int result = dw_sqlite_bind(self, sql, values, &statement, err);
    if (result < 0)
        return result;
    int step = sqlite3_step(statement);
    if (step == SQLITE_ROW && first != NULL)
        *first = sqlite3_column_int64(statement, 0);
    while (step == SQLITE_ROW)
        step = sqlite3_step(statement);
    if (step != SQLITE_DONE)
        result = dw_sqlite_fail(self, err);
    sqlite3_reset(statement);
    return result;
}

int dw_sqlite_enter(struct dw_sqlite *self, bool *own, struct dw_err *err)
{
    *own = sqlite3_get_autocommit(self->db) != 0;
    return *own ? dw_sqlite_exec(self, "BEGIN IMMEDIATE", err) : 0;
}

int dw_sqlite_leave(struct dw_sqlite *self, bool own, int result, struct dw_err *err)
{
    if (!own)
        return result;
    if (result == 0)
        result = dw_sqlite_exec(self, "COMMIT", err);
    if (result < 0)
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return result;
}

static int begin(struct dw_store *store, struct dw_err *err)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    bool reading = sqlite3_db_readonly(self->db, "main") == 1;
    return dw_sqlite_exec(self, reading ? "BEGIN" : "BEGIN IMMEDIATE", err);
}

static int commit(struct dw_store *store, struct dw_err *err)
{
    return dw_sqlite_exec((struct dw_sqlite *)store, "COMMIT", err);
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
    for (size_t i = 0; i < self->runs.count; i++)
        dw_sqlite_run_fini(&self->runs.items[i]);
    dw_vec_fini(&self->runs);
    sqlite3_close(self->db);
    dw_writer_lock_release(&self->lock);
    free(self->path);
    free(self);
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
    int result = dw_writer_lock_take(&self->lock, self->path);
    if (result == -EBUSY)
        return dw_fail(err, -EBUSY,
                       "another dwell is writing to store '%s': wait for it to end, or name "
                       "another file",
                       self->path);
    if (result < 0)
        return dw_fail(err, result, "store '%s' cannot be written: its folder says %s", self->path,
                       strerror(-result));
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
    for (const char *at = self->path; *at != '\0'; at++)
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
    int code =
        sqlite3_open_v2(self->path, &self->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(self->db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
    if ((code & 0xff) == SQLITE_CANTOPEN) {
        char *log = dw_strdup_printf("%s-wal", self->path);
        if (access(log, F_OK) != 0)
            code = open_unchanging(self);
        free(log);
    }
    return code == SQLITE_OK ? 0 : dw_sqlite_fail(self, err);
}

static int open_writing(struct dw_sqlite *self, struct dw_err *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(self->path, &self->db, flags, NULL) != SQLITE_OK)
        return dw_sqlite_fail(self, err);
    if (sqlite3_db_readonly(self->db, "main") == 1)
        return dw_fail(err, -EROFS,
                       "store '%s' cannot be written: give it write permission, or name another "
                       "file",
                       self->path);
    return 0;
}

static int set_up(struct dw_sqlite *self, bool writable, struct dw_err *err)
{
    sqlite3_extended_result_codes(self->db, 1);
    sqlite3_busy_timeout(self->db, BUSY_TIMEOUT_MS);
    int result = dw_sqlite_exec(self, "PRAGMA foreign_keys=ON", err);
    /* Before the first write of any kind: somebody else's database must stay as it is. */
    if (result == 0)
        result = dw_sqlite_prepare_schema(self, writable, err);
    if (result == 0 && writable)
        result = dw_sqlite_exec(self, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL", err);
    if (result == 0 && writable)
        result = dw_sqlite_recover(self, err);
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
    struct dw_sqlite *self = dw_alloc0(sizeof(*self));
    self->base.impl = &dw_store_sqlite;
    self->path = dw_strdup(url);
    if (writable && !memory)
        result = take_lock(self, err);
    if (result == 0)
        result = writable ? open_writing(self, err) : open_reading(self, err);
    if (result == 0)
        result = set_up(self, writable, err);
    if (result < 0)
        close_store(&self->base);
    else
        *out = &self->base;
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
    .run_begin = dw_sqlite_run_begin,
    .run_measured = dw_sqlite_run_measured,
    .put_visit = dw_sqlite_put_visit,
    .put_doubt = dw_sqlite_put_doubt,
    .put_crossing = dw_sqlite_put_crossing,
    .put_gap = dw_sqlite_put_gap,
    .put_foot_track = dw_sqlite_put_foot_track,
    .put_open = dw_sqlite_put_open,
    .read_runs = dw_sqlite_read_runs,
    .read_zones = dw_sqlite_read_zones,
    .read_run_zones = dw_sqlite_read_run_zones,
    .read_lines = dw_sqlite_read_lines,
    .read_visits = dw_sqlite_read_visits,
    .read_doubt = dw_sqlite_read_doubt,
    .read_gaps = dw_sqlite_read_gaps,
    .read_foot_tracks = dw_sqlite_read_foot_tracks,
};
