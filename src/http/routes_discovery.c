/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cameras of the network: who is there, which streams one has, and what is seen on a stream. User
 * and password come with each request, are used for it, and are kept and repeated nowhere.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/site.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/json_body.h"
#include "http/routes.h"
#include "media/url.h"
#include "onvif/device.h"
#include "onvif/probe.h"

#define LISTEN_MS 2500

static void put_device(struct dw_json_writer *json, const struct dw_onvif_found *found)
{
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "host", found->host);
    dw_json_string(json, "name", found->camera.name);
    dw_json_string(json, "model", found->camera.model);
    dw_json_string(json, "service", found->address);
    dw_json_object_end(json);
}

static void put_devices(struct dw_call *call, const struct dw_onvif_cameras *cameras)
{
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_array_begin(&json, "devices");
    for (size_t i = 0; i < cameras->list.count; i++)
        put_device(&json, &cameras->list.items[i]);
    dw_json_array_end(&json);
    dw_json_integer(&json, "strange", (int64_t)cameras->strange);
    dw_json_object_end(&json);
}

void dw_route_discovery_post(struct dw_call *call)
{
    const char *host = NULL;
    const struct dw_field fields[] = { { "host", DW_FIELD_TEXT, false, &host } };
    struct dw_json_body body = { 0 };
    struct dw_onvif_cameras cameras = { 0 };
    struct dw_err err = { { 0 } };
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response)) {
        int result = dw_onvif_probe(&cameras, host, LISTEN_MS, &err);
        if (result < 0)
            dw_problem_of(call->response, result, &err);
        else
            put_devices(call, &cameras);
        dw_buf_printf(&call->response->audit, "cameras looked for: %s",
                      host != NULL ? host : "all networks");
    }
    dw_onvif_cameras_fini(&cameras);
    dw_json_body_fini(&body);
}

/* A device may name a stream of anybody: who gets a password sent is for a person to decide. */
static bool is_elsewhere(const char *service, const char *uri)
{
    char asked[DW_HOST_SIZE], named[DW_HOST_SIZE];
    return !dw_url_host(service, asked) || !dw_url_host(uri, named) || strcmp(asked, named) != 0;
}

static void put_streams(struct dw_call *call, const char *service,
                        const struct dw_onvif_streams *streams)
{
    const struct dw_onvif_stream *best = dw_onvif_best(streams);
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_array_begin(&json, "streams");
    for (size_t i = 0; i < streams->count; i++) {
        const struct dw_onvif_stream *stream = &streams->items[i];
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "profile", stream->profile);
        dw_json_string(&json, "source", stream->uri);
        dw_json_string(&json, "codec", stream->codec);
        dw_json_integer(&json, "width_px", stream->width_px);
        dw_json_integer(&json, "height_px", stream->height_px);
        dw_json_real(&json, "fps", stream->fps, 0);
        dw_json_bool(&json, "best", stream == best);
        dw_json_bool(&json, "elsewhere", is_elsewhere(service, stream->uri));
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_object_end(&json);
}

void dw_route_discovery_streams_post(struct dw_call *call)
{
    const char *service = NULL, *user = NULL, *password = "";
    const struct dw_field fields[] = {
        { "service", DW_FIELD_TEXT, true, &service },
        { "user", DW_FIELD_TEXT, false, &user },
        { "password", DW_FIELD_TEXT, false, &password },
    };
    struct dw_json_body body = { 0 };
    struct dw_onvif_streams streams;
    struct dw_err err = { { 0 } };
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response)) {
        int result = dw_onvif_streams(&streams, service, user, password, &err);
        if (result < 0) /* whatever it was, it is the camera's doing */
            dw_problem(call->response, 422, "%s", err.text);
        else
            put_streams(call, service, &streams);
        char *shown = dw_url_redact(service);
        dw_buf_printf(&call->response->audit, "streams of %s", shown);
        free(shown);
    }
    dw_json_body_fini(&body);
}

void dw_route_discovery_still_post(struct dw_call *call)
{
    const char *source = NULL, *user = NULL, *password = NULL;
    const struct dw_field fields[] = {
        { "source", DW_FIELD_TEXT, true, &source },
        { "user", DW_FIELD_TEXT, false, &user },
        { "password", DW_FIELD_TEXT, false, &password },
    };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response)) {
        char *url = dw_url_with_user(source, user, password), *shown = dw_url_redact(url);
        int result = dw_site_still(call->app->site, url, &call->response->body, &err);
        if (result == 0)
            dw_response_ok(call->response, 200, "image/jpeg");
        else
            dw_problem(call->response, result == -EACCES ? 403 : 422, "%s", err.text);
        dw_buf_printf(&call->response->audit, "picture of %s", shown);
        free(shown);
        free(url);
    }
    dw_json_body_fini(&body);
}
