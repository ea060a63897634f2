/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request and its answer as plain values: whatever brings them (server.c, a test, a fuzzer), the
 * rest of this layer sees only these. One thread at a time.
 */
#ifndef DW_HTTP_MESSAGE_H
#define DW_HTTP_MESSAGE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/vec.h"

enum dw_method { DW_GET, DW_HEAD, DW_POST, DW_PUT, DW_PATCH, DW_DELETE, DW_METHOD_COUNT };

/* "GET" and so on; dw_method_parse() gives DW_METHOD_COUNT for another word. */
const char *dw_method_name(enum dw_method method);
enum dw_method dw_method_parse(const char *name);

struct dw_header {
    const char *name, *value;
};

/* Texts are borrowed from whoever brings the request. */
struct dw_request {
    enum dw_method method;
    const char *target; /* "/api/v1/visits?zone=door", as it was written */
    const char *client; /* address of who asks: "192.0.2.7" */
    bool secure;        /* came by TLS */
    DW_VEC(struct dw_header) headers;
    struct dw_buf body;
};

/* Frees the list and the body. */
void dw_request_fini(struct dw_request *request);

/* NULL when it is not there, or there more than once: nobody who means well sends two. */
const char *dw_request_header(const struct dw_request *request, const char *name);

/*
 * An answer that goes on: `read` writes up to `room` bytes and returns how many, 0 when there is
 * nothing now (it is asked again after dw_server_wake()), or -1 at its end. Called on the server's
 * thread, so it must not wait. `close` frees `user` whatever became of the answer.
 */
struct dw_stream {
    ssize_t (*read)(void *user, char *out, size_t room);
    void (*close)(void *user);
    void *user;
};

struct dw_owned_header {
    char *name, *value;
};

/* All zero is a start; status 0 is no answer yet. The first of stream, file, bytes and body that is
 * set is sent. */
struct dw_response {
    int status;
    const char *content_type; /* static */
    DW_VEC(struct dw_owned_header) headers;
    struct dw_stream stream;
    FILE *file;        /* from its beginning; closed with the answer */
    const void *bytes; /* static */
    size_t byte_count;
    struct dw_buf body;
    struct dw_buf audit; /* what the audit log shall say beside who, when and where */
};

void dw_response_fini(struct dw_response *response);

/* Adds a header; control characters in the value become spaces. */
void dw_response_header(struct dw_response *response, const char *name, const char *format, ...)
    DW_PRINTF(3, 4);

/* NULL when there is none. */
const char *dw_response_find(const struct dw_response *response, const char *name);

/* Status and type; the body is what was and will be written to response->body. */
void dw_response_ok(struct dw_response *response, int status, const char *content_type);

#endif
