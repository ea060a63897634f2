/* SPDX-License-Identifier: Apache-2.0 */
/* Targets, patterns and cookies of any bytes: what is taken is text without control characters. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "http/query.h"
#include "http/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
    for (size_t step = 0; *text != '\0'; text += step) {
        step = dw_utf8_length(text);
        assert(step > 0 && (unsigned char)*text >= ' ' && *text != 0x7f);
    }
}

static void check_paths(const char *target)
{
    size_t count = 0, matches = 0;
    const struct dw_route *routes = dw_routes(&count);
    for (size_t i = 0; i < count; i++) {
        char *names[DW_PATH_NAMES] = { NULL };
        bool match = dw_path_match(routes[i].pattern, target, names);
        matches += match && routes[i].method == DW_GET;
        for (size_t k = 0; k < DW_PATH_NAMES; k++) {
            if (names[k] != NULL)
                check_text(names[k]);
            free(names[k]);
        }
    }
    assert(matches <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    struct dw_query query = { 0 };
    struct dw_err err = { { 0 } };
    int code = dw_query_parse(&query, text, &err);
    assert((code == 0) == (err.text[0] == '\0') && query.items.count <= DW_QUERY_MAX);
    for (size_t i = 0; i < query.items.count; i++) {
        check_text(query.items.items[i].name);
        check_text(query.items.items[i].value);
    }
    dw_query_fini(&query);
    check_paths(text);
    free(dw_cookie_find(text, DW_COOKIE));
    free(text);
    return 0;
}
