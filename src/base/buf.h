/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing string of bytes. All zero is a valid start; `data` is NULL or NUL-terminated. One
 * thread at a time. Free with dw_buf_fini().
 */
#ifndef DW_BASE_BUF_H
#define DW_BASE_BUF_H

#include <stddef.h>

#include "base/macros.h"

struct dw_buf {
    char *data;
    size_t length, capacity;
};

void dw_buf_fini(struct dw_buf *buf);

void dw_buf_clear(struct dw_buf *buf);

void dw_buf_grow_(struct dw_buf *buf, size_t more);

/* Room for `more` bytes behind the text and its NUL, for who then writes there and sets length. */
static inline char *dw_buf_room(struct dw_buf *buf, size_t more)
{
    if (buf->capacity - buf->length <= more) /* also while there is no capacity */
        dw_buf_grow_(buf, more);
    return buf->data + buf->length;
}

void dw_buf_append(struct dw_buf *buf, const void *bytes, size_t length);

void dw_buf_puts(struct dw_buf *buf, const char *text);

void dw_buf_printf(struct dw_buf *buf, const char *format, ...) DW_PRINTF(2, 3);

/* The shortest text of six digits or more that strtod() reads as the same number. */
void dw_buf_put_real(struct dw_buf *buf, double value);

/* The text so far; never NULL, valid until the next change. */
const char *dw_buf_text(const struct dw_buf *buf);

#endif
