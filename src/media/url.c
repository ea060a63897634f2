/* SPDX-License-Identifier: Apache-2.0 */
#include "media/url.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/buf.h"

#define FILE_SCHEME "file://"
#define WEBCAM_SCHEME "v4l2://"

bool dw_url_is_file(const char *url)
{
    return strstr(url, "://") == NULL || strncasecmp(url, FILE_SCHEME, strlen(FILE_SCHEME)) == 0;
}

const char *dw_url_path(const char *url)
{
    return strncasecmp(url, FILE_SCHEME, strlen(FILE_SCHEME)) == 0 ? url + strlen(FILE_SCHEME)
                                                                   : url;
}

const char *dw_url_webcam(const char *url)
{
    size_t length = strlen(WEBCAM_SCHEME);
    return strncasecmp(url, WEBCAM_SCHEME, length) == 0 ? url + length : NULL;
}

/* Whether "host:rest" has something behind the colon that is no port: a password with a slash. */
static bool has_odd_port(const char *text, size_t length)
{
    const char *colon = memchr(text, ':', length);
    if (colon == NULL || text[0] == '[') /* [IPv6] */
        return false;
    size_t rest = length - (size_t)(colon + 1 - text);
    return strspn(colon + 1, "0123456789") < rest;
}

/* The '@' before the host, or NULL. */
static const char *end_of_user(const char *text)
{
    size_t authority = strcspn(text, "/?#");
    const char *at = memrchr(text, '@', authority);
    return at == NULL && has_odd_port(text, authority) ? strrchr(text, '@') : at;
}

bool dw_url_host(const char *url, char host[DW_HOST_SIZE])
{
    if (dw_url_is_file(url))
        return false;
    const char *text = strstr(url, "://") + 3, *at = end_of_user(text);
    text = at != NULL ? at + 1 : text;
    size_t length = strcspn(text, ":/?#");
    if (text[0] == '[') {
        text++;
        length = strcspn(text, "]");
    }
    if (length == 0 || length >= DW_HOST_SIZE)
        return false;
    for (size_t i = 0; i < length; i++)
        host[i] = (char)tolower((unsigned char)text[i]);
    host[length] = '\0';
    return true;
}

/* RFC 3986, 2.1: what could mean something in an address, and in a configuration, is %XX. */
static void put_escaped(struct dw_buf *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (isalnum((unsigned char)*text) || strchr("-._~", *text) != NULL)
            dw_buf_append(out, text, 1);
        else
            dw_buf_printf(out, "%%%02X", (unsigned char)*text);
}

char *dw_url_with_user(const char *url, const char *user, const char *password)
{
    const char *scheme = strstr(url, "://");
    if (user == NULL || user[0] == '\0' || dw_url_is_file(url) || end_of_user(scheme + 3) != NULL)
        return dw_strdup(url);
    struct dw_buf out = { 0 };
    dw_buf_append(&out, url, (size_t)(scheme + 3 - url));
    put_escaped(&out, user);
    if (password != NULL && password[0] != '\0') {
        dw_buf_puts(&out, ":");
        put_escaped(&out, password);
    }
    dw_buf_puts(&out, "@");
    dw_buf_puts(&out, scheme + 3);
    return out.data;
}

/* Writes "user:***@" for what stands before the host and returns where the host begins. */
static const char *put_user(struct dw_buf *out, const char *text)
{
    const char *at = end_of_user(text);
    if (at == NULL)
        return text;
    size_t name = strcspn(text, ":@");
    dw_buf_append(out, text, name);
    dw_buf_puts(out, text + name < at ? ":***@" : "@");
    return at + 1;
}

static bool is_secret(const char *name, size_t length)
{
    static const char *const words[] = { "pass", "pwd", "token", "key", "secret", "auth", "sig" };
    for (size_t i = 0; i < DW_LENGTH(words); i++)
        for (size_t at = 0; at + strlen(words[i]) <= length; at++)
            if (strncasecmp(name + at, words[i], strlen(words[i])) == 0)
                return true;
    return false;
}

/* Writes "?a=1&password=***". */
static void put_query(struct dw_buf *out, const char *text)
{
    while (*text != '\0') {
        size_t name = strcspn(text + 1, "=&") + 1, whole = strcspn(text + 1, "&") + 1;
        if (name < whole && is_secret(text, name)) {
            dw_buf_append(out, text, name);
            dw_buf_puts(out, "=***");
        } else {
            dw_buf_append(out, text, whole);
        }
        text += whole;
    }
}

char *dw_url_redact(const char *url)
{
    if (dw_url_is_file(url))
        return dw_strdup(dw_url_path(url));
    struct dw_buf out = { 0 };
    const char *rest = strstr(url, "://") + 3;
    dw_buf_append(&out, url, (size_t)(rest - url));
    rest = put_user(&out, rest);
    size_t path = strcspn(rest, "?");
    dw_buf_append(&out, rest, path);
    put_query(&out, rest + path);
    return out.data;
}
