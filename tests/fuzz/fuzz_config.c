/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings: the bytes as a YAML file, and as what stands behind --set. What is accepted lies within
 * its range and is printed so that it is read as the same; what is refused changes nothing.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "conf/option.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *printed(const struct dw_settings *settings)
{
    struct dw_buf text = { 0 };
    dw_settings_print(settings, &text);
    return text.data;
}

static void check_reread(const char *text)
{
    struct dw_settings again = dw_settings_default();
    char *copy = dw_strdup(text), *rest = copy;
    for (char *word = NULL; (word = strsep(&rest, " ")) != NULL;) {
        int set = dw_settings_set(&again, word, NULL);
        assert(set == 0);
    }
    char *reprinted = printed(&again);
    assert(strcmp(reprinted, text) == 0);
    free(reprinted);
    free(copy);
}

static void check(const struct dw_settings *settings, int code, const struct dw_err *err)
{
    assert((code == 0) == (err->text[0] == '\0'));
    struct dw_settings fresh = dw_settings_default();
    char *before = printed(&fresh), *after = printed(settings);
    bool changed = strcmp(before, after) != 0;
    assert(code == 0 || !changed);
    if (changed)
        check_reread(after);
    free(before);
    free(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_settings settings = dw_settings_default();
    struct dw_err err = { { 0 } };
    check(&settings, dw_settings_parse(&settings, (const char *)data, size, &err), &err);

    char *text = dw_alloc0(size + 1);
    memcpy(text, data, size);
    settings = dw_settings_default();
    err.text[0] = '\0';
    check(&settings, dw_settings_set(&settings, text, &err), &err);
    free(text);
    return 0;
}
