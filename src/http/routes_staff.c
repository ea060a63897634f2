/* SPDX-License-Identifier: Apache-2.0 */
/* Telling staff from shoppers (engine/staff_desk.h). Pictures of single people are for those alone
 * who may mark them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "conf/staff_switch.h"
#include "engine/site.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/json_body.h"
#include "http/routes.h"

#define PEOPLE_DEFAULT 200
#define PEOPLE_MAX 1000

static struct dw_staff_desk *desk_of(const struct dw_call *call)
{
    return dw_site_staff(call->app->site);
}

/* --- What it is ----------------------------------------------------------------------------- */

static void put_share(struct dw_json_writer *json, const char *key, size_t part, size_t whole)
{
    if (whole > 0)
        dw_json_real(json, key, (double)part / (double)whole, 4);
    else
        dw_json_null(json, key);
}

static void put_model(struct dw_json_writer *json, const struct dw_staff_listed *model)
{
    const struct dw_staff_figures *figures = &model->figures;
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "name", model->name);
    dw_json_bool(json, "classifier", model->classifier);
    dw_answer_time(json, "trained", model->origin.trained_us);
    dw_json_string(json, "cameras", model->origin.camera);
    dw_json_string(json, "set", model->origin.set);
    dw_json_integer(json, "staff", (int64_t)figures->staff);
    dw_json_integer(json, "shoppers", (int64_t)figures->shoppers);
    dw_json_integer(json, "shopper_people", (int64_t)figures->shopper_people);
    put_share(json, "precision", figures->staff_right,
              figures->staff_right + figures->shopper_wrong);
    put_share(json, "recall", figures->staff_right, figures->staff);
    put_share(json, "shoppers_lost", figures->shopper_wrong, figures->shoppers);
    dw_json_real(json, "auc", figures->auc, 4);
    dw_json_real(json, "auc_error", figures->auc_error, 4);
    dw_json_real(json, "sure", figures->sure, 4);
    dw_json_bool(json, "by_person", figures->by_person);
    dw_json_array_begin(json, "curve");
    for (size_t i = 0; i < DW_STAFF_CURVE; i++)
        dw_json_real(json, NULL, figures->curve[i], 4);
    dw_json_array_end(json);
    dw_json_object_end(json);
}

static void put_set(struct dw_json_writer *json, const struct dw_staff_state *state)
{
    if (state->set[0] == '\0') {
        dw_json_null(json, "set");
        return;
    }
    dw_json_object_begin(json, "set");
    dw_json_string(json, "name", state->set);
    dw_answer_time(json, "until", state->set_until_us < INT64_MAX ? state->set_until_us : 0);
    dw_json_integer(json, "people", state->kept);
    dw_json_object_end(json);
}

static void put_minute(struct dw_json_writer *json, const struct dw_staff_state *state)
{
    if (state->minute_until_us == 0) {
        dw_json_null(json, "minute");
        return;
    }
    dw_json_object_begin(json, "minute");
    dw_json_string(json, "camera", state->minute_camera);
    dw_answer_time(json, "until", state->minute_until_us);
    dw_json_object_end(json);
}

static void put_training(struct dw_json_writer *json, const struct dw_staff_state *state)
{
    static const char *const names[] = {
        [DW_STAFF_IDLE] = "idle",
        [DW_STAFF_TRAINING] = "training",
        [DW_STAFF_TRAINED] = "trained",
        [DW_STAFF_REFUSED] = "refused",
    };
    dw_json_object_begin(json, "training");
    dw_json_string(json, "state", names[state->training]);
    dw_json_string(json, "detail", state->training_says);
    dw_json_object_end(json);
}

void dw_route_staff_get(struct dw_call *call)
{
    struct dw_staff_state state;
    dw_staff_desk_state(desk_of(call), &state);
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_bool(&json, "pictures", state.pictures);
    dw_json_integer(&json, "people", state.people);
    dw_json_integer(&json, "staff", state.staff);
    dw_json_integer(&json, "shoppers", state.shoppers);
    put_set(&json, &state);
    put_minute(&json, &state);
    put_training(&json, &state);
    dw_json_string(&json, "in_use", state.in_use);
    dw_json_bool(&json, "back", state.back);
    dw_json_array_begin(&json, "own");
    for (size_t i = 0; i < state.own.count; i++) {
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "camera", state.own.items[i].camera);
        dw_json_string(&json, "model", state.own.items[i].model);
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_string(&json, "drift", state.drift);
    dw_json_string(&json, "trouble", state.trouble);
    dw_json_array_begin(&json, "models");
    for (size_t i = 0; i < state.models.count; i++)
        put_model(&json, &state.models.items[i]);
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    dw_staff_state_fini(&state);
}

/* --- People --------------------------------------------------------------------------------- */

/* 0: it is none. */
static int64_t number_of(const char *text)
{
    char *end = NULL;
    long long number = strtoll(text, &end, 10);
    return end != text && *end == '\0' && number > 0 ? number : 0;
}

/* Negative: there is none. */
static void put_chance(struct dw_json_writer *json, const char *key, double chance)
{
    if (chance >= 0)
        dw_json_real(json, key, chance, 4);
    else
        dw_json_null(json, key);
}

static void put_face(struct dw_json_writer *json, const struct dw_staff_face *face)
{
    dw_json_object_begin(json, NULL);
    dw_json_integer(json, "id", face->id);
    dw_json_string(json, "camera", face->camera);
    dw_json_integer(json, "person", face->person);
    dw_answer_time(json, "first", face->first_us);
    dw_answer_time(json, "last", face->last_us);
    dw_json_string(json, "label", dw_role_name(face->label));
    dw_json_integer(json, "same", face->same);
    dw_json_string(json, "role", dw_role_name(face->found.role));
    put_chance(json, "staff_p", face->staff_p);
    put_chance(json, "judged_p", face->judged_p);
    dw_json_bool(json, "kept", face->kept);
    dw_json_object_end(json);
}

void dw_route_staff_people_get(struct dw_call *call)
{
    struct dw_staff_asking asking = { .camera = dw_query_find(&call->query, "camera") };
    struct dw_err err = { { 0 } };
    int64_t limit = PEOPLE_DEFAULT;
    int result = dw_query_integer(&call->query, "limit", 1, PEOPLE_MAX, &limit, &err);
    if (result == 0)
        result = dw_query_integer(&call->query, "like", 1, INT64_MAX, &asking.like, &err);
    if (result == 0)
        result = dw_query_flag(&call->query, "doubtful", &asking.doubtful, &err);
    if (!dw_answer_query(call, result, &err))
        return;
    asking.limit = (size_t)limit;
    struct dw_staff_face *faces = dw_alloc_array0(asking.limit, sizeof(*faces));
    result = dw_staff_desk_people(desk_of(call), &asking, faces, &err);
    if (result < 0) {
        dw_problem_of(call->response, result, &err);
    } else {
        struct dw_json_writer json = dw_answer_json(call, 200);
        dw_json_array_begin(&json, "people");
        for (int i = 0; i < result; i++)
            put_face(&json, &faces[i]);
        dw_json_array_end(&json);
        dw_json_object_end(&json);
    }
    free(faces);
}

void dw_route_staff_tile_get(struct dw_call *call)
{
    struct dw_err err = { { 0 } };
    int result =
        dw_staff_desk_tile(desk_of(call), number_of(call->names[0]), &call->response->body, &err);
    dw_answer_done(call, result, 200, &err);
    if (result == 0)
        call->response->content_type = "image/jpeg";
}

static bool take_role(struct dw_call *call, const char *text, enum dw_role *role)
{
    int found = dw_role_parse(text);
    if (found < 0)
        dw_problem_at(call->response, "/role", "wants staff, shopper or unknown");
    else
        *role = (enum dw_role)found;
    return found >= 0;
}

void dw_route_staff_marks_post(struct dw_call *call)
{
    const char *text = NULL;
    bool one = false;
    struct dw_json_texts people = { .count = 0 };
    const struct dw_field fields[] = {
        { "people", DW_FIELD_TEXTS, true, &people },
        { "role", DW_FIELD_TEXT, true, &text },
        { "one_person", DW_FIELD_BOOL, false, &one },
    };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    enum dw_role role = DW_ROLE_UNKNOWN;
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response) &&
        take_role(call, text, &role)) {
        int64_t ids[DW_JSON_TEXTS_MAX];
        for (size_t i = 0; i < people.count; i++)
            ids[i] = number_of(people.items[i]);
        int result = dw_staff_desk_mark(desk_of(call), ids, people.count, role, one, &err);
        dw_answer_done(call, result, 204, &err);
        dw_buf_printf(&call->response->audit, "%zu people marked %s", people.count, text);
    }
    dw_json_body_fini(&body);
}

void dw_route_staff_minute_post(struct dw_call *call)
{
    const char *camera = NULL;
    const struct dw_field fields[] = { { "camera", DW_FIELD_TEXT, true, &camera } };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    size_t index = 0;
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response)) {
        int result = dw_site_camera_find(call->app->site, camera, &index, &err);
        if (result == 0)
            result = dw_staff_desk_minute(desk_of(call), camera, &err);
        dw_answer_done(call, result, 204, &err);
        dw_buf_printf(&call->response->audit, "camera %s: staff for a minute", camera);
    }
    dw_json_body_fini(&body);
}

/* --- The set -------------------------------------------------------------------------------- */

void dw_route_staff_set_put(struct dw_call *call)
{
    const char *name = NULL, *until = NULL;
    const struct dw_field fields[] = {
        { "name", DW_FIELD_TEXT, true, &name },
        { "until", DW_FIELD_TEXT, true, &until },
    };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    int64_t until_us = 0;
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response)) {
        if (dw_time_parse(&until_us, until, &err) < 0) {
            dw_problem_at(call->response, "/until", err.text);
        } else {
            int result = dw_staff_desk_set_begin(desk_of(call), name, until_us, &err);
            dw_answer_done(call, result, 204, &err);
            dw_buf_printf(&call->response->audit, "labelling set %s until %s", name, until);
        }
    }
    dw_json_body_fini(&body);
}

void dw_route_staff_set_delete(struct dw_call *call)
{
    struct dw_err err = { { 0 } };
    dw_answer_done(call, dw_staff_desk_set_delete(desk_of(call), &err), 204, &err);
}

/* --- Models --------------------------------------------------------------------------------- */

void dw_route_staff_train_post(struct dw_call *call)
{
    bool lights = false;
    struct dw_err err = { { 0 } };
    int result = dw_query_flag(&call->query, "lights", &lights, &err);
    if (dw_answer_query(call, result, &err))
        dw_answer_done(call, dw_staff_desk_train(desk_of(call), lights, &err), 202, &err);
}

/* Whether the camera is there; "" is the site. */
static int check_camera(struct dw_call *call, const char *camera, struct dw_err *err)
{
    size_t index = 0;
    return camera[0] != '\0' ? dw_site_camera_find(call->app->site, camera, &index, err) : 0;
}

void dw_route_staff_use_put(struct dw_call *call)
{
    const char *model = NULL, *camera = "";
    const struct dw_field fields[] = {
        { "model", DW_FIELD_TEXT, true, &model },
        { "camera", DW_FIELD_TEXT, false, &camera },
    };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response)) {
        int result = check_camera(call, camera, &err);
        if (result == 0)
            result = dw_staff_desk_use(desk_of(call), camera, model, &err);
        dw_answer_done(call, result, 204, &err);
        dw_buf_printf(&call->response->audit, "staff model %s in use%s%s",
                      model[0] != '\0' ? model : "none", camera[0] != '\0' ? " on " : "", camera);
    }
    dw_json_body_fini(&body);
}

void dw_route_staff_back_post(struct dw_call *call)
{
    const char *camera = "";
    const struct dw_field fields[] = { { "camera", DW_FIELD_TEXT, false, &camera } };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response))
        dw_answer_done(call, dw_staff_desk_back(desk_of(call), camera, &err), 204, &err);
    dw_json_body_fini(&body);
}

void dw_route_staff_model_delete(struct dw_call *call)
{
    struct dw_err err = { { 0 } };
    dw_answer_done(call, dw_staff_desk_model_delete(desk_of(call), call->names[0], &err), 204,
                   &err);
}

/* How good each is by those who are marked. */
static void put_marks(struct dw_json_writer *json, const char *key, struct dw_staff_marks marks)
{
    size_t found = (size_t)marks.staff_found, lost = (size_t)marks.shoppers_found;
    dw_json_object_begin(json, key);
    dw_json_integer(json, "staff", marks.staff);
    dw_json_integer(json, "shoppers", marks.shoppers);
    put_share(json, "precision", found, found + lost);
    put_share(json, "recall", found, (size_t)marks.staff);
    put_share(json, "shoppers_lost", lost, (size_t)marks.shoppers);
    dw_json_object_end(json);
}

void dw_route_staff_preview_get(struct dw_call *call)
{
    struct dw_staff_preview preview;
    struct dw_err err = { { 0 } };
    int result =
        dw_staff_desk_preview(desk_of(call), call->names[0], dw_query_find(&call->query, "against"),
                              dw_query_find(&call->query, "camera"), &preview, &err);
    if (result < 0) {
        dw_problem_of(call->response, result, &err);
        return;
    }
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_array_begin(&json, "roles");
    for (int now = 0; now < DW_ROLE_COUNT; now++)
        for (int then = 0; then < DW_ROLE_COUNT; then++) {
            dw_json_object_begin(&json, NULL);
            dw_json_string(&json, "now", dw_role_name((enum dw_role)now));
            dw_json_string(&json, "then", dw_role_name((enum dw_role)then));
            dw_json_integer(&json, "people", preview.roles.people[now][then]);
            dw_json_object_end(&json);
        }
    dw_json_array_end(&json);
    dw_json_array_begin(&json, "changed");
    for (size_t i = 0; i < preview.changed_count; i++) {
        dw_json_object_begin(&json, NULL);
        dw_json_integer(&json, "id", preview.changed[i].id);
        dw_json_string(&json, "now", dw_role_name(preview.changed[i].now));
        dw_json_string(&json, "then", dw_role_name(preview.changed[i].then));
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    put_marks(&json, "marked_now", dw_staff_compared_marks(&preview.roles, 0));
    put_marks(&json, "marked", dw_staff_compared_marks(&preview.roles, 1));
    dw_json_object_end(&json);
}

/* --- By hand -------------------------------------------------------------------------------- */

static bool take_id(uint8_t id[16], const char *hex)
{
    bool good = strlen(hex) == 32 && strspn(hex, "0123456789abcdef") == 32;
    for (size_t i = 0; good && i < 16; i++) {
        char byte[3] = { hex[2 * i], hex[2 * i + 1], '\0' };
        id[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
    return good;
}

void dw_route_visit_role_post(struct dw_call *call)
{
    const char *text = NULL, *enter = NULL, *camera = NULL;
    const struct dw_field fields[] = {
        { "camera", DW_FIELD_TEXT, true, &camera },
        { "enter", DW_FIELD_TEXT, true, &enter },
        { "role", DW_FIELD_TEXT, true, &text },
    };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    struct dw_visit visit = { .person = 0 };
    if (!take_id(visit.id, call->names[0])) {
        dw_problem(call->response, 404, "'%.60s' is no visit's id", call->names[0]);
        return;
    }
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response) &&
        take_role(call, text, &visit.role)) {
        if (dw_time_parse(&visit.enter_us, enter, &err) < 0) {
            dw_problem_at(call->response, "/enter", err.text);
        } else {
            int result = dw_site_visit_role(call->app->site, camera, &visit, &err);
            dw_answer_done(call, result, 204, &err);
            dw_buf_printf(&call->response->audit, "visit %s is %s", call->names[0], text);
        }
    }
    dw_json_body_fini(&body);
}
