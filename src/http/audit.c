/* SPDX-License-Identifier: Apache-2.0 */
#include "http/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/wall_time.h"

#define FILE_MAX INT64_C(8388608) /* 8 MiB */
#define READ_MAX INT64_C(262144)

struct dw_audit {
    pthread_mutex_t lock;
    char *path, *old_path;
    int file;
};

static int open_file(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

int dw_audit_create(struct dw_audit **out, const char *folder, struct dw_err *err)
{
    struct dw_audit *audit = dw_alloc0(sizeof(*audit));
    pthread_mutex_init(&audit->lock, NULL);
    audit->path = dw_strdup_printf("%s/audit.jsonl", folder);
    audit->old_path = dw_strdup_printf("%s/audit.1.jsonl", folder);
    audit->file = open_file(audit->path);
    int result = 0;
    if (audit->file < 0)
        result = dw_fail(err, -errno, "'%s' cannot be written: %s", audit->path, strerror(errno));
    if (result < 0)
        dw_audit_destroy(audit);
    else
        *out = audit;
    return result;
}

void dw_audit_destroy(struct dw_audit *audit)
{
    if (audit == NULL)
        return;
    if (audit->file >= 0)
        close(audit->file);
    pthread_mutex_destroy(&audit->lock);
    free(audit->path);
    free(audit->old_path);
    free(audit);
}

/* With the lock held. */
static void turn_page(struct dw_audit *audit)
{
    if (lseek(audit->file, 0, SEEK_END) < FILE_MAX || rename(audit->path, audit->old_path) != 0)
        return;
    int file = open_file(audit->path);
    if (file < 0)
        return;
    close(audit->file);
    audit->file = file;
}

void dw_audit_add(struct dw_audit *audit, const struct dw_audit_line *line)
{
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { .out = &text };
    char when[DW_ISO8601_SIZE];
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "time", dw_time_iso8601(when, dw_now_us()));
    dw_json_string(&json, "user", line->user);
    dw_json_string(&json, "client", line->client);
    char *action = dw_strdup_printf("%s %s", line->method, line->path);
    dw_json_string(&json, "action", action);
    free(action);
    dw_json_string(&json, "method", line->method);
    dw_json_string(&json, "path", line->path);
    dw_json_integer(&json, "status", line->status);
    dw_json_string(&json, "detail", line->detail);
    dw_json_object_end(&json);
    dw_buf_puts(&text, "\n");
    pthread_mutex_lock(&audit->lock);
    turn_page(audit);
    ssize_t written = write(audit->file, text.data, text.length);
    (void)written; /* as the header says */
    pthread_mutex_unlock(&audit->lock);
    dw_buf_fini(&text);
}

/* The last whole lines of `text`, newest first; gives how many bytes of it are left before them. */
static size_t put_lines(const char *text, size_t length, int limit, struct dw_buf *out)
{
    int count = 0;
    while (length > 0 && count < limit) {
        size_t from = length - 1; /* its line feed */
        while (from > 0 && text[from - 1] != '\n')
            from--;
        dw_buf_puts(out, count++ > 0 ? "," : "");
        dw_buf_append(out, text + from, length - 1 - from);
        length = from;
    }
    return length;
}

/* Bytes from..end of the file; less what stands before its first whole line if from > 0. */
static int read_piece(int file, int64_t *from, int64_t end, struct dw_buf *piece)
{
    piece->length = 0;
    char *bytes = dw_alloc0((size_t)(end - *from) + 1);
    ssize_t got = pread(file, bytes, (size_t)(end - *from), *from);
    const char *first = bytes;
    if (got > 0 && *from > 0) {
        const char *feed = memchr(bytes, '\n', (size_t)got);
        first = feed != NULL ? feed + 1 : bytes + got;
    }
    if (got > 0) {
        *from += first - bytes;
        dw_buf_append(piece, first, (size_t)(got - (first - bytes)));
    }
    int result = got < 0 ? -errno : 0;
    free(bytes);
    return result;
}

int dw_audit_read(struct dw_audit *audit, int64_t before, int limit, struct dw_buf *out,
                  int64_t *next, struct dw_err *err)
{
    struct dw_buf piece = { 0 };
    pthread_mutex_lock(&audit->lock);
    int64_t end = lseek(audit->file, 0, SEEK_END);
    if (before > 0 && before < end)
        end = before;
    int64_t from = end > READ_MAX ? end - READ_MAX : 0;
    int result = end >= 0 ? read_piece(audit->file, &from, end, &piece) : -errno;
    pthread_mutex_unlock(&audit->lock);
    if (result < 0)
        dw_fail(err, result, "'%s' cannot be read: %s", audit->path, strerror(-result));
    /* A cursor that does not stand behind a line feed was not given out here. */
    while (piece.length > 0 && piece.data[piece.length - 1] != '\n')
        piece.length--;
    size_t left = put_lines(dw_buf_text(&piece), piece.length, limit, out);
    *next = from + (int64_t)left;
    dw_buf_fini(&piece);
    return result;
}
