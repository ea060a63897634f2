/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One moment of a camera: a picture, or the detections somebody else already made, with its media
 * time. Reference-counted; the picture is read-only and may be read from any thread while a
 * reference is held.
 */
#ifndef DW_MEDIA_FRAME_H
#define DW_MEDIA_FRAME_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "core/box.h"
#include "core/image.h"

struct dw_frame {
    int64_t time_us;        /* media time; 0 at the first frame of the source; never goes back */
    int64_t index;          /* 0, 1, 2 ... as delivered by the source */
    int64_t gap_us;         /* > 0: time since the frame before was not measured */
    const char *gap_reason; /* why; static text */
    int64_t wall_us;        /* of a live camera that says so itself; 0 unknown */
    int64_t arrived_us;     /* CLOCK_BOOTTIME when the pipeline got it */
    bool has_image;
    struct dw_image image;
    struct dw_detection *detections; /* owned by the frame; NULL when the source has pictures */
    size_t detection_count;

    /* private to media/ */
    unsigned covered; /* the version of the masks painted over it (media/cover.h); 0: none */
    atomic_int references;
    void (*release)(struct dw_frame *frame);
    void *owner;
};

/* Makes of a frame the one after a longer gap, if it is longer. */
void dw_frame_set_gap(struct dw_frame *frame, int64_t gap_us, const char *reason);

struct dw_frame *dw_frame_ref(struct dw_frame *frame);

/* NULL is fine. */
void dw_frame_unref(struct dw_frame *frame);

static inline void dw_frame_destroy(struct dw_frame *frame)
{
    dw_frame_unref(frame);
}
DW_DEFINE_AUTO(frame)

#endif
