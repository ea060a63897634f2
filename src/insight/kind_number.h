/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers among the options of kinds of reports. */
#ifndef DW_INSIGHT_KIND_NUMBER_H
#define DW_INSIGHT_KIND_NUMBER_H

#include "base/err.h"

/* A number from least to most; `text` NULL: not given, `out` stays. -EINVAL with a sentence. */
struct dw_kind_number {
    const char *option; /* "--min-shift" */
    double least, most;
};

int dw_kind_number(double *out, const struct dw_kind_number *number, const char *text,
                   struct dw_err *err);

#endif
