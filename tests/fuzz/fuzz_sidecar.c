/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "onnx/sidecar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_model_options options;
    struct dw_err err = { { 0 } };
    dw_model_options_init(&options);
    int status = dw_sidecar_parse(&options, (const char *)data, size, "fuzz.json", &err);
    assert((status == 0) == (err.text[0] == '\0'));
    assert(memchr(options.layout, '\0', sizeof(options.layout)) != NULL);
    assert(options.pad <= 255 && options.score <= 1 && options.nms <= 1);
    for (size_t i = 0; i < DW_OUTPUT_ROLE_COUNT; i++)
        assert(memchr(options.outputs[i], '\0', DW_OUTPUT_NAME_SIZE) != NULL);
    return 0;
}
