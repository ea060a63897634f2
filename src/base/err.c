/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

int dw_fail(struct dw_err *err, int code, const char *format, ...)
{
    if (err == NULL)
        return code;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    return code;
}

int dw_fail_within(struct dw_err *err, int code, const char *format, ...)
{
    if (err == NULL)
        return code;
    char prefix[256];
    va_list args;
    va_start(args, format);
    vsnprintf(prefix, sizeof(prefix), format, args);
    va_end(args);

    struct dw_err inner = *err;
    snprintf(err->text, sizeof(err->text), "%s: %.*s", prefix,
             (int)(sizeof(err->text) - sizeof(prefix) - 3), inner.text);
    return code;
}
