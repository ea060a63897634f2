/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever bytes are taken for a roll-up must survive being written and read again. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "store/rollup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the kind. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dw_rollup rollup, again;
    struct dw_buf bytes = { 0 };
    if (size == 0)
        return 0;
    memset(&rollup, 0, sizeof(rollup));
    memset(&again, 0, sizeof(again));
    rollup.key.kind = again.key.kind = (enum dw_rollup_kind)(data[0] % DW_ROLLUP_KIND_COUNT);
    if (dw_rollup_decode(&rollup, data + 1, size - 1) == 0) {
        dw_rollup_encode(&rollup, &bytes);
        int result = dw_rollup_decode(&again, bytes.data, bytes.length);
        assert(result == 0 && memcmp(&rollup, &again, sizeof(rollup)) == 0);
        (void)result;
    }
    dw_buf_fini(&bytes);
    return 0;
}
