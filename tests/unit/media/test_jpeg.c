/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures to JPEG and back by FFmpeg's decoder. */
#include "media/jpeg.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <libavcodec/avcodec.h>

#include "base/alloc.h"
#include "base/macros.h"

struct picture {
    struct dw_image image;
    uint8_t *memory;
};

/* Without colour; brightness as the function says. */
static struct picture paint(int width_px, int height_px, uint8_t (*light)(int x, int y))
{
    size_t half = (size_t)((width_px + 1) / 2) * (size_t)((height_px + 1) / 2);
    size_t whole = (size_t)width_px * (size_t)height_px;
    struct picture picture = { .memory = dw_alloc0(whole + half) };
    memset(picture.memory + whole, 128, half);
    for (int y = 0; y < height_px; y++)
        for (int x = 0; x < width_px; x++)
            picture.memory[(size_t)y * (size_t)width_px + (size_t)x] = light(x, y);
    picture.image = (struct dw_image){
        .y = picture.memory,
        .u = picture.memory + whole,
        .v = picture.memory + whole,
        .y_stride = width_px,
        .u_stride = (width_px + 1) / 2,
        .v_stride = (width_px + 1) / 2,
        .width_px = width_px,
        .height_px = height_px,
    };
    return picture;
}

/* What a browser would show; av_frame_free() it. */
static AVFrame *shown(const struct dw_image *image, bool blurred)
{
    struct dw_buf jpeg = { 0 };
    struct dw_err err = { 0 };
    if (dw_jpeg_encode(image, blurred, &jpeg, &err) < 0)
        fail_msg("%s", err.text);
    assert_memory_equal(jpeg.data, "\xff\xd8\xff", 3);
    AVCodecContext *codec = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_MJPEG));
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    assert_int_equal(avcodec_open2(codec, codec->codec, NULL), 0);
    assert_int_equal(av_new_packet(packet, (int)jpeg.length), 0);
    memcpy(packet->data, jpeg.data, jpeg.length);
    assert_int_equal(avcodec_send_packet(codec, packet), 0);
    assert_int_equal(avcodec_receive_frame(codec, frame), 0);
    av_packet_free(&packet);
    avcodec_free_context(&codec);
    dw_buf_fini(&jpeg);
    assert_int_equal(frame->width, image->width_px);
    assert_int_equal(frame->height, image->height_px);
    return frame;
}

static int light_at(const AVFrame *frame, int x, int y)
{
    return frame->data[0][(ptrdiff_t)y * frame->linesize[0] + x];
}

static void assert_close(int value, int expected, int most)
{
    assert_in_range(value, DW_MAX(expected - most, 0), expected + most);
}

static uint8_t black_and_white(int x, int y)
{
    (void)y;
    return x < 64 ? 16 : 235;
}

static void black_is_black_and_white_is_white(void **state)
{
    (void)state;
    struct picture picture = paint(128, 96, black_and_white);
    AVFrame *video = shown(&picture.image, false);
    assert_close(light_at(video, 20, 50), 0, 3);
    assert_close(light_at(video, 100, 50), 255, 3);
    picture.image.full_range = true; /* then it is dark grey and light grey */
    AVFrame *full = shown(&picture.image, false);
    assert_close(light_at(full, 20, 50), 16, 3);
    assert_close(light_at(full, 100, 50), 235, 3);
    av_frame_free(&video);
    av_frame_free(&full);
    free(picture.memory);
}

/* The size of a face far away. */
static uint8_t checks(int x, int y)
{
    return (x / 8 + y / 8) % 2 == 0 ? 16 : 235;
}

static int contrast(const AVFrame *frame)
{
    int least = 255, most = 0;
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++) {
            least = DW_MIN(least, light_at(frame, x, y));
            most = DW_MAX(most, light_at(frame, x, y));
        }
    return most - least;
}

static void blurred_nothing_small_is_left(void **state)
{
    (void)state;
    struct picture picture = paint(640, 480, checks), large = paint(640, 480, black_and_white);
    AVFrame *sharp = shown(&picture.image, false), *blurred = shown(&picture.image, true),
            *halves = shown(&large.image, true);
    assert_true(contrast(sharp) > 240);
    assert_true(contrast(blurred) < 40);
    assert_close(light_at(halves, 20, 240), 0, 3);
    assert_close(light_at(halves, 400, 240), 255, 3);
    av_frame_free(&sharp);
    av_frame_free(&blurred);
    av_frame_free(&halves);
    free(picture.memory);
    free(large.memory);
}

static void odd_sizes_and_strides_are_kept(void **state)
{
    (void)state;
    static const int sizes[][2] = { { 641, 359 }, { 1, 1 }, { 40, 3 }, { 3, 301 } };
    for (size_t i = 0; i < DW_LENGTH(sizes); i++)
        for (int blurred = 0; blurred < 2; blurred++) {
            struct picture picture = paint(sizes[i][0], sizes[i][1], black_and_white);
            AVFrame *frame = shown(&picture.image, blurred != 0);
            assert_close(light_at(frame, 0, sizes[i][1] / 2), 0, 3);
            av_frame_free(&frame);
            free(picture.memory);
        }
    struct picture wide = paint(256, 96, black_and_white);
    wide.image.width_px = 128; /* of rows that go on */
    AVFrame *frame = shown(&wide.image, false);
    assert_close(light_at(frame, 100, 95), 255, 3);
    av_frame_free(&frame);
    free(wide.memory);
}

static void what_no_jpeg_can_hold_is_refused(void **state)
{
    (void)state;
    struct picture picture = paint(70000, 2, black_and_white);
    struct dw_buf jpeg = { 0 };
    struct dw_err err = { 0 };
    assert_true(dw_jpeg_encode(&picture.image, false, &jpeg, &err) < 0);
    assert_string_equal(err.text, "a picture of 70000 x 2 cannot be made a JPEG");
    assert_int_equal(jpeg.length, 0);
    dw_buf_fini(&jpeg);
    free(picture.memory);
}

static void a_jpeg_is_read_back(void **state)
{
    (void)state;
    struct picture picture = paint(129, 97, black_and_white);
    struct dw_frame *back = NULL;
    struct dw_buf jpeg = { 0 };
    assert_int_equal(dw_jpeg_encode(&picture.image, false, &jpeg, NULL), 0);
    assert_int_equal(dw_jpeg_decode(&back, &jpeg), 0);
    assert_int_equal(back->image.width_px, 129);
    assert_int_equal(back->image.height_px, 97);
    assert_true(back->image.full_range);
    assert_close(back->image.y[(ptrdiff_t)96 * back->image.y_stride + 100], 255, 3);
    assert_close(back->image.v[(ptrdiff_t)48 * back->image.v_stride + 64], 128, 3);
    dw_frame_destroy(back);
    dw_buf_fini(&jpeg);
    free(picture.memory);
}

static void what_is_no_jpeg_is_refused(void **state)
{
    (void)state;
    struct picture large = paint(DW_JPEG_SIDE_MAX + 2, 8, black_and_white);
    struct dw_buf jpeg = { 0 }, nothing = { 0 };
    struct dw_frame *back = NULL;
    assert_int_equal(dw_jpeg_encode(&large.image, false, &jpeg, NULL), 0);
    assert_int_equal(dw_jpeg_decode(&back, &jpeg), -EINVAL);
    jpeg.length = 20; /* cut off */
    assert_int_equal(dw_jpeg_decode(&back, &jpeg), -EINVAL);
    assert_int_equal(dw_jpeg_decode(&back, &nothing), -EINVAL);
    assert_null(back);
    dw_buf_fini(&jpeg);
    free(large.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(black_is_black_and_white_is_white),
        cmocka_unit_test(blurred_nothing_small_is_left),
        cmocka_unit_test(odd_sizes_and_strides_are_kept),
        cmocka_unit_test(what_no_jpeg_can_hold_is_refused),
        cmocka_unit_test(a_jpeg_is_read_back),
        cmocka_unit_test(what_is_no_jpeg_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
