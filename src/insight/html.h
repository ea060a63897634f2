/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of HTML. Text into HTML and SVG is shown, never obeyed. */
#ifndef DW_INSIGHT_HTML_H
#define DW_INSIGHT_HTML_H

#include "base/buf.h"

/* Escaped for text and quoted attributes; broken UTF-8 and control characters become U+FFFD. */
void dw_html_text(struct dw_buf *out, const char *text);

/* <tag>text</tag> */
void dw_html_element(struct dw_buf *out, const char *tag, const char *text);

/* All of a page up to <main>: title, style, and the marks that drawings use. */
void dw_html_page_begin(struct dw_buf *out, const char *title);

#endif
