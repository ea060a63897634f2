/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/kind_number.h"

#include <errno.h>
#include <stdlib.h>

int dw_kind_number(double *out, const struct dw_kind_number *number, const char *text,
                   struct dw_err *err)
{
    char *end = NULL;
    if (text == NULL)
        return 0;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= number->least && value <= number->most))
        return dw_fail(err, -EINVAL, "%s wants a number from %g to %g, got '%s'", number->option,
                       number->least, number->most, text);
    *out = value;
    return 0;
}
