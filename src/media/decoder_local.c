/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <libavcodec/avcodec.h>

#include "base/alloc.h"
#include "media/decoder_impl.h"
#include "media/lavf_text.h"

#define PIXELS_MAX (INT64_C(16384) * 16384) /* more is a damaged header or an attack */
#define UNSOUND_MAX 600 /* there are streams without key pictures: they come right in time */

struct local {
    AVCodecContext *context; /* NULL until it is opened */
    int threads;
    int64_t pixels_max;
    bool draining;
    int unsound; /* > 0: pictures since a damaged one, which they may be made from */
};

static int local_create(struct dw_decoder *decoder, const struct dw_decoder_conf *conf,
                        struct dw_err *err)
{
    (void)err;
    struct local *local = decoder->state = dw_alloc0(sizeof(*local));
    local->threads = conf->threads > 0 ? conf->threads : 1;
    local->pixels_max = conf->pixels_max > 0 ? conf->pixels_max : PIXELS_MAX;
    return 0;
}

static int local_open(struct dw_decoder *decoder, const AVCodecParameters *parameters, int fps_max,
                      struct dw_err *err)
{
    (void)fps_max;
    struct local *local = decoder->state;
    const AVCodec *codec = avcodec_find_decoder(parameters->codec_id);
    if (codec == NULL)
        return dw_fail(err, -ENOTSUP, "this FFmpeg cannot decode %s: convert it to H.264",
                       avcodec_get_name(parameters->codec_id));
    local->context = avcodec_alloc_context3(codec);
    if (local->context == NULL)
        dw_out_of_memory();
    avcodec_parameters_to_context(local->context, parameters);
    local->context->pkt_timebase = AV_TIME_BASE_Q;
    local->context->thread_count = local->threads;
    local->context->max_pixels = local->pixels_max;
    int code = avcodec_open2(local->context, codec, NULL);
    char words[DW_LAVF_WORDS_SIZE];
    return code < 0 ? dw_fail(err, -ENOTSUP, "its video (%s) cannot be decoded: %s", codec->name,
                              dw_lavf_words(words, code))
                    : 0;
}

static void local_close(struct dw_decoder *decoder)
{
    struct local *local = decoder->state;
    if (local == NULL)
        return;
    avcodec_free_context(&local->context);
    free(local);
}

static void local_send(struct dw_decoder *decoder, const AVPacket *packet)
{
    struct local *local = decoder->state;
    local->draining = packet == NULL;
    if (avcodec_send_packet(local->context, packet) < 0 && packet != NULL) {
        decoder->damaged++;
        local->unsound = 1;
    }
}

/* Whether the picture may be shown; notes what follows from it for those after it. */
static bool is_sound(struct local *local, const AVFrame *picture)
{
    bool damaged =
        (picture->flags & AV_FRAME_FLAG_CORRUPT) != 0 || picture->decode_error_flags != 0;
    if (damaged)
        local->unsound = 1;
    else if (picture->key_frame != 0 || local->unsound > UNSOUND_MAX)
        local->unsound = 0;
    else if (local->unsound > 0)
        local->unsound++;
    return local->unsound == 0;
}

static int local_receive(struct dw_decoder *decoder, AVFrame *picture, struct dw_err *err)
{
    (void)err;
    struct local *local = decoder->state;
    for (;;) {
        int code = avcodec_receive_frame(local->context, picture);
        if (code == 0 && is_sound(local, picture))
            return 1;
        if (code == AVERROR_EOF || (code == AVERROR(EAGAIN) && local->draining))
            return 0;
        if (code == AVERROR(EAGAIN))
            return -EAGAIN;
        if (code < 0)
            local->unsound = 1;
        decoder->damaged++;
        av_frame_unref(picture);
    }
}

const struct dw_decoder_impl dw_decoder_local = {
    .create = local_create,
    .open = local_open,
    .send = local_send,
    .receive = local_receive,
    .close = local_close,
};
