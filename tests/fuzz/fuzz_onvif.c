/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "onvif/answers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct dw_onvif_camera camera;
    struct dw_onvif_streams streams;
    struct dw_err err = { { 0 } };
    char address[512];
    int64_t unix_s = 0;
    int code = dw_onvif_read_match(&camera, text, size, &err);
    assert((code == 0) == (err.text[0] == '\0'));
    assert(code < 0 || camera.addresses[0] != '\0');
    if (dw_onvif_read_profiles(&streams, text, size, NULL) == 0)
        assert(streams.count > 0 && streams.items[streams.count - 1].codec[0] != '\0');
    if (dw_onvif_read_uri(address, text, size, NULL) == 0)
        assert(strncmp(address, "rtsp", 4) == 0);
    dw_onvif_read_media(address, text, size, NULL);
    dw_onvif_read_time(&unix_s, text, size, NULL);
    return 0;
}
