/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The receiving half of a video: opens a file or a camera's stream and hands out its packets, the
 * compressed pictures, undecoded. All that waits for a network or a disk waits here. One thread at
 * a time; private to media/.
 */
#ifndef DW_MEDIA_RECEIVER_H
#define DW_MEDIA_RECEIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "media/source.h"

struct AVCodecParameters;
struct AVPacket;

/* What the container says of its pictures. */
struct dw_stream_facts {
    const struct AVCodecParameters *codec; /* codec, its extra data, size; the receiver's */
    double fps;                            /* 0 unknown */
    int64_t duration_us;                   /* 0 unknown */
    int64_t declared_us;                   /* the length files state, not guess; 0 unknown */
    int64_t frame_count;                   /* 0 unknown */
    int64_t start_wall_us;                 /* 0 unknown */
    bool live;
    bool stamps_made_up; /* the container has none */
};

struct dw_receiver;

/*
 * Opens `url`. `name` is it without secrets, for messages; it must live as long as the receiver.
 * Of `conf`, `stop`, `transport` and the time-outs count. -EACCES: it leads to another address,
 * where nobody is followed to. -EINTR stopped, -ETIMEDOUT, and so on, with a sentence.
 */
int dw_receiver_create(struct dw_receiver **out, const char *url, const char *name,
                       const struct dw_source_conf *conf, struct dw_err *err);

/* NULL is fine. */
void dw_receiver_destroy(struct dw_receiver *receiver);
DW_DEFINE_AUTO(receiver)

/* Valid as long as the receiver. */
const struct dw_stream_facts *dw_receiver_facts(const struct dw_receiver *receiver);

/*
 * From now on a picture is waited for: a camera fails that sends no whole packet for the time-out,
 * however many bytes drip, or packets but no picture for `picture_us` (-ENODATA). Files are waited
 * for, slow as the disk may be.
 */
void dw_receiver_expect(struct dw_receiver *receiver);

/*
 * The next packet with stamps in microseconds, for the caller to unref: 1, 0 at the end, negative
 * errno with a sentence.
 */
int dw_receiver_read(struct dw_receiver *receiver, struct AVPacket *packet, struct dw_err *err);

/* Wall time less stamp, as the camera's sender reports (RFC 3550) say; 0: they do not. */
int64_t dw_receiver_wall_offset(const struct dw_receiver *receiver);

/* libavformat's error that ended a file before its end; 0 none. */
int dw_receiver_broken(const struct dw_receiver *receiver);

#endif
