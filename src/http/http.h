/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The site in the browser: the page, the HTTP interface of docs/openapi.yaml, live events, figures
 * for Prometheus. Threads of its own (http/server.h); it reads the store by connections of its
 * own, so that measuring never waits for it. The time zone is the C library's, set before
 * (insight/local_day.h).
 *
 * Until somebody opened the claim link, it listens on this machine only, whatever `listen` says.
 */
#ifndef DW_HTTP_HTTP_H
#define DW_HTTP_HTTP_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct dw_http;
struct dw_site;

struct dw_http_conf {
    struct dw_site *site;     /* lives longer */
    const char *listen;       /* "127.0.0.1:8080" */
    const char *data;         /* folder of access.json, audit.jsonl, promotions.json */
    const char *store;        /* address of the store to read */
    const char *const *hosts; /* names it goes by, beside addresses and localhost */
    size_t host_count;
    const char *certificate, *key; /* PEM files; NULL: no TLS */
};

int dw_http_create(struct dw_http **out, const struct dw_http_conf *conf, struct dw_err *err);

/* Ends all connections. NULL is fine. */
void dw_http_destroy(struct dw_http *http);

/* "http://127.0.0.1:8080/", where it listens now; 0.0.0.0 is told as this machine. */
void dw_http_link(struct dw_http *http, struct dw_buf *out);

/* The one-time link that makes its visitor the first administrator; false when the site is claimed.
 * Good until it is used or the program ends. */
bool dw_http_claim_link(struct dw_http *http, struct dw_buf *out);

#endif
