/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A promotion of a simulated shop as text: "display=2,from=15,to=28,every=2,stop=1.3". Displays and
 * days are numbered from 1; what is left out is: all displays, from day 1 to the end, every day, no
 * effect (1).
 */
#ifndef DW_CONF_PROMOTION_H
#define DW_CONF_PROMOTION_H

#include "base/buf.h"
#include "base/err.h"
#include "core/simulate.h"

/* -EINVAL with a sentence, and *out as it was, when it is anything else. */
int dw_promotion_parse(struct dw_promotion *out, const char *text, struct dw_err *err);

/* The same text back, nothing left out. */
void dw_promotion_print(const struct dw_promotion *promotion, struct dw_buf *out);

#endif
