/* SPDX-License-Identifier: Apache-2.0 */
#include "media/decoder.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <libavcodec/avcodec.h>

#include "base/alloc.h"
#include "media/lavf_text.h"

#define PIXELS_MAX (INT64_C(16384) * 16384) /* more is a damaged header or an attack */

struct dw_decoder {
    AVCodecContext *context;
    int64_t damaged;
    bool draining;
};

int dw_decoder_create(struct dw_decoder **out, const AVCodecParameters *parameters, int threads,
                      struct dw_err *err)
{
    const AVCodec *codec = avcodec_find_decoder(parameters->codec_id);
    if (codec == NULL)
        return dw_fail(err, -ENOTSUP, "this FFmpeg cannot decode %s: convert it to H.264",
                       avcodec_get_name(parameters->codec_id));
    DW_AUTO(decoder) *decoder = dw_alloc0(sizeof(*decoder));
    decoder->context = avcodec_alloc_context3(codec);
    if (decoder->context == NULL)
        abort();
    avcodec_parameters_to_context(decoder->context, parameters);
    decoder->context->pkt_timebase = AV_TIME_BASE_Q;
    decoder->context->thread_count = threads > 0 ? threads : 1;
    decoder->context->max_pixels = PIXELS_MAX;
    int code = avcodec_open2(decoder->context, codec, NULL);
    char words[DW_LAVF_WORDS_SIZE];
    if (code < 0)
        return dw_fail(err, -ENOTSUP, "its video (%s) cannot be decoded: %s", codec->name,
                       dw_lavf_words(words, code));
    *out = DW_TAKE(decoder);
    return 0;
}

void dw_decoder_destroy(struct dw_decoder *decoder)
{
    if (decoder == NULL)
        return;
    avcodec_free_context(&decoder->context);
    free(decoder);
}

void dw_decoder_send(struct dw_decoder *decoder, const AVPacket *packet)
{
    decoder->draining = packet == NULL;
    if (avcodec_send_packet(decoder->context, packet) < 0 && packet != NULL)
        decoder->damaged++;
}

/* Concealed damage looks plausible and makes people who are not there. */
static bool is_damaged(const AVFrame *picture)
{
    return (picture->flags & AV_FRAME_FLAG_CORRUPT) != 0 || picture->decode_error_flags != 0;
}

int dw_decoder_receive(struct dw_decoder *decoder, AVFrame *picture)
{
    for (;;) {
        int code = avcodec_receive_frame(decoder->context, picture);
        if (code == 0 && !is_damaged(picture))
            return 1;
        if (code == AVERROR_EOF || (code == AVERROR(EAGAIN) && decoder->draining))
            return 0;
        if (code == AVERROR(EAGAIN))
            return -EAGAIN;
        decoder->damaged++;
        av_frame_unref(picture);
    }
}

int64_t dw_decoder_damaged(const struct dw_decoder *decoder)
{
    return decoder->damaged;
}
