/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of every kind (insight/report_kind.h), as JSON, CSV or a page to print. */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "http/answer.h"
#include "http/routes.h"
#include "insight/local_day.h"
#include "insight/report_kind.h"

#define DAYS_DEFAULT 28
#define OPTIONS_MAX 32

/* Its own styles and pictures, and nothing that runs. */
#define HTML_POLICY                                                                                \
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; "       \
    "sandbox"

static const char *const common[] = { "from", "to", "camera", "zone", "staff", "format" };

/* Nobody who asks makes this machine read or write a file of theirs. */
static size_t offered(const struct dw_report_kind *kind)
{
    return kind->option_count - kind->local_count;
}

static void put_option(struct dw_json_writer *json, const struct dw_report_option *option)
{
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "name", option->name);
    dw_json_string(json, "value", option->value);
    dw_json_string(json, "help", option->help);
    dw_json_object_end(json);
}

void dw_route_reports_get(struct dw_call *call)
{
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_array_begin(&json, "reports");
    for (size_t i = 0; dw_report_kind_at(i) != NULL; i++) {
        const struct dw_report_kind *kind = dw_report_kind_at(i);
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "name", kind->name);
        dw_json_string(&json, "about", kind->about);
        dw_json_array_begin(&json, "options");
        for (size_t k = 0; k < offered(kind); k++)
            put_option(&json, &kind->options[k]);
        dw_json_array_end(&json);
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_object_end(&json);
}

/* --- What can be chosen --------------------------------------------------------------------- */

static int take_days(const struct dw_query *query, struct dw_report_request *request,
                     struct dw_err *err)
{
    const char *from = dw_query_find(query, "from"), *to = dw_query_find(query, "to");
    int result = 0;
    request->to_day = dw_local_day(dw_now_us()) + 1;
    if (to != NULL)
        result = dw_local_date_parse(&request->to_day, to, err);
    request->from_day = request->to_day - DAYS_DEFAULT;
    if (from != NULL && result == 0)
        result = dw_local_date_parse(&request->from_day, from, err);
    if (result == 0 && request->to_day <= request->from_day)
        result = dw_fail(err, -EINVAL, "'to' is the day after the last, so later than 'from'");
    return result;
}

static void put_places(struct dw_call *call, const struct dw_report_places *places)
{
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_array_begin(&json, "places");
    for (size_t i = 0; i < places->list.count; i++) {
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "camera", places->list.items[i].camera);
        dw_json_string(&json, "zone", places->list.items[i].zone.name);
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_object_end(&json);
}

static void answer_places(struct dw_call *call, const struct dw_report_request *request)
{
    struct dw_report_places places = { .simulated = false };
    struct dw_err err = { { 0 } };
    struct dw_store *store = dw_answer_take_store(call);
    if (store == NULL)
        return;
    int result = dw_report_places_read(&places, store, request, &err);
    if (result == 0)
        put_places(call, &places);
    else
        dw_problem_of(call->response, result, &err);
    dw_answer_give_store(call, store, result);
    dw_report_places_fini(&places);
}

void dw_route_places_get(struct dw_call *call)
{
    struct dw_report_request request = { .camera = NULL };
    struct dw_err err = { { 0 } };
    if (dw_answer_query(call, take_days(&call->query, &request, &err), &err))
        answer_places(call, &request);
}

/* --- One ------------------------------------------------------------------------------------ */

/* The kind's own options stand beside the common ones; NULL where not given. */
static int take_options(const struct dw_query *query, const struct dw_report_kind *kind,
                        const char *values[OPTIONS_MAX], struct dw_err *err)
{
    const char *known[DW_LENGTH(common) + OPTIONS_MAX];
    size_t count = DW_LENGTH(common);
    memcpy(known, common, sizeof(common));
    for (size_t i = 0; i < offered(kind) && i < OPTIONS_MAX; i++) {
        known[count++] = kind->options[i].name;
        values[i] = dw_query_find(query, kind->options[i].name);
    }
    return dw_query_only(query, known, count, err);
}

static int take_request(const struct dw_query *query, const struct dw_report_kind *kind,
                        struct dw_report_request *request, const char *values[OPTIONS_MAX],
                        struct dw_err *err)
{
    request->camera = dw_query_find(query, "camera");
    request->zone = dw_query_find(query, "zone");
    request->values = values;
    int result = take_options(query, kind, values, err);
    if (result == 0)
        result = dw_query_flag(query, "staff", &request->include_staff, err);
    return result == 0 ? take_days(query, request, err) : result;
}

static void put_sheet(struct dw_call *call, const struct dw_sheet *sheet, enum dw_format format)
{
    struct dw_response *response = call->response;
    if (format == DW_CSV) {
        dw_answer_csv(call, sheet);
    } else if (format == DW_HTML) {
        dw_response_ok(response, 200, "text/html; charset=utf-8");
        dw_response_header(response, "Content-Security-Policy", HTML_POLICY);
        dw_sheet_write_html(sheet, &response->body);
    } else {
        dw_response_ok(response, 200, "application/json");
        dw_sheet_write_json(sheet, &response->body);
    }
}

static void answer_report(struct dw_call *call, const struct dw_report_kind *kind,
                          const struct dw_report_request *request, enum dw_format format)
{
    struct dw_sheet sheet = { 0 };
    struct dw_err err = { { 0 } };
    struct dw_store *store = dw_answer_take_store(call);
    if (store == NULL)
        return;
    int result = dw_report_kind_fill(kind, &sheet, store, request, &err);
    if (result == 0)
        put_sheet(call, &sheet, format);
    else
        dw_problem_of(call->response, result, &err);
    dw_answer_give_store(call, store, result);
    dw_sheet_fini(&sheet);
}

void dw_route_report_get(struct dw_call *call)
{
    const struct dw_report_kind *kind = dw_report_kind_find(call->names[0]);
    const char *values[OPTIONS_MAX] = { NULL };
    struct dw_report_request request = { .camera = NULL };
    struct dw_err err = { { 0 } };
    enum dw_format format = dw_answer_format(&call->query);
    if (kind == NULL)
        dw_problem(call->response, 404, "there is no report '%s': GET /api/v1/reports lists them",
                   call->names[0]);
    else if (format == DW_FORMAT_COUNT)
        dw_problem(call->response, 400, "format: wants json, csv or html");
    else if (dw_answer_query(call, take_request(&call->query, kind, &request, values, &err), &err))
        answer_report(call, kind, &request, format);
}
