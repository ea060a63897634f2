/* SPDX-License-Identifier: Apache-2.0 */
#include "media/jpeg.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libyuv.h>
#include <string.h>

#include "base/macros.h"
#include "media/converter.h"

#define QUALITY 4 /* FFmpeg's scale: 2 is best, 31 worst */
#define PATCHES_WIDE 40
#define BYTES_MAX (16U << 20)

struct jpeg {
    AVCodecContext *codec;
    AVFrame *picture, *patches;
    AVPacket *packet;
};

static void free_jpeg(struct jpeg *jpeg)
{
    av_packet_free(&jpeg->packet);
    av_frame_free(&jpeg->patches);
    av_frame_free(&jpeg->picture);
    avcodec_free_context(&jpeg->codec);
}

static AVFrame *make_picture(int width_px, int height_px)
{
    AVFrame *picture = av_frame_alloc();
    if (picture == NULL)
        return NULL;
    picture->format = AV_PIX_FMT_YUVJ420P;
    picture->width = width_px;
    picture->height = height_px;
    picture->quality = QUALITY * FF_QP2LAMBDA;
    if (av_frame_get_buffer(picture, 0) < 0)
        av_frame_free(&picture);
    return picture;
}

static int open_jpeg(struct jpeg *jpeg, const struct dw_image *image)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    jpeg->codec = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    jpeg->picture = make_picture(image->width_px, image->height_px);
    int patches_high = DW_MAX(image->height_px * PATCHES_WIDE / image->width_px, 1);
    jpeg->patches = make_picture(PATCHES_WIDE, patches_high);
    jpeg->packet = av_packet_alloc();
    if (jpeg->codec == NULL || jpeg->picture == NULL || jpeg->patches == NULL ||
        jpeg->packet == NULL)
        return -ENOMEM;
    jpeg->codec->width = image->width_px;
    jpeg->codec->height = image->height_px;
    jpeg->codec->pix_fmt = AV_PIX_FMT_YUVJ420P;
    jpeg->codec->time_base = (AVRational){ 1, 1 };
    jpeg->codec->flags |= AV_CODEC_FLAG_QSCALE;
    jpeg->codec->global_quality = QUALITY * FF_QP2LAMBDA;
    jpeg->codec->thread_count = 1;
    return avcodec_open2(jpeg->codec, codec, NULL) < 0 ? -EIO : 0;
}

static int scale(const AVFrame *from, AVFrame *to)
{
    return I420Scale(from->data[0], from->linesize[0], from->data[1], from->linesize[1],
                     from->data[2], from->linesize[2], from->width, from->height, to->data[0],
                     to->linesize[0], to->data[1], to->linesize[1], to->data[2], to->linesize[2],
                     to->width, to->height, kFilterBox);
}

/* JPEG counts light from 0 to 255, video from 16 to 235 (colours to 240). */
static void stretch(AVFrame *picture, int plane, int least, int span)
{
    uint8_t table[256];
    int height_px = plane == 0 ? picture->height : (picture->height + 1) / 2;
    int width_px = plane == 0 ? picture->width : (picture->width + 1) / 2;
    for (int i = 0; i < 256; i++) {
        int value = ((i - least) * 510 + span) / (2 * span);
        table[i] = (uint8_t)DW_MIN(DW_MAX(value, 0), 255);
    }
    for (int y = 0; y < height_px; y++) {
        uint8_t *row = picture->data[plane] + (ptrdiff_t)y * picture->linesize[plane];
        for (int x = 0; x < width_px; x++)
            row[x] = table[row[x]];
    }
}

static int fill(struct jpeg *jpeg, const struct dw_image *image, bool blurred)
{
    AVFrame *to = jpeg->picture;
    int r = I420Copy(image->y, image->y_stride, image->u, image->u_stride, image->v,
                     image->v_stride, to->data[0], to->linesize[0], to->data[1], to->linesize[1],
                     to->data[2], to->linesize[2], image->width_px, image->height_px);
    if (r == 0 && blurred)
        r = scale(to, jpeg->patches);
    if (r == 0 && blurred)
        r = scale(jpeg->patches, to);
    if (r != 0)
        return -EIO;
    for (int plane = 0; plane < 3 && !image->full_range; plane++)
        stretch(to, plane, 16, plane == 0 ? 219 : 224);
    return 0;
}

static int encode(struct jpeg *jpeg, struct dw_buf *out)
{
    if (avcodec_send_frame(jpeg->codec, jpeg->picture) < 0 ||
        avcodec_receive_packet(jpeg->codec, jpeg->packet) < 0)
        return -EIO;
    dw_buf_append(out, jpeg->packet->data, (size_t)jpeg->packet->size);
    return 0;
}

int dw_jpeg_encode(const struct dw_image *image, bool blurred, struct dw_buf *out,
                   struct dw_err *err)
{
    struct jpeg jpeg = { 0 };
    int r = open_jpeg(&jpeg, image);
    if (r == 0)
        r = fill(&jpeg, image, blurred);
    if (r == 0)
        r = encode(&jpeg, out);
    free_jpeg(&jpeg);
    return r < 0 ? dw_fail(err, r, "a picture of %d x %d cannot be made a JPEG", image->width_px,
                           image->height_px)
                 : 0;
}

/* --- And back ------------------------------------------------------------------------------- */

/* Takes the bytes; a frame that is whole comes of them, or none. */
static AVFrame *read_frame(AVCodecContext *codec, const struct dw_buf *jpeg)
{
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    bool good = packet != NULL && frame != NULL && av_new_packet(packet, (int)jpeg->length) == 0;
    if (good)
        memcpy(packet->data, jpeg->data, jpeg->length);
    good = good && avcodec_send_packet(codec, packet) >= 0 &&
           avcodec_receive_frame(codec, frame) >= 0 &&
           (frame->format == AV_PIX_FMT_YUVJ420P || frame->format == AV_PIX_FMT_YUV420P);
    av_packet_free(&packet);
    if (!good)
        av_frame_free(&frame);
    return frame;
}

static AVFrame *decode(const struct dw_buf *jpeg)
{
    const AVCodec *decoder = avcodec_find_decoder(AV_CODEC_ID_MJPEG);
    AVCodecContext *codec = decoder != NULL ? avcodec_alloc_context3(decoder) : NULL;
    AVFrame *frame = NULL;
    if (codec != NULL) {
        codec->thread_count = 1;
        codec->err_recognition = AV_EF_EXPLODE;
        codec->max_pixels = (int64_t)DW_JPEG_SIDE_MAX * DW_JPEG_SIDE_MAX;
        if (avcodec_open2(codec, decoder, NULL) == 0)
            frame = read_frame(codec, jpeg);
    }
    avcodec_free_context(&codec);
    return frame;
}

int dw_jpeg_decode(struct dw_frame **out, const struct dw_buf *jpeg)
{
    AVFrame *frame = jpeg->length > 0 && jpeg->length < BYTES_MAX ? decode(jpeg) : NULL;
    if (frame != NULL && (frame->width > DW_JPEG_SIDE_MAX || frame->height > DW_JPEG_SIDE_MAX))
        av_frame_free(&frame);
    *out = frame != NULL ? dw_frame_of_picture(frame, true) : NULL;
    return frame != NULL ? 0 : -EINVAL;
}
