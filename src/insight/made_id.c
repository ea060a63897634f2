/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/made_id.h"

#include <string.h>

#include "core/random.h"

void dw_made_id(uint8_t id[16], const char *const *texts, int64_t person, int64_t enter_us)
{
    uint64_t state = UINT64_C(0xcbf29ce484222325); /* FNV-1a, 64 bits */
    for (; *texts != NULL; texts++)
        /* With its final NUL, so that "ab","c" and "a","bc" differ. */
        for (size_t i = 0; i <= strlen(*texts); i++)
            state = (state ^ (unsigned char)(*texts)[i]) * UINT64_C(0x100000001b3);
    state = dw_random_bits(&state) ^ (uint64_t)person;
    state = dw_random_bits(&state) ^ (uint64_t)enter_us;
    uint64_t bits[2] = { dw_random_bits(&state), dw_random_bits(&state) };
    memcpy(id, bits, sizeof(bits));
    id[6] = (uint8_t)((id[6] & 0x0f) | 0x80);
    id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
}
