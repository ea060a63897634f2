/* SPDX-License-Identifier: Apache-2.0 */
#include "media/webcam.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <libavformat/avformat.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/wall_time.h"

#define WIDTH_PX 640
#define HEIGHT_PX 480
#define FPS 10
#define BUFFERS_MAX 4
#define WAIT_MS 100

struct dw_webcam {
    int fd;
    struct v4l2_pix_format format;
    struct v4l2_fract interval; /* between pictures, seconds; 0: not known */
    size_t buffer_count;
    struct {
        void *bytes;
        size_t size;
    } buffers[BUFFERS_MAX]; /* the driver's memory */
};

static int ask(const struct dw_webcam *webcam, unsigned long what, void *about)
{
    int code;
    do
        code = ioctl(webcam->fd, what, about);
    while (code < 0 && errno == EINTR);
    return code < 0 ? -errno : 0;
}

static int fail_open(int code, const char *name, struct dw_err *err)
{
    switch (code) {
    case -ENOENT:
    case -ENODEV:
    case -ENXIO:
        return dw_fail(err, -ENOENT,
                       "'%s': there is no such webcam: plug it in, and look for it with "
                       "`ls /dev/video*`",
                       name);
    case -EACCES:
    case -EPERM:
        return dw_fail(err, -EACCES,
                       "'%s' may not be opened: add the user that runs Dwell to the group 'video'",
                       name);
    case -EBUSY:
        return dw_fail(err, code, "'%s' is in use: end the other program", name);
    default:
        return dw_fail(err, code, "'%s' cannot be started as a webcam: %s", name, strerror(-code));
    }
}

/* One webcam has several devices, and only the first of them gives pictures. */
static int check_kind(const struct dw_webcam *webcam, const char *name, struct dw_err *err)
{
    struct v4l2_capability about = { 0 };
    const unsigned wanted = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    int code = ask(webcam, VIDIOC_QUERYCAP, &about);
    unsigned can =
        (about.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? about.device_caps : about.capabilities;
    return code < 0 || (can & wanted) != wanted
               ? dw_fail(err, -ENOTSUP,
                         "'%s' is no device that gives pictures: try another of `ls /dev/video*`",
                         name)
               : 0;
}

static int choose_format(struct dw_webcam *webcam, const char *name, struct dw_err *err)
{
    struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
    format.fmt.pix = (struct v4l2_pix_format){ .width = WIDTH_PX,
                                               .height = HEIGHT_PX,
                                               .pixelformat = V4L2_PIX_FMT_MJPEG };
    int code = ask(webcam, VIDIOC_S_FMT, &format);
    if (code < 0)
        return fail_open(code, name, err);
    webcam->format = format.fmt.pix;
    if (webcam->format.pixelformat != V4L2_PIX_FMT_MJPEG &&
        webcam->format.pixelformat != V4L2_PIX_FMT_JPEG)
        return dw_fail(err, -ENOTSUP,
                       "'%s' gives no JPEG pictures: put it behind an RTSP server, or take another",
                       name);
    struct v4l2_streamparm rate = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
    rate.parm.capture.timeperframe = (struct v4l2_fract){ 1, FPS };
    if (ask(webcam, VIDIOC_S_PARM, &rate) == 0)
        webcam->interval = rate.parm.capture.timeperframe;
    return 0;
}

static struct v4l2_buffer buffer_number(size_t index)
{
    return (struct v4l2_buffer){ .index = (unsigned)index,
                                 .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                 .memory = V4L2_MEMORY_MMAP };
}

/* Maps one of the driver's buffers and gives it to the driver to be filled. */
static int lend_buffer(struct dw_webcam *webcam)
{
    struct v4l2_buffer buffer = buffer_number(webcam->buffer_count);
    int code = ask(webcam, VIDIOC_QUERYBUF, &buffer);
    if (code < 0)
        return code;
    void *bytes = mmap(NULL, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, webcam->fd,
                       (off_t)buffer.m.offset);
    if (bytes == MAP_FAILED)
        return -errno;
    webcam->buffers[webcam->buffer_count].bytes = bytes;
    webcam->buffers[webcam->buffer_count++].size = buffer.length;
    return ask(webcam, VIDIOC_QBUF, &buffer);
}

static int start(struct dw_webcam *webcam)
{
    struct v4l2_requestbuffers wanted = { .count = BUFFERS_MAX,
                                          .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                          .memory = V4L2_MEMORY_MMAP };
    int code = ask(webcam, VIDIOC_REQBUFS, &wanted);
    for (unsigned i = 0; code == 0 && i < wanted.count && i < BUFFERS_MAX; i++)
        code = lend_buffer(webcam);
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    return code == 0 ? ask(webcam, VIDIOC_STREAMON, &type) : code;
}

int dw_webcam_create(struct dw_webcam **out, const char *path, const char *name, struct dw_err *err)
{
    DW_AUTO(webcam) *webcam = dw_alloc0(sizeof(*webcam));
    webcam->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (webcam->fd < 0)
        return fail_open(-errno, name, err);
    int code = check_kind(webcam, name, err);
    if (code == 0)
        code = choose_format(webcam, name, err);
    if (code < 0)
        return code;
    code = start(webcam);
    if (code < 0)
        return fail_open(code, name, err);
    *out = DW_TAKE(webcam);
    return 0;
}

/* Closing the device ends the stream. */
void dw_webcam_destroy(struct dw_webcam *webcam)
{
    if (webcam == NULL)
        return;
    for (size_t i = 0; i < webcam->buffer_count; i++)
        (void)munmap(webcam->buffers[i].bytes, webcam->buffers[i].size);
    if (webcam->fd >= 0)
        close(webcam->fd);
    free(webcam);
}

void dw_webcam_describe(const struct dw_webcam *webcam, AVStream *stream)
{
    stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    stream->codecpar->codec_id = AV_CODEC_ID_MJPEG;
    stream->codecpar->width = (int)webcam->format.width;
    stream->codecpar->height = (int)webcam->format.height;
    stream->time_base = AV_TIME_BASE_Q;
    if (webcam->interval.numerator > 0 && webcam->interval.denominator > 0)
        stream->r_frame_rate = stream->avg_frame_rate =
            (AVRational){ (int)webcam->interval.denominator, (int)webcam->interval.numerator };
}

static int copy_picture(const struct dw_webcam *webcam, const struct v4l2_buffer *buffer,
                        AVPacket *packet)
{
    size_t size = buffer->bytesused;
    if (buffer->index >= webcam->buffer_count || size > webcam->buffers[buffer->index].size)
        return AVERROR_INVALIDDATA;
    if ((buffer->flags & V4L2_BUF_FLAG_ERROR) != 0 || size == 0)
        return AVERROR(EAGAIN);
    if (av_new_packet(packet, (int)size) < 0)
        dw_out_of_memory();
    memcpy(packet->data, webcam->buffers[buffer->index].bytes, size);
    int64_t stamp_us = buffer->timestamp.tv_sec * DW_SECOND_US + buffer->timestamp.tv_usec;
    packet->pts = packet->dts = stamp_us != 0 ? stamp_us : dw_clock_us(CLOCK_MONOTONIC);
    packet->flags |= AV_PKT_FLAG_KEY;
    return 0;
}

int dw_webcam_read(struct dw_webcam *webcam, AVPacket *packet)
{
    struct pollfd line = { .fd = webcam->fd, .events = POLLIN };
    if (poll(&line, 1, WAIT_MS) <= 0)
        return AVERROR(EAGAIN);
    struct v4l2_buffer buffer = buffer_number(0);
    int code = ask(webcam, VIDIOC_DQBUF, &buffer);
    if (code < 0)
        return AVERROR(-code);
    code = copy_picture(webcam, &buffer, packet);
    int given = ask(webcam, VIDIOC_QBUF, &buffer);
    if (code != 0 || given == 0)
        return code;
    av_packet_unref(packet);
    return AVERROR(-given);
}
