/* SPDX-License-Identifier: Apache-2.0 */
/* Texts in CSV (RFC 4180) that a spreadsheet may open. */
#ifndef DW_BASE_CSV_H
#define DW_BASE_CSV_H

#include "base/buf.h"

/* Appends the text in quotes. A spreadsheet takes one that begins with = + - @ for a formula and
 * computes it: such a text gets an apostrophe before it, which says that it is text. */
void dw_csv_put_text(struct dw_buf *out, const char *text);

/* What was put: the field's text, without the quotes, and now without that apostrophe. */
const char *dw_csv_text(const char *field);

#endif
