/* SPDX-License-Identifier: Apache-2.0 */
#include "http/answer.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/wall_time.h"
#include "http/app.h"
#include "http/stores.h"

struct dw_json_writer dw_answer_json(struct dw_call *call, int status)
{
    struct dw_json_writer json = { .out = &call->response->body };
    dw_response_ok(call->response, status, "application/json");
    dw_json_object_begin(&json, NULL);
    return json;
}

void dw_answer_time(struct dw_json_writer *json, const char *key, int64_t us)
{
    char when[DW_ISO8601_SIZE];
    if (us == 0)
        dw_json_null(json, key);
    else
        dw_json_string(json, key, dw_time_iso8601(when, us));
}

void dw_answer_estimate(struct dw_json_writer *json, const char *key, double value, double low,
                        double high)
{
    if (!isfinite(value)) {
        dw_json_null(json, key);
        return;
    }
    dw_json_object_begin(json, key);
    dw_json_real(json, "value", value, 3);
    dw_json_real(json, "low", low, 3);
    dw_json_real(json, "high", high, 3);
    dw_json_object_end(json);
}

void dw_answer_done(struct dw_call *call, int result, int status, const struct dw_err *err)
{
    if (result < 0)
        dw_problem_of(call->response, result, err);
    else
        call->response->status = status;
}

bool dw_answer_query(struct dw_call *call, int result, const struct dw_err *err)
{
    if (result < 0)
        dw_problem(call->response, 400, "%s", err->text);
    return result == 0;
}

enum dw_format dw_answer_format(const struct dw_query *query)
{
    static const char *const words[] = { "json", "csv", "html" };
    const char *word = dw_query_find(query, "format");
    size_t i = 0;
    while (word != NULL && i < DW_FORMAT_COUNT && strcmp(words[i], word) != 0)
        i++;
    return (enum dw_format)i;
}

void dw_answer_csv(struct dw_call *call, const struct dw_sheet *sheet)
{
    dw_response_ok(call->response, 200, "text/csv; charset=utf-8");
    dw_response_header(call->response, "Content-Disposition",
                       "attachment; filename=\"dwell-%s.csv\"", sheet->kind);
    dw_sheet_write_csv(sheet, &call->response->body);
}

struct dw_store *dw_answer_take_store(struct dw_call *call)
{
    struct dw_store *store = NULL;
    struct dw_err err = { { 0 } };
    int result = dw_stores_take(call->app->stores, &store, &err);
    if (result < 0)
        dw_problem(call->response, 503, "%s", err.text);
    return store;
}

void dw_answer_give_store(struct dw_call *call, struct dw_store *store, int result)
{
    /* Wrong usage says nothing against the connection. */
    bool spoilt = result < 0 && result != -EINVAL && result != -ENOENT && result != -ENODATA;
    dw_stores_give(call->app->stores, store, spoilt);
}

char *dw_answer_revision(struct dw_call *call)
{
    const char *header = dw_request_header(call->request, "If-Match");
    size_t length = header != NULL ? strlen(header) : 0;
    if (length > 2 && header[0] == '"' && header[length - 1] == '"')
        return dw_strdup_printf("%.*s", (int)(length - 2), header + 1);
    dw_problem(call->response, 428,
               "say with If-Match which revision you changed: the ETag of the GET before");
    return NULL;
}
