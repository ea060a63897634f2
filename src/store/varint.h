/* SPDX-License-Identifier: Apache-2.0 */
/* Whole numbers as bytes: base-128 varints, least significant group first; signed ones zigzag. */
#ifndef DW_STORE_VARINT_H
#define DW_STORE_VARINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

void dw_varint_put(struct dw_buf *out, uint64_t value);
void dw_varint_put_signed(struct dw_buf *out, int64_t value);

struct dw_varint_reader {
    const unsigned char *at, *end;
    bool damaged; /* a number ran over the end, or is too large */
};

/* 0 when damaged. */
uint64_t dw_varint_take_long_(struct dw_varint_reader *reader);

static inline uint64_t dw_varint_take(struct dw_varint_reader *reader)
{
    if (reader->at < reader->end && *reader->at < 0x80)
        return *reader->at++;
    return dw_varint_take_long_(reader);
}

static inline int64_t dw_varint_take_signed(struct dw_varint_reader *reader)
{
    uint64_t coded = dw_varint_take(reader);
    return (coded & 1) != 0 ? -(int64_t)(coded >> 1) - 1 : (int64_t)(coded >> 1);
}

#endif
