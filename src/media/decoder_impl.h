/* SPDX-License-Identifier: Apache-2.0 */
/* Where a decoder works: here, or in a process of its own. Private to decoder*.c. */
#ifndef DW_MEDIA_DECODER_IMPL_H
#define DW_MEDIA_DECODER_IMPL_H

#include "media/decoder.h"

struct dw_decoder {
    const struct dw_decoder_impl *impl;
    int64_t damaged;
    void *state; /* the kind's own; made by create(), freed by close() */
};

struct dw_decoder_impl {
    int (*create)(struct dw_decoder *decoder, const struct dw_decoder_conf *conf,
                  struct dw_err *err);
    int (*open)(struct dw_decoder *decoder, const struct AVCodecParameters *parameters, int fps_max,
                struct dw_err *err);
    void (*send)(struct dw_decoder *decoder, const struct AVPacket *packet);
    int (*receive)(struct dw_decoder *decoder, struct AVFrame *picture, struct dw_err *err);
    int (*process)(const struct dw_decoder *decoder); /* NULL: this one */
    void (*close)(struct dw_decoder *decoder); /* also after create() failed; state may be NULL */
};

extern const struct dw_decoder_impl dw_decoder_local, dw_decoder_sandboxed;

#endif
