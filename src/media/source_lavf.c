/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Video files and streams through FFmpeg. The libraries block for as long as a camera pleases and
 * word their errors for programmers, so every wait has an absolute deadline, and every refusal a
 * sentence of ours.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
#include <libavutil/time.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "media/converter.h"
#include "media/identity.h"
#include "media/lavf_text.h"
#include "media/media_clock.h"
#include "media/source_impl.h"
#include "media/url.h"

#define TIMEOUT_US (10 * DW_SECOND_US)
#define RETRY_US (10 * 1000)
#define ANALYZE_US (2 * DW_SECOND_US)
#define BAD_READS_MAX 100                   /* unreadable packets in a row that are stepped over */
#define PIXELS_MAX (INT64_C(16384) * 16384) /* more is a damaged header or an attack */
#define STAMP_MAX_US (INT64_C(1) << 61)     /* differences of stamps must not overflow */
#define FPS_MAX 1000.0                      /* more is a time base, not a rate */
#define FPS_ASSUMED 25.0
#define TOLERANCE_US (DW_SECOND_US / 2) /* containers round their durations */

/* The protocols a stream may use; a playlist in it cannot open others, or files. */
static const struct scheme {
    const char *prefix, *protocols;
} schemes[] = {
    { "http://", "http,https,tcp,tls,crypto" },
    { "https://", "http,https,tcp,tls,crypto" },
    { "rtsp://", "rtsp,rtsps,tcp,tls,udp,rtp,srtp" },
    { "rtsps://", "rtsp,rtsps,tcp,tls,udp,rtp,srtp" },
    { "rtp://", "rtp,udp" },
    { "tcp://", "tcp" },
    { "udp://", "udp" },
};

struct lavf {
    AVFormatContext *format;
    AVCodecContext *decoder;
    AVStream *stream; /* of format */
    AVPacket *packet;
    struct dw_converter converter;
    struct dw_media_clock clock;
    bool is_file, stamps_made_up;

    const atomic_bool *stop;
    int64_t timeout_us, deadline_us; /* on av_gettime_relative(); 0: none */

    AVFrame *picture; /* the one in hand */
    AVFrame *ahead;   /* the one after it, when a jump made us look */
    int ahead_result; /* of reading it: 1, 0 end, negative error; -EAGAIN: not looked */
    struct dw_err ahead_err;

    bool draining;
    int bad_reads; /* in a row */
    int broken;    /* libavformat's error that ended a file, 0 none */
    int64_t damaged, index, arrival_us;
    int64_t first_stamp_us, expected_us; /* length of the video as declared, 0 unknown */
};

static bool is_stopped(const struct lavf *lavf)
{
    return lavf->stop != NULL && atomic_load_explicit(lavf->stop, memory_order_relaxed);
}

static bool is_late(const struct lavf *lavf)
{
    return lavf->deadline_us > 0 && av_gettime_relative() > lavf->deadline_us;
}

static int interrupt(void *opaque)
{
    const struct lavf *lavf = opaque;
    return is_stopped(lavf) || is_late(lavf);
}

/* Files are waited for, slow as the disk may be; cameras are not. */
static void set_deadline(struct lavf *lavf)
{
    lavf->deadline_us = lavf->is_file ? 0 : av_gettime_relative() + lavf->timeout_us;
}

/* -EINTR, -ETIMEDOUT or 0: whether it was us who ended a wait. */
static int check_wait(const struct lavf *lavf, const char *name, struct dw_err *err)
{
    if (is_stopped(lavf))
        return dw_fail(err, -EINTR, "'%s': stopped", name);
    if (is_late(lavf))
        return dw_fail(
            err, -ETIMEDOUT,
            "'%s' sent no picture for %.3g s: check address and port, and that the camera "
            "is on",
            name, dw_time_to_seconds(lavf->timeout_us));
    return 0;
}

static int fail_open(const struct lavf *lavf, int av_code, const char *name, struct dw_err *err)
{
    int code = check_wait(lavf, name, err);
    if (code != 0)
        return code;
    return lavf->is_file ? dw_lavf_fail_file(err, av_code, name)
                         : dw_lavf_fail_stream(err, av_code, name);
}

static const char *find_protocols(const char *url)
{
    for (size_t i = 0; i < DW_LENGTH(schemes); i++)
        if (strncasecmp(url, schemes[i].prefix, strlen(schemes[i].prefix)) == 0)
            return schemes[i].protocols;
    return NULL;
}

static int open_container(struct dw_source *source, const char *url, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    const char *protocols = lavf->is_file ? "file" : find_protocols(url);
    if (protocols == NULL)
        return dw_fail(
            err, -ENOTSUP,
            "'%s' starts with no known protocol: use a file's path, or http, https, rtsp, "
            "rtsps, rtp, udp or tcp",
            source->name);
    lavf->format = avformat_alloc_context();
    if (lavf->format == NULL)
        abort();
    lavf->format->interrupt_callback = (AVIOInterruptCB){ interrupt, lavf };
    AVDictionary *options = NULL;
    av_dict_set(&options, "protocol_whitelist", protocols, 0);
    if (!lavf->is_file)
        av_dict_set(&options, "rtsp_transport", "tcp", 0);

    /* The prefix keeps a colon in a file's name from being read as a protocol. */
    char *target = dw_strdup_printf("%s%s", lavf->is_file ? "file:" : "",
                                    lavf->is_file ? dw_url_path(url) : url);
    set_deadline(lavf);
    int code = avformat_open_input(&lavf->format, target, NULL, &options);
    av_dict_free(&options);
    free(target);
    /* Terminal art: what FFmpeg makes of any file by its name alone. */
    if (code == 0 && strcmp(lavf->format->iformat->name, "tty") == 0)
        code = AVERROR_INVALIDDATA;
    if (code < 0)
        return fail_open(lavf, code, source->name, err);

    lavf->stamps_made_up = (lavf->format->iformat->flags & AVFMT_NOTIMESTAMPS) != 0;
    if (lavf->stamps_made_up && !lavf->is_file)
        lavf->format->use_wallclock_as_timestamps = 1;
    /* A live stream is looked at for as long as it takes to play; that must fit the deadline. */
    if (!lavf->is_file)
        lavf->format->max_analyze_duration = DW_MIN(ANALYZE_US, lavf->timeout_us / 2);
    /* Pictures looked at to guess a frame rate would come in a burst that detecting cannot take. */
    if (!lavf->is_file)
        lavf->format->fps_probe_size = 0;
    code = avformat_find_stream_info(lavf->format, NULL);
    return code < 0 || is_late(lavf) ? fail_open(lavf, code, source->name, err) : 0;
}

static int open_decoder(struct dw_source *source, int threads, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    const AVCodec *codec = NULL;
    int at = av_find_best_stream(lavf->format, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    bool none = at == AVERROR_STREAM_NOT_FOUND ||
                (at >= 0 && lavf->format->streams[at]->disposition & AV_DISPOSITION_ATTACHED_PIC);
    if (none)
        return dw_fail(err, -EINVAL, "'%s' holds no video%s: name a file or stream with pictures",
                       source->name, lavf->format->nb_streams > 0 ? ", only sound or text" : "");
    if (at < 0)
        return dw_fail(err, -ENOTSUP,
                       "'%s' holds a video this FFmpeg cannot decode: convert it to H.264",
                       source->name);
    lavf->stream = lavf->format->streams[at];
    for (unsigned i = 0; i < lavf->format->nb_streams; i++)
        if (lavf->format->streams[i] != lavf->stream)
            lavf->format->streams[i]->discard = AVDISCARD_ALL;

    lavf->decoder = avcodec_alloc_context3(codec);
    if (lavf->decoder == NULL)
        abort();
    avcodec_parameters_to_context(lavf->decoder, lavf->stream->codecpar);
    lavf->decoder->pkt_timebase = lavf->stream->time_base;
    lavf->decoder->thread_count = threads > 0 ? threads : 1;
    lavf->decoder->max_pixels = PIXELS_MAX;
    int code = avcodec_open2(lavf->decoder, codec, NULL);
    char words[DW_LAVF_WORDS_SIZE];
    return code < 0 ? dw_fail(err, -ENOTSUP, "'%s': its video (%s) cannot be decoded: %s",
                              source->name, codec->name, dw_lavf_words(words, code))
                    : 0;
}

/* A read went wrong. 0: try again; files end there, streams fail. */
static int on_bad_read(struct dw_source *source, int av_code, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    int code = check_wait(lavf, source->name, err);
    if (code != 0)
        return code;
    if (av_code == AVERROR(EAGAIN)) {
        av_usleep(RETRY_US);
        return 0;
    }
    if (av_code == AVERROR_INVALIDDATA && ++lavf->bad_reads < BAD_READS_MAX)
        return 0;
    const AVIOContext *io = lavf->format->pb;
    if (av_code == AVERROR_EOF && io != NULL && io->error < 0)
        av_code = io->error;
    if (av_code != AVERROR_EOF && !lavf->is_file)
        return dw_lavf_fail_stream(err, av_code, source->name);
    lavf->broken = av_code != AVERROR_EOF ? av_code : 0;
    lavf->draining = true;
    (void)avcodec_send_packet(lavf->decoder, NULL);
    return 0;
}

/* Gives the decoder one more packet, or tells it that there are none. */
static int feed(struct dw_source *source, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    int code = av_read_frame(lavf->format, lavf->packet);
    if (code < 0)
        return on_bad_read(source, code, err);
    lavf->bad_reads = 0;
    if (lavf->packet->stream_index == lavf->stream->index &&
        avcodec_send_packet(lavf->decoder, lavf->packet) < 0)
        lavf->damaged++;
    av_packet_unref(lavf->packet);
    return is_stopped(lavf) || is_late(lavf) ? check_wait(lavf, source->name, err) : 0;
}

/* Concealed damage looks plausible and makes people who are not there. */
static bool is_damaged(const AVFrame *picture)
{
    return (picture->flags & AV_FRAME_FLAG_CORRUPT) != 0 || picture->decode_error_flags != 0;
}

/* The next good picture: 1, 0 at the end, or an error. */
static int decode(struct dw_source *source, AVFrame *picture, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    set_deadline(lavf);
    for (;;) {
        int code = avcodec_receive_frame(lavf->decoder, picture);
        if (code == 0 && !is_damaged(picture))
            return 1;
        if (code == AVERROR_EOF || (code == AVERROR(EAGAIN) && lavf->draining))
            return 0;
        if (code == AVERROR(EAGAIN)) {
            code = feed(source, err);
            if (code < 0)
                return code;
        } else {
            lavf->damaged++;
            av_frame_unref(picture);
        }
    }
}

/* Reads the picture after the one in hand, once. */
static int look_ahead(struct dw_source *source)
{
    struct lavf *lavf = source->state;
    if (lavf->ahead_result == -EAGAIN)
        lavf->ahead_result = decode(source, lavf->ahead, &lavf->ahead_err);
    return lavf->ahead_result;
}

/* The next picture into lavf->picture, whether it was looked at already or not. */
static int take_picture(struct dw_source *source, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    av_frame_unref(lavf->picture);
    if (lavf->ahead_result == -EAGAIN)
        return decode(source, lavf->picture, err);
    int result = lavf->ahead_result;
    if (result < 0 && err != NULL)
        *err = lavf->ahead_err;
    if (result > 0)
        av_frame_move_ref(lavf->picture, lavf->ahead);
    if (result != 0)
        lavf->ahead_result = -EAGAIN;
    return result;
}

static int64_t stamp_us(const struct lavf *lavf, const AVFrame *picture)
{
    if (picture->best_effort_timestamp == AV_NOPTS_VALUE)
        return lavf->clock.stamp_us + (lavf->clock.started ? lavf->clock.interval_us : 0);
    int64_t us =
        av_rescale_q(picture->best_effort_timestamp, lavf->stream->time_base, AV_TIME_BASE_Q);
    return DW_MAX(-STAMP_MAX_US, DW_MIN(us, STAMP_MAX_US));
}

/*
 * Some cameras stamp single pictures hours off. Such a picture gets the time its neighbours imply;
 * only a jump that lasts begins a new epoch.
 */
static int64_t settled_stamp_us(struct dw_source *source)
{
    struct lavf *lavf = source->state;
    int64_t stamp = stamp_us(lavf, lavf->picture);
    if (!dw_media_clock_jumps(&lavf->clock, stamp) || look_ahead(source) <= 0)
        return stamp;
    int64_t next = stamp_us(lavf, lavf->ahead);
    return dw_media_clock_jumps(&lavf->clock, next) ? stamp
                                                    : dw_media_clock_mend(&lavf->clock, next);
}

static void update_warning(struct dw_source *source, bool ended)
{
    const struct lavf *lavf = source->state;
    char *out = source->warning;
    size_t size = sizeof(source->warning), length = 0;
    out[0] = '\0';
    int64_t read_us = lavf->clock.stamp_us - lavf->first_stamp_us + lavf->clock.interval_us;
    bool early = ended && lavf->expected_us > 0 &&
                 read_us + 2 * lavf->clock.interval_us + TOLERANCE_US < lavf->expected_us;
    if (early)
        length +=
            (size_t)snprintf(out, size, "the file ends early: %.1f s of %.1f s could be read",
                             dw_time_to_seconds(read_us), dw_time_to_seconds(lavf->expected_us));
    else if (lavf->broken != 0) {
        char words[DW_LAVF_WORDS_SIZE];
        length += (size_t)snprintf(out, size, "the file could be read only up to %.1f s: %s",
                                   dw_time_to_seconds(read_us), dw_lavf_words(words, lavf->broken));
    }
    if (lavf->damaged > 0)
        length +=
            (size_t)snprintf(out + length, size - length,
                             "%s%" PRId64 " damaged picture%s "
                             "skipped",
                             length > 0 ? "; " : "", lavf->damaged, lavf->damaged > 1 ? "s" : "");
    if (lavf->stamps_made_up && lavf->is_file)
        snprintf(out + length, size - length,
                 "%sthe file has no times of its own: taken for %.4g pictures a second",
                 length > 0 ? "; " : "", (double)DW_SECOND_US / (double)lavf->clock.interval_us);
}

static int make_frame(struct dw_source *source, int64_t stamp, struct dw_frame **out,
                      struct dw_err *err)
{
    struct lavf *lavf = source->state;
    int code = dw_converter_frame(&lavf->converter, lavf->picture, out, err);
    if (code != 0)
        return dw_fail_within(err, code, "'%s'", source->name);
    int64_t now_us = av_gettime_relative();
    int64_t elapsed_us = source->info.live ? now_us - lavf->arrival_us : -1;
    (*out)->gap_us = dw_media_clock_step(&lavf->clock, stamp, elapsed_us);
    (*out)->time_us = lavf->clock.time_us;
    (*out)->index = lavf->index++;
    lavf->arrival_us = now_us;
    return 1;
}

static int lavf_read(struct dw_source *source, struct dw_frame **out, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    int64_t damaged = lavf->damaged;
    for (;;) {
        int result = take_picture(source, err);
        if (result <= 0 || lavf->damaged > damaged)
            update_warning(source, result == 0);
        if (result <= 0)
            return result;
        int64_t stamp = settled_stamp_us(source);
        /* A second picture of the same moment says nothing about time. */
        if (!lavf->clock.started || stamp != lavf->clock.stamp_us)
            return make_frame(source, stamp, out, err);
    }
}

/* Only what the container states counts: guesses from bit rates would cry wolf. */
static int64_t declared_length_us(const struct lavf *lavf)
{
    const AVStream *stream = lavf->stream;
    if (!lavf->is_file || lavf->stamps_made_up ||
        lavf->format->duration_estimation_method != AVFMT_DURATION_FROM_STREAM)
        return 0;
    if (stream->duration == AV_NOPTS_VALUE)
        return lavf->format->nb_streams == 1 ? DW_MAX(lavf->format->duration, 0) : 0;
    /* FFmpeg shortens what an AVI file states to what is there, but for the number of pictures. */
    int64_t counted_us = 0;
    if (stream->nb_frames > 0 && stream->avg_frame_rate.num > 0)
        counted_us = av_rescale(stream->nb_frames, DW_SECOND_US * stream->avg_frame_rate.den,
                                stream->avg_frame_rate.num);
    return DW_MAX(counted_us, av_rescale_q(stream->duration, stream->time_base, AV_TIME_BASE_Q));
}

static void fill_info(struct dw_source *source)
{
    struct lavf *lavf = source->state;
    struct dw_source_info *info = &source->info;
    double fps = av_q2d(av_guess_frame_rate(lavf->format, lavf->stream, NULL));
    info->kind = "video";
    info->fps = fps > 0 && fps <= FPS_MAX ? fps : 0;
    info->width_px = lavf->ahead->width;
    info->height_px = lavf->ahead->height;
    info->duration_us = DW_MAX(lavf->format->duration, 0);
    info->live = !lavf->is_file && info->duration_us == 0;
    info->frame_count = DW_MAX(lavf->stream->nb_frames, 0);
    snprintf(info->codec, sizeof(info->codec), "%s", avcodec_get_name(lavf->decoder->codec_id));
    const AVDictionaryEntry *made = av_dict_get(lavf->format->metadata, "creation_time", NULL, 0);
    if (made != NULL && dw_time_parse(&info->start_wall_us, made->value, NULL) != 0)
        info->start_wall_us = 0;

    lavf->clock.interval_us = dw_time_from_seconds(1 / (info->fps > 0 ? info->fps : FPS_ASSUMED));
    lavf->first_stamp_us = stamp_us(lavf, lavf->ahead);
    lavf->expected_us = declared_length_us(lavf);
}

/* Decodes the first picture, so that what cannot be decoded is told at once. */
static int open_pictures(struct dw_source *source, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    lavf->packet = av_packet_alloc();
    lavf->picture = av_frame_alloc();
    lavf->ahead = av_frame_alloc();
    if (lavf->packet == NULL || lavf->picture == NULL || lavf->ahead == NULL)
        abort();
    lavf->ahead_result = -EAGAIN;
    int result = look_ahead(source);
    if (result < 0)
        return dw_fail(err, result, "%s", lavf->ahead_err.text);
    if (result == 0)
        return dw_fail(
            err, -EINVAL,
            "'%s': not one picture of it can be decoded (%s): try to play it, or copy it "
            "again",
            source->name, avcodec_get_name(lavf->decoder->codec_id));
    lavf->arrival_us = av_gettime_relative();
    fill_info(source);
    update_warning(source, false);
    return 0;
}

static int lavf_open(struct dw_source *source, const char *url, const struct dw_source_conf *conf,
                     struct dw_err *err)
{
    av_log_set_level(AV_LOG_QUIET); /* what matters is said by us, once and in a sentence */
    struct lavf *lavf = source->state = dw_alloc0(sizeof(*lavf));
    lavf->is_file = dw_url_is_file(url);
    lavf->stop = conf->stop;
    lavf->timeout_us = conf->timeout_us > 0 ? conf->timeout_us : TIMEOUT_US;
    int code = 0;
    if (lavf->is_file) {
        code = dw_source_check_file(source->name, err);
        if (code == 0)
            code = dw_lavf_check_file(source->name, err);
        if (code == 0)
            code = dw_identity_of_file(source->info.identity, source->name, err);
    } else {
        dw_identity_of_text(source->info.identity, source->name);
    }
    if (code == 0)
        code = open_container(source, url, err);
    if (code == 0)
        code = open_decoder(source, conf->decoder_threads, err);
    return code == 0 ? open_pictures(source, err) : code;
}

static void lavf_close(struct dw_source *source)
{
    struct lavf *lavf = source->state;
    if (lavf == NULL)
        return;
    dw_converter_fini(&lavf->converter);
    av_frame_free(&lavf->ahead);
    av_frame_free(&lavf->picture);
    av_packet_free(&lavf->packet);
    avcodec_free_context(&lavf->decoder);
    /* Saying goodbye to a camera may block as well. */
    set_deadline(lavf);
    avformat_close_input(&lavf->format);
    free(lavf);
}

const struct dw_source_impl dw_source_lavf = {
    .open = lavf_open,
    .read = lavf_read,
    .close = lavf_close,
};
