/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A decoder in a process of its own, watched: asked one thing at a time, it answers in time or is
 * ended and started anew. The packets since the last picture that needs no other are kept for that,
 * so that a decoder that was killed costs no picture, and one that a packet kills costs those up to
 * the next such picture.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <libavcodec/avcodec.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/wall_time.h"
#include "media/decoder_child.h"
#include "media/decoder_impl.h"
#include "media/decoder_memory.h"

#ifdef DW_SANITIZED
#define PATIENCE 20
#else
#define PATIENCE 1
#endif
#define ANSWER_MS (600 * PATIENCE) /* for one picture; with a start, within a second */
#define START_MS (5000 * PATIENCE) /* to be loaded from a slow disk */
#define STARVED_US (INT64_C(5000000) * PATIENCE) /* to come by a processor; asked so often: */
#define TURN_US INT64_C(50000)
#define GRACE_MS 100
#define REPLAY_US (INT64_C(400000) * PATIENCE) /* of a processor, for all that is decoded again */
#define STARTS_MAX 3
#define DEATHS_SPARED 2 /* in a row, without a picture between: chance */
#define DEATHS_MAX 6
#define KEPT_MAX 600 /* packets */
#define KEPT_BYTES_MAX (16 << 20)
#define BURST_S 10      /* networks deliver what they held back at once */
#define KEYLESS_MAX 600 /* there are streams without key pictures: they come right in time */
#define DESCRIPTOR_MIN 10
#define REPLAYED_MAX 32 /* pictures a decoder may hold back */
#define NO_STAMP INT64_MIN

enum state { IDLE, ASKED, HOLDS_MORE, OVER };

struct sandboxed {
    void (*trouble)(void *user, const char *what);
    void *user;
    AVCodecParameters *parameters;
    struct dw_decoder_memory *memory;
    int pid, socket; /* 0 and -1: none */
    enum state state;
    int slot;             /* asked to be filled */
    int64_t past_damaged; /* of decoders that are gone, and packets they never saw */

    AVPacket *kept[KEPT_MAX]; /* since the last key picture; the last one may be in work */
    size_t kept_count, kept_bytes;
    bool kept_whole;
    bool ending;          /* the last thing sent was that there are no more */
    int keyless;          /* > 0: packets left out while waiting for a key picture */
    int64_t given_us;     /* stamp of the last picture given */
    int replayed;         /* > 0: pictures up to given_us were given already */
    int deaths;           /* since the last picture */
    bool hung;            /* the last death was ours */
    char cause[128];      /* of it */
    int fps_max;          /* 0: any */
    double allowance;     /* pictures that may still come */
    int64_t counted_us;   /* when it was looked at */
    struct dw_err broken; /* why it cannot go on; "" it can */
};

/* --- The process ---------------------------------------------------------------------------- */

static void say(struct sandboxed *sandboxed, const char *format, ...) DW_PRINTF(2, 3);

static void say(struct sandboxed *sandboxed, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(sandboxed->cause, sizeof(sandboxed->cause), format, args);
    va_end(args);
}

/* Gives it a moment to end by itself, unless it is known not to; its status as of waitpid(). */
static int end_process(const struct sandboxed *sandboxed)
{
    int status = 0;
    for (int ms = sandboxed->hung ? 0 : GRACE_MS; ms > 0; ms--) {
        if (waitpid(sandboxed->pid, &status, WNOHANG) != 0)
            return status;
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    }
    (void)kill(sandboxed->pid, SIGKILL);
    while (waitpid(sandboxed->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

/* Ends the process if it has not ended; unless that was our wish, says how it did. */
static void bury(struct sandboxed *sandboxed)
{
    if (sandboxed->socket >= 0)
        close(sandboxed->socket);
    sandboxed->socket = -1;
    if (sandboxed->pid <= 0)
        return;
    int status = end_process(sandboxed);
    sandboxed->pid = 0;
    if (sandboxed->hung)
        return;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        say(sandboxed, "it asked the system for what a decoder never needs");
    else if (WIFSIGNALED(status))
        say(sandboxed, "it was ended by signal %d (%s)", WTERMSIG(status),
            strsignal(WTERMSIG(status)));
    else
        say(sandboxed, "it ended by itself with code %d", WEXITSTATUS(status));
}

/* Sanitizers are told by the environment what to do; nothing else of it concerns a decoder. */
static void pick_environment(char *out[], size_t room)
{
    static const char *const wanted[] = { "ASAN_OPTIONS=", "LD_LIBRARY_PATH=", "TSAN_OPTIONS=",
                                          "UBSAN_OPTIONS=" };
    size_t count = 0;
    for (char **at = environ; *at != NULL && count + 1 < room; at++)
        for (size_t i = 0; i < DW_LENGTH(wanted); i++)
            if (strncmp(*at, wanted[i], strlen(wanted[i])) == 0 && count + 1 < room)
                out[count++] = *at;
    out[count] = NULL;
}

static int spawn(struct sandboxed *sandboxed, int its_end)
{
    char name[] = "dwell", argument[] = DW_DECODER_ARGUMENT;
    char *const argv[] = { name, argument, NULL };
    char *environment[8];
    pick_environment(environment, DW_LENGTH(environment));
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    int memory = dw_decoder_memory_descriptor(sandboxed->memory);
    posix_spawn_file_actions_adddup2(&files, its_end, DW_WIRE_SOCKET);
    posix_spawn_file_actions_adddup2(&files, memory, DW_WIRE_MEMORY);
    posix_spawn_file_actions_addclosefrom_np(&files, DW_WIRE_MEMORY + 1);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int code =
        posix_spawn(&sandboxed->pid, "/proc/self/exe", &files, &attributes, argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return -code;
}

/* Both ends of a new line lie above what the process gets its descriptors as. */
static int make_line(int ends[2])
{
    int made[2];
    ends[0] = ends[1] = -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, made) != 0)
        return -errno;
    for (size_t i = 0; i < 2; i++) {
        ends[i] = fcntl(made[i], F_DUPFD_CLOEXEC, DESCRIPTOR_MIN);
        close(made[i]);
    }
    if (ends[0] >= 0 && ends[1] >= 0)
        return 0;
    for (size_t i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
    return -EMFILE;
}

static void ask(struct sandboxed *sandboxed, struct dw_wire_request *request)
{
    sandboxed->slot = request->slot = dw_decoder_memory_slot(sandboxed->memory);
    sandboxed->state = ASKED;
    /* One that is gone, or was not told, is noticed when its answer is waited for. */
    if (send(sandboxed->socket, request, sizeof(*request), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        (void)shutdown(sandboxed->socket, SHUT_RDWR);
}

/* Time of a processor that it has had. */
static int64_t spent_us(const struct sandboxed *sandboxed)
{
    clockid_t clock;
    return clock_getcpuclockid(sandboxed->pid, &clock) == 0 ? dw_clock_us(clock) : 0;
}

/* Whether it would go on if it had a processor, or the disk its pages: its state is R or D
 * (proc(5)). */
static bool is_kept_waiting(const struct sandboxed *sandboxed)
{
    char path[32], state = ' ';
    snprintf(path, sizeof(path), "/proc/%d/stat", sandboxed->pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    int found = fscanf(file, "%*d (%*[^)]) %c", &state);
    fclose(file);
    return found == 1 && (state == 'R' || state == 'D');
}

/* True: there is an answer, or an end. */
static bool wait_until(const struct sandboxed *sandboxed, int64_t end_us)
{
    struct pollfd line = { .fd = sandboxed->socket, .events = POLLIN };
    int ready = -1;
    do {
        int64_t left_ms = (end_us - dw_clock_us(CLOCK_MONOTONIC) + 999) / 1000;
        ready = poll(&line, 1, (int)DW_MAX(left_ms, INT64_C(0)));
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/* Waits for the answer. False: there is none, `hung` and `cause` say why. On a busy machine one
 * that got no processor for so long is no worse than others, and another would get none either.
 * One that sleeps may have answered just now, so that it takes two looks to see that it hangs. */
static bool hear(struct sandboxed *sandboxed, int patience_ms, struct dw_wire_reply *reply)
{
    int64_t now_us = dw_clock_us(CLOCK_MONOTONIC), patience_us = (int64_t)patience_ms * 1000;
    int64_t end_us = now_us + STARVED_US, spent_end_us = spent_us(sandboxed) + patience_us;
    bool heard = wait_until(sandboxed, now_us + patience_us);
    for (int asleep = 0; !heard && asleep < 2 && spent_us(sandboxed) < spent_end_us &&
                         (now_us = dw_clock_us(CLOCK_MONOTONIC)) < end_us;) {
        asleep = is_kept_waiting(sandboxed) ? 0 : asleep + 1;
        heard = wait_until(sandboxed, now_us + TURN_US);
    }
    sandboxed->hung = !heard;
    if (sandboxed->hung)
        say(sandboxed, "it took longer than %.1f s for one picture", (double)patience_ms / 1000);
    else if (recv(sandboxed->socket, reply, sizeof(*reply), MSG_DONTWAIT) ==
             (ssize_t)sizeof(*reply))
        return true;
    bury(sandboxed);
    return false;
}

/* Starts the process, and waits until it is there. */
static int launch(struct sandboxed *sandboxed, struct dw_err *err)
{
    int ends[2];
    int code = make_line(ends);
    if (code == 0) {
        sandboxed->socket = ends[0];
        code = spawn(sandboxed, ends[1]);
        close(ends[1]);
    }
    if (code < 0) {
        sandboxed->pid = 0;
        return dw_fail(err, code, "a decoder cannot be started: %s", strerror(-code));
    }
    struct dw_wire_reply reply;
    ask(sandboxed, &(struct dw_wire_request){ .ask = DW_WIRE_HELLO });
    return hear(sandboxed, START_MS, &reply)
               ? 0
               : dw_fail(err, -EIO, "its decoder does not start: %s", sandboxed->cause);
}

/* Tells the process what it is to decode. */
static int configure(struct sandboxed *sandboxed, struct dw_err *err)
{
    const AVCodecParameters *parameters = sandboxed->parameters;
    struct dw_wire_request request = {
        .ask = DW_WIRE_OPEN,
        .size = (uint32_t)parameters->extradata_size,
        .codec = { (int32_t)parameters->codec_id, parameters->width, parameters->height,
                   parameters->codec_tag },
    };
    if (request.size > 0)
        memcpy(dw_decoder_memory_packet(sandboxed->memory), parameters->extradata, request.size);
    ask(sandboxed, &request);
    struct dw_wire_reply reply;
    if (!hear(sandboxed, START_MS, &reply))
        return dw_fail(err, -EIO, "its decoder broke off at once: %s", sandboxed->cause);
    sandboxed->state = IDLE;
    return reply.answer == DW_WIRE_READY
               ? 0
               : dw_fail(err, -ENOTSUP, "its video (%s) cannot be decoded",
                         avcodec_get_name(parameters->codec_id));
}

/* What ended one while it started may spare the next. */
static int start(struct sandboxed *sandboxed, struct dw_err *err)
{
    int code = -EIO;
    for (int i = 0; code == -EIO && i < STARTS_MAX; i++) {
        code = launch(sandboxed, err);
        if (code == 0)
            code = configure(sandboxed, err);
    }
    return code;
}

/* --- What it may be given ------------------------------------------------------------------- */

/* What cameras send; each decoder more is one more to be attacked. */
static bool is_usual(enum AVCodecID id)
{
    static const enum AVCodecID usual[] = { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MJPEG,
                                            AV_CODEC_ID_MPEG4 };
    for (size_t i = 0; i < DW_LENGTH(usual); i++)
        if (usual[i] == id)
            return true;
    return false;
}

static int check_codec(const AVCodecParameters *parameters, struct dw_err *err)
{
    if (!is_usual(parameters->codec_id))
        return dw_fail(err, -ENOTSUP,
                       "its video (%s) is none that cameras send: set it to H.264, H.265, MPEG-4 "
                       "or MJPEG",
                       avcodec_get_name(parameters->codec_id));
    if ((int64_t)parameters->width * parameters->height > DW_WIRE_PIXELS_MAX)
        return dw_fail(err, -ENOTSUP,
                       "its pictures of %d x %d are larger than 4096 x 4096: choose a smaller "
                       "stream of the camera",
                       parameters->width, parameters->height);
    return parameters->extradata_size > DW_WIRE_PACKET_MAX
               ? dw_fail(err, -EINVAL, "its description has %d bytes, more than any camera's",
                         parameters->extradata_size)
               : 0;
}

/* Whether one more picture keeps the rate within what any camera sends. */
static bool is_in_rate(struct sandboxed *sandboxed)
{
    int64_t now_us = dw_clock_us(CLOCK_MONOTONIC);
    double earned = sandboxed->fps_max * dw_time_to_seconds(now_us - sandboxed->counted_us);
    sandboxed->allowance =
        DW_MIN(sandboxed->allowance + earned, BURST_S * (double)sandboxed->fps_max) - 1;
    sandboxed->counted_us = now_us;
    return sandboxed->fps_max == 0 || sandboxed->allowance >= 0;
}

static void forget_kept(struct sandboxed *sandboxed)
{
    for (size_t i = 0; i < sandboxed->kept_count; i++)
        av_packet_free(&sandboxed->kept[i]);
    sandboxed->kept_count = sandboxed->kept_bytes = 0;
    sandboxed->kept_whole = false;
}

static void keep(struct sandboxed *sandboxed, const AVPacket *packet)
{
    bool key = (packet->flags & AV_PKT_FLAG_KEY) != 0;
    if (key) {
        forget_kept(sandboxed);
        sandboxed->kept_whole = true;
    }
    sandboxed->kept_bytes += (size_t)packet->size;
    if (sandboxed->kept_count >= KEPT_MAX || sandboxed->kept_bytes > KEPT_BYTES_MAX)
        forget_kept(sandboxed);
    if (!sandboxed->kept_whole)
        return;
    AVPacket *copy = av_packet_clone(packet);
    if (copy == NULL)
        dw_out_of_memory();
    sandboxed->kept[sandboxed->kept_count++] = copy;
}

static void give(struct sandboxed *sandboxed, const AVPacket *packet)
{
    memcpy(dw_decoder_memory_packet(sandboxed->memory), packet->data, (size_t)packet->size);
    struct dw_wire_request request = { .ask = DW_WIRE_PACKET,
                                       .size = (uint32_t)packet->size,
                                       .flags = packet->flags,
                                       .pts_us = packet->pts,
                                       .dts_us = packet->dts };
    ask(sandboxed, &request);
}

/* --- Starting anew -------------------------------------------------------------------------- */

static void await_key(struct dw_decoder *decoder)
{
    struct sandboxed *sandboxed = decoder->state;
    forget_kept(sandboxed);
    sandboxed->keyless = 1;
    sandboxed->state = sandboxed->ending ? OVER : IDLE;
    sandboxed->past_damaged++;
    decoder->damaged++;
}

/* Decodes again what the one before had decoded; what comes of it was given already. */
static bool replay(struct sandboxed *sandboxed)
{
    int64_t end_us = dw_clock_us(CLOCK_MONOTONIC) + STARVED_US;
    int64_t spent_end_us = spent_us(sandboxed) + REPLAY_US;
    struct dw_wire_reply reply;
    for (size_t i = 0; i + 1 < sandboxed->kept_count; i++) {
        give(sandboxed, sandboxed->kept[i]);
        if (!hear(sandboxed, ANSWER_MS, &reply))
            return false;
        for (int more = 0; reply.more && more < REPLAYED_MAX; more++) {
            ask(sandboxed, &(struct dw_wire_request){ .ask = DW_WIRE_NEXT });
            if (!hear(sandboxed, ANSWER_MS, &reply))
                return false;
        }
        if (spent_us(sandboxed) > spent_end_us || dw_clock_us(CLOCK_MONOTONIC) > end_us)
            return false;
    }
    sandboxed->replayed = REPLAYED_MAX;
    give(sandboxed, sandboxed->kept[sandboxed->kept_count - 1]);
    return true;
}

/* Tells that it broke off, and starts another. Negative errno when that does not help. */
static int replace(struct sandboxed *sandboxed, struct dw_err *err)
{
    if (sandboxed->trouble != NULL)
        sandboxed->trouble(sandboxed->user, sandboxed->cause);
    return ++sandboxed->deaths < DEATHS_MAX
               ? start(sandboxed, err)
               : dw_fail(err, -EIO, "its decoder broke off %d times in a row: %s", DEATHS_MAX,
                         sandboxed->cause);
}

/* It broke off: another takes its place, and that may break off as well. Errors as replace(). */
static int recover(struct dw_decoder *decoder, struct dw_err *err)
{
    struct sandboxed *sandboxed = decoder->state;
    sandboxed->past_damaged = decoder->damaged;
    do {
        /* A hang is no chance, and there is no time for a second one. */
        bool again = sandboxed->deaths < DEATHS_SPARED && !sandboxed->hung &&
                     sandboxed->kept_count > 0 && !sandboxed->ending;
        int code = replace(sandboxed, err);
        if (code < 0)
            return code;
        if (again && replay(sandboxed))
            return 0;
    } while (sandboxed->pid == 0);
    await_key(decoder);
    return 0;
}

/* --- As a decoder --------------------------------------------------------------------------- */

static void sandboxed_close(struct dw_decoder *decoder)
{
    struct sandboxed *sandboxed = decoder->state;
    if (sandboxed == NULL)
        return;
    sandboxed->hung = true; /* at the end nobody asks it how it is */
    bury(sandboxed);
    forget_kept(sandboxed);
    avcodec_parameters_free(&sandboxed->parameters);
    dw_decoder_memory_unref(sandboxed->memory);
    free(sandboxed);
}

static int sandboxed_create(struct dw_decoder *decoder, const struct dw_decoder_conf *conf,
                            struct dw_err *err)
{
    struct sandboxed *sandboxed = decoder->state = dw_alloc0(sizeof(*sandboxed));
    sandboxed->socket = -1;
    sandboxed->trouble = conf->trouble;
    sandboxed->user = conf->user;
    sandboxed->given_us = NO_STAMP;
    int code = dw_decoder_memory_create(&sandboxed->memory, err);
    return code == 0 ? launch(sandboxed, err) : code;
}

static int sandboxed_open(struct dw_decoder *decoder, const AVCodecParameters *parameters,
                          int fps_max, struct dw_err *err)
{
    struct sandboxed *sandboxed = decoder->state;
    int code = check_codec(parameters, err);
    if (code < 0)
        return code;
    sandboxed->fps_max = fps_max;
    sandboxed->allowance = BURST_S * (double)fps_max;
    sandboxed->counted_us = dw_clock_us(CLOCK_MONOTONIC);
    sandboxed->parameters = avcodec_parameters_alloc();
    if (sandboxed->parameters == NULL ||
        avcodec_parameters_copy(sandboxed->parameters, parameters) < 0)
        dw_out_of_memory();
    code = configure(sandboxed, err);
    return code == -EIO ? start(sandboxed, err) : code;
}

/* Whether it comes after a loss that no key picture has made good yet. */
static bool is_useless(struct sandboxed *sandboxed, const AVPacket *packet)
{
    bool key = (packet->flags & AV_PKT_FLAG_KEY) != 0;
    if (sandboxed->keyless > 0 && (key || ++sandboxed->keyless > KEYLESS_MAX))
        sandboxed->keyless = 0;
    return sandboxed->keyless > 0;
}

/* The stream goes on as another: another decoder for it. */
static int renew(struct sandboxed *sandboxed, const AVPacket *packet)
{
    size_t size = 0;
    const uint8_t *extra = av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, &size);
    AVCodecParameters *parameters = sandboxed->parameters;
    if (extra == NULL || size == 0 || size > DW_WIRE_PACKET_MAX)
        return 0;
    uint8_t *copy = av_memdup(extra, size);
    if (copy == NULL)
        dw_out_of_memory();
    av_freep(&parameters->extradata);
    parameters->extradata = copy;
    parameters->extradata_size = (int)size;
    forget_kept(sandboxed);
    sandboxed->hung = true;
    bury(sandboxed);
    return start(sandboxed, &sandboxed->broken);
}

static void sandboxed_send(struct dw_decoder *decoder, const AVPacket *packet)
{
    struct sandboxed *sandboxed = decoder->state;
    sandboxed->ending = packet == NULL;
    if (packet == NULL) {
        ask(sandboxed, &(struct dw_wire_request){ .ask = DW_WIRE_END });
        return;
    }
    if (!is_in_rate(sandboxed)) {
        dw_fail(&sandboxed->broken, -EINVAL,
                "sends more than %d pictures a second: set the camera to 10 or 12",
                sandboxed->fps_max);
        return;
    }
    if (packet->size <= 0)
        return;
    if (packet->size > DW_WIRE_PACKET_MAX) {
        await_key(decoder);
        return;
    }
    if (is_useless(sandboxed, packet)) {
        sandboxed->past_damaged++;
        decoder->damaged++;
        return;
    }
    if (renew(sandboxed, packet) < 0)
        return;
    keep(sandboxed, packet);
    give(sandboxed, packet);
}

/* What an answer means: as receive(), or -EPIPE when it was a lie and its decoder is gone. */
static int take(struct dw_decoder *decoder, const struct dw_wire_reply *reply, AVFrame *picture)
{
    struct sandboxed *sandboxed = decoder->state;
    decoder->damaged = sandboxed->past_damaged + DW_MAX(reply->damaged, INT64_C(0));
    sandboxed->state = sandboxed->ending ? OVER : IDLE;
    if (reply->answer != DW_WIRE_PICTURE)
        return -EAGAIN;
    if (reply->more)
        sandboxed->state = HOLDS_MORE;
    if (sandboxed->replayed > 0 && reply->stamp_us <= sandboxed->given_us) {
        sandboxed->replayed--;
        return -EAGAIN;
    }
    int code = dw_decoder_memory_take(sandboxed->memory, sandboxed->slot, reply, picture);
    if (code < 0) {
        say(sandboxed, "its pictures are of no known form");
        sandboxed->hung = true;
        bury(sandboxed);
        return -EPIPE;
    }
    sandboxed->given_us = reply->stamp_us;
    sandboxed->replayed = 0;
    sandboxed->deaths = 0;
    return 1;
}

/* One answer: as receive(), 0 when there is nothing to tell yet. */
static int step(struct dw_decoder *decoder, AVFrame *picture, struct dw_err *err)
{
    struct sandboxed *sandboxed = decoder->state;
    struct dw_wire_reply reply;
    if (sandboxed->state == HOLDS_MORE)
        ask(sandboxed, &(struct dw_wire_request){ .ask = DW_WIRE_NEXT });
    int code = hear(sandboxed, ANSWER_MS, &reply) ? take(decoder, &reply, picture) : -EPIPE;
    return code == -EPIPE ? recover(decoder, err) : code > 0 ? code : 0;
}

static int sandboxed_receive(struct dw_decoder *decoder, AVFrame *picture, struct dw_err *err)
{
    struct sandboxed *sandboxed = decoder->state;
    if (sandboxed->broken.text[0] != '\0')
        return dw_fail(err, -EINVAL, "%s", sandboxed->broken.text);
    while (sandboxed->state == ASKED || sandboxed->state == HOLDS_MORE) {
        int code = step(decoder, picture, err);
        if (code != 0)
            return code;
    }
    return sandboxed->state == OVER ? 0 : -EAGAIN;
}

static int sandboxed_process(const struct dw_decoder *decoder)
{
    const struct sandboxed *sandboxed = decoder->state;
    return sandboxed->pid;
}

const struct dw_decoder_impl dw_decoder_sandboxed = {
    .create = sandboxed_create,
    .open = sandboxed_open,
    .send = sandboxed_send,
    .receive = sandboxed_receive,
    .process = sandboxed_process,
    .close = sandboxed_close,
};
