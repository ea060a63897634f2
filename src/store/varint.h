/* SPDX-License-Identifier: Apache-2.0 */
/* Whole numbers as bytes: base-128 varints, least significant group first; signed ones zigzag. */
#ifndef DW_STORE_VARINT_H
#define DW_STORE_VARINT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

#define DW_VARINT_MAX 10 /* bytes of one */

static inline void dw_varint_put(struct dw_buf *out, uint64_t value)
{
    char *at = dw_buf_room(out, DW_VARINT_MAX);
    for (; value >= 0x80; value >>= 7)
        *at++ = (char)(value | 0x80);
    *at++ = (char)value;
    *at = '\0';
    out->length = (size_t)(at - out->data);
}

static inline void dw_varint_put_signed(struct dw_buf *out, int64_t value)
{
    dw_varint_put(out, value < 0 ? (uint64_t)(-(value + 1)) * 2 + 1 : (uint64_t)value * 2);
}

struct dw_varint_reader {
    const unsigned char *at, *end;
    bool damaged; /* a number ran over the end, or is too large */
};

/* 0 when damaged. */
uint64_t dw_varint_take_long_(struct dw_varint_reader *reader);

/* The number of up to 8 bytes at the start of `word`, the last of which `stop` marks: its groups of
 * seven bits moved together, pairwise, then by four, then by eight. */
static inline uint64_t dw_varint_of_word_(uint64_t word, uint64_t stop)
{
    word &= (stop ^ (stop - 1)) & 0x7f7f7f7f7f7f7f7f;
    word = (word & 0x007f007f007f007f) | (word & 0x7f007f007f007f00) >> 1;
    word = (word & 0x00003fff00003fff) | (word & 0x3fff00003fff0000) >> 2;
    return (word & 0x000000000fffffff) | (word & 0x0fffffff00000000) >> 4;
}

static inline uint64_t dw_varint_take(struct dw_varint_reader *reader)
{
    if (reader->at < reader->end && *reader->at < 0x80)
        return *reader->at++;
    if (reader->end - reader->at < 8)
        return dw_varint_take_long_(reader);
    uint64_t word = 0;
    memcpy(&word, reader->at, sizeof(word));
    if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
        word = __builtin_bswap64(word);
    uint64_t stop = ~word & 0x8080808080808080;
    if (stop == 0)
        return dw_varint_take_long_(reader);
    reader->at += (__builtin_ctzll(stop) + 1) / 8;
    return dw_varint_of_word_(word, stop & -stop);
}

static inline int64_t dw_varint_take_signed(struct dw_varint_reader *reader)
{
    uint64_t coded = dw_varint_take(reader);
    return (coded & 1) != 0 ? -(int64_t)(coded >> 1) - 1 : (int64_t)(coded >> 1);
}

#endif
