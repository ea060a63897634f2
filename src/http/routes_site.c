/* SPDX-License-Identifier: Apache-2.0 */
/* What the site is and how it is; its configuration; the description of this interface. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/camera_json.h"
#include "http/events.h"
#include "http/json_body.h"
#include "http/routes.h"
#include "http/store_size.h"

extern const char dw_openapi_yaml[]; /* docs/openapi.yaml */

void dw_route_site_get(struct dw_call *call)
{
    struct dw_site_conf conf = { 0 };
    dw_site_conf_copy(call->app->site, &conf);
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_string(&json, "name", conf.name);
    dw_json_string(&json, "time_zone", conf.time_zone);
    dw_json_string(&json, "version", DWELL_VERSION);
    dw_json_string(&json, "privacy", dw_privacy_name(conf.privacy));
    dw_answer_time(&json, "now", dw_now_us());
    dw_json_object_end(&json);
    dw_site_conf_fini(&conf);
}

/* For those who watch over programs: it answers, and says nothing of what is measured. */
void dw_route_healthz_get(struct dw_call *call)
{
    dw_response_ok(call->response, 200, "text/plain; charset=utf-8");
    dw_buf_puts(&call->response->body, "ok\n");
}

/* "ok" while every camera that is wanted runs. */
static const char *status_of(struct dw_site *site)
{
    struct dw_camera_status status;
    bool well = true;
    for (size_t i = 0; dw_site_camera_status(site, i, &status) == 0; i++)
        well &= status.state == DW_CAMERA_RUNNING || !status.enabled;
    return well ? "ok" : "degraded";
}

void dw_route_health_get(struct dw_call *call)
{
    struct dw_app *app = call->app;
    struct dw_store_bytes size = { 0 };
    struct dw_err err = { { 0 } };
    bool known = dw_store_size_now(app->store_size, app->stores, &size, &err) == 0;
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_string(&json, "status", known ? status_of(app->site) : "degraded");
    dw_json_object_begin(&json, "store");
    dw_json_integer(&json, "bytes", size.bytes);
    if (size.bytes_year > 0)
        dw_json_integer(&json, "forecast_bytes_year", size.bytes_year);
    else
        dw_json_null(&json, "forecast_bytes_year");
    if (!known)
        dw_json_string(&json, "reason", err.text);
    dw_json_object_end(&json);
    dw_camera_json_list(&json, app->site);
    dw_json_integer(&json, "uptime_s", (dw_now_us() - app->started_us) / 1000000);
    dw_json_array_begin(&json, "log");
    dw_events_log(app->events, json.out);
    dw_json_array_end(&json);
    dw_json_object_end(&json);
}

void dw_route_openapi_get(struct dw_call *call)
{
    dw_response_ok(call->response, 200, "application/yaml; charset=utf-8");
    call->response->bytes = dw_openapi_yaml;
    call->response->byte_count = strlen(dw_openapi_yaml);
}

void dw_route_config_get(struct dw_call *call)
{
    struct dw_buf text = { 0 };
    char revision[DW_REVISION_SIZE];
    const char *path = "";
    dw_site_config(call->app->site, &text, revision, &path);
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_string(&json, "text", dw_buf_text(&text));
    dw_json_string(&json, "path", path);
    dw_json_object_end(&json);
    dw_response_header(call->response, "ETag", "\"%s\"", revision);
    dw_buf_fini(&text);
}

static void set_config(struct dw_call *call, const char *text, const char *expected)
{
    struct dw_buf note = { 0 };
    struct dw_err err = { { 0 } };
    int result = dw_site_config_set(call->app->site, text, expected, &note, &err);
    int line = strncmp(err.text, "line ", 5) == 0 ? (int)strtol(err.text + 5, NULL, 10) : 0;
    if (result == -EINVAL && line > 0)
        dw_problem_line(call->response, line, err.text);
    else if (result < 0)
        dw_problem_of(call->response, result, &err);
    else
        dw_route_config_get(call);
    if (result == 0 && note.length > 0)
        dw_response_header(call->response, "Dwell-Note", "%s", dw_buf_text(&note));
    dw_buf_puts(&call->response->audit, result == 0 ? "configuration changed" : err.text);
    dw_buf_fini(&note);
}

void dw_route_config_put(struct dw_call *call)
{
    const char *text = NULL;
    const struct dw_field fields[] = { { "text", DW_FIELD_TEXT, true, &text } };
    struct dw_json_body body = { 0 };
    char *expected = dw_answer_revision(call);
    if (expected != NULL &&
        dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response))
        set_config(call, text, expected);
    dw_json_body_fini(&body);
    free(expected);
}
