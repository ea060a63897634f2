/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void dw_buf_grow_(struct dw_buf *buf, size_t more)
{
    size_t wanted = buf->length + more + 1;
    size_t capacity = DW_MAX(wanted, buf->capacity * 2);
    buf->data = dw_realloc_array(buf->data, capacity, 1);
    buf->capacity = capacity;
}

void dw_buf_fini(struct dw_buf *buf)
{
    free(buf->data);
    *buf = (struct dw_buf){ 0 };
}

void dw_buf_clear(struct dw_buf *buf)
{
    buf->length = 0;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

void dw_buf_append(struct dw_buf *buf, const void *bytes, size_t length)
{
    char *room = dw_buf_room(buf, length);
    if (length > 0)
        memcpy(room, bytes, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void dw_buf_puts(struct dw_buf *buf, const char *text)
{
    dw_buf_append(buf, text, strlen(text));
}

void dw_buf_printf(struct dw_buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length > 0) {
        vsnprintf(dw_buf_room(buf, (size_t)length), (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    }
    va_end(again);
}

void dw_buf_put_real(struct dw_buf *buf, double value)
{
    char text[32];
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    dw_buf_puts(buf, text);
}

const char *dw_buf_text(const struct dw_buf *buf)
{
    return buf->data != NULL ? buf->data : "";
}
