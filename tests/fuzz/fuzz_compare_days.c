/* SPDX-License-Identifier: Apache-2.0 */
/* The days of a comparison (--a and --b FROM..TO, --promotion-days): the first byte says which, a
 * line end parts --a from --b. Whatever is written there is read, or refused in a sentence. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "insight/report_kind.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OPTIONS_MAX 16
#define DAY 20000 /* some day of 2024 */

static struct dw_store *open_store(void)
{
    static struct dw_store *store; /* empty, and stays so */
    struct dw_err err;
    if (store == NULL && dw_store_create(&store, ":memory:", &err) < 0)
        abort();
    return store;
}

static size_t option_at(const struct dw_report_kind *kind, const char *name)
{
    for (size_t i = 0; i < kind->option_count; i++)
        if (strcmp(kind->options[i].name, name) == 0)
            return i;
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct dw_report_kind *compare = dw_report_kind_find("compare");
    const char *values[OPTIONS_MAX] = { NULL };
    struct dw_report_request request = { .from_day = DAY, .to_day = DAY + 28, .values = values };
    struct dw_sheet sheet = { 0 };
    struct dw_err err = { { 0 } };
    char *text = dw_alloc0(size), *second = NULL;
    memcpy(text, data + 1, size - 1);
    if (data[0] % 2 == 0) {
        values[option_at(compare, "promotion-days")] = text;
    } else {
        second = strchr(text, '\n');
        if (second != NULL)
            *second++ = '\0';
        values[option_at(compare, "a")] = text;
        values[option_at(compare, "b")] = second;
    }
    int result = dw_report_kind_fill(compare, &sheet, open_store(), &request, &err);
    assert(result == 0 || (result == -EINVAL && err.text[0] != '\0'));
    dw_sheet_fini(&sheet);
    free(text);
    return 0;
}
