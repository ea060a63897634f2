/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns decoded pictures into frames: planar 4:2:0 as it is, without copying; all else converted
 * into pooled memory. The first picture sets the size; later ones of the same shape are scaled to
 * it. One thread at a time; frames may outlive it.
 */
#ifndef DW_MEDIA_CONVERTER_H
#define DW_MEDIA_CONVERTER_H

#include "base/err.h"
#include "media/frame.h"

struct AVFrame;

struct dw_converter {
    int width_px, height_px; /* 0 until the first picture */
    struct SwsContext *scaler;
    struct AVBufferPool *pool;
};

/* Planar 4:2:0 as a frame, which owns it then. */
struct dw_frame *dw_frame_of_picture(struct AVFrame *picture, bool full_range);

/* The picture stays the caller's. The frame's times are for the caller to fill in. */
int dw_converter_frame(struct dw_converter *converter, const struct AVFrame *picture,
                       struct dw_frame **out, struct dw_err *err);

void dw_converter_fini(struct dw_converter *converter);

#endif
