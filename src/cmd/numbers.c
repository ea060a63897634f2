/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/numbers.h"

#include <errno.h>
#include <stdlib.h>

int dw_number_parse(double *out, const char *what, const char *text, double least, double most,
                    struct dw_err *err)
{
    char *end = NULL;
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !(number >= least && number <= most))
        return dw_fail(err, -EINVAL, "%s wants a number from %g to %g, got '%s'", what, least, most,
                       text);
    *out = number;
    return 0;
}
