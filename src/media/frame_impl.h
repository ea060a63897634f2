/* SPDX-License-Identifier: Apache-2.0 */
/* How sources make frames; private to media/. */
#ifndef DW_MEDIA_FRAME_IMPL_H
#define DW_MEDIA_FRAME_IMPL_H

#include "media/frame.h"

/*
 * An empty frame with one reference. `release` (may be NULL) gives `owner` back when the last
 * reference goes, on whichever thread that happens.
 */
struct dw_frame *dw_frame_create(void (*release)(struct dw_frame *frame), void *owner);

/* The same of another picture of the same moment: all that is known of it but the picture. */
struct dw_frame *dw_frame_create_like(const struct dw_frame *frame,
                                      void (*release)(struct dw_frame *frame), void *owner);

#endif
