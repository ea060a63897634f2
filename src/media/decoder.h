/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decoding half of a video: packets in, pictures out. Waits for nothing but the processor. One
 * thread at a time; private to media/.
 */
#ifndef DW_MEDIA_DECODER_H
#define DW_MEDIA_DECODER_H

#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"

struct AVCodecParameters;
struct AVFrame;
struct AVPacket;

struct dw_decoder;

/* `threads` 0: one. -ENOTSUP, with a sentence to go on after the name of the video. */
int dw_decoder_create(struct dw_decoder **out, const struct AVCodecParameters *parameters,
                      int threads, struct dw_err *err);

/* NULL is fine. */
void dw_decoder_destroy(struct dw_decoder *decoder);
DW_DEFINE_AUTO(decoder)

/* One more packet, with stamps in microseconds; NULL: there are no more. Call it when receive()
 * asked for one. What cannot be decoded is counted as damaged. */
void dw_decoder_send(struct dw_decoder *decoder, const struct AVPacket *packet);

/* The next good picture: 1, 0 at the end, -EAGAIN when it wants a packet first. */
int dw_decoder_receive(struct dw_decoder *decoder, struct AVFrame *picture);

/* How many pictures were left out because they were damaged. */
int64_t dw_decoder_damaged(const struct dw_decoder *decoder);

#endif
