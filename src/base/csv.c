/* SPDX-License-Identifier: Apache-2.0 */
#include "base/csv.h"

#include <stdbool.h>
#include <string.h>

/* Apostrophes that are there already count for nothing, so that what is put is read as it was. */
static bool is_formula(const char *text)
{
    text += strspn(text, "'");
    return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

void dw_csv_put_text(struct dw_buf *out, const char *text)
{
    dw_buf_puts(out, is_formula(text) ? "\"'" : "\"");
    for (; *text != '\0'; text++)
        dw_buf_append(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    dw_buf_puts(out, "\"");
}

const char *dw_csv_text(const char *field)
{
    return *field == '\'' && is_formula(field) ? field + 1 : field;
}
