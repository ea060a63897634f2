/* SPDX-License-Identifier: Apache-2.0 */
#include "clip.h"

#include <stdlib.h>

#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>

#include "base/alloc.h"
#include "base/wall_time.h"

static AVCodecContext *open_encoder(const char *name, int width_px, int height_px)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(name);
    if (codec == NULL)
        return NULL;
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    encoder->width = width_px;
    encoder->height = height_px;
    encoder->pix_fmt = codec->id == AV_CODEC_ID_MJPEG ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
    encoder->time_base = (AVRational){ CLIP_INTERVAL_US, DW_SECOND_US };
    encoder->gop_size = CLIP_GROUP;
    encoder->max_b_frames = 0;
    encoder->thread_count = 1;
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_QSCALE;
    encoder->global_quality = 5 * FF_QP2LAMBDA;
    (void)av_opt_set(encoder->priv_data, "preset", "veryfast", 0);
    (void)av_opt_set(encoder->priv_data, "x264-params", "scenecut=0:bframes=0:log-level=none", 0);
    (void)av_opt_set(encoder->priv_data, "x265-params", "scenecut=0:bframes=0:log-level=none", 0);
    if (avcodec_open2(encoder, codec, NULL) < 0)
        avcodec_free_context(&encoder);
    return encoder;
}

/* A texture that moves to the right, and a noise that no encoder foresees. */
static void paint(AVFrame *picture, int at)
{
    uint32_t noise = (uint32_t)at * 2654435761U + 1;
    for (int y = 0; y < picture->height; y++)
        for (int x = 0; x < picture->width; x++) {
            noise = noise * 1664525U + 1013904223U;
            int value = (((x - 2 * at) * 5) ^ (y * 3)) & 0x7f;
            picture->data[0][y * picture->linesize[0] + x] =
                (uint8_t)(64 + value + (int)(noise >> 29));
        }
    for (int plane = 1; plane < 3; plane++)
        for (int y = 0; y < picture->height / 2; y++)
            for (int x = 0; x < picture->width / 2; x++)
                picture->data[plane][y * picture->linesize[plane] + x] =
                    (uint8_t)(96 + ((x + at * plane) & 0x3f));
}

static void collect(struct clip *clip, AVCodecContext *encoder)
{
    AVPacket *packet = av_packet_alloc();
    while (avcodec_receive_packet(encoder, packet) == 0) {
        av_packet_rescale_ts(packet, encoder->time_base, AV_TIME_BASE_Q);
        clip->packets[clip->count++] = packet;
        packet = av_packet_alloc();
    }
    av_packet_free(&packet);
}

bool clip_make(struct clip *clip, const char *name, int width_px, int height_px, int pictures)
{
    *clip = (struct clip){ 0 };
    AVCodecContext *encoder = open_encoder(name, width_px, height_px);
    if (encoder == NULL)
        return false;
    clip->packets = dw_alloc0((size_t)pictures * sizeof(struct AVPacket *));
    clip->parameters = avcodec_parameters_alloc();
    avcodec_parameters_from_context(clip->parameters, encoder);
    AVFrame *picture = av_frame_alloc();
    picture->width = width_px;
    picture->height = height_px;
    picture->format = encoder->pix_fmt;
    av_frame_get_buffer(picture, 0);
    for (int i = 0; i < pictures; i++) {
        av_frame_make_writable(picture);
        paint(picture, i);
        picture->pts = i;
        picture->quality = encoder->global_quality;
        avcodec_send_frame(encoder, picture);
        collect(clip, encoder);
    }
    avcodec_send_frame(encoder, NULL);
    collect(clip, encoder);
    av_frame_free(&picture);
    avcodec_free_context(&encoder);
    return true;
}

void clip_fini(struct clip *clip)
{
    for (size_t i = 0; i < clip->count; i++)
        av_packet_free(&clip->packets[i]);
    free(clip->packets);
    avcodec_parameters_free(&clip->parameters);
}
