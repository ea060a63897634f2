/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where frames come from: a video file, a stream (http, https, rtsp), a webcam, or a detections
 * file. One thread at a time per source. Frames come in order of media time, which starts at 0,
 * never goes back, and is taken from presentation timestamps, never from counting (detections
 * files, which have no timestamps, use --fps).
 */
#ifndef DW_MEDIA_SOURCE_H
#define DW_MEDIA_SOURCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "media/frame.h"

/* How an RTSP camera is to send. */
enum dw_transport { DW_TRANSPORT_TCP, DW_TRANSPORT_UDP };

struct dw_source_conf {
    double fps;              /* detections files: frames a second, required; else ignored */
    int width_px, height_px; /* detections files: size of the picture, required */
    const atomic_bool *stop; /* set by another thread or a signal to give up waiting; may be NULL */
    int decoder_threads;     /* 0: one */
    int64_t timeout_us;      /* streams: wait so long to open, and for a picture; 0: 10 s */
    int64_t picture_us;      /* for a picture while packets come; 0: timeout_us */
    enum dw_transport transport;
    bool loop; /* files: again and again, as if it were a live camera */
    /* Decode in a process of its own that can do nothing else, of what cameras send only. The
     * program must be able to start itself as one (decoder_child.h). */
    bool sandboxed;
    /* Told, by the thread that reads, when that process broke off and why; may be NULL. */
    void (*trouble)(void *user, const char *what);
    void *user;
};

struct dw_source_info {
    const char *kind; /* "video", "detections" */
    bool live;        /* a stream, or a file in a loop: no end known, no seeking */
    int width_px, height_px;
    double fps;            /* as declared, 0 unknown; for progress and gaps, never for time */
    int64_t duration_us;   /* 0 unknown */
    int64_t frame_count;   /* 0 unknown */
    int64_t start_wall_us; /* wall time of media time 0 from the container; 0 unknown */
    char identity[65];     /* the same input gives the same text: made from content, not path */
    char codec[32];        /* "h264", "csv" ... for people */
};

struct dw_source;

/*
 * Opens `url` (path, http(s)://, rtsp(s)://, rtp://, udp://, tcp://, v4l2:///dev/video0; *.csv is a
 * detections file: lines frame,id,x,y,w,h,score in pixels, frames from 1). `conf` may be NULL. The
 * sentence in err says what is wrong with it; no password of the URL is in it. Pictures come as
 * they are stored: a mark that asks players to rotate them is ignored, so zones are drawn on the
 * picture as stored.
 */
int dw_source_create(struct dw_source **out, const char *url, const struct dw_source_conf *conf,
                     struct dw_err *err);

void dw_source_destroy(struct dw_source *source);

/*
 * The next frame: 1 and a reference the caller owns, 0 at the end, negative errno on failure
 * (-EINTR: stopped). Damaged pictures are skipped and counted.
 */
int dw_source_read(struct dw_source *source, struct dw_frame **out, struct dw_err *err);

/* Valid as long as the source. */
const struct dw_source_info *dw_source_info(const struct dw_source *source);

/*
 * A sentence about what was not perfect so far ("the file ends early: 12.4 s of 79.5 s", "3 damaged
 * pictures skipped"); NULL when all is well. Valid until the next call on the source.
 */
const char *dw_source_warning(const struct dw_source *source);

DW_DEFINE_AUTO(source)

#endif
