/* SPDX-License-Identifier: Apache-2.0 */
#include "http/router.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/address.h"
#include "http/app.h"
#include "http/page.h"

#define QUERY_NAMES_MAX 16
#define API_POLICY "default-src 'none'; frame-ancestors 'none'"

/* --- Which route ---------------------------------------------------------------------------- */

static void free_names(char *names[DW_PATH_NAMES])
{
    for (size_t i = 0; i < DW_PATH_NAMES; i++) {
        free(names[i]);
        names[i] = NULL;
    }
}

/* NULL: there is none; *allowed are the methods of those with this path, as bits. */
static const struct dw_route *find_route(const struct dw_request *request,
                                         char *names[DW_PATH_NAMES], unsigned *allowed)
{
    size_t count = 0;
    const struct dw_route *routes = dw_routes(&count);
    enum dw_method wanted = request->method == DW_HEAD ? DW_GET : request->method;
    for (size_t i = 0; i < count; i++) {
        if (dw_path_match(routes[i].pattern, request->target, names)) {
            *allowed |= 1U << routes[i].method;
            if (routes[i].method == wanted)
                return &routes[i];
        }
        free_names(names);
    }
    return NULL;
}

bool dw_router_slow(void *user, const struct dw_request *request)
{
    (void)user;
    char *names[DW_PATH_NAMES] = { 0 };
    unsigned allowed = 0;
    const struct dw_route *route = find_route(request, names, &allowed);
    free_names(names);
    return route != NULL && route->slow;
}

static void refuse_method(struct dw_call *call, unsigned allowed)
{
    struct dw_buf list = { 0 };
    if ((allowed & 1U << DW_GET) != 0)
        allowed |= 1U << DW_HEAD;
    for (unsigned i = 0; i < DW_METHOD_COUNT; i++)
        if ((allowed & 1U << i) != 0)
            dw_buf_printf(&list, "%s%s", list.length > 0 ? ", " : "",
                          dw_method_name((enum dw_method)i));
    dw_problem(call->response, 405, "%s is not possible here, but %s",
               dw_method_name(call->request->method), dw_buf_text(&list));
    dw_response_header(call->response, "Allow", "%s", dw_buf_text(&list));
    dw_buf_fini(&list);
}

/* --- Host and origin ------------------------------------------------------------------------ */

/* Without the port; false when it is no host at all. */
static bool take_host(const char *header, char host[DW_ADDRESS_HOST_SIZE * 4])
{
    bool bracket = *header == '[';
    const char *from = header + (bracket ? 1 : 0);
    size_t length = strcspn(from, bracket ? "]" : ":");
    if (length == 0 || length >= (size_t)DW_ADDRESS_HOST_SIZE * 4)
        return false;
    memcpy(host, from, length);
    host[length] = '\0';
    return true;
}

/* A page of another site that lets its own name point here (DNS rebinding) is told by that name;
 * an address is nobody's name. */
static bool is_host_known(const struct dw_app *app, const char *header)
{
    char host[DW_ADDRESS_HOST_SIZE * 4];
    unsigned char address[sizeof(struct in6_addr)];
    if (header == NULL || !take_host(header, host))
        return false;
    if (strcasecmp(host, "localhost") == 0 || inet_pton(AF_INET, host, address) == 1 ||
        inet_pton(AF_INET6, host, address) == 1)
        return true;
    for (size_t i = 0; i < app->hosts.count; i++)
        if (strcasecmp(host, app->hosts.items[i]) == 0)
            return true;
    return false;
}

/* Browsers say from which page a change is asked for. */
static bool is_origin_ours(const struct dw_request *request)
{
    const char *origin = dw_request_header(request, "Origin");
    const char *host = dw_request_header(request, "Host");
    const char *named = origin != NULL ? strstr(origin, "://") : NULL;
    return origin == NULL || (named != NULL && strcasecmp(named + 3, host) == 0);
}

/* --- Who ------------------------------------------------------------------------------------ */

/* A proxy on this machine may say for whom it asks. */
static void find_client(struct dw_call *call)
{
    const char *forwarded = dw_request_header(call->request, "X-Forwarded-For");
    const char *protocol = dw_request_header(call->request, "X-Forwarded-Proto");
    call->client = call->request->client;
    call->secure = call->request->secure;
    if (!dw_address_is_loopback(call->client))
        return;
    const char *last = forwarded != NULL ? strrchr(forwarded, ',') : NULL;
    if (forwarded != NULL)
        call->client = last != NULL ? last + 1 + strspn(last + 1, " ") : forwarded;
    call->secure |= protocol != NULL && strcmp(protocol, "https") == 0;
}

/* Whether credentials were given and are good; none at all is fine as well. */
static bool find_principal(struct dw_call *call)
{
    const char *header = dw_request_header(call->request, "Authorization");
    if (header != NULL)
        return strncmp(header, DW_BEARER, strlen(DW_BEARER)) == 0 &&
               dw_access_by_token(call->app->access, header + strlen(DW_BEARER), &call->who);
    call->session = dw_cookie_find(dw_request_header(call->request, "Cookie"), DW_COOKIE);
    return call->session == NULL ||
           dw_access_by_session(call->app->access, call->session, &call->who);
}

static bool is_allowed(const struct dw_call *call, const struct dw_route *route)
{
    const struct dw_principal *who = &call->who;
    return who->scopes != 0 ? (who->scopes & route->scope) != 0 : who->level >= route->level;
}

static bool check_principal(struct dw_call *call, const struct dw_route *route)
{
    bool good = find_principal(call);
    if (route->level == DW_LEVEL_NONE)
        return true;
    bool known = call->who.scopes != 0 || call->who.level != DW_LEVEL_NONE;
    if (!good || !known) {
        dw_problem(call->response, 401,
                   good ? "sign in first, or send a token: 'Authorization: Bearer ...'"
                        : "the session or token is not known, or no longer: sign in again");
        dw_response_header(call->response, "WWW-Authenticate", "Bearer");
        return false;
    }
    if (is_allowed(call, route))
        return true;
    if (call->who.scopes == 0)
        dw_problem(call->response, 403, "this wants the role '%s', and '%s' is '%s'",
                   dw_access_level_name(route->level), call->who.name,
                   dw_access_level_name(call->who.level));
    else if (route->scope == 0)
        dw_problem(call->response, 403, "this is for people who sign in, not for tokens");
    else
        dw_problem(call->response, 403, "this wants a token with the scope '%s'",
                   dw_scope_name((enum dw_scope)route->scope));
    return false;
}

/* A change must come from our own page, or from a program with a token, which no page can send. */
static bool check_change(struct dw_call *call, const struct dw_route *route)
{
    const struct dw_request *request = call->request;
    const char *type = dw_request_header(request, "Content-Type");
    if (route->method == DW_GET || call->who.scopes != 0)
        return true;
    if (!is_origin_ours(request)) {
        dw_problem(call->response, 403, "a page of another site may not change anything here");
        return false;
    }
    if (route->level != DW_LEVEL_NONE &&
        !dw_secret_equal(call->who.csrf, dw_request_header(request, "X-CSRF-Token"))) {
        dw_problem(call->response, 403,
                   "a change wants the header X-CSRF-Token with 'csrf' of GET /api/v1/session");
        return false;
    }
    if (request->body.length > 0 && (type == NULL || strncmp(type, "application/json", 16) != 0)) {
        dw_problem(call->response, 415, "the body must be application/json");
        return false;
    }
    return true;
}

/* --- Query ---------------------------------------------------------------------------------- */

static bool check_query(struct dw_call *call, const char *allowed)
{
    struct dw_err err = { { 0 } };
    const char *names[QUERY_NAMES_MAX];
    size_t count = 0;
    int result = dw_query_parse(&call->query, call->request->target, &err);
    char *list = dw_strdup(allowed != NULL ? allowed : ""), *rest = list;
    for (char *name = strsep(&rest, " "); name != NULL && count < QUERY_NAMES_MAX;
         name = strsep(&rest, " "))
        names[count++] = name;
    if (result == 0 && allowed != NULL)
        result = dw_query_only(&call->query, names, count, &err);
    free(list);
    if (result < 0)
        dw_problem(call->response, 400, "%s", err.text);
    return result == 0;
}

/* --- All ------------------------------------------------------------------------------------ */

static void set_default(struct dw_response *response, const char *name, const char *value)
{
    if (dw_response_find(response, name) == NULL)
        dw_response_header(response, name, "%s", value);
}

static void add_headers(struct dw_response *response)
{
    set_default(response, "Content-Security-Policy", API_POLICY);
    set_default(response, "Cache-Control", "no-store");
    set_default(response, "X-Content-Type-Options", "nosniff");
    set_default(response, "X-Frame-Options", "DENY");
    set_default(response, "Referrer-Policy", "no-referrer");
    set_default(response, "Cross-Origin-Opener-Policy", "same-origin");
    set_default(response, "Cross-Origin-Resource-Policy", "same-origin");
}

static void write_audit(const struct dw_call *call)
{
    const char *target = call->request->target;
    char *path = dw_strdup_printf("%.*s", (int)DW_MIN(strcspn(target, "?"), (size_t)256), target);
    dw_audit_add(call->app->audit, &(struct dw_audit_line){
                                       .user = call->who.name,
                                       .client = call->client,
                                       .method = dw_method_name(call->request->method),
                                       .path = path,
                                       .status = call->response->status,
                                       .detail = dw_buf_text(&call->response->audit),
                                   });
    free(path);
}

static void answer_route(struct dw_call *call, const struct dw_route *route)
{
    bool passed = check_principal(call, route) && check_change(call, route) &&
                  check_query(call, route->query);
    if (passed)
        route->handle(call);
    if (call->response->status == 0)
        dw_problem(call->response, 500, "nobody answered this");
    /* Refused without knowing who it was: anybody could fill the log with it. */
    bool nobody = !passed && call->who.name[0] == '\0';
    if (route->method != DW_GET && !nobody)
        write_audit(call);
}

static void answer(struct dw_call *call)
{
    const struct dw_request *request = call->request;
    const char *host = dw_request_header(request, "Host");
    unsigned allowed = 0;
    if (!is_host_known(call->app, host)) {
        dw_problem(call->response, 421,
                   "this server does not go by the name '%.100s': add it to 'hosts' in the "
                   "configuration",
                   host != NULL ? host : "");
        return;
    }
    const struct dw_route *route = find_route(request, call->names, &allowed);
    if (route != NULL)
        answer_route(call, route);
    else if (allowed != 0)
        refuse_method(call, allowed);
    else if (strncmp(request->target, "/api/", 5) == 0)
        dw_problem(call->response, 404, "there is nothing here: docs/api.md lists what there is");
    else
        dw_page_answer(request, call->response);
}

void dw_router_handle(void *user, const struct dw_request *request, struct dw_response *response)
{
    struct dw_call call = { .app = user, .request = request, .response = response };
    find_client(&call);
    answer(&call);
    add_headers(response);
    if (request->method == DW_HEAD && response->stream.close != NULL) {
        response->stream.close(response->stream.user);
        response->stream = (struct dw_stream){ 0 };
    }
    dw_query_fini(&call.query);
    free_names(call.names);
    free(call.session);
}
