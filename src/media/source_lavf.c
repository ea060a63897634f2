/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Video files and streams: packets from a receiver, pictures from a decoder, and here the media
 * time of what comes of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
#include <libavutil/time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/wall_time.h"
#include "media/converter.h"
#include "media/decoder.h"
#include "media/identity.h"
#include "media/lavf_text.h"
#include "media/media_clock.h"
#include "media/receiver.h"
#include "media/source_impl.h"
#include "media/url.h"

#define STAMP_MAX_US (INT64_C(1) << 61) /* differences of stamps must not overflow */
#define LOSS_US DW_SECOND_US            /* without pictures, because they were damaged */
#define LIVE_FPS_MAX 120
#define FPS_ASSUMED 25.0
#define TOLERANCE_US (DW_SECOND_US / 2) /* containers round their durations */

struct lavf {
    struct dw_receiver *receiver;
    struct dw_decoder *decoder;
    const struct dw_stream_facts *facts; /* of the receiver */
    AVPacket *packet;
    struct dw_converter converter;
    struct dw_media_clock clock;
    bool is_file;

    AVFrame *picture; /* the one in hand */
    AVFrame *ahead;   /* the one after it, when a jump made us look */
    int ahead_result; /* of reading it: 1, 0 end, negative error; -EAGAIN: not looked */
    struct dw_err ahead_err;

    int64_t index, arrival_us, first_stamp_us;
    int64_t damaged; /* pictures, when the last frame was made */
};

/* The next good picture: 1, 0 at the end, or an error. */
static int decode(struct dw_source *source, AVFrame *picture, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    dw_receiver_expect(lavf->receiver);
    for (;;) {
        int code = dw_decoder_receive(lavf->decoder, picture, err);
        if (code < 0 && code != -EAGAIN)
            return dw_fail_within(err, code, "'%s'", source->name);
        if (code != -EAGAIN)
            return code;
        code = dw_receiver_read(lavf->receiver, lavf->packet, err);
        if (code < 0)
            return code;
        dw_decoder_send(lavf->decoder, code > 0 ? lavf->packet : NULL);
        av_packet_unref(lavf->packet);
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
    return DW_MAX(-STAMP_MAX_US, DW_MIN(picture->best_effort_timestamp, STAMP_MAX_US));
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
    int broken = dw_receiver_broken(lavf->receiver);
    int64_t damaged = dw_decoder_damaged(lavf->decoder);
    bool early = ended && lavf->facts->declared_us > 0 &&
                 read_us + 2 * lavf->clock.interval_us + TOLERANCE_US < lavf->facts->declared_us;
    if (early)
        length += (size_t)snprintf(out, size, "the file ends early: %.1f s of %.1f s could be read",
                                   dw_time_to_seconds(read_us),
                                   dw_time_to_seconds(lavf->facts->declared_us));
    else if (broken != 0) {
        char words[DW_LAVF_WORDS_SIZE];
        length += (size_t)snprintf(out, size, "the file could be read only up to %.1f s: %s",
                                   dw_time_to_seconds(read_us), dw_lavf_words(words, broken));
    }
    if (damaged > 0)
        length += (size_t)snprintf(out + length, size - length,
                                   "%s%" PRId64 " damaged picture%s "
                                   "skipped",
                                   length > 0 ? "; " : "", damaged, damaged > 1 ? "s" : "");
    if (lavf->facts->stamps_made_up && lavf->is_file)
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
    int64_t now_us = av_gettime_relative(), before_us = lavf->clock.time_us;
    int64_t elapsed_us = source->info.live ? now_us - lavf->arrival_us : -1;
    dw_frame_set_gap(*out, dw_media_clock_step(&lavf->clock, stamp, elapsed_us), "stream jump");
    /* What a tracker bridges is no gap, longer than that nobody saw anything. */
    int64_t damaged = dw_decoder_damaged(lavf->decoder),
            advance_us = lavf->clock.time_us - before_us;
    if (damaged > lavf->damaged && advance_us >= LOSS_US)
        dw_frame_set_gap(*out, advance_us, "damaged pictures");
    lavf->damaged = damaged;
    (*out)->time_us = lavf->clock.time_us;
    (*out)->index = lavf->index++;
    int64_t wall_offset_us = dw_receiver_wall_offset(lavf->receiver);
    if (wall_offset_us != 0)
        (*out)->wall_us = stamp_us(lavf, lavf->picture) + wall_offset_us;
    lavf->arrival_us = now_us;
    return 1;
}

static int lavf_read(struct dw_source *source, struct dw_frame **out, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    int64_t damaged = dw_decoder_damaged(lavf->decoder);
    for (;;) {
        int result = take_picture(source, err);
        if (result <= 0 || dw_decoder_damaged(lavf->decoder) > damaged)
            update_warning(source, result == 0);
        if (result <= 0)
            return result;
        int64_t stamp = settled_stamp_us(source);
        /* A second picture of the same moment says nothing about time. */
        if (!lavf->clock.started || stamp != lavf->clock.stamp_us)
            return make_frame(source, stamp, out, err);
    }
}

static void fill_info(struct dw_source *source)
{
    struct lavf *lavf = source->state;
    struct dw_source_info *info = &source->info;
    info->kind = "video";
    info->fps = lavf->facts->fps;
    info->width_px = lavf->ahead->width;
    info->height_px = lavf->ahead->height;
    info->duration_us = lavf->facts->duration_us;
    info->live = lavf->facts->live;
    info->frame_count = lavf->facts->frame_count;
    info->start_wall_us = info->live ? dw_now_us() : lavf->facts->start_wall_us;
    snprintf(info->codec, sizeof(info->codec), "%s",
             avcodec_get_name(lavf->facts->codec->codec_id));
    lavf->clock.interval_us = dw_time_from_seconds(1 / (info->fps > 0 ? info->fps : FPS_ASSUMED));
    lavf->first_stamp_us = stamp_us(lavf, lavf->ahead);
}

/* Decodes the first picture, so that what cannot be decoded is told at once. */
static int open_pictures(struct dw_source *source, struct dw_err *err)
{
    struct lavf *lavf = source->state;
    lavf->packet = av_packet_alloc();
    lavf->picture = av_frame_alloc();
    lavf->ahead = av_frame_alloc();
    if (lavf->packet == NULL || lavf->picture == NULL || lavf->ahead == NULL)
        dw_out_of_memory();
    lavf->ahead_result = -EAGAIN;
    int result = look_ahead(source);
    if (result < 0)
        return dw_fail(err, result, "%s", lavf->ahead_err.text);
    if (result == 0)
        return dw_fail(
            err, -EINVAL,
            "'%s': not one picture of it can be decoded (%s): try to play it, or copy it "
            "again",
            source->name, avcodec_get_name(lavf->facts->codec->codec_id));
    lavf->arrival_us = av_gettime_relative();
    fill_info(source);
    update_warning(source, false);
    return 0;
}

static int identify(struct dw_source *source, struct dw_err *err)
{
    const struct lavf *lavf = source->state;
    if (!lavf->is_file) {
        dw_identity_of_text(source->info.identity, source->name);
        return 0;
    }
    int code = dw_source_check_file(source->name, err);
    if (code == 0)
        code = dw_lavf_check_file(source->name, err);
    return code == 0 ? dw_identity_of_file(source->info.identity, source->name, err) : code;
}

/* The decoder before the receiver: no camera is kept waiting by it. */
static int open_both(struct dw_source *source, const char *url, const struct dw_source_conf *conf,
                     struct dw_err *err)
{
    struct lavf *lavf = source->state;
    const struct dw_decoder_conf decoder = {
        .threads = conf->decoder_threads,
        .sandboxed = conf->sandboxed,
        .trouble = conf->trouble,
        .user = conf->user,
    };
    int code = dw_decoder_create(&lavf->decoder, &decoder, err);
    if (code != 0)
        return dw_fail_within(err, code, "'%s'", source->name);
    code = dw_receiver_create(&lavf->receiver, url, source->name, conf, err);
    if (code != 0)
        return code;
    lavf->facts = dw_receiver_facts(lavf->receiver);
    code = dw_decoder_open(lavf->decoder, lavf->facts->codec, lavf->facts->live ? LIVE_FPS_MAX : 0,
                           err);
    return code != 0 ? dw_fail_within(err, code, "'%s'", source->name) : 0;
}

static int lavf_open(struct dw_source *source, const char *url, const struct dw_source_conf *conf,
                     struct dw_err *err)
{
    av_log_set_level(AV_LOG_QUIET); /* what matters is said by us, once and in a sentence */
    struct lavf *lavf = source->state = dw_alloc0(sizeof(*lavf));
    lavf->is_file = dw_url_is_file(url);
    int code = identify(source, err);
    if (code == 0)
        code = open_both(source, url, conf, err);
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
    dw_decoder_destroy(lavf->decoder);
    dw_receiver_destroy(lavf->receiver);
    free(lavf);
    /* What is opened anew lies elsewhere in the heap of its camera's thread: the process would grow
     * for half an hour, until every hole is as large as it gets. */
    (void)malloc_trim(0);
}

const struct dw_source_impl dw_source_lavf = {
    .open = lavf_open,
    .read = lavf_read,
    .close = lavf_close,
};
