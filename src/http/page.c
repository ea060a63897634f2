/* SPDX-License-Identifier: Apache-2.0 */
#include "http/page.h"

#include <stdlib.h>
#include <string.h>

#include "http/problem.h"

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

void dw_page_answer(const struct dw_request *request, struct dw_response *response)
{
    size_t length = strcspn(request->target, "?");
    const struct dw_page_file *file = find(request->target, length);
    if (request->method != DW_GET && request->method != DW_HEAD) {
        dw_problem(response, 405, "the page can only be read");
        dw_response_header(response, "Allow", "GET, HEAD");
        return;
    }
    if (file == NULL && is_view(request->target, length))
        file = find("/index.html", strlen("/index.html"));
    if (file == NULL)
        dw_problem(response, 404, "there is no such file");
    else
        send_file(file, request, response);
}
