/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "conf/file.h"
#include "http/address.h"
#include "http/app.h"
#include "http/events.h"
#include "http/promotions.h"
#include "http/router.h"
#include "http/store_size.h"
#include "http/stores.h"

#define PEM_MAX ((size_t)256 * 1024)

struct dw_http {
    struct dw_app app;
    bool secure;
};

static int start_server(struct dw_http *http, const struct dw_http_conf *conf, struct dw_err *err)
{
    struct dw_buf certificate = { 0 }, key = { 0 };
    struct dw_server_conf server = {
        .handle = dw_router_handle,
        .slow = dw_router_slow,
        .user = &http->app,
    };
    int result = 0;
    http->secure = conf->certificate != NULL;
    if (http->secure)
        result = dw_file_read(&certificate, conf->certificate, PEM_MAX, err);
    if (http->secure && result == 0)
        result = dw_file_read(&key, conf->key, PEM_MAX, err);
    if (http->secure && result == 0) {
        server.certificate = dw_buf_text(&certificate);
        server.key = dw_buf_text(&key);
    }
    if (result == 0)
        result = dw_server_create(&http->app.server, &server, err);
    dw_buf_fini(&certificate);
    dw_buf_fini(&key);
    return result;
}

/* An unclaimed site is anybody's who can reach it: so nobody can but who is on this machine. */
static int listen_first(struct dw_http *http, const struct dw_http_conf *conf, struct dw_err *err)
{
    char host[DW_ADDRESS_HOST_SIZE], here[DW_ADDRESS_HOST_SIZE];
    int port = 0;
    int result = dw_address_split(conf->listen, host, &port, err);
    if (result < 0)
        return result;
    if (dw_access_claimed(http->app.access) || dw_address_is_loopback(host))
        return dw_server_listen(http->app.server, conf->listen, err);
    http->app.listen = dw_strdup(conf->listen);
    snprintf(here, sizeof(here), "127.0.0.1:%d", port);
    return dw_server_listen(http->app.server, here, err);
}

int dw_http_create(struct dw_http **out, const struct dw_http_conf *conf, struct dw_err *err)
{
    struct dw_http *http = dw_alloc0(sizeof(*http));
    struct dw_app *app = &http->app;
    app->site = conf->site;
    app->started_us = dw_now_us();
    app->stores = dw_stores_create(conf->store);
    app->store_size = dw_store_size_create();
    for (size_t i = 0; i < conf->host_count; i++)
        dw_vec_push(&app->hosts, dw_strdup(conf->hosts[i]));
    int result = dw_access_create(&app->access, conf->data, err);
    if (result == 0)
        result = dw_audit_create(&app->audit, conf->data, err);
    if (result == 0)
        result = dw_promotions_create(&app->promotions, conf->data, err);
    if (result == 0)
        result = start_server(http, conf, err);
    if (result == 0)
        result = dw_events_create(&app->events, app, err);
    if (result == 0)
        result = listen_first(http, conf, err);
    if (result < 0)
        dw_http_destroy(http);
    else
        *out = http;
    return result;
}

void dw_http_destroy(struct dw_http *http)
{
    if (http == NULL)
        return;
    dw_events_stop(http->app.events);
    dw_server_destroy(http->app.server);
    dw_events_destroy(http->app.events);
    dw_promotions_destroy(http->app.promotions);
    dw_store_size_destroy(http->app.store_size);
    dw_stores_destroy(http->app.stores);
    dw_audit_destroy(http->app.audit);
    dw_access_destroy(http->app.access);
    for (size_t i = 0; i < http->app.hosts.count; i++)
        free(http->app.hosts.items[i]);
    dw_vec_fini(&http->app.hosts);
    free(http->app.listen);
    free(http);
}

void dw_http_link(struct dw_http *http, struct dw_buf *out)
{
    char address[DW_SERVER_ADDRESS_SIZE], host[DW_ADDRESS_HOST_SIZE];
    int port = 0;
    dw_server_address(http->app.server, address);
    bool any = dw_address_split(address, host, &port, NULL) == 0 &&
               (strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0);
    dw_buf_puts(out, http->secure ? "https://" : "http://");
    if (any)
        dw_buf_printf(out, "localhost:%d/", port);
    else
        dw_buf_printf(out, "%s/", address);
}

bool dw_http_claim_link(struct dw_http *http, struct dw_buf *out)
{
    char token[DW_TOKEN_SIZE];
    dw_access_claim_token(http->app.access, token);
    if (token[0] == '\0')
        return false;
    dw_http_link(http, out);
    dw_buf_printf(out, "claim#%s", token);
    return true;
}
