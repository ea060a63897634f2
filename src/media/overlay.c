/* SPDX-License-Identifier: Apache-2.0 */
#include "media/overlay.h"

#include <errno.h>
#include <stdlib.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "media/canvas.h"
#include "media/lavf_text.h"
#include "media/output.h"

#define TICKS_PER_SECOND 90000
#define ENCODER_THREADS 2 /* encoding goes on beside the analysis */
#define KEY_FRAME_S 2     /* how far apart players can seek to */
#define FPS_ASSUMED 25.0

struct dw_overlay {
    char *path;
    struct dw_canvas *canvas;
    AVFormatContext *format;
    AVCodecContext *encoder;
    AVStream *stream; /* of format */
    AVFrame *picture;
    AVPacket *packet;
    bool finished;
};

static int fail(const struct dw_overlay *overlay, int av_code, struct dw_err *err)
{
    char words[DW_LAVF_WORDS_SIZE];
    /* FFmpeg's own codes lie far below errno's. */
    if (av_code > -4096)
        return dw_output_fail(err, av_code, overlay->path);
    return dw_fail(err, -EIO, "cannot write '%s': %s", overlay->path,
                   dw_lavf_words(words, av_code));
}

static void set_up_encoder(AVCodecContext *encoder, int width_px, int height_px, double fps)
{
    AVRational rate = av_d2q(fps > 0 ? fps : FPS_ASSUMED, 1001000);
    encoder->width = width_px;
    encoder->height = height_px;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->time_base = (AVRational){ 1, TICKS_PER_SECOND };
    encoder->framerate = rate;
    encoder->gop_size = DW_MAX((int)(av_q2d(rate) * KEY_FRAME_S), 1);
    encoder->thread_count = ENCODER_THREADS;
    encoder->color_range = AVCOL_RANGE_MPEG;
    encoder->colorspace = AVCOL_SPC_SMPTE170M;     /* BT.601, as struct dw_image says */
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER; /* MP4 keeps headers apart */
}

/* Opens one encoder by name; NULL when this FFmpeg has none such or it does not work here. */
static AVCodecContext *try_encoder(const char *name, int width_px, int height_px, double fps)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(name);
    AVCodecContext *encoder = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    if (encoder == NULL)
        return NULL;
    set_up_encoder(encoder, width_px, height_px, fps);
    if (codec->id == AV_CODEC_ID_MPEG4) {
        encoder->time_base.den = 60000; /* the format has no finer clock */
        encoder->flags |= AV_CODEC_FLAG_QSCALE;
        encoder->global_quality = 4 * FF_QP2LAMBDA;
    }
    AVDictionary *options = NULL;
    av_dict_set(&options, "preset", "veryfast", 0);
    av_dict_set(&options, "crf", "23", 0);
    int code = avcodec_open2(encoder, codec, &options);
    av_dict_free(&options);
    if (code < 0)
        avcodec_free_context(&encoder);
    return encoder;
}

static int open_encoder(struct dw_overlay *overlay, int width_px, int height_px, double fps,
                        struct dw_err *err)
{
    /* Best first; mpeg4 is in every FFmpeg but plays in fewer browsers. */
    static const char *const names[] = { "libx264", "libopenh264", "h264_v4l2m2m", "mpeg4" };
    for (size_t i = 0; overlay->encoder == NULL && i < DW_LENGTH(names); i++)
        overlay->encoder = try_encoder(names[i], width_px, height_px, fps);
    return overlay->encoder != NULL
               ? 0
               : dw_fail(err, -ENOTSUP,
                         "cannot write '%s': this FFmpeg has no H.264 encoder for %d x %d: install "
                         "one built with libx264",
                         overlay->path, width_px, height_px);
}

static int open_file(struct dw_overlay *overlay, struct dw_err *err)
{
    int code = avformat_alloc_output_context2(&overlay->format, NULL, "mp4", overlay->path);
    overlay->stream = code >= 0 ? avformat_new_stream(overlay->format, NULL) : NULL;
    if (overlay->stream == NULL)
        dw_out_of_memory();
    overlay->stream->time_base = overlay->encoder->time_base;
    overlay->stream->avg_frame_rate = overlay->encoder->framerate;
    avcodec_parameters_from_context(overlay->stream->codecpar, overlay->encoder);

    char *target = dw_strdup_printf("file:%s", overlay->path);
    code = avio_open(&overlay->format->pb, target, AVIO_FLAG_WRITE);
    /* The index is moved to the front at the end, by reading the file again under this name. */
    av_free(overlay->format->url);
    overlay->format->url = av_strdup(target);
    free(target);
    if (code < 0)
        return fail(overlay, code, err);
    AVDictionary *options = NULL;
    av_dict_set(&options, "movflags", "+faststart", 0);
    code = avformat_write_header(overlay->format, &options);
    av_dict_free(&options);
    if (code >= 0)
        avio_flush(overlay->format->pb);
    if (code >= 0)
        code = overlay->format->pb->error;
    return code < 0 ? fail(overlay, code, err) : 0;
}

static int make_picture(struct dw_overlay *overlay)
{
    overlay->packet = av_packet_alloc();
    overlay->picture = av_frame_alloc();
    if (overlay->packet == NULL || overlay->picture == NULL)
        dw_out_of_memory();
    overlay->picture->format = AV_PIX_FMT_YUV420P;
    overlay->picture->width = overlay->encoder->width;
    overlay->picture->height = overlay->encoder->height;
    return av_frame_get_buffer(overlay->picture, 0);
}

int dw_overlay_create(struct dw_overlay **out, const char *path, int width_px, int height_px,
                      double fps, struct dw_err *err)
{
    *out = NULL;
    av_log_set_level(AV_LOG_QUIET);
    /* 4:2:0 wants even sizes; the odd column or row is left out. */
    width_px &= ~1;
    height_px &= ~1;
    if (width_px < 16 || height_px < 16)
        return dw_fail(err, -EINVAL, "cannot write '%s': a video of %d x %d is too small", path,
                       width_px, height_px);
    DW_AUTO(overlay) *overlay = dw_alloc0(sizeof(*overlay));
    overlay->path = dw_strdup(path);
    overlay->canvas = dw_canvas_create(width_px, height_px);
    if (overlay->canvas == NULL)
        return dw_fail(err, -ENOMEM, "no memory for a picture of %d x %d", width_px, height_px);
    int code = open_encoder(overlay, width_px, height_px, fps, err);
    if (code == 0)
        code = open_file(overlay, err);
    if (code == 0 && make_picture(overlay) < 0)
        code = dw_fail(err, -ENOMEM, "no memory for a picture of %d x %d", width_px, height_px);
    if (code == 0)
        *out = DW_TAKE(overlay);
    return code;
}

/* Gives the encoder a picture, or NULL for the end, and writes what it has ready. */
static int encode(struct dw_overlay *overlay, const AVFrame *picture, struct dw_err *err)
{
    int code = avcodec_send_frame(overlay->encoder, picture);
    while (code >= 0) {
        code = avcodec_receive_packet(overlay->encoder, overlay->packet);
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
            return 0;
        if (code < 0)
            break;
        av_packet_rescale_ts(overlay->packet, overlay->encoder->time_base,
                             overlay->stream->time_base);
        overlay->packet->stream_index = overlay->stream->index;
        code = av_interleaved_write_frame(overlay->format, overlay->packet);
        if (code >= 0)
            code = overlay->format->pb->error;
    }
    return fail(overlay, code, err);
}

int dw_overlay_write(struct dw_overlay *overlay, const struct dw_image *image,
                     const struct dw_overlay_scene *scene, int64_t time_us, struct dw_err *err)
{
    /* The encoder may still hold the last picture. */
    if (av_frame_make_writable(overlay->picture) < 0)
        return dw_fail(err, -ENOMEM, "no memory for a picture");
    int code = dw_canvas_draw(overlay->canvas, image, scene, err);
    if (code != 0)
        return code;
    dw_canvas_copy(overlay->canvas, overlay->picture->data, overlay->picture->linesize);
    int64_t pts = av_rescale(time_us, overlay->encoder->time_base.den, DW_SECOND_US);
    bool rises = overlay->picture->pts == AV_NOPTS_VALUE || pts > overlay->picture->pts;
    overlay->picture->pts = rises ? pts : overlay->picture->pts + 1;
    return encode(overlay, overlay->picture, err);
}

const char *dw_overlay_warning(const struct dw_overlay *overlay)
{
    return overlay->encoder->codec_id == AV_CODEC_ID_H264
               ? NULL
               : "this FFmpeg has no H.264 encoder: the overlay is MPEG-4 video, which browsers do "
                 "not play";
}

int dw_overlay_finish(struct dw_overlay *overlay, struct dw_err *err)
{
    int code = encode(overlay, NULL, err);
    if (code != 0)
        return code;
    code = av_write_trailer(overlay->format);
    if (code >= 0)
        code = overlay->format->pb->error;
    int closed = avio_closep(&overlay->format->pb);
    if (code >= 0)
        code = closed;
    if (code < 0)
        return fail(overlay, code, err);
    overlay->finished = true;
    return 0;
}

void dw_overlay_destroy(struct dw_overlay *overlay)
{
    if (overlay == NULL)
        return;
    bool opened = overlay->format != NULL && overlay->format->pb != NULL;
    if (opened)
        avio_closep(&overlay->format->pb);
    if (opened && !overlay->finished)
        dw_output_remove(overlay->path);
    avformat_free_context(overlay->format);
    avcodec_free_context(&overlay->encoder);
    av_frame_free(&overlay->picture);
    av_packet_free(&overlay->packet);
    dw_canvas_destroy(overlay->canvas);
    free(overlay->path);
    free(overlay);
}
