/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store on a PostgreSQL server, for more than one site: the address is libpq's,
 * postgresql://user@host/database. One writer, by an advisory lock of the session. A connection
 * that broke is made again by whatever begins next; what was not committed then has failed, and may
 * simply be stored again.
 */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/wall_time.h"
#include "store/postgres_schema.h"
#include "store/store_impl.h"
#include "store/store_peak.h"

#define SCHEMA "dwell"
#define LOCK_KEY "1146569036" /* "DWEL" */
/* A server needs a moment to see that a killed program has gone. */
#define LOCK_TRIES 40
#define LOCK_PAUSE_US 50000
#define STAY_VALUES 22
/* From so many on, COPY into a temporary table is quicker than single insertions. */
#define COPY_FROM 8
#define PENDING_MAX 20000
/* Answers that nobody reads must fit into what the system keeps for a socket. */
#define SENT_MAX 64
#define BOUND_SIZE 48

/* Of the server's types; pg_type.h is not installed with libpq. */
enum {
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_FLOAT8 = 701,
    OID_JSONB = 3802
};

struct statement {
    const char *sql; /* static: its address is the key */
    char name[16];
    bool prepared;
};

/* A visit or pass that waits for the end of the transaction. */
struct pending {
    struct dw_stay_insertion insertion;
    struct dw_sql_value values[STAY_VALUES];
    uint8_t uid[16];
};

struct postgres {
    struct dw_store base;
    PGconn *connection;
    bool writable, flushing;
    bool whole; /* the next result is fetched at once */
    int64_t changed;
    bool ready, starting; /* whether the session has been set up, or is being so */
    int sent;             /* statements whose answers have not been read yet */
    DW_VEC(struct statement) statements;
    DW_VEC(struct pending) pending;
    DW_VEC(struct dw_time_span) months; /* that have partitions */
};

/* --- Errors --------------------------------------------------------------------------------- */

static const struct {
    const char *state; /* SQLSTATE, or how it begins */
    int error;
    const char *sentence; /* after "store 'x' " */
} complaints[] = {
    { "53100", -ENOSPC, "cannot grow: the server's disk is full; make room and run again" },
    { "53", -EAGAIN, "is on a server that is out of room or connections; relieve it" },
    { "57P", -ENOTCONN, "is on a server that is shutting down; start it again" },
    { "08", -ENOTCONN, "has lost its server; start it again, or mend the network" },
    { "42501", -EACCES, "may not be used by this user: grant the rights, or name another user" },
    { "25006", -EROFS, "cannot be written: the server is read-only; name its primary" },
    { "22", -EINVAL, NULL },
    { "23", -EINVAL, NULL },
};

static int complain(struct postgres *self, const PGresult *result, struct dw_err *err)
{
    const char *name = self->base.name, *text = PQerrorMessage(self->connection);
    const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *primary =
        result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    int error = -EIO;
    if (state == NULL) { /* not the server says so, but libpq: there is no server */
        state = "08";
        self->ready = false;
    }
    for (size_t i = 0; i < DW_LENGTH(complaints) && state != NULL; i++) {
        if (strncmp(state, complaints[i].state, strlen(complaints[i].state)) != 0)
            continue;
        error = complaints[i].error;
        if (complaints[i].sentence != NULL)
            return dw_fail(err, error, "store '%s' %s", name, complaints[i].sentence);
        break;
    }
    if (primary != NULL)
        text = primary;
    return dw_fail(err, error, "store '%s': %.*s", name, (int)strcspn(text, "\n"), text);
}

/* --- Statements ----------------------------------------------------------------------------- */

/* Reads the answers to what was sent, to the last; the first complaint counts. */
static int hear(struct postgres *self, bool *committed, struct dw_err *err)
{
    int code = 0, silent = 0;
    if (self->sent == 0)
        return 0;
    self->sent = 0;
    if (PQpipelineSync(self->connection) == 0)
        return complain(self, NULL, err);
    while (silent < 2) { /* once after each answer, twice when the server is lost */
        PGresult *result = PQgetResult(self->connection);
        ExecStatusType status = PQresultStatus(result);
        silent = result == NULL ? silent + 1 : 0;
        if (committed != NULL && status == PGRES_COMMAND_OK)
            *committed = strcmp(PQcmdStatus(result), "COMMIT") == 0;
        if (status == PGRES_FATAL_ERROR && result != NULL && code == 0)
            code = complain(self, result, err);
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC)
            break;
    }
    bool lost = silent == 2 || PQexitPipelineMode(self->connection) == 0;
    if (lost && code == 0)
        code = complain(self, NULL, err);
    return code;
}

static int exec(struct dw_store *store, const char *sql, struct dw_err *err)
{
    struct postgres *self = (struct postgres *)store;
    int heard = hear(self, NULL, err);
    if (heard < 0)
        return heard;
    PGresult *result = PQexec(self->connection, sql);
    ExecStatusType status = PQresultStatus(result);
    bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    int code = done ? 0 : complain(self, result, err);
    PQclear(result);
    return code;
}

static struct statement *find_statement(struct postgres *self, const char *sql)
{
    for (size_t i = 0; i < self->statements.count; i++)
        if (self->statements.items[i].sql == sql)
            return &self->statements.items[i];
    struct statement *fresh = dw_vec_add(&self->statements);
    fresh->sql = sql;
    snprintf(fresh->name, sizeof(fresh->name), "s%zu", self->statements.count);
    return fresh;
}

/* As PQsendQueryPrepared() wants them; whole numbers in the order of the network. */
struct parameters {
    const char *values[STAY_VALUES];
    int lengths[STAY_VALUES], formats[STAY_VALUES];
    Oid types[STAY_VALUES];
    uint64_t numbers[STAY_VALUES];
};

static void fill_parameter(struct parameters *out, size_t i, const struct dw_sql_value *value)
{
    out->formats[i] = 1;
    out->types[i] = 0; /* the server sees from the statement */
    out->lengths[i] = sizeof(uint64_t);
    out->values[i] = (const char *)&out->numbers[i];
    switch (value->kind) {
    case DW_SQL_NULL:
        out->values[i] = NULL;
        break;
    case DW_SQL_INTEGER:
        out->types[i] = OID_INT8;
        out->numbers[i] = htobe64((uint64_t)value->integer);
        break;
    case DW_SQL_REAL:
        out->types[i] = OID_FLOAT8;
        memcpy(&out->numbers[i], &value->real, sizeof(value->real));
        out->numbers[i] = htobe64(out->numbers[i]);
        break;
    case DW_SQL_TEXT:
        out->formats[i] = 0;
        out->values[i] = value->bytes != NULL ? value->bytes : "";
        break;
    case DW_SQL_BLOB:
        out->types[i] = OID_BYTEA;
        out->lengths[i] = (int)value->size;
        out->values[i] = value->size > 0 ? value->bytes : "";
        break;
    }
}

static int prepare(struct postgres *self, struct statement *statement,
                   const struct parameters *parameters, size_t count, struct dw_err *err)
{
    if (statement->prepared)
        return 0;
    char *sql = dw_strdup(statement->sql);
    for (char *at = sql; (at = strchr(at, '?')) != NULL;)
        *at = '$';
    PGresult *result =
        PQprepare(self->connection, statement->name, sql, (int)count, parameters->types);
    int code = PQresultStatus(result) == PGRES_COMMAND_OK ? 0 : complain(self, result, err);
    PQclear(result);
    free(sql);
    statement->prepared = code == 0;
    return code;
}

static void cancel(struct postgres *self)
{
    char why[256];
    PGcancel *handle = PQgetCancel(self->connection);
    if (handle != NULL)
        PQcancel(handle, why, sizeof(why));
    PQfreeCancel(handle);
}

/* Hands on the rows of one result; the last one also says how many rows were changed. */
static int take_rows(struct postgres *self, PGresult *found, dw_sql_row_fn fn, void *context,
                     struct dw_err *err)
{
    struct dw_sql_row row = { self->base.impl, found, 0 };
    ExecStatusType status = PQresultStatus(found);
    int result = 0;
    if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        return complain(self, found, err);
    for (; fn != NULL && row.at < PQntuples(found) && result == 0; row.at++)
        result = fn(&self->base, &row, context, err);
    return result;
}

static int take_results(struct postgres *self, dw_sql_row_fn fn, void *context, struct dw_err *err)
{
    PGresult *found = NULL;
    int result = 0;
    if (!self->whole)
        PQsetSingleRowMode(self->connection);
    while ((found = PQgetResult(self->connection)) != NULL) {
        if (result == 0) {
            result = take_rows(self, found, fn, context, err);
            if (result != 0 && PQresultStatus(found) == PGRES_SINGLE_TUPLE)
                cancel(self); /* nobody wants the others */
        }
        if (*PQcmdTuples(found) != '\0')
            self->changed = strtoll(PQcmdTuples(found), NULL, 10);
        PQclear(found);
    }
    return result;
}

static int send_query(struct postgres *self, const char *sql, struct dw_sql_values values,
                      struct dw_err *err)
{
    struct parameters parameters;
    struct statement *statement = find_statement(self, sql);
    for (size_t i = 0; i < values.count; i++)
        fill_parameter(&parameters, i, &values.items[i]);
    int result = prepare(self, statement, &parameters, values.count, err);
    if (result < 0)
        return result;
    return PQsendQueryPrepared(self->connection, statement->name, (int)values.count,
                               parameters.values, parameters.lengths, parameters.formats, 1) != 0
               ? 0
               : complain(self, NULL, err);
}

static int connect_again(struct postgres *self, struct dw_err *err);
static int flush(struct dw_store *store, struct dw_err *err);

static int query(struct dw_store *store, const char *sql, struct dw_sql_values values,
                 dw_sql_row_fn fn, void *context, struct dw_err *err)
{
    struct postgres *self = (struct postgres *)store;
    int result = store->busy ? 0 : connect_again(self, err);
    if (result == 0 && strncmp(sql, "SELECT", 6) == 0)
        result = flush(store, err); /* what was put must be seen */
    if (result == 0)
        result = hear(self, NULL, err);
    if (result == 0)
        result = send_query(self, sql, values, err);
    if (result < 0)
        return result;
    return take_results(self, fn, context, err);
}

/* Row by row, libpq makes a result for each. */
static int query_whole(struct dw_store *store, const char *sql, struct dw_sql_values values,
                       dw_sql_row_fn fn, void *context, struct dw_err *err)
{
    struct postgres *self = (struct postgres *)store;
    self->whole = true;
    int result = query(store, sql, values, fn, context, err);
    self->whole = false;
    return result;
}

/* What a round trip each would cost is the most of many small statements. */
static int later(struct dw_store *store, const char *sql, struct dw_sql_values values,
                 struct dw_err *err)
{
    struct postgres *self = (struct postgres *)store;
    bool full = self->sent == SENT_MAX, fresh = !find_statement(self, sql)->prepared;
    int result = full || fresh ? hear(self, NULL, err) : 0;
    if (result == 0 && fresh)
        return query(store, sql, values, NULL, NULL, err);
    if (result == 0 && self->sent == 0 && PQenterPipelineMode(self->connection) == 0)
        result = complain(self, NULL, err);
    if (result == 0)
        result = send_query(self, sql, values, err);
    self->sent++; /* or in the mode at least */
    return result;
}

static int64_t changed(const struct dw_store *store)
{
    return ((const struct postgres *)store)->changed;
}

/* --- Rows ----------------------------------------------------------------------------------- */

static bool row_null(const struct dw_sql_row *row, int column)
{
    return PQgetisnull(row->handle, row->at, column) != 0;
}

static const char *row_text(const struct dw_sql_row *row, int column)
{
    const char *text = PQgetvalue(row->handle, row->at, column);
    bool has_version = PQftype(row->handle, column) == OID_JSONB && *text != '\0';
    return has_version ? text + 1 : text;
}

static uint64_t number_bits(const struct dw_sql_row *row, int column)
{
    uint64_t bits = 0;
    memcpy(&bits, PQgetvalue(row->handle, row->at, column), sizeof(bits));
    return be64toh(bits);
}

static double row_real(const struct dw_sql_row *row, int column)
{
    double real = 0;
    if (row_null(row, column))
        return 0;
    if (PQftype(row->handle, column) != OID_FLOAT8)
        return strtod(row_text(row, column), NULL);
    uint64_t bits = number_bits(row, column);
    memcpy(&real, &bits, sizeof(real));
    return real;
}

static int64_t row_integer(const struct dw_sql_row *row, int column)
{
    uint32_t word = 0;
    uint16_t half = 0;
    if (row_null(row, column))
        return 0;
    switch (PQftype(row->handle, column)) {
    case OID_INT8:
        return (int64_t)number_bits(row, column);
    case OID_INT4:
        memcpy(&word, PQgetvalue(row->handle, row->at, column), sizeof(word));
        return (int32_t)be32toh(word);
    case OID_INT2:
        memcpy(&half, PQgetvalue(row->handle, row->at, column), sizeof(half));
        return (int16_t)be16toh(half);
    default:
        return strtoll(row_text(row, column), NULL, 10);
    }
}

static const void *row_blob(const struct dw_sql_row *row, int column, size_t *size)
{
    *size = (size_t)PQgetlength(row->handle, row->at, column);
    return PQgetvalue(row->handle, row->at, column);
}

/* --- Transactions --------------------------------------------------------------------------- */

static int begin(struct dw_store *store, struct dw_err *err)
{
    struct postgres *self = (struct postgres *)store;
    if (store->busy)
        return dw_fail(err, -EINVAL, "store '%s': transactions do not nest", store->name);
    int result = connect_again(self, err);
    if (result < 0)
        return result;
    return exec(store, self->writable ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                err);
}

/* Which partitions there are is not known after this. */
static void forget_pending(struct postgres *self)
{
    dw_vec_clear(&self->pending);
    dw_vec_clear(&self->months);
}

static int commit(struct dw_store *store, struct dw_err *err)
{
    struct postgres *self = (struct postgres *)store;
    bool done = false;
    int code = 0;
    if (self->sent == 0 && PQenterPipelineMode(self->connection) == 0)
        return complain(self, NULL, err);
    if (PQsendQueryParams(self->connection, "COMMIT", 0, NULL, NULL, NULL, NULL, 0) == 0)
        code = complain(self, NULL, err);
    self->sent++;
    int heard = hear(self, &done, err);
    if (code != 0 || heard != 0)
        return code != 0 ? code : heard;
    /* The server answers ROLLBACK when something within had failed. */
    return done ? 0
                : dw_fail(err, -EINVAL, "store '%s': what failed cannot be committed; roll back",
                          store->name);
}

static void rollback(struct dw_store *store)
{
    struct postgres *self = (struct postgres *)store;
    forget_pending(self);
    (void)hear(self, NULL, NULL);
    if (PQtransactionStatus(self->connection) != PQTRANS_IDLE)
        PQclear(PQexec(self->connection, "ROLLBACK"));
}

/* --- Visits, many at once ------------------------------------------------------------------- */

static int find_month(struct dw_time_span *month, char bound[BOUND_SIZE], int64_t time_us,
                      struct dw_err *err)
{
    char text[DW_ISO8601_SIZE], *end = NULL;
    long year = strtol(dw_time_iso8601(text, time_us), &end, 10), number = 0;
    if (*end == '-')
        number = strtol(end + 1, NULL, 10);
    if (year < 1 || year > 9998 || number < 1)
        return dw_fail(err, -EINVAL, "'%s' is no time of a visit", text);
    snprintf(bound, BOUND_SIZE, "%04ld-%02ld-01", year + number / 12, number % 12 + 1);
    int result = dw_time_parse(&month->end_us, bound, err);
    snprintf(bound, BOUND_SIZE, "%04ld-%02ld-01", year, number);
    return result == 0 ? dw_time_parse(&month->start_us, bound, err) : result;
}

/* Makes the partitions of the month in which a time lies. */
static int make_month(struct postgres *self, int64_t time_us, struct dw_err *err)
{
    static const char *const tables[] = { "visit", "pass" };
    struct dw_time_span month = { 0 };
    char bound[BOUND_SIZE], sql[256];
    for (size_t i = self->months.count; i-- > 0;)
        if (time_us >= self->months.items[i].start_us && time_us < self->months.items[i].end_us)
            return 0;
    int result = find_month(&month, bound, time_us, err);
    for (size_t i = 0; i < DW_LENGTH(tables) && result == 0; i++) {
        snprintf(sql, sizeof(sql),
                 "CREATE TABLE IF NOT EXISTS %s_%.4s_%.2s PARTITION OF %s"
                 " FOR VALUES FROM (%" PRId64 ") TO (%" PRId64 ")",
                 tables[i], bound, bound + 5, tables[i], month.start_us, month.end_us);
        result = exec(&self->base, sql, err);
    }
    if (result == 0)
        dw_vec_push(&self->months, month);
    return result;
}

/* Of COPY's binary format, on the server's side of store_impl.h: bytes of each whole number. */
static const uint8_t whole_bytes[STAY_VALUES] = { 8, 8, 0, 8, 8, 8, 8, 8, 8, 4, 2,
                                                  2, 0, 2, 2, 0, 0, 0, 8, 0, 0, 2 };

static void copy_bytes(struct dw_buf *out, const void *bytes, size_t size)
{
    uint32_t length = htobe32((uint32_t)size);
    dw_buf_append(out, &length, sizeof(length));
    dw_buf_append(out, bytes, size);
}

static void copy_value(struct dw_buf *out, const struct dw_sql_value *value, size_t size)
{
    static const uint32_t null = UINT32_MAX;
    uint64_t bits = 0;
    switch (value->kind) {
    case DW_SQL_NULL:
        dw_buf_append(out, &null, sizeof(null));
        break;
    case DW_SQL_INTEGER:
        bits = htobe64((uint64_t)value->integer << (8 * (sizeof(bits) - size)));
        copy_bytes(out, &bits, size);
        break;
    case DW_SQL_REAL:
        memcpy(&bits, &value->real, sizeof(bits));
        bits = htobe64(bits);
        copy_bytes(out, &bits, sizeof(bits));
        break;
    case DW_SQL_TEXT:
        copy_bytes(out, value->bytes, strlen(value->bytes));
        break;
    case DW_SQL_BLOB:
        copy_bytes(out, value->bytes, value->size);
        break;
    }
}

static int copy_rows(struct postgres *self, const char *sql, const struct dw_buf *rows,
                     struct dw_err *err)
{
    int code = hear(self, NULL, err);
    if (code < 0)
        return code;
    PGresult *result = PQexec(self->connection, sql);
    bool open = PQresultStatus(result) == PGRES_COPY_IN;
    code = open ? 0 : complain(self, result, err);
    PQclear(result);
    if (code < 0)
        return code;
    if (PQputCopyData(self->connection, rows->data, (int)rows->length) != 1 ||
        PQputCopyEnd(self->connection, NULL) != 1)
        code = complain(self, NULL, err);
    while ((result = PQgetResult(self->connection)) != NULL) {
        if (code == 0 && PQresultStatus(result) != PGRES_COMMAND_OK)
            code = complain(self, result, err);
        PQclear(result);
    }
    return code;
}

/* Whether there are any. */
static bool write_pending(const struct postgres *self, bool pass, struct dw_buf *rows)
{
    static const char header[19] = "PGCOPY\n\377\r\n"; /* then no flags, no extension */
    static const uint16_t end = UINT16_MAX;
    uint16_t columns = htobe16(STAY_VALUES);
    dw_buf_append(rows, header, sizeof(header));
    for (size_t i = 0; i < self->pending.count; i++) {
        const struct pending *pending = &self->pending.items[i];
        if (pending->insertion.stay.pass != pass)
            continue;
        dw_buf_append(rows, &columns, sizeof(columns));
        for (size_t v = 0; v < STAY_VALUES; v++)
            copy_value(rows, &pending->values[v], whole_bytes[v]);
    }
    bool any = rows->length > sizeof(header);
    dw_buf_append(rows, &end, sizeof(end));
    return any;
}

/* How a bulk gets in: straight, when none of it is there already; else to where it waits, and from
 * there those that are not. */
static const struct bulk {
    bool pass;
    const char *straight, *copy, *insert, *clear;
    dw_sql_row_fn rolled_up;
} bulks[] = {
    { false, "SAVEPOINT bulk; COPY visit FROM STDIN BINARY; RELEASE bulk",
      "COPY visit_in FROM STDIN BINARY",
      "INSERT INTO visit SELECT * FROM visit_in ON CONFLICT(zone_id, enter_us, uid) DO NOTHING"
      " RETURNING " DW_ROLLUP_COLUMNS,
      "TRUNCATE visit_in", dw_rollup_visit_row },
    { true, "SAVEPOINT bulk; COPY pass FROM STDIN BINARY; RELEASE bulk",
      "COPY pass_in FROM STDIN BINARY",
      "INSERT INTO pass SELECT * FROM pass_in ON CONFLICT(zone_id, enter_us, uid) DO NOTHING"
      " RETURNING " DW_ROLLUP_COLUMNS,
      "TRUNCATE pass_in", dw_rollup_pass_row },
};

static int count_pending(struct postgres *self, bool pass, struct dw_err *err)
{
    int result = 0;
    for (size_t i = 0; i < self->pending.count && result == 0; i++)
        if (self->pending.items[i].insertion.stay.pass == pass)
            result = dw_rollup_stay(&self->base, &self->pending.items[i].insertion.stay, err);
    return result;
}

static int copy_around(struct postgres *self, const struct bulk *bulk, const struct dw_buf *rows,
                       struct dw_err *err)
{
    int result = exec(&self->base, "ROLLBACK TO bulk", err);
    if (result == 0)
        result = copy_rows(self, bulk->copy, rows, err);
    if (result == 0)
        result = query(&self->base, bulk->insert, DW_NO_VALUES, bulk->rolled_up, NULL, err);
    return result == 0 ? exec(&self->base, bulk->clear, err) : result;
}

static int copy_pending(struct postgres *self, const struct bulk *bulk, struct dw_err *err)
{
    struct dw_buf rows = { 0 };
    int result = 0;
    if (write_pending(self, bulk->pass, &rows)) {
        result = copy_rows(self, bulk->straight, &rows, err);
        if (result == 0)
            result = count_pending(self, bulk->pass, err);
        else if (result == -EINVAL) /* the server refuses a row: most likely it has it */
            result = copy_around(self, bulk, &rows, err);
    }
    dw_buf_fini(&rows);
    return result;
}

static int flush(struct dw_store *store, struct dw_err *err)
{
    struct postgres *self = (struct postgres *)store;
    int result = 0;
    if (self->pending.count == 0 || self->flushing)
        return 0;
    self->flushing = true;
    for (size_t i = 0; i < self->pending.count && result == 0; i++) {
        struct pending *pending = &self->pending.items[i];
        pending->values[2].bytes = pending->uid; /* where it is now */
        result = make_month(self, pending->values[1].integer, err);
    }
    bool many = self->pending.count >= COPY_FROM;
    for (size_t i = 0; i < DW_LENGTH(bulks) && many && result == 0; i++)
        result = copy_pending(self, &bulks[i], err);
    for (size_t i = 0; i < self->pending.count && !many && result == 0; i++) {
        struct pending *pending = &self->pending.items[i];
        pending->insertion.values.items = pending->values;
        result = dw_stay_insert(store, &pending->insertion, err);
    }
    dw_vec_clear(&self->pending);
    self->flushing = false;
    return result;
}

static int put_later(struct dw_store *store, const struct dw_stay_insertion *insertion,
                     struct dw_err *err)
{
    struct postgres *self = (struct postgres *)store;
    int result = self->pending.count == PENDING_MAX ? flush(store, err) : 0;
    if (result < 0)
        return result;
    struct pending *pending = dw_vec_add(&self->pending);
    pending->insertion = *insertion;
    memcpy(pending->values, insertion->values.items, sizeof(pending->values));
    memcpy(pending->uid, pending->values[2].bytes, sizeof(pending->uid));
    return 0;
}

/* --- Opening -------------------------------------------------------------------------------- */

static int first_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                     struct dw_err *err)
{
    (void)store, (void)err;
    *(int64_t *)context = dw_row_integer(row, 0);
    return 0;
}

static int take_lock(struct postgres *self, struct dw_err *err)
{
    int64_t taken = 0;
    for (int i = 0; i < LOCK_TRIES; i++) {
        int result = query(&self->base,
                           "SELECT CASE WHEN pg_try_advisory_lock(" LOCK_KEY ") THEN 1 ELSE 0 END",
                           DW_NO_VALUES, first_row, &taken, err);
        if (result < 0 || taken != 0)
            return result;
        usleep(LOCK_PAUSE_US);
    }
    return dw_fail(err, -EBUSY,
                   "another dwell is writing to store '%s': wait for it to end, or name another "
                   "database",
                   self->base.name);
}

static int start_session(struct postgres *self, struct dw_err *err)
{
    int result = exec(&self->base,
                      "SET search_path=" SCHEMA "; SET client_min_messages=warning;"
                      "SET synchronous_commit=on; SET client_encoding='UTF8'",
                      err);
    return result == 0 && self->writable ? take_lock(self, err) : result;
}

/* Where a bulk of visits waits to be compared with those that are there. */
static int make_waiting_rooms(struct postgres *self, struct dw_err *err)
{
    if (!self->writable)
        return 0;
    return exec(&self->base,
                "CREATE TEMPORARY TABLE visit_in(LIKE open_visit);"
                "CREATE TEMPORARY TABLE pass_in(LIKE open_visit)",
                err);
}

static int fail_unreachable(const struct postgres *self, struct dw_err *err)
{
    const char *why = PQerrorMessage(self->connection);
    return dw_fail(err, -ENOTCONN,
                   "store '%s' cannot be reached: see whether the server runs and the address is "
                   "right (%.*s)",
                   self->base.name, (int)strcspn(why, "\n"), why);
}

/* Errors come as sentences; nothing else is for people. */
static void hear_nothing(void *user, const char *message)
{
    (void)user, (void)message;
}

static int set_up_session(struct postgres *self, struct dw_err *err)
{
    PQsetNoticeProcessor(self->connection, hear_nothing, NULL);
    self->starting = true;
    int result = start_session(self, err);
    self->starting = false;
    self->ready = result == 0;
    return result;
}

static int connect_again(struct postgres *self, struct dw_err *err)
{
    if (self->starting || (self->ready && PQstatus(self->connection) == CONNECTION_OK))
        return 0;
    for (size_t i = 0; i < self->statements.count; i++)
        self->statements.items[i].prepared = false;
    forget_pending(self);
    dw_rollups_clear(&self->base.rollups); /* somebody else may have written */
    self->ready = false;
    self->sent = 0;
    PQreset(self->connection);
    if (PQstatus(self->connection) != CONNECTION_OK)
        return fail_unreachable(self, err);
    int result = set_up_session(self, err);
    return result == 0 ? make_waiting_rooms(self, err) : result;
}

static int read_format(struct postgres *self, int64_t *format, struct dw_err *err)
{
    *format = 0;
    int64_t tables = 0;
    int result = query(&self->base,
                       "SELECT count(*) FROM pg_tables WHERE schemaname='" SCHEMA "'"
                       " AND tablename='meta'",
                       DW_NO_VALUES, first_row, &tables, err);
    if (result < 0 || tables == 0)
        return result;
    return query(&self->base, "SELECT value FROM meta WHERE key='format'", DW_NO_VALUES, first_row,
                 format, err);
}

static int newest_format(void)
{
    return dw_postgres_steps[dw_postgres_step_count - 1].format;
}

static int migrate(struct postgres *self, int64_t format, struct dw_err *err)
{
    struct dw_store *store = &self->base;
    char stamp[160];
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    if (format == 0)
        result = exec(store, "CREATE SCHEMA IF NOT EXISTS " SCHEMA, err);
    for (size_t i = 0; i < dw_postgres_step_count && result == 0; i++)
        if (dw_postgres_steps[i].format > format)
            result = exec(store, dw_postgres_steps[i].sql, err);
    snprintf(stamp, sizeof(stamp),
             "INSERT INTO meta VALUES('format', '%d')"
             " ON CONFLICT(key) DO UPDATE SET value=excluded.value",
             newest_format());
    if (result == 0)
        result = exec(store, stamp, err);
    if (result == 0 && format > 0 && format < DW_SETTLED_FORMAT)
        result = dw_store_settle(store, INT64_MIN, err);
    return dw_sql_leave(store, own, result, err);
}

static int prepare_schema(struct postgres *self, struct dw_err *err)
{
    int64_t format = 0, newest = newest_format();
    int result = read_format(self, &format, err);
    if (result < 0)
        return result;
    if (format == 0 && !self->writable)
        return dw_fail(err, -ENOENT, "no such store '%s': make one with dwell analyze --store",
                       self->base.name);
    if (format > newest)
        return dw_fail(err, -ENOTSUP,
                       "store '%s' was written by a newer dwell (format %lld, this one knows up to "
                       "%lld): update dwell",
                       self->base.name, (long long)format, (long long)newest);
    if (format < newest && !self->writable)
        return dw_fail(err, -ENOTSUP,
                       "store '%s' was written by an older dwell (format %lld, this one reads "
                       "%lld): run dwell analyze with --store once to update it",
                       self->base.name, (long long)format, (long long)newest);
    return format < newest ? migrate(self, format, err) : 0;
}

struct times {
    DW_VEC(int64_t) found;
};

static int keep_time(struct dw_store *store, const struct dw_sql_row *row, void *context,
                     struct dw_err *err)
{
    (void)store, (void)err;
    struct times *times = context;
    dw_vec_push(&times->found, dw_row_integer(row, 0));
    return 0;
}

/* Those that a killed program left open will want their months. */
static int recover(struct postgres *self, struct dw_err *err)
{
    struct dw_store *store = &self->base;
    struct times times = { 0 };
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = query(store, "SELECT DISTINCT enter_us FROM open_visit", DW_NO_VALUES, keep_time,
                   &times, err);
    for (size_t i = 0; i < times.found.count && result == 0; i++)
        result = make_month(self, times.found.items[i], err);
    if (result == 0)
        result = dw_store_recover(store, err);
    dw_vec_fini(&times.found);
    return dw_sql_leave(store, own, result, err);
}

/* "postgresql://host/database": what may be shown. */
static char *shown_name(const char *url)
{
    const char *host = "", *database = "";
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    for (const PQconninfoOption *at = options; at != NULL && at->keyword != NULL; at++) {
        if (strcmp(at->keyword, "host") == 0 && at->val != NULL)
            host = at->val;
        else if (strcmp(at->keyword, "dbname") == 0 && at->val != NULL)
            database = at->val;
    }
    char *name = dw_strdup_printf("postgresql://%s/%s", *host == '/' ? "" : host, database);
    PQconninfoFree(options);
    return name;
}

static void close_store(struct dw_store *store)
{
    struct postgres *self = (struct postgres *)store;
    PQfinish(self->connection);
    dw_vec_fini(&self->statements);
    dw_vec_fini(&self->pending);
    dw_vec_fini(&self->months);
    dw_store_free(store);
}

static int open_store(struct dw_store **out, const char *url, bool writable, struct dw_err *err)
{
    static const char *const keywords[] = { "connect_timeout", "dbname",
                                            "fallback_application_name", NULL };
    const char *const values[] = { "10", url, "dwell", NULL };
    char *name = shown_name(url);
    struct dw_store *store = dw_store_alloc(sizeof(struct postgres), &dw_store_postgres, name);
    struct postgres *self = (struct postgres *)store;
    free(name);
    self->writable = writable;
    self->connection = PQconnectdbParams(keywords, values, 1);
    int result = PQstatus(self->connection) == CONNECTION_OK ? 0 : fail_unreachable(self, err);
    if (result == 0)
        result = set_up_session(self, err);
    if (result == 0)
        result = prepare_schema(self, err);
    if (result == 0)
        result = make_waiting_rooms(self, err);
    if (result == 0 && writable)
        result = recover(self, err);
    if (result < 0)
        close_store(store);
    else
        *out = store;
    return result;
}

static bool accepts(const char *url)
{
    return strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0;
}

/* --- Care ----------------------------------------------------------------------------------- */

static int keep_name(struct dw_store *store, const struct dw_sql_row *row, void *context,
                     struct dw_err *err)
{
    (void)store, (void)err;
    struct dw_buf *sql = context;
    dw_buf_printf(sql, "%s%s", sql->length == 0 ? "DROP TABLE " : ", ", dw_row_text(row, 0));
    return 0;
}

/* Months that were pruned go as a whole; their names tell them. */
static int drop_months(struct dw_store *store, struct dw_err *err)
{
    struct postgres *self = (struct postgres *)store;
    struct dw_buf sql = { 0 };
    int64_t before_us = INT64_MIN;
    char text[DW_ISO8601_SIZE];
    int result = dw_store_pruned_before(store, DW_KIND_VISITS, &before_us, err);
    if (result < 0 || before_us == INT64_MIN)
        return result;
    dw_time_iso8601(text, before_us);
    text[4] = '_';
    text[7] = '\0'; /* 2026_11 */
    result = query(store,
                   "SELECT quote_ident(relname) FROM pg_inherits"
                   " JOIN pg_class ON pg_class.oid=inhrelid"
                   " WHERE inhparent IN (CAST('visit' AS regclass), CAST('pass' AS regclass))"
                   " AND right(relname, 7) < CAST(?1 AS TEXT)",
                   DW_VALUES(DW_TEXT(text)), keep_name, &sql, err);
    if (result == 0 && sql.length > 0)
        result = exec(store, sql.data, err);
    dw_vec_clear(&self->months);
    dw_buf_fini(&sql);
    return result;
}

static int shrink(struct dw_store *store, struct dw_err *err)
{
    int result = drop_months(store, err);
    return result == 0
               ? exec(store, "VACUUM visit, pass, doubt, crossing, foot_track, rollup, outbox", err)
               : result;
}

/* The server has its own tools for its files. */
static int check(struct dw_store *store, dw_store_problem_fn fn, void *context, struct dw_err *err)
{
    (void)store, (void)fn, (void)context, (void)err;
    return 0;
}

static int table_bytes(struct dw_store *store, const char *table, int64_t *bytes,
                       struct dw_err *err)
{
    *bytes = 0;
    if (table == NULL)
        return dw_sql_run(store,
                          "SELECT CAST(sum(pg_total_relation_size(pg_class.oid)) AS BIGINT)"
                          " FROM pg_class WHERE relnamespace=CAST('" SCHEMA "' AS regnamespace)"
                          " AND relkind='r'",
                          DW_NO_VALUES, bytes, err);
    return dw_sql_run(store,
                      "SELECT CAST(coalesce(sum(pg_total_relation_size(relid)), 0) AS BIGINT)"
                      " FROM (SELECT CAST(CAST(?1 AS TEXT) AS regclass) AS relid UNION"
                      " SELECT inhrelid FROM pg_inherits"
                      " WHERE inhparent=CAST(CAST(?1 AS TEXT) AS regclass)) AS parts",
                      DW_VALUES(DW_TEXT(table)), bytes, err);
}

const struct dw_store_impl dw_store_postgres = {
    .accepts = accepts,
    .open = open_store,
    .close = close_store,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .exec = exec,
    .query = query,
    .query_whole = query_whole,
    .later = later,
    .changed = changed,
    .is_null = row_null,
    .integer = row_integer,
    .real = row_real,
    .text = row_text,
    .blob = row_blob,
    .corners_sql = "SELECT CAST(value ->> 0 AS DOUBLE PRECISION),"
                   " CAST(value ->> 1 AS DOUBLE PRECISION)"
                   " FROM jsonb_array_elements(CAST(?1 AS JSONB)) WITH ORDINALITY AS corner(value,"
                   " turn) ORDER BY turn",
    .put_later = put_later,
    .flush = flush,
    .shrink = shrink,
    .check = check,
    .table_bytes = table_bytes,
};
