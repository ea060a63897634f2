/* SPDX-License-Identifier: Apache-2.0 */
#include "media/frame.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "media/frame_impl.h"

struct dw_frame *dw_frame_create(void (*release)(struct dw_frame *frame), void *owner)
{
    struct dw_frame *frame = dw_alloc0(sizeof(*frame));
    atomic_init(&frame->references, 1);
    frame->release = release;
    frame->owner = owner;
    return frame;
}

struct dw_frame *dw_frame_create_like(const struct dw_frame *frame,
                                      void (*release)(struct dw_frame *frame), void *owner)
{
    struct dw_frame *like = dw_frame_create(release, owner);
    like->time_us = frame->time_us;
    like->index = frame->index;
    dw_frame_set_gap(like, frame->gap_us, frame->gap_reason);
    like->wall_us = frame->wall_us;
    like->arrived_us = frame->arrived_us;
    return like;
}

void dw_frame_set_gap(struct dw_frame *frame, int64_t gap_us, const char *reason)
{
    if (gap_us <= frame->gap_us)
        return;
    frame->gap_us = gap_us;
    frame->gap_reason = reason;
}

struct dw_frame *dw_frame_ref(struct dw_frame *frame)
{
    atomic_fetch_add_explicit(&frame->references, 1, memory_order_relaxed);
    return frame;
}

void dw_frame_unref(struct dw_frame *frame)
{
    if (frame == NULL)
        return;
    /* What other threads read from the picture must be over before it goes back to its pool. */
    if (atomic_fetch_sub_explicit(&frame->references, 1, memory_order_acq_rel) > 1)
        return;
    if (frame->release != NULL)
        frame->release(frame);
    free(frame->detections);
    free(frame);
}
