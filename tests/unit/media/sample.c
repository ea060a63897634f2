/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
#include <libavutil/pixdesc.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/macros.h"

static char folder[128];

int sample_setup(void **state)
{
    (void)state;
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/dwell-media-XXXXXX", parent != NULL ? parent : "/tmp");
    av_log_set_level(AV_LOG_QUIET);
    return mkdtemp(folder) != NULL ? 0 : -1;
}

int sample_teardown(void **state)
{
    (void)state;
    DIR *list = opendir(folder);
    if (list == NULL)
        return -1;
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(list), entry->d_name, 0);
    closedir(list);
    return rmdir(folder);
}

const char *sample_path(char out[SAMPLE_PATH_SIZE], const char *name)
{
    snprintf(out, SAMPLE_PATH_SIZE, "%s/%s", folder, name);
    return out;
}

void sample_write(const char *name, const void *bytes, size_t length)
{
    char path[SAMPLE_PATH_SIZE];
    FILE *file = fopen(sample_path(path, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

uint8_t *sample_read(const char *name, size_t *length)
{
    char path[SAMPLE_PATH_SIZE];
    FILE *file = fopen(sample_path(path, name), "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *length = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = dw_alloc0(*length + 1);
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    fclose(file);
    return bytes;
}

void sample_cut(const char *from, const char *to, double share)
{
    size_t length = 0;
    uint8_t *bytes = sample_read(from, &length);
    sample_write(to, bytes, (size_t)((double)length * share));
    free(bytes);
}

void sample_join(const char *first, const char *second, const char *to)
{
    size_t a = 0, b = 0;
    uint8_t *head = sample_read(first, &a), *tail = sample_read(second, &b);
    uint8_t *whole = dw_alloc0(a + b);
    memcpy(whole, head, a);
    memcpy(whole + a, tail, b);
    sample_write(to, whole, a + b);
    free(whole);
    free(head);
    free(tail);
}

static AVCodecContext *open_encoder(const struct sample_video *video)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(video->encoder);
    assert_non_null(codec);
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    assert_non_null(encoder);
    encoder->width = video->width_px;
    encoder->height = video->height_px;
    encoder->pix_fmt = av_get_pix_fmt(video->format != NULL ? video->format : "yuv420p");
    encoder->time_base = (AVRational){ 1, 10 };
    encoder->framerate = (AVRational){ 10, 1 };
    encoder->gop_size = 5;
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    assert_int_equal(avcodec_open2(encoder, codec, NULL), 0);
    return encoder;
}

static AVFormatContext *open_file(const char *path, const AVCodecContext *encoder)
{
    AVFormatContext *format = NULL;
    assert_true(avformat_alloc_output_context2(&format, NULL, NULL, path) >= 0);
    AVStream *stream = avformat_new_stream(format, NULL);
    assert_non_null(stream);
    avcodec_parameters_from_context(stream->codecpar, encoder);
    stream->time_base = encoder->time_base;
    stream->avg_frame_rate = encoder->framerate;
    assert_true(avio_open(&format->pb, path, AVIO_FLAG_WRITE) >= 0);
    AVDictionary *options = NULL;
    av_dict_set(&options, "movflags", "+faststart", 0);
    assert_true(avformat_write_header(format, &options) >= 0);
    av_dict_free(&options);
    return format;
}

/* Stamps are put on behind the encoder's back: it would refuse the ones worth testing. */
static void write_packets(const struct sample_video *video, AVCodecContext *encoder,
                          AVFormatContext *format, int *written)
{
    const AVRational milliseconds = { 1, 1000 };
    AVPacket *packet = av_packet_alloc();
    while (avcodec_receive_packet(encoder, packet) >= 0) {
        int64_t ms = video->stamp_ms != NULL ? video->stamp_ms(*written) : *written * INT64_C(100);
        int64_t order_ms = DW_MIN(ms, *written * INT64_C(100));
        packet->pts = av_rescale_q(ms, milliseconds, format->streams[0]->time_base);
        packet->dts = av_rescale_q(order_ms, milliseconds, format->streams[0]->time_base);
        packet->duration = 0;
        packet->stream_index = 0;
        assert_true(av_write_frame(format, packet) >= 0);
        av_packet_unref(packet);
        ++*written;
    }
    av_packet_free(&packet);
}

/* Formats packed in one plane get grey as well, deeper ones something. */
static void paint(AVFrame *frame, int luma)
{
    const AVPixFmtDescriptor *about = av_pix_fmt_desc_get(frame->format);
    for (int plane = 0; plane < 4 && frame->data[plane] != NULL; plane++) {
        int shift = plane > 0 ? about->log2_chroma_h : 0;
        int rows = AV_CEIL_RSHIFT(frame->height, shift);
        memset(frame->data[plane], plane == 0 ? luma : 128,
               (size_t)frame->linesize[plane] * (size_t)rows);
    }
}

void sample_video(const struct sample_video *video)
{
    char path[SAMPLE_PATH_SIZE];
    AVCodecContext *encoder = open_encoder(video);
    AVFormatContext *format = open_file(sample_path(path, video->name), encoder);
    AVFrame *frame = av_frame_alloc();
    frame->format = encoder->pix_fmt;
    frame->width = video->width_px;
    frame->height = video->height_px;
    assert_int_equal(av_frame_get_buffer(frame, 0), 0);
    int written = 0;
    for (int i = 0; i < video->frames; i++) {
        assert_int_equal(av_frame_make_writable(frame), 0);
        paint(frame, 50 + 2 * i);
        frame->pts = i;
        assert_int_equal(avcodec_send_frame(encoder, frame), 0);
        write_packets(video, encoder, format, &written);
    }
    avcodec_send_frame(encoder, NULL);
    write_packets(video, encoder, format, &written);
    assert_int_equal(av_write_trailer(format), 0);
    avio_closep(&format->pb);
    avformat_free_context(format);
    avcodec_free_context(&encoder);
    av_frame_free(&frame);
}
