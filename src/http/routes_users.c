/* SPDX-License-Identifier: Apache-2.0 */
/* Users, tokens of programs, and the audit log. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/wall_time.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/json_body.h"
#include "http/routes.h"

#define AUDIT_DEFAULT 100
#define AUDIT_MAX 1000

void dw_route_users_get(struct dw_call *call)
{
    size_t count = 0;
    struct dw_access_user *users = dw_access_users(call->app->access, &count);
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_array_begin(&json, "users");
    for (size_t i = 0; i < count; i++) {
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "name", users[i].name);
        dw_json_string(&json, "role", dw_access_level_name(users[i].level));
        dw_answer_time(&json, "created", users[i].created_us);
        dw_json_integer(&json, "sessions", users[i].sessions);
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    free(users);
}

/* Writes what was said of a user to the audit log, never the password. */
static void note_user(struct dw_call *call, const char *name, const char *role,
                      const char *password)
{
    dw_buf_printf(&call->response->audit, "user %s%s%s%s", name, role != NULL ? ", role " : "",
                  role != NULL ? role : "", password != NULL ? ", password set" : "");
}

static bool take_level(struct dw_call *call, const char *role, enum dw_access_level *level)
{
    *level = role != NULL ? dw_access_level_parse(role) : DW_LEVEL_NONE;
    if (role == NULL || *level != DW_LEVEL_NONE)
        return true;
    dw_problem_at(call->response, "/role", "wants viewer, editor or admin");
    return false;
}

void dw_route_users_post(struct dw_call *call)
{
    const char *name = NULL, *password = NULL, *role = NULL;
    const struct dw_field fields[] = {
        { "name", DW_FIELD_TEXT, true, &name },
        { "password", DW_FIELD_TEXT, true, &password },
        { "role", DW_FIELD_TEXT, true, &role },
    };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    enum dw_access_level level = DW_LEVEL_NONE;
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response) &&
        take_level(call, role, &level)) {
        note_user(call, name, role, NULL);
        dw_answer_done(call, dw_access_user_add(call->app->access, name, password, level, &err),
                       201, &err);
    }
    dw_json_body_fini(&body);
}

void dw_route_user_patch(struct dw_call *call)
{
    const char *password = NULL, *role = NULL;
    const struct dw_field fields[] = {
        { "password", DW_FIELD_TEXT, false, &password },
        { "role", DW_FIELD_TEXT, false, &role },
    };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    enum dw_access_level level = DW_LEVEL_NONE;
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response) &&
        take_level(call, role, &level)) {
        note_user(call, call->names[0], role, password);
        dw_answer_done(
            call, dw_access_user_change(call->app->access, call->names[0], password, level, &err),
            204, &err);
    }
    dw_json_body_fini(&body);
}

void dw_route_user_delete(struct dw_call *call)
{
    struct dw_err err = { { 0 } };
    dw_answer_done(call, dw_access_user_remove(call->app->access, call->names[0], &err), 204, &err);
}

static void put_token(struct dw_json_writer *json, const struct dw_access_token *token,
                      const char *secret)
{
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "id", token->id);
    dw_json_string(json, "name", token->name);
    dw_json_array_begin(json, "scopes");
    for (unsigned i = 0; i < DW_SCOPES; i++)
        if ((token->scopes & 1U << i) != 0)
            dw_json_string(json, NULL, dw_scope_name((enum dw_scope)(1U << i)));
    dw_json_array_end(json);
    dw_answer_time(json, "created", token->created_us);
    dw_answer_time(json, "expires", token->expires_us);
    dw_answer_time(json, "used", token->used_us);
    if (secret != NULL)
        dw_json_string(json, "token", secret);
    dw_json_object_end(json);
}

void dw_route_tokens_get(struct dw_call *call)
{
    size_t count = 0;
    struct dw_access_token *tokens = dw_access_tokens(call->app->access, &count);
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_array_begin(&json, "tokens");
    for (size_t i = 0; i < count; i++)
        put_token(&json, &tokens[i], NULL);
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    free(tokens);
}

static bool take_scopes(struct dw_call *call, const struct dw_json_texts *words, unsigned *scopes)
{
    for (size_t i = 0; i < words->count; i++) {
        unsigned scope = dw_scope_parse(words->items[i]);
        *scopes |= scope;
        if (scope == 0) {
            dw_problem_at(call->response, "/scopes", "wants read, write, admin, metrics");
            return false;
        }
    }
    if (*scopes == 0)
        dw_problem_at(call->response, "/scopes", "wants one at least");
    return *scopes != 0;
}

static bool take_expiry(struct dw_call *call, const char *text, int64_t *expires_us)
{
    struct dw_err err = { { 0 } };
    if (text == NULL || dw_time_parse(expires_us, text, &err) == 0)
        return true;
    dw_problem_at(call->response, "/expires", err.text);
    return false;
}

void dw_route_tokens_post(struct dw_call *call)
{
    const char *name = NULL, *expires = NULL;
    struct dw_json_texts scopes = { .count = 0 };
    const struct dw_field fields[] = {
        { "name", DW_FIELD_TEXT, true, &name },
        { "scopes", DW_FIELD_TEXTS, true, &scopes },
        { "expires", DW_FIELD_TEXT, false, &expires },
    };
    struct dw_json_body body = { 0 };
    struct dw_access_token made = { .scopes = 0 };
    char token[DW_TOKEN_SIZE];
    struct dw_err err = { { 0 } };
    bool good =
        dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response) &&
        take_scopes(call, &scopes, &made.scopes) && take_expiry(call, expires, &made.expires_us);
    if (good && strlen(name) > DW_USER_NAME_MAX) {
        dw_problem_at(call->response, "/name", "is too long");
        good = false;
    }
    if (good) {
        snprintf(made.name, sizeof(made.name), "%s", name);
        int result = dw_access_token_add(call->app->access, &made, token, &err);
        if (result == 0) {
            struct dw_json_writer json = { .out = &call->response->body };
            dw_response_ok(call->response, 201, "application/json");
            put_token(&json, &made, token);
            dw_buf_printf(&call->response->audit, "token %s: %s", made.id, made.name);
        } else {
            dw_problem_of(call->response, result, &err);
        }
    }
    dw_json_body_fini(&body);
}

void dw_route_token_delete(struct dw_call *call)
{
    struct dw_err err = { { 0 } };
    dw_answer_done(call, dw_access_token_remove(call->app->access, call->names[0], &err), 204,
                   &err);
}

void dw_route_audit_get(struct dw_call *call)
{
    int64_t limit = AUDIT_DEFAULT, before = 0, next = 0;
    struct dw_err err = { { 0 } };
    struct dw_buf lines = { 0 };
    int result = dw_query_integer(&call->query, "limit", 1, AUDIT_MAX, &limit, &err);
    if (result == 0)
        result = dw_query_integer(&call->query, "before", 0, INT64_MAX, &before, &err);
    if (result < 0) {
        dw_problem(call->response, 400, "%s", err.text);
        return;
    }
    result = dw_audit_read(call->app->audit, before, (int)limit, &lines, &next, &err);
    if (result < 0) {
        dw_problem_of(call->response, result, &err);
    } else {
        dw_response_ok(call->response, 200, "application/json");
        dw_buf_printf(&call->response->body, "{\"entries\":[%s],\"next\":", dw_buf_text(&lines));
        dw_buf_printf(&call->response->body, next > 0 ? "%lld}" : "null}", (long long)next);
    }
    dw_buf_fini(&lines);
}
