/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever bytes are taken for a foot track must survive being written and read again. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "store/foot_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_foot_points points = { 0 }, again = { 0 };
    struct dw_buf bytes = { 0 };
    if (dw_foot_decode(&points, 1000, data, size) == 0) {
        dw_foot_encode(&bytes, 1000, points.items, points.count);
        int result = dw_foot_decode(&again, 1000, bytes.data, bytes.length);
        assert(result == 0 && again.count == points.count);
        for (size_t i = 0; i < points.count; i++) {
            assert(again.items[i].time_us == points.items[i].time_us);
            assert(again.items[i].x_norm == points.items[i].x_norm);
            assert(again.items[i].y_norm == points.items[i].y_norm);
            assert(again.items[i].h_norm == points.items[i].h_norm);
            assert(again.items[i].bridged == points.items[i].bridged);
        }
    }
    dw_buf_fini(&bytes);
    dw_vec_fini(&points);
    dw_vec_fini(&again);
    return 0;
}
