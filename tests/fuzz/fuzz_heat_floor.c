/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is taken for a rectangle of floor has a middle, in metres and on its picture. */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "insight/heat_floor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_heat_floor floor = { .width_px = 640 };
    struct dw_err err = { { 0 } };
    char *text = calloc(1, size + 1);
    assert(text != NULL);
    memcpy(text, data, size);
    int code = dw_heat_floor_parse(&floor, text, &err);
    assert((code == 0) == (err.text[0] == '\0'));
    assert((code == 0) == dw_heat_floor_known(&floor));
    if (code == 0) {
        struct dw_point middle = dw_heat_floor_metres(&floor, (struct dw_point){ .5, .5 });
        assert(middle.x >= floor.left && middle.x <= floor.right);
        assert(middle.y >= floor.bottom && middle.y <= floor.top);
    }
    free(text);
    return 0;
}
