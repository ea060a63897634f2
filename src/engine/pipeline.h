/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a source to detections, frame by frame and in order, as fast as the machine allows: one
 * thread reads and decodes, several detect, the caller's thread takes the results. Files wait for
 * room, so that every frame is measured; live streams never wait: when detecting falls behind, the
 * newest frame takes the place of the waiting one and the drop is counted. Frames on which nothing
 * has moved are not looked at, but get what was found on the one before (core/stillness.h).
 */
#ifndef DW_ENGINE_PIPELINE_H
#define DW_ENGINE_PIPELINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "appear/appear.h"
#include "base/err.h"
#include "base/macros.h"
#include "core/box.h"
#include "detect/detector.h"
#include "engine/slots.h"
#include "media/cover.h"
#include "media/frame.h"
#include "media/source.h"

struct dw_pipeline_conf {
    struct dw_source *source;           /* borrowed; used by the reading thread only */
    const struct dw_detector *detector; /* borrowed; NULL when frames bring detections */
    const struct dw_appear *appear;     /* borrowed; NULL: nobody wants looks */
    struct dw_cover *cover;             /* what frames may not show; may be NULL */
    struct dw_slots *slots;             /* shared with other pipelines; may be NULL */
    int64_t again_us;                   /* looks at still pictures only so often; 0: at each */
    int workers;                        /* detecting threads; 0: one a processor */
    bool paced;                         /* play a file in real time, as if it were a camera */
    const atomic_bool *stop;            /* set: end early, cleanly; may be NULL */
};

/* One frame with what was found on it; `frame` is owned by the receiver. */
struct dw_pipeline_item {
    struct dw_frame *frame;
    const struct dw_detection *detections; /* valid until the next call */
    size_t count;
    const struct dw_look *looks; /* one for each detection, as valid; NULL: none */
};

/* CPU time by stage, microseconds, and what was lost. */
struct dw_pipeline_figures {
    int64_t read_us, scale_us, infer_us, decode_us, look_us;
    int64_t frames, dropped;
    int64_t still; /* of the frames: nothing had moved, and what was found before held */
};

struct dw_pipeline;

int dw_pipeline_create(struct dw_pipeline **out, const struct dw_pipeline_conf *conf,
                       struct dw_err *err);

/* Stops the threads and waits for them. */
void dw_pipeline_destroy(struct dw_pipeline *pipeline);
DW_DEFINE_AUTO(pipeline)

/* The next frame in order of time: 1, 0 at the end, negative errno when source or detector failed.
 */
int dw_pipeline_next(struct dw_pipeline *pipeline, struct dw_pipeline_item *item,
                     struct dw_err *err);

/* So far; call from the receiving thread. */
struct dw_pipeline_figures dw_pipeline_figures(struct dw_pipeline *pipeline);

#endif
