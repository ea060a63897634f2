/* SPDX-License-Identifier: Apache-2.0 */
#include "http/message.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" };

const char *dw_method_name(enum dw_method method)
{
    return methods[method];
}

enum dw_method dw_method_parse(const char *name)
{
    size_t i = 0;
    while (i < DW_LENGTH(methods) && strcmp(methods[i], name) != 0)
        i++;
    return (enum dw_method)i;
}

void dw_request_fini(struct dw_request *request)
{
    dw_vec_fini(&request->headers);
    dw_buf_fini(&request->body);
}

const char *dw_request_header(const struct dw_request *request, const char *name)
{
    const char *found = NULL;
    for (size_t i = 0; i < request->headers.count; i++) {
        if (strcasecmp(request->headers.items[i].name, name) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = request->headers.items[i].value;
    }
    return found;
}

void dw_response_fini(struct dw_response *response)
{
    for (size_t i = 0; i < response->headers.count; i++) {
        free(response->headers.items[i].name);
        free(response->headers.items[i].value);
    }
    dw_vec_fini(&response->headers);
    if (response->stream.close != NULL)
        response->stream.close(response->stream.user);
    if (response->file != NULL)
        fclose(response->file);
    dw_buf_fini(&response->body);
    dw_buf_fini(&response->audit);
    *response = (struct dw_response){ 0 };
}

void dw_response_header(struct dw_response *response, const char *name, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *value = dw_alloc0((size_t)length + 1);
    vsnprintf(value, (size_t)length + 1, format, again);
    va_end(again);
    for (char *at = value; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = ' ';
    dw_vec_push(&response->headers, ((struct dw_owned_header){ dw_strdup(name), value }));
}

const char *dw_response_find(const struct dw_response *response, const char *name)
{
    for (size_t i = 0; i < response->headers.count; i++)
        if (strcasecmp(response->headers.items[i].name, name) == 0)
            return response->headers.items[i].value;
    return NULL;
}

void dw_response_ok(struct dw_response *response, int status, const char *content_type)
{
    response->status = status;
    response->content_type = content_type;
}
