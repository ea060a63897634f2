/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/numbers.h"

#include <errno.h>
#include <stdlib.h>

#include "insight/kind_number.h"

int dw_number_parse(double *out, const char *what, const char *text, double least, double most,
                    struct dw_err *err)
{
    const struct dw_kind_number number = { what, least, most };
    return dw_kind_number(out, &number, text, err);
}

int dw_size_parse(int *width_px, int *height_px, const char *what, const char *text,
                  struct dw_err *err)
{
    char *end = NULL;
    long w = strtol(text, &end, 10), h = 0;
    if (end != text && *end == 'x')
        h = strtol(end + 1, &end, 10);
    if (*end != '\0' || w < 1 || h < 1 || w > 65535 || h > 65535)
        return dw_fail(err, -EINVAL, "%s wants WIDTHxHEIGHT in pixels like 1920x1080, got '%s'",
                       what, text);
    *width_px = (int)w;
    *height_px = (int)h;
    return 0;
}
