/* SPDX-License-Identifier: Apache-2.0 */
#include "store/varint.h"

void dw_varint_put(struct dw_buf *out, uint64_t value)
{
    unsigned char bytes[10];
    size_t length = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[length++] = (unsigned char)(value | 0x80);
    bytes[length++] = (unsigned char)value;
    dw_buf_append(out, bytes, length);
}

void dw_varint_put_signed(struct dw_buf *out, int64_t value)
{
    dw_varint_put(out, value < 0 ? (uint64_t)(-(value + 1)) * 2 + 1 : (uint64_t)value * 2);
}

uint64_t dw_varint_take_long_(struct dw_varint_reader *reader)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 63 && reader->at < reader->end; shift += 7) {
        unsigned char byte = *reader->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    reader->damaged = true;
    return 0;
}
