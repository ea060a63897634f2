/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/hex.h"

const char *dw_hex(char out[DW_HEX_SIZE], const uint8_t id[16])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 16; i++) {
        out[2 * i] = digits[id[i] >> 4];
        out[2 * i + 1] = digits[id[i] & 15];
    }
    out[32] = '\0';
    return out;
}
