/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decoding half of a video: packets in, pictures out. A decoder works in this process, or in
 * one of its own that may do nothing but decode: what a hijacked camera sends is then read where
 * there is neither network nor file, and a decoder that crashes or hangs is started anew.
 *
 * One thread at a time; pictures may outlive the decoder. Private to media/.
 */
#ifndef DW_MEDIA_DECODER_H
#define DW_MEDIA_DECODER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"

struct AVCodecParameters;
struct AVFrame;
struct AVPacket;

struct dw_decoder;

struct dw_decoder_conf {
    int threads;        /* 0: one */
    int64_t pixels_max; /* of a picture; 0: 16384 x 16384 */
    bool sandboxed;     /* in a process of its own */
    /* Told when a process of its own broke off and why, from the calling thread; may be NULL. */
    void (*trouble)(void *user, const char *what);
    void *user;
};

/*
 * Makes one that does not know yet what to decode: a process takes its time to start, and a camera
 * that is being listened to already would wait for it. Sentences of this and the next go on after
 * the name of the video.
 */
int dw_decoder_create(struct dw_decoder **out, const struct dw_decoder_conf *conf,
                      struct dw_err *err);

/*
 * Once, before anything is sent: what is to be decoded. `fps_max`: sandboxed, more packets a
 * second, over 10 s, are an attack; 0: any number. -ENOTSUP: it cannot, or no camera sends such.
 */
int dw_decoder_open(struct dw_decoder *decoder, const struct AVCodecParameters *parameters,
                    int fps_max, struct dw_err *err);

/* NULL is fine. */
void dw_decoder_destroy(struct dw_decoder *decoder);
DW_DEFINE_AUTO(decoder)

/*
 * One more packet, with stamps in microseconds; NULL: there are no more. Only to be called when
 * receive() asked for one. What cannot be decoded is counted as damaged.
 */
void dw_decoder_send(struct dw_decoder *decoder, const struct AVPacket *packet);

/*
 * The next good picture: 1, 0 at the end, -EAGAIN when it wants a packet first, other negative
 * errno with a sentence when it cannot go on. Damage looks plausible and makes people who are not
 * there: after a damaged picture all are left out up to the next that needs no other.
 */
int dw_decoder_receive(struct dw_decoder *decoder, struct AVFrame *picture, struct dw_err *err);

/* How many pictures were left out because they, or those they are made from, were damaged. */
int64_t dw_decoder_damaged(const struct dw_decoder *decoder);

/* The process number of a decoder of its own; 0: works in this one. For tests. */
int dw_decoder_process(const struct dw_decoder *decoder);

#endif
