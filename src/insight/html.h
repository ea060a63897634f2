/* SPDX-License-Identifier: Apache-2.0 */
/* Text into HTML and SVG: what it says is shown, never obeyed. */
#ifndef DW_INSIGHT_HTML_H
#define DW_INSIGHT_HTML_H

#include "base/buf.h"

/* Escaped for text and quoted attributes; broken UTF-8 and control characters become U+FFFD. */
void dw_html_text(struct dw_buf *out, const char *text);

#endif
