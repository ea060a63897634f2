/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP/1.1 server: sockets, TLS, limits and time-outs, built on libmicrohttpd. It knows nothing
 * of what is asked: each request is handed whole to `handle`.
 *
 * Threads: one waits for all sockets (epoll), so a thousand idle or slow clients cost a table entry
 * each and no thread. A few workers call `handle`; a connection sleeps meanwhile. Requests that
 * `slow` says may take long (reports, passwords) never take the last workers, so quick ones do
 * not queue up behind them. One more thread ends connections that do not get on with their request.
 */
#ifndef DW_HTTP_SERVER_H
#define DW_HTTP_SERVER_H

#include "base/err.h"
#include "http/message.h"

#define DW_SERVER_BODY_MAX ((size_t)1024 * 1024)
#define DW_SERVER_HEADERS_MAX ((size_t)32 * 1024) /* with all that a connection needs */
#define DW_SERVER_CONNECTIONS_MAX 4096
#define DW_SERVER_CONNECTIONS_EACH 512 /* of one address */
#define DW_SERVER_ADDRESS_SIZE 64

struct dw_server;

struct dw_server_conf {
    void (*handle)(void *user, const struct dw_request *request, struct dw_response *response);
    bool (*slow)(void *user, const struct dw_request *request);
    void *user;
    const char *certificate, *key; /* PEM texts; NULL: no TLS */
};

int dw_server_create(struct dw_server **out, const struct dw_server_conf *conf, struct dw_err *err);

/* Ends all connections; those in work are waited for. NULL is fine. */
void dw_server_destroy(struct dw_server *server);

/*
 * Listens at "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:0" (0: a free port) instead of where it
 * did; connections that exist live on. When it fails, it listens nowhere. May be called by
 * `handle`.
 */
int dw_server_listen(struct dw_server *server, const char *address, struct dw_err *err);

/* Where it listens, with the port's number. */
void dw_server_address(struct dw_server *server, char out[DW_SERVER_ADDRESS_SIZE]);

/* Asks every stream that had nothing to say once more. Any thread. */
void dw_server_wake(struct dw_server *server);

/* Connections there are now. */
int dw_server_connections(struct dw_server *server);

#endif
