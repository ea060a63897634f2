/* SPDX-License-Identifier: Apache-2.0 */
/* A picture as JPEG, for somebody who asks to see it. Any thread. */
#ifndef DW_MEDIA_JPEG_H
#define DW_MEDIA_JPEG_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/image.h"

/* Appends the picture to `out`. `blurred`: only the light of some 40 by 30 patches is left of it
 * before anything is written, so that nobody is recognisable. */
int dw_jpeg_encode(const struct dw_image *image, bool blurred, struct dw_buf *out,
                   struct dw_err *err);

#endif
