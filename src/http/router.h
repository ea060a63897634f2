/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a request to the function that answers it. One table says for each route who may use it and
 * what may stand in its query; what the router checks, no handler can forget: Host, credentials,
 * role or scope, CSRF token, names in the query, and the line in the audit log.
 */
#ifndef DW_HTTP_ROUTER_H
#define DW_HTTP_ROUTER_H

#include "http/access.h"
#include "http/message.h"
#include "http/problem.h"
#include "http/query.h"

#define DW_COOKIE "dwell_session"
#define DW_BEARER "Bearer "

struct dw_app;

struct dw_call {
    struct dw_app *app;
    const struct dw_request *request;
    struct dw_response *response;
    struct dw_query query;
    char *names[DW_PATH_NAMES]; /* what stands for the {} of the pattern */
    char *session;              /* the cookie's value; NULL: none */
    const char *client;         /* behind a proxy on this machine: whom it speaks for */
    bool secure;                /* the client speaks TLS, with us or the proxy */
    struct dw_principal who;
};

struct dw_route {
    enum dw_method method;      /* DW_GET answers HEAD too */
    bool slow;                  /* may take more than 20 ms (struct dw_server_conf) */
    const char *pattern;        /* "/api/v1/cameras/{}" */
    enum dw_access_level level; /* least role of a user; DW_LEVEL_NONE: everybody */
    unsigned scope;             /* which a token must have; 0: tokens may not */
    const char *query;          /* names that may stand in it, with a space between; NULL: any */
    void (*handle)(struct dw_call *call);
};

/* The table. */
const struct dw_route *dw_routes(size_t *count);

/* For struct dw_server_conf; `user` is the struct dw_app. */
void dw_router_handle(void *user, const struct dw_request *request, struct dw_response *response);
bool dw_router_slow(void *user, const struct dw_request *request);

#endif
