/* SPDX-License-Identifier: Apache-2.0 */
/* Who is signed in, signing in and out, and claiming the site. */
#include <errno.h>

#include "http/answer.h"
#include "http/app.h"
#include "http/json_body.h"
#include "http/routes.h"

static void write_session(struct dw_call *call, const struct dw_principal *who)
{
    struct dw_json_writer json = dw_answer_json(call, 200);
    if (who->level != DW_LEVEL_NONE) {
        dw_json_object_begin(&json, "user");
        dw_json_string(&json, "name", who->name);
        dw_json_string(&json, "role", dw_access_level_name(who->level));
        dw_json_object_end(&json);
        dw_json_string(&json, "csrf", who->csrf);
    } else {
        dw_json_null(&json, "user");
        dw_json_null(&json, "csrf");
    }
    dw_json_bool(&json, "claimed", dw_access_claimed(call->app->access));
    dw_json_object_end(&json);
}

void dw_route_session_get(struct dw_call *call)
{
    write_session(call, &call->who);
}

/* The cookie goes with the browser's own requests to this site only, and no script can read it. */
static void set_cookie(struct dw_call *call, const char *value, long long age_s)
{
    dw_response_header(call->response, "Set-Cookie",
                       DW_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s", value,
                       age_s, call->secure ? "; Secure" : "");
}

static void begin_session(struct dw_call *call, const char *session)
{
    struct dw_principal who = { 0 };
    if (call->session != NULL)
        dw_access_sign_out(call->app->access, call->session);
    dw_access_by_session(call->app->access, session, &who);
    call->who = who; /* for the audit log */
    write_session(call, &who);
    set_cookie(call, session, (long long)(DW_SESSION_LONGEST_US / 1000000));
}

static void refuse(struct dw_call *call, int result, int wait_s, const char *name,
                   const struct dw_err *err)
{
    dw_buf_printf(&call->response->audit, "refused: %s", name);
    if (result == -EAGAIN && wait_s > 0) {
        dw_problem(call->response, 429, "%s", err->text);
        dw_response_header(call->response, "Retry-After", "%d", wait_s);
    } else if (result == -EACCES) {
        dw_problem(call->response, 401, "%s", err->text);
        dw_response_header(call->response, "WWW-Authenticate", "Bearer");
    } else {
        dw_problem_of(call->response, result, err);
    }
}

/* Only this machine could come here so far. */
static void open_doors(struct dw_call *call)
{
    const struct dw_app *app = call->app;
    struct dw_err err = { { 0 } }, ignored = { { 0 } };
    char before[DW_SERVER_ADDRESS_SIZE];
    if (app->server == NULL || app->listen == NULL)
        return;
    dw_server_address(app->server, before);
    if (dw_server_listen(app->server, app->listen, &err) < 0) {
        dw_buf_printf(&call->response->audit, "%s", err.text);
        fprintf(stderr, "dwell: %s; listening at %s as before\n", err.text, before);
        dw_server_listen(app->server, before, &ignored);
    }
}

/* Signs in, and with a claim becomes the site's administrator first. */
static void enter(struct dw_call *call, bool claim)
{
    struct dw_credentials credentials = { .client = call->client };
    const char *token = NULL;
    const struct dw_field fields[] = {
        { "token", DW_FIELD_TEXT, true, &token },
        { "name", DW_FIELD_TEXT, true, &credentials.name },
        { "password", DW_FIELD_TEXT, true, &credentials.password },
    };
    size_t skipped = claim ? 0 : 1;
    struct dw_access *access = call->app->access;
    struct dw_json_body body = { 0 };
    char session[DW_TOKEN_SIZE];
    struct dw_err err = { { 0 } };
    int wait_s = 0;
    if (dw_json_body_read(&body, call->request, fields + skipped, DW_LENGTH(fields) - skipped,
                          call->response)) {
        int result = claim ? dw_access_claim(access, token, &credentials, session, &wait_s, &err)
                           : dw_access_sign_in(access, &credentials, session, &wait_s, &err);
        if (result != 0)
            refuse(call, result, wait_s, credentials.name, &err);
        else
            begin_session(call, session);
        if (result == 0 && claim)
            open_doors(call);
    }
    dw_json_body_fini(&body);
}

void dw_route_session_post(struct dw_call *call)
{
    enter(call, false);
}

void dw_route_claim_post(struct dw_call *call)
{
    enter(call, true);
}

void dw_route_session_delete(struct dw_call *call)
{
    dw_access_sign_out(call->app->access, call->session);
    call->response->status = 204;
    set_cookie(call, "", 0);
}
