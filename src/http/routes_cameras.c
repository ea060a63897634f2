/* SPDX-License-Identifier: Apache-2.0 */
/* Cameras: how they are, what they see, adding and taking away. */
#include <errno.h>
#include <stdlib.h>

#include "http/answer.h"
#include "http/app.h"
#include "http/camera_json.h"
#include "http/json_body.h"
#include "http/routes.h"
#include "media/url.h"

static void put_camera(struct dw_json_writer *json, const struct dw_camera_status *status)
{
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "name", status->name);
    dw_json_string(json, "source", status->source);
    dw_json_string(json, "state", dw_camera_state_name(status->state));
    dw_json_string(json, "reason", status->reason[0] != '\0' ? status->reason : NULL);
    dw_json_integer(json, "width_px", status->width_px);
    dw_json_integer(json, "height_px", status->height_px);
    dw_json_real(json, "fps_in", status->fps_in, 2);
    dw_json_real(json, "fps_analysed", status->fps_analysed, 2);
    dw_json_integer(json, "frames", status->frames);
    dw_json_integer(json, "dropped", status->dropped);
    dw_json_real(json, "infer_ms", status->infer_ms, 2);
    if (status->last_frame_age_s >= 0)
        dw_json_real(json, "last_frame_age_s", status->last_frame_age_s, 3);
    else
        dw_json_null(json, "last_frame_age_s");
    dw_json_integer(json, "reconnects", status->reconnects);
    dw_json_integer(json, "decoder_restarts", status->decoder_restarts);
    dw_json_integer(json, "gaps", status->gaps);
    dw_json_bool(json, "enabled", status->enabled);
    dw_json_bool(json, "loop", status->loop);
    dw_json_object_end(json);
}

void dw_camera_json_list(struct dw_json_writer *json, struct dw_site *site)
{
    struct dw_camera_status status;
    dw_json_array_begin(json, "cameras");
    for (size_t i = 0; dw_site_camera_status(site, i, &status) == 0; i++)
        put_camera(json, &status);
    dw_json_array_end(json);
}

void dw_route_cameras_get(struct dw_call *call)
{
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_camera_json_list(&json, call->app->site);
    dw_json_object_end(&json);
}

static void note_change(struct dw_call *call, const char *name)
{
    dw_buf_printf(&call->response->audit, "camera %s", name);
}

static int flag_of(const bool *value, bool given)
{
    return given ? *value : -1;
}

void dw_route_cameras_post(struct dw_call *call)
{
    struct dw_camera_change change = { .loop = -1, .enabled = -1 };
    const char *source = NULL, *user = NULL, *password = NULL;
    bool loop = false;
    const struct dw_field fields[] = {
        { "name", DW_FIELD_TEXT, true, &change.name },
        { "source", DW_FIELD_TEXT, true, &source },
        { "user", DW_FIELD_TEXT, false, &user },
        { "password", DW_FIELD_TEXT, false, &password },
        { "loop", DW_FIELD_BOOL, false, &loop },
    };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response)) {
        char *url = dw_url_with_user(source, user, password);
        change.source = url;
        change.loop = flag_of(&loop, loop);
        note_change(call, change.name);
        dw_answer_done(call, dw_site_camera_add(call->app->site, &change, &err), 201, &err);
        free(url);
    }
    dw_json_body_fini(&body);
}

void dw_route_camera_patch(struct dw_call *call)
{
    struct dw_camera_change change = { .loop = -1, .enabled = -1 };
    bool loop = false, enabled = false;
    struct dw_field fields[] = {
        { "source", DW_FIELD_TEXT, false, &change.source },
        { "loop", DW_FIELD_BOOL, false, &loop },
        { "enabled", DW_FIELD_BOOL, false, &enabled },
    };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response)) {
        change.loop = flag_of(&loop, dw_json_body_has(&body, "loop"));
        change.enabled = flag_of(&enabled, dw_json_body_has(&body, "enabled"));
        dw_answer_done(call, dw_site_camera_change(call->app->site, call->names[0], &change, &err),
                       204, &err);
    }
    dw_json_body_fini(&body);
}

void dw_route_camera_delete(struct dw_call *call)
{
    struct dw_err err = { { 0 } };
    dw_answer_done(call, dw_site_camera_remove(call->app->site, call->names[0], &err), 204, &err);
}

void dw_route_snapshot_get(struct dw_call *call)
{
    struct dw_err err = { { 0 } };
    int result = dw_site_snapshot(call->app->site, call->names[0], &call->response->body, &err);
    dw_answer_done(call, result, 200, &err);
    if (result == 0)
        call->response->content_type = "image/jpeg";
}

void dw_route_live_get(struct dw_call *call)
{
    struct dw_err err = { { 0 } };
    size_t index = 0;
    int result = dw_site_camera_find(call->app->site, call->names[0], &index, &err);
    if (result < 0) {
        dw_problem_of(call->response, result, &err);
        return;
    }
    DW_AUTO(hub_record) *moment = dw_hub_moment(dw_site_hub(call->app->site), call->names[0]);
    if (moment == NULL) {
        dw_problem(call->response, 404, "camera '%s' has shown nothing yet", call->names[0]);
        return;
    }
    dw_response_ok(call->response, 200, "application/json");
    dw_buf_append(&call->response->body, moment->json, moment->json_length);
}
