/* SPDX-License-Identifier: Apache-2.0 */
/* A webcam's driver, played by functions that the linker puts before the system's own: no real
 * device is needed, and each wrong answer can be given. */
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/macros.h"
#include "base/wall_time.h"
#include "media/jpeg.h"
#include "media/source.h"

#define DEVICE "/dev/video-of-the-test"
#define URL "v4l2://" DEVICE
#define BUFFER_SIZE 65536
#define WIDTH_PX 64
#define HEIGHT_PX 48

/* What the driver is like; all zero: one in order. */
struct driver {
    int open_error, start_error, read_error; /* errno */
    unsigned capabilities, format;           /* 0: those of a camera, motion JPEG */
    unsigned index, size, flags;             /* of the picture; 0: right ones */
    int pictures;                            /* that are to come; then there is silence */
};

static struct driver driver;
static struct dw_buf jpeg;
static int device = -1, queued;
static int64_t clock_us;

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __real_ioctl(int fd, unsigned long what, ...);
int __wrap_ioctl(int fd, unsigned long what, ...);

int __wrap_open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (strcmp(path, DEVICE) != 0) {
        int file = __real_open64(path, flags, mode);
        device = file == device ? -1 : device; /* it was closed, and its number is free again */
        return file;
    }
    errno = driver.open_error;
    if (driver.open_error != 0)
        return -1;
    device = memfd_create("webcam", MFD_CLOEXEC); /* can be mapped, and is always ready to read */
    assert_int_equal(ftruncate(device, 4 * BUFFER_SIZE), 0);
    queued = 0;
    return device;
}

static int take_picture(struct v4l2_buffer *buffer)
{
    errno = driver.read_error != 0 ? driver.read_error : EAGAIN;
    if (driver.read_error != 0 || driver.pictures == 0 || queued == 0)
        return -1;
    driver.pictures--;
    queued--;
    clock_us += 100000;
    buffer->index = driver.index;
    buffer->bytesused = driver.size != 0 ? driver.size : (unsigned)jpeg.length;
    buffer->flags = driver.flags;
    buffer->timestamp.tv_sec = clock_us / DW_SECOND_US;
    buffer->timestamp.tv_usec = clock_us % DW_SECOND_US;
    return pwrite(device, jpeg.data, jpeg.length, 0) == (ssize_t)jpeg.length ? 0 : -1;
}

static void say_capabilities(struct v4l2_capability *about)
{
    about->capabilities = V4L2_CAP_DEVICE_CAPS | V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    about->device_caps = driver.capabilities != 0 ? driver.capabilities : about->capabilities;
}

static void say_format(struct v4l2_format *format)
{
    format->fmt.pix.width = WIDTH_PX;
    format->fmt.pix.height = HEIGHT_PX;
    if (driver.format != 0)
        format->fmt.pix.pixelformat = driver.format;
}

static int answer(unsigned long what, void *about)
{
    struct v4l2_buffer *buffer = about;
    switch (what) {
    case VIDIOC_QUERYCAP:
        say_capabilities(about);
        return 0;
    case VIDIOC_S_FMT:
        say_format(about);
        return 0;
    case VIDIOC_QUERYBUF:
        buffer->length = BUFFER_SIZE;
        buffer->m.offset = buffer->index * BUFFER_SIZE;
        return 0;
    case VIDIOC_QBUF:
        queued++;
        return 0;
    case VIDIOC_STREAMON:
        errno = driver.start_error;
        return driver.start_error != 0 ? -1 : 0;
    case VIDIOC_DQBUF:
        return take_picture(buffer);
    default:
        return 0; /* VIDIOC_S_PARM, VIDIOC_REQBUFS: as asked for */
    }
}

int __wrap_ioctl(int fd, unsigned long what, ...)
{
    va_list rest;
    va_start(rest, what);
    void *about = va_arg(rest, void *);
    va_end(rest);
    return fd == device ? answer(what, about) : __real_ioctl(fd, what, about);
}

/* A grey picture as the driver gives it. */
static int make_picture(void **state)
{
    (void)state;
    static uint8_t grey[WIDTH_PX * HEIGHT_PX];
    memset(grey, 128, sizeof(grey));
    const struct dw_image image = { .y = grey,
                                    .u = grey,
                                    .v = grey,
                                    .y_stride = WIDTH_PX,
                                    .u_stride = WIDTH_PX / 2,
                                    .v_stride = WIDTH_PX / 2,
                                    .width_px = WIDTH_PX,
                                    .height_px = HEIGHT_PX };
    return dw_jpeg_encode(&image, false, &jpeg, NULL);
}

static int free_picture(void **state)
{
    (void)state;
    dw_buf_fini(&jpeg);
    return 0;
}

static int open_webcam(struct dw_source **source, const char *url, struct dw_err *err)
{
    const struct dw_source_conf conf = { .timeout_us = 200000 };
    return dw_source_create(source, url, &conf, err);
}

static void expect_refusal(const char *url, int code, const char *sentence)
{
    DW_AUTO(source) *source = NULL;
    struct dw_err err = { 0 };
    assert_int_equal(open_webcam(&source, url, &err), code);
    if (strstr(err.text, sentence) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, sentence);
}

static void pictures_come_with_the_times_of_the_device(void **state)
{
    (void)state;
    driver = (struct driver){ .pictures = 3 };
    DW_AUTO(source) *source = NULL;
    struct dw_err err = { 0 };
    assert_int_equal(open_webcam(&source, URL, &err), 0);
    const struct dw_source_info *info = dw_source_info(source);
    assert_true(info->live);
    assert_int_equal(info->width_px, WIDTH_PX);
    assert_int_equal(info->height_px, HEIGHT_PX);
    assert_true(info->fps > 9.9 && info->fps < 10.1);
    for (int i = 0; i < 3; i++) {
        DW_AUTO(frame) *frame = NULL;
        assert_int_equal(dw_source_read(source, &frame, &err), 1);
        assert_int_equal(frame->time_us, i * 100000);
        assert_in_range(frame->image.y[0], 126, 130);
    }
}

/* After its only picture the driver says `read_error`; 0: that there is none yet. */
static void expect_end(int read_error, int code, const char *sentence)
{
    driver = (struct driver){ .pictures = 1 };
    DW_AUTO(source) *source = NULL;
    DW_AUTO(frame) *first = NULL, *second = NULL;
    struct dw_err err = { 0 };
    assert_int_equal(open_webcam(&source, URL, &err), 0);
    assert_int_equal(dw_source_read(source, &first, &err), 1);
    driver.read_error = read_error;
    assert_int_equal(dw_source_read(source, &second, &err), code);
    assert_non_null(strstr(err.text, sentence));
}

static void one_that_falls_silent_is_not_waited_for_for_ever(void **state)
{
    (void)state;
    expect_end(0, -ETIMEDOUT, "gave no picture for 0.2 s: pull it out");
}

static void one_that_is_pulled_out_is_a_failure(void **state)
{
    (void)state;
    expect_end(ENODEV, -ENODEV, "was unplugged");
}

static void what_does_not_start_is_told_with_a_remedy(void **state)
{
    (void)state;
    static const struct {
        struct driver driver;
        int code;
        const char *sentence;
    } cases[] = {
        { { .open_error = ENOENT }, -ENOENT, "there is no such webcam: plug it in" },
        { { .open_error = EACCES }, -EACCES, "to the group 'video'" },
        { { .start_error = EBUSY }, -EBUSY, "is in use: end the other program" },
        { { .start_error = ENOSPC }, -ENOSPC, "cannot be started as a webcam" },
        { { .capabilities = V4L2_CAP_META_CAPTURE }, -ENOTSUP, "no device that gives pictures" },
        { { .format = V4L2_PIX_FMT_YUYV }, -ENOTSUP, "gives no JPEG pictures" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        driver = cases[i].driver;
        expect_refusal(URL, cases[i].code, cases[i].sentence);
    }
    expect_refusal("v4l2:///dev/null", -ENOTSUP, "no device that gives pictures");
    expect_refusal("v4l2:///dev/no-such-webcam", -ENOENT, "there is no such webcam");
    expect_refusal("/dev/null", -EINVAL, "write v4l2:///dev/null");
}

static void what_the_driver_says_of_a_picture_is_not_trusted(void **state)
{
    (void)state;
    static const struct driver liars[] = {
        { .pictures = 1000, .index = 17 },
        { .pictures = 1000, .size = BUFFER_SIZE + 1 },
        { .pictures = 1000, .flags = V4L2_BUF_FLAG_ERROR },
        { .pictures = 1000, .size = 20 },
    };
    for (size_t i = 0; i < DW_LENGTH(liars); i++) {
        driver = liars[i];
        DW_AUTO(source) *source = NULL;
        struct dw_err err = { 0 };
        assert_true(open_webcam(&source, URL, &err) < 0);
        assert_true(err.text[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_come_with_the_times_of_the_device),
        cmocka_unit_test(one_that_falls_silent_is_not_waited_for_for_ever),
        cmocka_unit_test(one_that_is_pulled_out_is_a_failure),
        cmocka_unit_test(what_does_not_start_is_told_with_a_remedy),
        cmocka_unit_test(what_the_driver_says_of_a_picture_is_not_trusted),
    };
    return cmocka_run_group_tests(tests, make_picture, free_picture);
}
