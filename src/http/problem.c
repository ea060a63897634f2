/* SPDX-License-Identifier: Apache-2.0 */
#include "http/problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/json_writer.h"

static const struct {
    int status;
    const char *title;
} titles[] = {
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 409, "Conflict" },
    { 412, "Precondition Failed" },
    { 413, "Content Too Large" },
    { 415, "Unsupported Media Type" },
    { 421, "Misdirected Request" },
    { 422, "Unprocessable Content" },
    { 428, "Precondition Required" },
    { 429, "Too Many Requests" },
    { 500, "Internal Server Error" },
    { 503, "Service Unavailable" },
};

static const struct {
    int code, status;
} codes[] = {
    { -EINVAL, 422 }, { -EBADMSG, 422 }, { -E2BIG, 422 },    { -ENOENT, 404 }, { -ENODATA, 404 },
    { -ESTALE, 409 }, { -EEXIST, 409 },  { -EPERM, 409 },    { -EACCES, 403 }, { -ENOTSUP, 409 },
    { -EBUSY, 503 },  { -EAGAIN, 503 },  { -ENOTCONN, 503 },
};

const char *dw_status_title(int status)
{
    for (size_t i = 0; i < DW_LENGTH(titles); i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Problem";
}

/* `pointer` NULL and line 0: of the request as a whole. */
static void write_problem(struct dw_response *response, int status, const char *detail,
                          const char *pointer, int line)
{
    struct dw_json_writer json = { .out = &response->body };
    dw_buf_clear(&response->body);
    dw_response_ok(response, status, "application/problem+json");
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "type", "about:blank");
    dw_json_string(&json, "title", dw_status_title(status));
    dw_json_integer(&json, "status", status);
    dw_json_string(&json, "detail", detail);
    if (pointer != NULL || line > 0) {
        dw_json_array_begin(&json, "errors");
        dw_json_object_begin(&json, NULL);
        if (pointer != NULL)
            dw_json_string(&json, "pointer", pointer);
        else
            dw_json_integer(&json, "line", line);
        dw_json_string(&json, "detail", detail);
        dw_json_object_end(&json);
        dw_json_array_end(&json);
    }
    dw_json_object_end(&json);
}

void dw_problem(struct dw_response *response, int status, const char *format, ...)
{
    char detail[512];
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof(detail), format, args);
    va_end(args);
    write_problem(response, status, detail, NULL, 0);
}

void dw_problem_of(struct dw_response *response, int result, const struct dw_err *err)
{
    int status = 500;
    for (size_t i = 0; i < DW_LENGTH(codes); i++)
        if (codes[i].code == result)
            status = codes[i].status;
    write_problem(response, status, err->text, NULL, 0);
}

void dw_problem_at(struct dw_response *response, const char *pointer, const char *detail)
{
    write_problem(response, 422, detail, pointer, 0);
}

void dw_problem_line(struct dw_response *response, int line, const char *detail)
{
    write_problem(response, 422, detail, NULL, line);
}
