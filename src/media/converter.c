/* SPDX-License-Identifier: Apache-2.0 */
#include "media/converter.h"

#include <errno.h>
#include <stdlib.h>

#include <libavutil/buffer.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

#include "media/frame_impl.h"

#define ALIGN_BYTES 64
#define SHAPE_TOLERANCE 0.02

static void release_picture(struct dw_frame *frame)
{
    AVFrame *picture = frame->owner;
    av_frame_free(&picture);
}

static bool is_rgb(enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *about = av_pix_fmt_desc_get(format);
    return about != NULL && (about->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

static bool is_full_range(const AVFrame *picture)
{
    switch ((int)picture->format) {
    case AV_PIX_FMT_YUVJ411P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ444P:
        return true;
    default:
        /* RGB says full range of itself; what we make of it is not. */
        return picture->color_range == AVCOL_RANGE_JPEG && !is_rgb(picture->format);
    }
}

struct dw_frame *dw_frame_of_picture(AVFrame *picture, bool full_range)
{
    struct dw_frame *frame = dw_frame_create(release_picture, picture);
    frame->has_image = true;
    frame->image = (struct dw_image){
        .y = picture->data[0],
        .u = picture->data[1],
        .v = picture->data[2],
        .y_stride = picture->linesize[0],
        .u_stride = picture->linesize[1],
        .v_stride = picture->linesize[2],
        .width_px = picture->width,
        .height_px = picture->height,
        .full_range = full_range,
    };
    return frame;
}

/* A picture of our size and format with memory from the pool; NULL when memory is gone. */
static AVFrame *take_picture(struct dw_converter *converter)
{
    AVFrame *picture = av_frame_alloc();
    if (picture == NULL)
        return NULL;
    picture->format = AV_PIX_FMT_YUV420P;
    picture->width = converter->width_px;
    picture->height = converter->height_px;
    if (converter->pool == NULL) {
        int size = av_image_get_buffer_size(AV_PIX_FMT_YUV420P, picture->width, picture->height,
                                            ALIGN_BYTES);
        converter->pool = av_buffer_pool_init((size_t)size + ALIGN_BYTES, NULL);
    }
    picture->buf[0] = converter->pool != NULL ? av_buffer_pool_get(converter->pool) : NULL;
    if (picture->buf[0] == NULL) {
        av_frame_free(&picture);
        return NULL;
    }
    av_image_fill_arrays(picture->data, picture->linesize, picture->buf[0]->data,
                         AV_PIX_FMT_YUV420P, picture->width, picture->height, ALIGN_BYTES);
    return picture;
}

/* Ranges are kept, not squeezed: the picture carries a mark instead. */
static bool prepare_scaler(struct dw_converter *converter, const AVFrame *picture)
{
    converter->scaler = sws_getCachedContext(
        converter->scaler, picture->width, picture->height, picture->format, converter->width_px,
        converter->height_px, AV_PIX_FMT_YUV420P, SWS_BILINEAR, NULL, NULL, NULL);
    if (converter->scaler == NULL)
        return false;
    bool full = is_full_range(picture);
    const int *bt601 = sws_getCoefficients(SWS_CS_ITU601);
    (void)sws_setColorspaceDetails(converter->scaler, bt601, full || is_rgb(picture->format), bt601,
                                   full, 0, 1 << 16, 1 << 16);
    return true;
}

static int convert(struct dw_converter *converter, const AVFrame *picture, struct dw_frame **out,
                   struct dw_err *err)
{
    const char *format = av_get_pix_fmt_name(picture->format);
    if (!prepare_scaler(converter, picture))
        return dw_fail(err, -ENOTSUP, "pictures of format '%s' cannot be converted",
                       format != NULL ? format : "unknown");
    AVFrame *converted = take_picture(converter);
    if (converted == NULL)
        return dw_fail(err, -ENOMEM, "no memory for a picture of %d x %d", converter->width_px,
                       converter->height_px);
    sws_scale(converter->scaler, (const uint8_t *const *)picture->data, picture->linesize, 0,
              picture->height, converted->data, converted->linesize);
    *out = dw_frame_of_picture(converted, is_full_range(picture));
    return 0;
}

static bool has_shape(const struct dw_converter *converter, const AVFrame *picture)
{
    double a = (double)picture->width * converter->height_px;
    double b = (double)picture->height * converter->width_px;
    return a < b * (1 + SHAPE_TOLERANCE) && b < a * (1 + SHAPE_TOLERANCE);
}

int dw_converter_frame(struct dw_converter *converter, const AVFrame *picture,
                       struct dw_frame **out, struct dw_err *err)
{
    if (converter->width_px == 0) {
        converter->width_px = picture->width;
        converter->height_px = picture->height;
    }
    if (!has_shape(converter, picture))
        return dw_fail(
            err, -EINVAL,
            "the picture changed its shape from %d x %d to %d x %d: zones drawn on one do "
            "not fit the other, start again with new zones",
            converter->width_px, converter->height_px, picture->width, picture->height);

    bool planar = picture->format == AV_PIX_FMT_YUV420P || picture->format == AV_PIX_FMT_YUVJ420P;
    bool same_size =
        picture->width == converter->width_px && picture->height == converter->height_px;
    if (!planar || !same_size || picture->linesize[0] < 0)
        return convert(converter, picture, out, err);
    AVFrame *own = av_frame_clone(picture);
    if (own == NULL)
        return dw_fail(err, -ENOMEM, "no memory for a picture");
    *out = dw_frame_of_picture(own, is_full_range(picture));
    return 0;
}

void dw_converter_fini(struct dw_converter *converter)
{
    sws_freeContext(converter->scaler);
    av_buffer_pool_uninit(&converter->pool);
    *converter = (struct dw_converter){ 0 };
}
