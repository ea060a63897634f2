/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/html.h"

#include <stdbool.h>

#include "base/utf8.h"

static const char *entity(char letter)
{
    switch (letter) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void dw_html_text(struct dw_buf *out, const char *text)
{
    while (*text != '\0') {
        size_t length = dw_utf8_length(text);
        const char *escaped = entity(*text);
        bool control = (unsigned char)*text < 0x20 || *text == 0x7f;
        if (length == 0 || control)
            dw_buf_puts(out, "\xef\xbf\xbd");
        else if (escaped != NULL)
            dw_buf_puts(out, escaped);
        else
            dw_buf_append(out, text, length);
        text += DW_MAX(length, (size_t)1);
    }
}
