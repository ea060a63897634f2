/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdint.h>

#include "conf/drawn_view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_drawn_view view = { 0 };
    struct dw_err err = { { 0 } };
    int code = dw_drawn_view_parse(&view, (const char *)data, size, &err);
    assert((code == 0) == (err.text[0] == '\0'));
    assert((code == 0) == (view.width_px > 0 && view.height_px > 0));
    assert(view.reference.steepness >= 0);
    return 0;
}
