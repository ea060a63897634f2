/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole requests of any bytes: "METHOD TARGET", header lines, an empty line, the body. Whoever
 * sends no Host, or neither Authorization nor Cookie, asks by the right name, and may everything.
 * Each must be answered, an error with problem details.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "http_app.h"

#define HEADERS_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *shared; /* struct test_app, for all inputs until something was stored */

/* Passwords are made slow on purpose, and files waited for: nothing of it is to be found out here.
 * These stand before those of the libraries. */
static void write_hash(char *out, const char *password, unsigned long long length)
{
    snprintf(out, crypto_pwhash_argon2id_STRBYTES, "%llu %c", length, *password);
}

int crypto_pwhash_argon2id_str(char out[crypto_pwhash_argon2id_STRBYTES],
                               const char *const password, unsigned long long length,
                               unsigned long long operations, size_t memory)
{
    (void)operations, (void)memory;
    write_hash(out, password, length);
    return 0;
}

int crypto_pwhash_argon2id_str_verify(const char hash[crypto_pwhash_argon2id_STRBYTES],
                                      const char *const password, unsigned long long length)
{
    char other[crypto_pwhash_argon2id_STRBYTES];
    write_hash(other, password, length);
    return strcmp(hash, other) == 0 ? 0 : -1;
}

int fsync(int file)
{
    (void)file;
    return 0;
}

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
    shared = NULL;
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

/* Who comes after it shall find all as it was: no users, tokens and promotions by the thousand, and
 * nobody locked out for having tried too often. */
static bool leaves_something(const struct dw_request *request, const struct dw_response *response)
{
    return response->status == 429 ||
           (request->method != DW_GET && request->method != DW_HEAD && response->status < 300);
}

static bool has(const struct dw_request *request, const char *name)
{
    for (size_t i = 0; i < request->headers.count; i++)
        if (strcasecmp(request->headers.items[i].name, name) == 0)
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct test_app *test = shared_app();
    struct dw_request request = { .client = "192.0.2.7" };
    struct dw_response response = { 0 };
    char *text = strndup((const char *)data, size), *rest = text, *body = strstr(text, "\n\n");
    dw_buf_puts(&request.body, "");
    if (body != NULL) {
        *body = '\0';
        dw_buf_puts(&request.body, body + 2);
    }
    char *line = strsep(&rest, "\n");
    const char *method = strsep(&line, " ");
    request.method = dw_method_parse(method);
    request.target = line != NULL ? line : "/";
    if (rest != NULL)
        take_headers(&request, rest);
    if (!has(&request, "Host"))
        dw_vec_push(&request.headers, ((struct dw_header){ "Host", "localhost" }));
    if (!has(&request, "Authorization") && !has(&request, "Cookie"))
        dw_vec_push(&request.headers, ((struct dw_header){ "Authorization", test->bearer }));
    if (request.method != DW_METHOD_COUNT) {
        dw_router_handle(&test->app, &request, &response);
        check(&response);
        if (leaves_something(&request, &response))
            end_shared_app();
    }
    dw_response_fini(&response);
    dw_request_fini(&request);
    free(text);
    return 0;
}
