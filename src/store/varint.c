/* SPDX-License-Identifier: Apache-2.0 */
#include "store/varint.h"

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
