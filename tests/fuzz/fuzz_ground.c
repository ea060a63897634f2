/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <math.h>
#include <stdint.h>

#include "conf/ground.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_ground ground = { 0 };
    struct dw_err err = { { 0 } };
    int code = dw_ground_parse(&ground, (const char *)data, size, 1920, 1080, &err);
    assert((code == 0) == (err.text[0] == '\0'));
    assert((code == 0) == ground.known);
    for (int y = 0; y <= 1080 && code == 0; y += 90) {
        struct dw_point metres = { 0 };
        if (dw_ground_to_world(&ground, (struct dw_point){ 960, y }, &metres))
            assert(isfinite(metres.x) && isfinite(metres.y));
    }
    return 0;
}
