/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/html.h"

#include <stdbool.h>

#include "base/utf8.h"

/* report.css, made into an array by the build. */
extern const char dw_report_css[];

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

void dw_html_element(struct dw_buf *out, const char *tag, const char *text)
{
    dw_buf_printf(out, "<%s>", tag);
    dw_html_text(out, text);
    dw_buf_printf(out, "</%s>", tag);
}

void dw_html_page_begin(struct dw_buf *out, const char *title)
{
    dw_buf_puts(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
                     " style-src 'unsafe-inline'\">\n"
                     "<meta name=\"generator\" content=\"dwell " DWELL_VERSION "\">\n");
    dw_html_element(out, "title", title);
    dw_buf_puts(out, "\n<style>\n");
    dw_buf_puts(out, dw_report_css);
    dw_buf_puts(out,
                "</style>\n</head>\n<body>\n"
                "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\">"
                "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\""
                " patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                "<path d=\"M0 0v6\" stroke=\"var(--hatch)\" stroke-width=\"2\"/></pattern>"
                "<marker id=\"arrow\" viewBox=\"0 0 10 10\" refX=\"8\" refY=\"5\""
                " markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
                "<path d=\"M0 0L10 5L0 10z\" fill=\"var(--ink)\"/></marker></defs></svg>\n"
                "<main>\n");
}
