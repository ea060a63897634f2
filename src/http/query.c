/* SPDX-License-Identifier: Apache-2.0 */
#include "http/query.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "base/wall_time.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_text(const char *text)
{
    for (size_t step = 0; *text != '\0'; text += step) {
        step = dw_utf8_length(text);
        if (step == 0 || (unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    }
    return true;
}

/* The byte that "%41" stands for; 0 when it is no such thing, as a NUL would be. */
static int coded_byte(const char *text, size_t length)
{
    int high = length > 2 ? hex_digit(text[1]) : -1;
    int low = high >= 0 ? hex_digit(text[2]) : -1;
    return low >= 0 ? high * 16 + low : 0;
}

char *dw_percent_decode(const char *text, size_t length, bool plus)
{
    char *out = dw_alloc0(length + 1);
    size_t count = 0;
    bool good = true;
    for (size_t i = 0; i < length && good; i++) {
        int byte = text[i] == '+' && plus ? ' ' : (unsigned char)text[i];
        if (byte == '%') {
            byte = coded_byte(text + i, length - i);
            i += 2;
        }
        good = byte != 0;
        out[count++] = (char)byte;
    }
    if (good && is_text(out))
        return out;
    free(out);
    return NULL;
}

static int add_item(struct dw_query *query, const char *text, size_t length, struct dw_err *err)
{
    if (length == 0)
        return 0;
    if (query->items.count == DW_QUERY_MAX)
        return dw_fail(err, -EINVAL, "the query has more than %d names", DW_QUERY_MAX);
    const char *equals = memchr(text, '=', length);
    size_t name_length = equals != NULL ? (size_t)(equals - text) : length;
    char *name = dw_percent_decode(text, name_length, true);
    char *value = equals != NULL ? dw_percent_decode(equals + 1, length - name_length - 1, true)
                                 : dw_strdup("");
    if (name != NULL && value != NULL && dw_query_find(query, name) == NULL) {
        dw_vec_push(&query->items, ((struct dw_query_item){ name, value }));
        return 0;
    }
    int result = name != NULL && value != NULL
                     ? dw_fail(err, -EINVAL, "'%s' stands in the query twice", name)
                     : dw_fail(err, -EINVAL, "the query is not percent-coded UTF-8");
    free(name);
    free(value);
    return result;
}

int dw_query_parse(struct dw_query *query, const char *target, struct dw_err *err)
{
    const char *at = strchr(target, '?');
    int result = 0;
    while (at != NULL && result == 0) {
        const char *text = at + 1;
        at = strchr(text, '&');
        result = add_item(query, text, at != NULL ? (size_t)(at - text) : strlen(text), err);
    }
    return result;
}

void dw_query_fini(struct dw_query *query)
{
    for (size_t i = 0; i < query->items.count; i++) {
        free(query->items.items[i].name);
        free(query->items.items[i].value);
    }
    dw_vec_fini(&query->items);
}

const char *dw_query_find(const struct dw_query *query, const char *name)
{
    for (size_t i = 0; i < query->items.count; i++)
        if (strcmp(query->items.items[i].name, name) == 0)
            return query->items.items[i].value;
    return NULL;
}

int dw_query_integer(const struct dw_query *query, const char *name, int64_t least, int64_t most,
                     int64_t *out, struct dw_err *err)
{
    const char *text = dw_query_find(query, name);
    if (text == NULL)
        return 0;
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < least || value > most)
        return dw_fail(err, -EINVAL, "%s=%s: wants a whole number from %lld to %lld", name, text,
                       (long long)least, (long long)most);
    *out = value;
    return 0;
}

int dw_query_real(const struct dw_query *query, const char *name, double least, double most,
                  double *out, struct dw_err *err)
{
    const char *text = dw_query_find(query, name);
    if (text == NULL)
        return 0;
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= least && value <= most))
        return dw_fail(err, -EINVAL, "%s=%s: wants a number from %g to %g", name, text, least,
                       most);
    *out = value;
    return 0;
}

int dw_query_time(const struct dw_query *query, const char *name, int64_t *out, struct dw_err *err)
{
    const char *text = dw_query_find(query, name);
    int result = text != NULL ? dw_time_parse(out, text, err) : 0;
    return result < 0 ? dw_fail_within(err, result, "%s", name) : 0;
}

int dw_query_flag(const struct dw_query *query, const char *name, bool *out, struct dw_err *err)
{
    static const char *const words[] = { "0", "1", "false", "true", "no", "yes", "off", "" };
    const char *text = dw_query_find(query, name);
    if (text == NULL)
        return 0;
    for (size_t i = 0; i < DW_LENGTH(words); i++) {
        if (strcmp(words[i], text) != 0)
            continue;
        *out = i % 2 == 1;
        return 0;
    }
    return dw_fail(err, -EINVAL, "%s=%s: wants true or false", name, text);
}

int dw_query_only(const struct dw_query *query, const char *const *known, size_t count,
                  struct dw_err *err)
{
    for (size_t i = 0; i < query->items.count; i++) {
        const char *name = query->items.items[i].name;
        size_t k = 0;
        while (k < count && strcmp(known[k], name) != 0)
            k++;
        if (k < count)
            continue;
        const char *near = dw_suggest(name, known, count);
        return near != NULL
                   ? dw_fail(err, -EINVAL, "'%s' is not known here; did you mean '%s'?", name, near)
                   : dw_fail(err, -EINVAL, "'%s' is not known here", name);
    }
    return 0;
}

static size_t part_length(const char *path)
{
    return strcspn(path, "/?");
}

bool dw_path_match(const char *pattern, const char *target, char *names[DW_PATH_NAMES])
{
    size_t found = 0;
    while (*pattern == '/' && *target == '/') {
        pattern++;
        target++;
        size_t want = part_length(pattern), have = part_length(target);
        bool any = want == 2 && memcmp(pattern, "{}", 2) == 0;
        if (any && found < DW_PATH_NAMES) {
            names[found] = have > 0 ? dw_percent_decode(target, have, false) : NULL;
            if (names[found++] == NULL)
                return false;
        } else if (want != have || memcmp(pattern, target, want) != 0) {
            return false;
        }
        pattern += want;
        target += have;
    }
    return *pattern == '\0' && (*target == '\0' || *target == '?');
}

char *dw_cookie_find(const char *header, const char *name)
{
    size_t length = strlen(name);
    while (header != NULL) {
        header += strspn(header, " \t;");
        size_t size = strcspn(header, ";");
        if (size > length && strncmp(header, name, length) == 0 && header[length] == '=')
            return dw_strdup_printf("%.*s", (int)(size - length - 1), header + length + 1);
        header = header[size] == ';' ? header + size : NULL;
    }
    return NULL;
}
