/* SPDX-License-Identifier: Apache-2.0 */
/* A picture as JPEG, for somebody who asks to see it, and back. Any thread. */
#ifndef DW_MEDIA_JPEG_H
#define DW_MEDIA_JPEG_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "media/frame.h"

/* Appends the picture to `out`. `blurred`: only the light of some 40 by 30 patches is left of it
 * before anything is written, so that nobody is recognisable. */
int dw_jpeg_encode(const struct dw_image *image, bool blurred, struct dw_buf *out,
                   struct dw_err *err);

/*
 * Takes what dw_jpeg_encode() writes, whoever wrote it. -EINVAL, and no frame: it is damaged, of
 * other colours than 4:2:0, or has more than DW_JPEG_SIDE_MAX pixels to a side. Free with
 * dw_frame_destroy().
 */
#define DW_JPEG_SIDE_MAX 2048
int dw_jpeg_decode(struct dw_frame **out, const struct dw_buf *jpeg);

#endif
