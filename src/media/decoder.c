/* SPDX-License-Identifier: Apache-2.0 */
#include "media/decoder.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "media/decoder_impl.h"

int dw_decoder_create(struct dw_decoder **out, const struct dw_decoder_conf *conf,
                      struct dw_err *err)
{
    DW_AUTO(decoder) *decoder = dw_alloc0(sizeof(*decoder));
    decoder->impl = conf->sandboxed ? &dw_decoder_sandboxed : &dw_decoder_local;
    int code = decoder->impl->create(decoder, conf, err);
    if (code == 0)
        *out = DW_TAKE(decoder);
    return code;
}

void dw_decoder_destroy(struct dw_decoder *decoder)
{
    if (decoder == NULL)
        return;
    decoder->impl->close(decoder);
    free(decoder);
}

int dw_decoder_open(struct dw_decoder *decoder, const struct AVCodecParameters *parameters,
                    int fps_max, struct dw_err *err)
{
    return decoder->impl->open(decoder, parameters, fps_max, err);
}

void dw_decoder_send(struct dw_decoder *decoder, const struct AVPacket *packet)
{
    decoder->impl->send(decoder, packet);
}

int dw_decoder_receive(struct dw_decoder *decoder, struct AVFrame *picture, struct dw_err *err)
{
    return decoder->impl->receive(decoder, picture, err);
}

int64_t dw_decoder_damaged(const struct dw_decoder *decoder)
{
    return decoder->damaged;
}

int dw_decoder_process(const struct dw_decoder *decoder)
{
    return decoder->impl->process != NULL ? decoder->impl->process(decoder) : 0;
}
