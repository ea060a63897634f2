/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/visits_csv.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "base/wall_time.h"
#include "sink/hex.h"

#define RECORD_MAX 65536
#define SECONDS_MAX 1e9 /* thirty years */

enum kind {
    TEXT,
    RUN,
    ID,
    TIME,
    SECONDS,
    MAYBE_SECONDS,
    WHOLE,
    PERSON,
    FLAG,
    SHARE,
    MAYBE_REAL,
    REASON,
    ROLE
};

static const struct column {
    const char *name;
    enum kind kind;
    size_t offset;
} columns[] = {
#define ROW(field) offsetof(struct dw_visit_row, field)
    { "id", ID, ROW(visit.id) },
    { "site", TEXT, ROW(site) },
    { "camera", TEXT, ROW(camera) },
    { "zone", TEXT, ROW(zone) },
    { "run", RUN, ROW(run) },
    { "person", PERSON, ROW(visit.person) },
    { "enter", TIME, ROW(visit.enter_us) },
    { "exit", TIME, ROW(visit.exit_us) },
    { "dwell_s", SECONDS, ROW(visit.dwell_us) },
    { "observed_s", SECONDS, ROW(visit.observed_us) },
    { "bridged_s", SECONDS, ROW(visit.bridged_us) },
    { "links", WHOLE, ROW(visit.links) },
    { "cut_start", FLAG, ROW(visit.cut_start) },
    { "cut_end", FLAG, ROW(visit.cut_end) },
    { "pass", FLAG, ROW(visit.pass) },
    { "end_reason", REASON, ROW(visit.end_reason) },
    { "enter_side", WHOLE, ROW(visit.enter_side) },
    { "exit_side", WHOLE, ROW(visit.exit_side) },
    { "score", SHARE, ROW(visit.score) },
    { "role", ROLE, ROW(visit.role) },
    { "role_p", SHARE, ROW(visit.role_p) },
    { "facing_s", MAYBE_SECONDS, ROW(visit.facing_us) },
    { "speed_avg", MAYBE_REAL, ROW(visit.speed_avg) },
    { "speed_min", MAYBE_REAL, ROW(visit.speed_min) },
    { "simulated", FLAG, ROW(simulated) },
#undef ROW
};

/* Their places in the table. */
enum { ZONE_COLUMN = 3, ENTER_COLUMN = 6, EXIT_COLUMN = 7, DWELL_COLUMN = 8, OBSERVED_COLUMN = 9 };

/* --- Writing -------------------------------------------------------------------------------- */

static void put_time(struct dw_buf *out, int64_t wall_us)
{
    char when[DW_ISO8601_SIZE];
    int64_t rest_us = ((wall_us % DW_SECOND_US) + DW_SECOND_US) % DW_SECOND_US;
    dw_time_iso8601(when, wall_us);
    dw_buf_printf(out, "%.19s.%06dZ", when, (int)rest_us); /* to the microsecond */
}

/* Nothing when it was not measured. */
static void put_value(struct dw_buf *out, const struct column *column,
                      const struct dw_visit_row *row)
{
    const void *at = (const char *)row + column->offset;
    char id[DW_HEX_SIZE];
    switch (column->kind) {
    case TEXT:
    case RUN:
        dw_buf_puts(out, at);
        break;
    case ID:
        dw_buf_puts(out, dw_hex(id, at));
        break;
    case TIME:
        put_time(out, *(const int64_t *)at);
        break;
    case SECONDS:
    case MAYBE_SECONDS:
        if (*(const int64_t *)at >= 0)
            dw_buf_printf(out, "%.6f", dw_time_to_seconds(*(const int64_t *)at));
        break;
    case PERSON:
        dw_buf_printf(out, "%lld", (long long)*(const int64_t *)at);
        break;
    case WHOLE:
        dw_buf_printf(out, "%d", *(const int *)at);
        break;
    case FLAG:
        dw_buf_puts(out, *(const bool *)at ? "1" : "0");
        break;
    case SHARE:
    case MAYBE_REAL:
        if (*(const double *)at >= 0)
            dw_buf_printf(out, "%.9g", *(const double *)at);
        break;
    case REASON:
        dw_buf_puts(out, dw_end_reason_name(row->visit.end_reason));
        break;
    case ROLE:
        dw_buf_puts(out, dw_role_name(row->visit.role));
        break;
    }
}

void dw_visits_csv_names(struct dw_buf *out)
{
    for (size_t i = 0; i < DW_LENGTH(columns); i++)
        dw_buf_printf(out, "%s%s", i > 0 ? "," : "", columns[i].name);
    dw_buf_puts(out, "\n");
}

void dw_visits_csv_write(struct dw_buf *out, const struct dw_visit_row *row)
{
    struct dw_buf value = { 0 };
    for (size_t i = 0; i < DW_LENGTH(columns); i++) {
        dw_buf_clear(&value);
        put_value(&value, &columns[i], row);
        dw_buf_puts(out, i > 0 ? "," : "");
        bool text = columns[i].kind == TEXT || columns[i].kind == RUN;
        (text ? dw_csv_put_text : dw_buf_puts)(out, dw_buf_text(&value));
    }
    dw_buf_puts(out, "\n");
    dw_buf_fini(&value);
}

void dw_visits_csv_json(struct dw_buf *out, const struct dw_visit_row *row)
{
    struct dw_json_writer json = { .out = out };
    struct dw_buf value = { 0 };
    dw_json_object_begin(&json, NULL);
    for (size_t i = 0; i < DW_LENGTH(columns); i++) {
        enum kind kind = columns[i].kind;
        bool text = kind <= TIME || kind == REASON || kind == ROLE;
        dw_buf_clear(&value);
        put_value(&value, &columns[i], row);
        if (text)
            dw_json_string(&json, columns[i].name, dw_buf_text(&value));
        else if (kind == FLAG)
            dw_json_bool(&json, columns[i].name, value.data[0] == '1');
        else if (value.length > 0)
            dw_json_real(&json, columns[i].name, strtod(value.data, NULL),
                         kind == WHOLE || kind == PERSON ? 0 : 6);
    }
    dw_json_object_end(&json);
    dw_buf_puts(out, "\n");
    dw_buf_fini(&value);
}

/* --- Reading -------------------------------------------------------------------------------- */

static int next_byte(struct dw_visits_csv *csv)
{
    int byte = getc(csv->file);
    csv->next_line += byte == '\n';
    return byte;
}

/* What is behind the opening quote, up to what is behind the closing one, which is returned. */
static int read_quoted(struct dw_visits_csv *csv)
{
    for (;;) {
        int byte = next_byte(csv);
        if (byte == '"' && (byte = next_byte(csv)) != '"')
            return byte;
        if (byte == EOF || byte == '\0' || csv->record.length >= RECORD_MAX)
            return EOF;
        dw_buf_append(&csv->record, &(char){ (char)byte }, 1);
    }
}

/* One field; returns what ended it: a comma, a line end or EOF. */
static int read_field(struct dw_visits_csv *csv)
{
    dw_vec_push(&csv->fields, csv->record.length);
    int byte = next_byte(csv);
    if (byte == '"')
        byte = read_quoted(csv);
    for (; byte != ',' && byte != '\n' && byte != EOF; byte = next_byte(csv)) {
        if (byte == '\0' || csv->record.length >= RECORD_MAX)
            break;
        if (byte != '\r')
            dw_buf_append(&csv->record, &(char){ (char)byte }, 1);
    }
    dw_buf_append(&csv->record, "", 1);
    return byte;
}

/* A line that is not blank: 1, or 0 at the end. */
static int read_record(struct dw_visits_csv *csv, struct dw_err *err)
{
    int byte = '\n';
    do {
        csv->line = csv->next_line;
        dw_buf_clear(&csv->record);
        dw_vec_clear(&csv->fields);
        do {
            byte = read_field(csv);
        } while (byte == ',' && csv->fields.count < DW_CSV_COLUMNS_MAX);
        if (ferror(csv->file))
            return dw_fail(err, -EIO, "line %lld could not be read: %s", (long long)csv->line,
                           strerror(errno));
        if (byte != '\n' && byte != EOF)
            return dw_fail(err, -E2BIG,
                           "line %lld has more than %d columns or %d bytes, or is not text",
                           (long long)csv->line, DW_CSV_COLUMNS_MAX, RECORD_MAX);
    } while (csv->record.length == 1 && byte != EOF);
    return csv->record.length > 1;
}

static const char *field(const struct dw_visits_csv *csv, size_t at)
{
    return csv->record.data + csv->fields.items[at];
}

static int find_column(const char *name)
{
    for (size_t i = 0; i < DW_LENGTH(columns); i++)
        if (strcmp(columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

static bool has_column(const struct dw_visits_csv *csv, int wanted)
{
    for (size_t i = 0; i < csv->column_count; i++)
        if (csv->columns[i] == wanted)
            return true;
    return false;
}

static int take_names(struct dw_visits_csv *csv, struct dw_err *err)
{
    static const char mark[] = "\xef\xbb\xbf";
    for (size_t i = 0; i < csv->fields.count; i++) {
        const char *name = field(csv, i);
        if (i == 0 && strncmp(name, mark, strlen(mark)) == 0)
            name += strlen(mark);
        int column = find_column(name);
        if (column >= 0 && has_column(csv, column))
            return dw_fail(err, -EINVAL, "line 1: column '%s' is there twice", name);
        if (column < 0)
            dw_buf_printf(&csv->unknown, "%s'%s'", csv->unknown.length > 0 ? ", " : "", name);
        csv->columns[csv->column_count++] = column;
    }
    return 0;
}

int dw_visits_csv_init(struct dw_visits_csv *csv, FILE *file, struct dw_err *err)
{
    *csv = (struct dw_visits_csv){ .file = file, .next_line = 1 };
    int result = read_record(csv, err);
    if (result == 0)
        return dw_fail(err, -EINVAL, "it is empty: wants a line of column names");
    if (result > 0)
        result = take_names(csv, err);
    if (result < 0)
        return result;
    if (!has_column(csv, ZONE_COLUMN) || !has_column(csv, ENTER_COLUMN) ||
        (!has_column(csv, EXIT_COLUMN) && !has_column(csv, DWELL_COLUMN)))
        return dw_fail(err, -EINVAL,
                       "line 1: wants columns named zone, enter, and exit or dwell_s, got '%s'",
                       field(csv, 0));
    return 0;
}

void dw_visits_csv_fini(struct dw_visits_csv *csv)
{
    dw_buf_fini(&csv->record);
    dw_buf_fini(&csv->unknown);
    dw_vec_fini(&csv->fields);
}

/* NULL, or what would have been good. */
static const char *take_text(char *out, size_t size, const char *text)
{
    for (const char *at = text; *at != '\0';) {
        size_t length = dw_utf8_length(at);
        if (length == 0 || (unsigned char)*at < ' ')
            return "text in UTF-8 without control characters";
        at += length;
    }
    if (strlen(text) >= size)
        return size > 64 ? "at most 127 bytes" : "at most 63 bytes";
    memcpy(out, text, strlen(text) + 1);
    return NULL;
}

static const char *take_id(uint8_t id[16], const char *text)
{
    char hex[3] = { 0 };
    if (strlen(text) != 32 || strspn(text, "0123456789abcdefABCDEF") != 32)
        return "32 hexadecimal digits";
    for (size_t i = 0; i < 16; i++) {
        memcpy(hex, text + 2 * i, 2);
        id[i] = (uint8_t)strtoul(hex, NULL, 16);
    }
    return NULL;
}

static bool parse_number(double *out, const char *text, double most)
{
    char *end = NULL;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && *out >= 0 && *out <= most;
}

static const char *take_flag(bool *out, const char *text)
{
    *out = strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
    return *out || strcmp(text, "0") == 0 || strcmp(text, "false") == 0 ? NULL : "0 or 1";
}

static const char *take_word(enum kind kind, struct dw_visit *visit, const char *text)
{
    int found = kind == ROLE ? dw_role_parse(text) : dw_end_reason_parse(text);
    if (found < 0)
        return kind == ROLE ? "unknown, shopper or staff"
                            : "left, lost, gap, restart, stopped, handover or edited";
    if (kind == ROLE)
        visit->role = (enum dw_role)found;
    else
        visit->end_reason = (enum dw_end_reason)found;
    return NULL;
}

/* Numbers, none below 0: the most that is good, and what else is said of it. */
static const struct number {
    double most;
    bool whole;
    const char *wanted;
} numbers[] = {
    [SECONDS] = { SECONDS_MAX, false, "seconds, 0 or more" },
    [MAYBE_SECONDS] = { SECONDS_MAX, false, "seconds, 0 or more" },
    [WHOLE] = { 1e6, true, "a whole number, 0 or more" },
    [PERSON] = { 9e15, true, "a whole number, 0 or more" },
    [SHARE] = { 1, false, "a number from 0 to 1" },
    [MAYBE_REAL] = { 1e3, false, "a number from 0 to 1000" },
};

static const char *take_number(enum kind kind, void *at, const char *text)
{
    double number = 0;
    if (!parse_number(&number, text, numbers[kind].most) ||
        (numbers[kind].whole && number != floor(number)))
        return numbers[kind].wanted;
    if (kind == SECONDS || kind == MAYBE_SECONDS)
        *(int64_t *)at = dw_time_from_seconds(number);
    else if (kind == PERSON)
        *(int64_t *)at = (int64_t)number;
    else if (kind == WHOLE)
        *(int *)at = (int)number;
    else
        *(double *)at = number;
    return NULL;
}

static const char *take_field(const struct column *column, struct dw_visit_row *row,
                              const char *text)
{
    void *at = (char *)row + column->offset;
    switch (column->kind) {
    case TEXT:
        return take_text(at, sizeof(row->zone), dw_csv_text(text));
    case RUN:
        return take_text(at, sizeof(row->run), dw_csv_text(text));
    case ID:
        return take_id(at, text);
    case TIME:
        return dw_time_parse(at, text, NULL) == 0 ? NULL : "a time as 2026-11-22T09:15:00Z";
    case FLAG:
        return take_flag(at, text);
    case REASON:
    case ROLE:
        return take_word(column->kind, &row->visit, text);
    case SECONDS:
    case MAYBE_SECONDS:
    case WHOLE:
    case PERSON:
    case SHARE:
    case MAYBE_REAL:
        return take_number(column->kind, at, text);
    }
    return NULL;
}

/* What the columns that are not there, or empty, follow from. */
static void derive(const bool *said, struct dw_visit *visit)
{
    if (!said[EXIT_COLUMN])
        visit->exit_us = visit->enter_us + visit->dwell_us;
    if (!said[DWELL_COLUMN])
        visit->dwell_us = visit->exit_us - visit->enter_us;
    if (!said[OBSERVED_COLUMN])
        visit->observed_us = visit->dwell_us - visit->bridged_us;
}

static int complete(const struct dw_visits_csv *csv, const bool *said, struct dw_visit_row *row,
                    struct dw_err *err)
{
    struct dw_visit *visit = &row->visit;
    const char *empty = !said[ZONE_COLUMN]                          ? "zone"
                        : !said[ENTER_COLUMN]                       ? "enter"
                        : !said[EXIT_COLUMN] && !said[DWELL_COLUMN] ? "exit and dwell_s"
                                                                    : NULL;
    if (empty != NULL)
        return dw_fail(err, -EINVAL, "line %lld, %s: is empty", (long long)csv->line, empty);
    derive(said, visit);
    int64_t stay_us = visit->exit_us - visit->enter_us;
    if (stay_us < 0 || visit->dwell_us > stay_us)
        return dw_fail(err, -EINVAL, "line %lld, exit: wants to be after enter, by dwell_s or more",
                       (long long)csv->line);
    if (stay_us > dw_time_from_seconds(SECONDS_MAX))
        return dw_fail(err, -EINVAL, "line %lld, exit: wants to be within thirty years of enter",
                       (long long)csv->line);
    if (visit->observed_us < 0 || visit->observed_us + visit->bridged_us != visit->dwell_us)
        return dw_fail(err, -EINVAL,
                       "line %lld, observed_s: wants observed_s and bridged_s to make dwell_s",
                       (long long)csv->line);
    return 1;
}

int dw_visits_csv_read(struct dw_visits_csv *csv, struct dw_visit_row *row, struct dw_err *err)
{
    bool said[DW_LENGTH(columns)] = { false };
    int result = read_record(csv, err);
    if (result <= 0)
        return result;
    *row = (struct dw_visit_row){
        .visit = { .facing_us = -1, .speed_avg = -1, .speed_min = -1, .score = 1 }
    };
    if (csv->fields.count != csv->column_count)
        return dw_fail(err, -EINVAL, "line %lld: has %zu columns, and line 1 has %zu names",
                       (long long)csv->line, csv->fields.count, csv->column_count);
    for (size_t i = 0; i < csv->column_count; i++) {
        const char *text = field(csv, i);
        if (csv->columns[i] < 0 || text[0] == '\0')
            continue;
        const struct column *column = &columns[csv->columns[i]];
        const char *wanted = take_field(column, row, text);
        if (wanted != NULL)
            return dw_fail(err, -EINVAL, "line %lld, %s: '%.80s' is wrong, wants %s",
                           (long long)csv->line, column->name, text, wanted);
        said[csv->columns[i]] = true;
    }
    return complete(csv, said, row, err);
}
