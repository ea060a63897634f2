/* SPDX-License-Identifier: Apache-2.0 */
#include "http/page.h"

#include <stdlib.h>
#include <string.h>

#include "http/problem.h"
#include "http/query.h"
#include "http/router.h"

/* What its script asks for first. Named with the page, it is asked for while the script is still on
 * its way, and is there when that runs. */
#define PRELOAD(path) "</api/v1/" path ">; rel=preload; as=fetch; crossorigin"
static const char asked_first[] =
    PRELOAD("session") ", " PRELOAD("site") ", " PRELOAD("cameras") ", " PRELOAD("today");

static const struct dw_page_file *find(const char *path, size_t length)
{
    for (size_t i = 0; i < dw_page_file_count; i++)
        if (strlen(dw_page_files[i].path) == length &&
            memcmp(dw_page_files[i].path, path, length) == 0)
            return &dw_page_files[i];
    return NULL;
}

/* "/cameras/door/zones" is a view, "/favicon.png" would be a file. */
static bool is_view(const char *path, size_t length)
{
    const char *last = memrchr(path, '/', length);
    return last != NULL && memchr(last, '.', length - (size_t)(last - path)) == NULL;
}

static bool accepts_gzip(const struct dw_request *request)
{
    const char *accepted = dw_request_header(request, "Accept-Encoding");
    return accepted != NULL && strstr(accepted, "gzip") != NULL;
}

static void send_file(const struct dw_page_file *file, const struct dw_request *request,
                      struct dw_response *response)
{
    const char *known = dw_request_header(request, "If-None-Match");
    bool zipped = file->gzip_size > 0 && accepts_gzip(request);
    dw_response_ok(response, 200, file->content_type);
    dw_response_header(response, "ETag", "%s", file->etag);
    dw_response_header(response, "Vary", "Accept-Encoding");
    dw_response_header(response, "Cache-Control",
                       file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    dw_response_header(response, "Content-Security-Policy", "%s", dw_page_policy);
    if (known != NULL && strcmp(known, file->etag) == 0) {
        response->status = 304;
        return;
    }
    if (zipped)
        dw_response_header(response, "Content-Encoding", "gzip");
    response->bytes = zipped ? file->gzip : file->bytes;
    response->byte_count = zipped ? file->gzip_size : file->size;
}

static void send_page(const struct dw_request *request, struct dw_response *response)
{
    char *session = dw_cookie_find(dw_request_header(request, "Cookie"), DW_COOKIE);
    send_file(find("/index.html", strlen("/index.html")), request, response);
    if (session != NULL) /* nobody else would get it */
        dw_response_header(response, "Link", "%s", asked_first);
    free(session);
}

void dw_page_answer(const struct dw_request *request, struct dw_response *response)
{
    size_t length = strcspn(request->target, "?");
    const struct dw_page_file *file = find(request->target, length);
    if (request->method != DW_GET && request->method != DW_HEAD) {
        dw_problem(response, 405, "the page can only be read");
        dw_response_header(response, "Allow", "GET, HEAD");
        return;
    }
    if (file != NULL)
        send_file(file, request, response);
    else if (is_view(request->target, length))
        send_page(request, response);
    else
        dw_problem(response, 404, "there is no such file; the page is at /");
}
