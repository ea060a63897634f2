/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers and streams through FFmpeg. The library blocks for as long as a camera pleases and
 * words its errors for programmers, so every wait has an absolute deadline, and every refusal a
 * sentence of ours.
 */
#include "media/receiver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libavformat/avformat.h>
#include <libavutil/time.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "media/lavf_text.h"
#include "media/resolve.h"
#include "media/url.h"
#include "media/webcam.h"

#define TIMEOUT_US (10 * DW_SECOND_US)
#define GOODBYE_US (DW_SECOND_US / 2)
#define RETRY_US (10 * 1000)
#define ANALYZE_US (2 * DW_SECOND_US)
#define BAD_READS_MAX 100 /* unreadable packets in a row that are stepped over */
#define FPS_MAX 1000.0    /* more is a time base, not a rate */

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

struct dw_receiver {
    struct dw_webcam *webcam; /* NULL: it is none; else its stream is the only one of format */
    AVFormatContext *format;
    AVStream *stream; /* of format */
    struct dw_stream_facts facts;
    const char *name;
    bool is_file, sandboxed;

    const atomic_bool *stop;
    int64_t timeout_us, deadline_us;        /* on av_gettime_relative(); 0: none */
    int64_t picture_timeout_us, picture_us; /* the deadline of the picture, whatever comes */
    bool blind;                             /* packets came, and no picture of them yet */
    int64_t wall_offset_us;

    char *target;            /* what libavformat was told to open */
    char host[DW_HOST_SIZE]; /* "" of files */
    int (*io_open)(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                   AVDictionary **options); /* libavformat's own */
    bool led_astray;                        /* somebody named another address to go on from */

    int bad_reads; /* in a row */
    int broken;    /* libavformat's error that ended a file, 0 none */
};

static bool is_stopped(const struct dw_receiver *receiver)
{
    return receiver->stop != NULL && atomic_load_explicit(receiver->stop, memory_order_relaxed);
}

static bool is_late(const struct dw_receiver *receiver)
{
    return receiver->deadline_us > 0 && av_gettime_relative() > receiver->deadline_us;
}

static bool is_stopped_now(const void *opaque)
{
    return is_stopped(opaque);
}

/* libavformat follows an RTSP redirect to anywhere and has no option for it; but it asks us before
 * it sends a word, and the address is the other one by then. */
static bool is_moved(struct dw_receiver *receiver)
{
    const AVFormatContext *format = receiver->format;
    if (format != NULL && format->url != NULL && strcmp(format->url, receiver->target) != 0)
        receiver->led_astray = true;
    return receiver->led_astray;
}

static int interrupt(void *opaque)
{
    struct dw_receiver *receiver = opaque;
    return is_stopped(receiver) || is_late(receiver) || is_moved(receiver);
}

void dw_receiver_expect(struct dw_receiver *receiver)
{
    if (receiver->is_file)
        return;
    receiver->deadline_us = av_gettime_relative() + receiver->timeout_us;
    receiver->picture_us = av_gettime_relative() + receiver->picture_timeout_us;
    receiver->blind = false;
}

/* A playlist may name its own machine, over the protocols of the stream, and nothing else. */
static int open_part(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                     AVDictionary **options)
{
    struct dw_receiver *receiver = format->opaque;
    char host[DW_HOST_SIZE];
    bool same = dw_url_host(url, host) && strcmp(host, receiver->host) == 0;
    if (!same && strcmp(url, receiver->target) != 0) {
        receiver->led_astray = true;
        return AVERROR(EACCES);
    }
    av_dict_set(options, "max_redirects", "0", 0);
    return receiver->io_open(format, io, url, flags, options);
}

/* -EINTR, -ETIMEDOUT or 0: whether it was us who ended a wait. */
static int check_wait(const struct dw_receiver *receiver, struct dw_err *err)
{
    if (is_stopped(receiver))
        return dw_fail(err, -EINTR, "'%s': stopped", receiver->name);
    if (is_late(receiver) && receiver->blind)
        return dw_fail(
            err, -ENODATA,
            "'%s' sends, but for %.3g s nothing that is a picture: have the camera send H.264, and "
            "a whole picture every second or two",
            receiver->name, dw_time_to_seconds(receiver->picture_timeout_us));
    if (is_late(receiver) && receiver->webcam != NULL)
        return dw_fail(err, -ETIMEDOUT,
                       "'%s' gave no picture for %.3g s: pull it out and plug it in again",
                       receiver->name, dw_time_to_seconds(receiver->timeout_us));
    if (is_late(receiver))
        return dw_fail(
            err, -ETIMEDOUT,
            "'%s' sent no picture for %.3g s: check address and port, and that the camera "
            "is on",
            receiver->name, dw_time_to_seconds(receiver->timeout_us));
    return 0;
}

static int fail_open(const struct dw_receiver *receiver, int av_code, struct dw_err *err)
{
    if (receiver->led_astray)
        return dw_fail(err, -EACCES,
                       "'%s' sends on to another address, which is not followed: give the "
                       "address of the camera itself",
                       receiver->name);
    int code = check_wait(receiver, err);
    if (code != 0)
        return code;
    return receiver->is_file ? dw_lavf_fail_file(err, av_code, receiver->name)
                             : dw_lavf_fail_stream(err, av_code, receiver->name);
}

static const char *find_protocols(const char *url)
{
    for (size_t i = 0; i < DW_LENGTH(schemes); i++)
        if (strncasecmp(url, schemes[i].prefix, strlen(schemes[i].prefix)) == 0)
            return schemes[i].protocols;
    return NULL;
}

/* The system's own way of asking for a name has no end of its own. */
static int find_host(struct dw_receiver *receiver, const char *url, struct dw_err *err)
{
    if (!dw_url_host(url, receiver->host))
        return 0;
    int code = dw_resolve(receiver->host, receiver->timeout_us, is_stopped_now, receiver);
    if (code == 0)
        return 0;
    if (is_stopped(receiver))
        return check_wait(receiver, err);
    const char *why = code == -ENOENT ? "nobody knows a machine of the name"
                                      : "no name server says in time where to find";
    return dw_fail(err, code, "'%s': %s '%s': check the address, or give it as a number",
                   receiver->name, why, receiver->host);
}

static AVDictionary *choose_options(const struct dw_receiver *receiver, const char *protocols,
                                    enum dw_transport transport)
{
    AVDictionary *options = NULL;
    av_dict_set(&options, "protocol_whitelist", protocols, 0);
    if (receiver->is_file)
        return options;
    av_dict_set(&options, "rtsp_transport", transport == DW_TRANSPORT_UDP ? "udp" : "tcp", 0);
    av_dict_set(&options, "allowed_media_types", "video", 0);
    return options;
}

/* libavformat's context, which asks us before it waits and before it opens more. */
static void make_context(struct dw_receiver *receiver)
{
    receiver->format = avformat_alloc_context();
    if (receiver->format == NULL)
        dw_out_of_memory();
    receiver->format->interrupt_callback = (AVIOInterruptCB){ interrupt, receiver };
    /* Finding out what is in a stream must not decode its pictures here; parsing is enough. */
    if (receiver->sandboxed)
        receiver->format->codec_whitelist = av_strdup("none");
    if (receiver->is_file)
        return;
    receiver->io_open = receiver->format->io_open;
    receiver->format->io_open = open_part;
    receiver->format->opaque = receiver;
}

/* How much of a live stream is looked at, to know what is in it. */
static int look_into(struct dw_receiver *receiver, struct dw_err *err)
{
    AVFormatContext *format = receiver->format;
    receiver->facts.stamps_made_up = (format->iformat->flags & AVFMT_NOTIMESTAMPS) != 0;
    if (!receiver->is_file) {
        if (receiver->facts.stamps_made_up)
            format->use_wallclock_as_timestamps = 1;
        /* It is looked at for as long as it takes to play; that must fit the deadline. */
        format->max_analyze_duration = DW_MIN(ANALYZE_US, receiver->timeout_us / 2);
        /* Pictures looked at to guess a frame rate would come in a burst that detecting cannot
         * take. */
        format->fps_probe_size = 0;
    }
    /* An RTSP camera has described itself; looking at pictures that are late then would make every
     * picture after them late by as much. */
    if (strcmp(format->iformat->name, "rtsp") == 0)
        return 0;
    /* Neither has one of photographs anything to be found out but by decoding them. */
    if (receiver->sandboxed && format->nb_streams == 1 &&
        format->streams[0]->codecpar->codec_id == AV_CODEC_ID_MJPEG)
        return 0;
    int code = avformat_find_stream_info(format, NULL);
    return code < 0 || is_late(receiver) ? fail_open(receiver, code, err) : 0;
}

static int open_container(struct dw_receiver *receiver, const char *url,
                          enum dw_transport transport, struct dw_err *err)
{
    const char *protocols = receiver->is_file ? "file" : find_protocols(url);
    if (protocols == NULL)
        return dw_fail(
            err, -ENOTSUP,
            "'%s' starts with no known protocol: use a file's path, or http, https, rtsp, "
            "rtsps, rtp, udp, tcp or v4l2",
            receiver->name);
    int code = find_host(receiver, url, err);
    if (code < 0)
        return code;
    make_context(receiver);
    AVDictionary *options = choose_options(receiver, protocols, transport);
    /* The prefix keeps a colon in a file's name from being read as a protocol. */
    receiver->target = dw_strdup_printf("%s%s", receiver->is_file ? "file:" : "",
                                        receiver->is_file ? dw_url_path(url) : url);
    dw_receiver_expect(receiver);
    code = avformat_open_input(&receiver->format, receiver->target, NULL, &options);
    av_dict_free(&options);
    /* Terminal art: what FFmpeg makes of any file by its name alone. */
    if (code == 0 && strcmp(receiver->format->iformat->name, "tty") == 0)
        code = AVERROR_INVALIDDATA;
    return code < 0 ? fail_open(receiver, code, err) : look_into(receiver, err);
}

static int open_webcam(struct dw_receiver *receiver, const char *path, struct dw_err *err)
{
    int code = dw_webcam_create(&receiver->webcam, path, receiver->name, err);
    if (code < 0)
        return code;
    receiver->format = avformat_alloc_context();
    AVStream *stream =
        receiver->format != NULL ? avformat_new_stream(receiver->format, NULL) : NULL;
    if (stream == NULL)
        dw_out_of_memory();
    dw_webcam_describe(receiver->webcam, stream);
    return 0;
}

static int choose_stream(struct dw_receiver *receiver, struct dw_err *err)
{
    AVFormatContext *format = receiver->format;
    const AVCodec *codec = NULL;
    int at = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    bool none = at == AVERROR_STREAM_NOT_FOUND ||
                (at >= 0 && format->streams[at]->disposition & AV_DISPOSITION_ATTACHED_PIC);
    if (none)
        return dw_fail(err, -EINVAL, "'%s' holds no video%s: name a file or stream with pictures",
                       receiver->name, format->nb_streams > 0 ? ", only sound or text" : "");
    if (at < 0)
        return dw_fail(err, -ENOTSUP,
                       "'%s' holds a video this FFmpeg cannot decode: convert it to H.264",
                       receiver->name);
    receiver->stream = format->streams[at];
    for (unsigned i = 0; i < format->nb_streams; i++)
        if (format->streams[i] != receiver->stream)
            format->streams[i]->discard = AVDISCARD_ALL;
    return 0;
}

/* Only what the container states counts: guesses from bit rates would cry wolf. */
static int64_t declared_length_us(const struct dw_receiver *receiver)
{
    const AVStream *stream = receiver->stream;
    if (!receiver->is_file || receiver->facts.stamps_made_up ||
        receiver->format->duration_estimation_method != AVFMT_DURATION_FROM_STREAM)
        return 0;
    if (stream->duration == AV_NOPTS_VALUE)
        return receiver->format->nb_streams == 1 ? DW_MAX(receiver->format->duration, 0) : 0;
    /* FFmpeg shortens what an AVI file states to what is there, but for the number of pictures. */
    int64_t counted_us = 0;
    if (stream->nb_frames > 0 && stream->avg_frame_rate.num > 0)
        counted_us = av_rescale(stream->nb_frames, DW_SECOND_US * stream->avg_frame_rate.den,
                                stream->avg_frame_rate.num);
    return DW_MAX(counted_us, av_rescale_q(stream->duration, stream->time_base, AV_TIME_BASE_Q));
}

static void gather_facts(struct dw_receiver *receiver)
{
    const AVFormatContext *format = receiver->format;
    struct dw_stream_facts *facts = &receiver->facts;
    double fps = av_q2d(av_guess_frame_rate(receiver->format, receiver->stream, NULL));
    facts->codec = receiver->stream->codecpar;
    facts->fps = fps > 0 && fps <= FPS_MAX ? fps : 0;
    facts->duration_us = DW_MAX(format->duration, 0);
    facts->declared_us = declared_length_us(receiver);
    facts->frame_count = DW_MAX(receiver->stream->nb_frames, 0);
    facts->live = !receiver->is_file && facts->duration_us == 0;
    const AVDictionaryEntry *made = av_dict_get(format->metadata, "creation_time", NULL, 0);
    if (made != NULL && dw_time_parse(&facts->start_wall_us, made->value, NULL) != 0)
        facts->start_wall_us = 0;
}

int dw_receiver_create(struct dw_receiver **out, const char *url, const char *name,
                       const struct dw_source_conf *conf, struct dw_err *err)
{
    DW_AUTO(receiver) *receiver = dw_alloc0(sizeof(*receiver));
    receiver->name = name;
    receiver->is_file = dw_url_is_file(url);
    receiver->sandboxed = conf->sandboxed;
    receiver->stop = conf->stop;
    receiver->timeout_us = conf->timeout_us > 0 ? conf->timeout_us : TIMEOUT_US;
    receiver->picture_timeout_us = DW_MAX(conf->picture_us, receiver->timeout_us);
    const char *device = dw_url_webcam(url);
    int code = device != NULL ? open_webcam(receiver, device, err)
                              : open_container(receiver, url, conf->transport, err);
    if (code == 0)
        code = choose_stream(receiver, err);
    if (code != 0)
        return code;
    gather_facts(receiver);
    *out = DW_TAKE(receiver);
    return 0;
}

void dw_receiver_destroy(struct dw_receiver *receiver)
{
    if (receiver == NULL)
        return;
    /* Saying goodbye to a camera may block as well; to one that is silent nothing is said. */
    if (!receiver->is_file && !is_late(receiver))
        receiver->deadline_us = av_gettime_relative() + GOODBYE_US;
    avformat_close_input(&receiver->format);
    dw_webcam_destroy(receiver->webcam);
    free(receiver->target);
    free(receiver);
}

const struct dw_stream_facts *dw_receiver_facts(const struct dw_receiver *receiver)
{
    return &receiver->facts;
}

int64_t dw_receiver_wall_offset(const struct dw_receiver *receiver)
{
    return receiver->wall_offset_us;
}

int dw_receiver_broken(const struct dw_receiver *receiver)
{
    return receiver->broken;
}

/* A read went wrong. -EAGAIN: try again, 0: the end; streams have none, they fail. */
static int on_bad_read(struct dw_receiver *receiver, int av_code, struct dw_err *err)
{
    int code = check_wait(receiver, err);
    if (code != 0)
        return code;
    if (av_code == AVERROR(EAGAIN)) {
        av_usleep(RETRY_US);
        return -EAGAIN;
    }
    if (av_code == AVERROR_INVALIDDATA && ++receiver->bad_reads < BAD_READS_MAX)
        return -EAGAIN;
    const AVIOContext *io = receiver->format->pb;
    if (av_code == AVERROR_EOF && io != NULL && io->error < 0)
        av_code = io->error;
    if (av_code != AVERROR_EOF && !receiver->is_file)
        return dw_lavf_fail_stream(err, av_code, receiver->name);
    receiver->broken = av_code != AVERROR_EOF ? av_code : 0;
    return 0;
}

/* One packet of any stream: 1, 0 at the end, -EAGAIN: not yet. */
static int read_any(struct dw_receiver *receiver, AVPacket *packet, struct dw_err *err)
{
    int code = receiver->webcam != NULL ? dw_webcam_read(receiver->webcam, packet)
                                        : av_read_frame(receiver->format, packet);
    if (code < 0)
        return on_bad_read(receiver, code, err);
    receiver->bad_reads = 0;
    /* A wait that was ended may yet bring what the library had left over. */
    code = check_wait(receiver, err);
    if (code == 0 && packet->stream_index == receiver->stream->index)
        return 1;
    av_packet_unref(packet);
    return code < 0 ? code : -EAGAIN;
}

static void note_wall(struct dw_receiver *receiver, const AVPacket *packet)
{
    size_t size = 0;
    const AVProducerReferenceTime *told =
        (const void *)av_packet_get_side_data(packet, AV_PKT_DATA_PRFT, &size);
    if (told != NULL && size >= sizeof(*told) && packet->pts != AV_NOPTS_VALUE)
        receiver->wall_offset_us = told->wallclock - packet->pts;
}

int dw_receiver_read(struct dw_receiver *receiver, AVPacket *packet, struct dw_err *err)
{
    int code = -EAGAIN;
    while (code == -EAGAIN)
        code = read_any(receiver, packet, err);
    if (code <= 0)
        return code;
    av_packet_rescale_ts(packet, receiver->stream->time_base, AV_TIME_BASE_Q);
    note_wall(receiver, packet);
    if (!receiver->is_file) {
        int64_t deadline_us = av_gettime_relative() + receiver->timeout_us;
        receiver->deadline_us = DW_MIN(deadline_us, receiver->picture_us);
        receiver->blind = deadline_us > receiver->picture_us;
    }
    return code;
}
