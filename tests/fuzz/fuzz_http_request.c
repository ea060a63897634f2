/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole requests of any bytes, from somebody who may everything: "METHOD TARGET", header lines, an
 * empty line, the body. Each must be answered, an error with problem details.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http_app.h"

#define HEADERS_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *shared; /* struct test_app, for all inputs */

static struct test_app *shared_app(void)
{
    if (shared == NULL && test_app_setup(&shared) != 0)
        abort();
    return shared;
}

__attribute__((destructor)) static void end_shared_app(void)
{
    if (shared != NULL)
        test_app_teardown(&shared);
}

static void take_headers(struct dw_request *request, char *text)
{
    for (char *line = strsep(&text, "\n"); line != NULL; line = strsep(&text, "\n")) {
        char *colon = strstr(line, ": ");
        if (colon == NULL || request->headers.count == HEADERS_MAX)
            continue;
        *colon = '\0';
        dw_vec_push(&request->headers, ((struct dw_header){ line, colon + 2 }));
    }
}

static void check(const struct dw_response *response)
{
    assert(response->status >= 200 && response->status <= 503);
    assert(dw_response_find(response, "Content-Security-Policy") != NULL);
    if (response->status >= 400) {
        assert(strcmp(response->content_type, "application/problem+json") == 0);
        assert(response->body.length > 0 && response->stream.read == NULL);
    }
}

/* Passwords are made slow on purpose, and every user and token is a file written to the disk. */
static bool is_slow(const struct dw_request *request)
{
    static const char *const paths[] = { "/api/v1/users", "/api/v1/tokens", "/api/v1/session",
                                         "/api/v1/claim", "/api/v1/promotions" };
    for (size_t i = 0; i < DW_LENGTH(paths) && request->method != DW_GET; i++)
        if (strncmp(request->target, paths[i], strlen(paths[i])) == 0)
            return memchr(request->body.data, '}', request->body.length) != NULL;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct test_app *test = shared_app();
    struct dw_request request = { .client = "192.0.2.7" };
    struct dw_response response = { 0 };
    char *text = strndup((const char *)data, size), *rest = text;
    char *line = strsep(&rest, "\n"), *body = rest != NULL ? strstr(rest, "\n\n") : NULL;
    const char *method = strsep(&line, " ");
    dw_buf_puts(&request.body, "");
    if (body != NULL) {
        *body = '\0';
        dw_buf_puts(&request.body, body + 2);
    }
    request.method = dw_method_parse(method);
    request.target = line != NULL ? line : "/";
    dw_vec_push(&request.headers, ((struct dw_header){ "Host", "localhost" }));
    dw_vec_push(&request.headers, ((struct dw_header){ "Authorization", test->bearer }));
    if (rest != NULL)
        take_headers(&request, rest);
    if (request.method != DW_METHOD_COUNT && !is_slow(&request)) {
        dw_router_handle(&test->app, &request, &response);
        check(&response);
    }
    dw_response_fini(&response);
    dw_request_fini(&request);
    free(text);
    return 0;
}
