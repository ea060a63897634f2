/* SPDX-License-Identifier: Apache-2.0 */
/* Tiles of a labelling set, whoever wrote them: every byte of what is taken can be read. */
#include <assert.h>
#include <stdint.h>

#include "media/jpeg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned sum_plane(const uint8_t *plane, int stride, int width_px, int height_px)
{
    unsigned sum = 0;
    for (int y = 0; y < height_px; y++)
        for (int x = 0; x < width_px; x++)
            sum += plane[(ptrdiff_t)y * stride + x];
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_frame *picture = NULL;
    struct dw_buf jpeg = { 0 };
    dw_buf_append(&jpeg, data, size);
    int r = dw_jpeg_decode(&picture, &jpeg);
    assert((r == 0) == (picture != NULL));
    if (r == 0) {
        const struct dw_image *image = &picture->image;
        volatile unsigned sum =
            sum_plane(image->y, image->y_stride, image->width_px, image->height_px);
        int width_px = (image->width_px + 1) / 2, height_px = (image->height_px + 1) / 2;
        sum += sum_plane(image->u, image->u_stride, width_px, height_px);
        sum += sum_plane(image->v, image->v_stride, width_px, height_px);
        (void)sum;
        dw_frame_destroy(picture);
    }
    dw_buf_fini(&jpeg);
    return 0;
}
