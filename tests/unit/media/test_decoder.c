/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libavcodec/avcodec.h>

#include "base/clock.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "clip.h"
#include "core/random.h"
#include "media/decoder.h"
#include "media/decoder_child.h"
#include "media/decoder_wire.h"
#include "media/sandbox.h"

static const char *const encoders[] = { "libx264", "libx265", "mpeg4", "mjpeg" };

enum { WIDTH = 160, HEIGHT = 96, PICTURES = 60 };

struct trouble {
    int count;
    char what[256];
};

static void note(void *user, const char *what)
{
    struct trouble *trouble = user;
    trouble->count++;
    snprintf(trouble->what, sizeof(trouble->what), "%s", what);
}

/* What came out of a decoder: a stamp and a sum over the picture each. */
struct seen {
    int64_t stamp_us;
    uint64_t sum;
};

struct film {
    DW_VEC(struct seen) seen;
};

static uint64_t sum_up(const AVFrame *picture)
{
    uint64_t sum = 1469598103934665603U;
    for (int y = 0; y < picture->height; y++)
        for (int x = 0; x < picture->width; x++)
            sum = (sum ^ picture->data[0][y * picture->linesize[0] + x]) * 1099511628211U;
    return sum;
}

/* Takes what is ready; as dw_decoder_receive(). */
static int drain(struct dw_decoder *decoder, struct film *film, struct dw_err *err)
{
    AVFrame *picture = av_frame_alloc();
    int code = 0;
    while ((code = dw_decoder_receive(decoder, picture, err)) > 0) {
        *dw_vec_add(&film->seen) = (struct seen){ picture->best_effort_timestamp, sum_up(picture) };
        av_frame_unref(picture);
    }
    av_frame_free(&picture);
    return code;
}

static struct dw_decoder *make(const struct clip *clip, bool sandboxed, struct trouble *trouble)
{
    struct dw_decoder *decoder = NULL;
    struct dw_err err = { { 0 } };
    const struct dw_decoder_conf conf = { .sandboxed = sandboxed,
                                          .trouble = trouble != NULL ? note : NULL,
                                          .user = trouble };
    if (dw_decoder_create(&decoder, &conf, &err) != 0 ||
        dw_decoder_open(decoder, clip->parameters, 0, &err) != 0)
        fail_msg("%s", err.text);
    return decoder;
}

static struct film decode(const struct clip *clip, bool sandboxed)
{
    struct film film = { 0 };
    DW_AUTO(decoder) *decoder = make(clip, sandboxed, NULL);
    for (size_t i = 0; i < clip->count; i++) {
        dw_decoder_send(decoder, clip->packets[i]);
        assert_int_equal(drain(decoder, &film, NULL), -EAGAIN);
    }
    dw_decoder_send(decoder, NULL);
    assert_int_equal(drain(decoder, &film, NULL), 0);
    return film;
}

/* And lets go of both. */
static void assert_same_film(struct film *film, struct film *whole)
{
    assert_int_equal(film->seen.count, whole->seen.count);
    assert_memory_equal(film->seen.items, whole->seen.items,
                        film->seen.count * sizeof(*film->seen.items));
    dw_vec_fini(&film->seen);
    dw_vec_fini(&whole->seen);
}

static void a_sandboxed_process_can_open_no_socket_and_no_file(void **state)
{
    (void)state;
    struct dw_err err = { { 0 } };
    if (dw_sandbox_check(&err) != 0)
        fail_msg("%s", err.text);
}

static void it_gives_the_same_pictures_as_one_in_this_process(void **state)
{
    (void)state;
    for (size_t i = 0; i < DW_LENGTH(encoders); i++) {
        struct clip clip;
        if (!clip_make(&clip, encoders[i], WIDTH, HEIGHT, PICTURES))
            continue;
        struct film here = decode(&clip, false), there = decode(&clip, true);
        assert_int_equal(here.seen.count, PICTURES);
        assert_int_equal(there.seen.count, PICTURES);
        assert_memory_equal(here.seen.items, there.seen.items, PICTURES * sizeof(*here.seen.items));
        dw_vec_fini(&here.seen);
        dw_vec_fini(&there.seen);
        clip_fini(&clip);
    }
}

static void pictures_are_kept_as_long_as_anybody_wants_them(void **state)
{
    (void)state;
    struct clip clip;
    assert_true(clip_make(&clip, "mpeg4", WIDTH, HEIGHT, PICTURES));
    struct film film = decode(&clip, false);
    struct dw_decoder *decoder = make(&clip, true, NULL);
    AVFrame *pictures[PICTURES];
    size_t count = 0;
    for (size_t i = 0; i < clip.count; i++) {
        dw_decoder_send(decoder, clip.packets[i]);
        pictures[count] = av_frame_alloc();
        if (dw_decoder_receive(decoder, pictures[count], NULL) > 0)
            count++;
        else
            av_frame_free(&pictures[count]);
    }
    dw_decoder_destroy(decoder);
    assert_true(count > PICTURES / 2);
    for (size_t i = 0; i < count; i++) {
        assert_true(sum_up(pictures[i]) == film.seen.items[i].sum);
        av_frame_free(&pictures[i]);
    }
    dw_vec_fini(&film.seen);
    clip_fini(&clip);
}

static void a_decoder_that_is_killed_costs_no_picture(void **state)
{
    (void)state;
    struct clip clip;
    if (!clip_make(&clip, "libx264", WIDTH, HEIGHT, PICTURES))
        skip();
    struct film whole = decode(&clip, false), film = { 0 };
    struct trouble trouble = { 0 };
    DW_AUTO(decoder) *decoder = make(&clip, true, &trouble);
    uint64_t random = 7;
    int kills = 0;
    for (size_t i = 0; i < clip.count; i++) {
        dw_decoder_send(decoder, clip.packets[i]);
        if (i + 1 < clip.count && dw_random_unit(&random) < 0.3) {
            usleep((useconds_t)(dw_random_unit(&random) * 500));
            assert_true(dw_decoder_process(decoder) > 0);
            kills += kill(dw_decoder_process(decoder), SIGKILL) == 0;
        }
        assert_int_equal(drain(decoder, &film, NULL), -EAGAIN);
    }
    dw_decoder_send(decoder, NULL);
    assert_int_equal(drain(decoder, &film, NULL), 0);
    assert_true(kills > 5);
    /* One killed when its answer was under way is noticed, and may be killed again, later. */
    assert_in_range(trouble.count, 5, kills);
    assert_non_null(strstr(trouble.what, "signal 9"));
    assert_int_equal(dw_decoder_damaged(decoder), 0);
    assert_same_film(&film, &whole);
    clip_fini(&clip);
}

/* A file here as long as many of the next decoders are to be killed by their first packet. */
static const char doomed[] = "doomed-decoders";

static bool is_doomed(void)
{
    struct stat facts;
    return stat(doomed, &facts) == 0 && facts.st_size > 0 &&
           truncate(doomed, facts.st_size - 1) == 0;
}

static int doomed_child(void)
{
    struct dw_wire_request request;
    while (read(DW_WIRE_SOCKET, &request, sizeof(request)) == (ssize_t)sizeof(request)) {
        const struct dw_wire_reply reply = { .answer = DW_WIRE_READY };
        if (request.ask == DW_WIRE_PACKET)
            raise(SIGKILL);
        if (write(DW_WIRE_SOCKET, &reply, sizeof(reply)) != (ssize_t)sizeof(reply))
            break;
    }
    return 1;
}

static void so_is_one_whose_successor_is_killed_too(void **state)
{
    (void)state;
    struct clip clip;
    if (!clip_make(&clip, "libx264", WIDTH, HEIGHT, PICTURES))
        skip();
    struct film whole = decode(&clip, false), film = { 0 };
    struct trouble trouble = { 0 };
    DW_AUTO(decoder) *decoder = make(&clip, true, &trouble);
    for (size_t i = 0; i < clip.count; i++) {
        if (i == CLIP_GROUP + 5) {
            FILE *file = fopen(doomed, "w");
            assert_true(file != NULL && fputc('.', file) == '.' && fclose(file) == 0);
            kill(dw_decoder_process(decoder), SIGKILL);
        }
        dw_decoder_send(decoder, clip.packets[i]);
        assert_int_equal(drain(decoder, &film, NULL), -EAGAIN);
    }
    dw_decoder_send(decoder, NULL);
    assert_int_equal(drain(decoder, &film, NULL), 0);
    assert_false(is_doomed());
    remove(doomed);
    assert_int_equal(trouble.count, 2);
    assert_int_equal(dw_decoder_damaged(decoder), 0);
    assert_same_film(&film, &whole);
    clip_fini(&clip);
}

static void one_that_hangs_costs_a_second_and_the_pictures_to_the_next_key(void **state)
{
    (void)state;
    struct clip clip;
    if (!clip_make(&clip, "libx264", WIDTH, HEIGHT, PICTURES))
        skip();
    struct film film = { 0 };
    struct trouble trouble = { 0 };
    int64_t began_us = dw_clock_us(CLOCK_MONOTONIC);
    DW_AUTO(decoder) *decoder = make(&clip, true, &trouble);
    int64_t start_us = dw_clock_us(CLOCK_MONOTONIC) - began_us, longest_us = 0;
    for (size_t i = 0; i < clip.count; i++) {
        assert_true(dw_decoder_process(decoder) > 0);
        if (i == CLIP_GROUP + 5)
            kill(dw_decoder_process(decoder), SIGSTOP);
        int64_t before_us = dw_clock_us(CLOCK_MONOTONIC);
        dw_decoder_send(decoder, clip.packets[i]);
        assert_int_equal(drain(decoder, &film, NULL), -EAGAIN);
        longest_us = DW_MAX(longest_us, dw_clock_us(CLOCK_MONOTONIC) - before_us);
    }
    dw_decoder_send(decoder, NULL);
    assert_int_equal(drain(decoder, &film, NULL), 0);
#ifndef DW_SANITIZED
    /* A second, where starting does not take longer than it should. */
    assert_in_range(longest_us, 0, DW_MAX(DW_SECOND_US, 700000 + 4 * start_us));
#else
    (void)start_us;
#endif
    assert_int_equal(trouble.count, 1);
    assert_non_null(strstr(trouble.what, "longer than"));
    /* Whatever it still held back is lost as well. */
    assert_in_range(dw_decoder_damaged(decoder), 5, 5);
    assert_in_range(film.seen.count, PICTURES - CLIP_GROUP, PICTURES - 5);
    for (size_t i = 1; i < film.seen.count; i++)
        assert_true(film.seen.items[i].stamp_us > film.seen.items[i - 1].stamp_us);
    dw_vec_fini(&film.seen);
    clip_fini(&clip);
}

/* For a second nothing is left of its processor for the process, which then is one as all. */
static int starve(int process)
{
    const struct sched_param usual = { 0 };
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    if (sched_setaffinity(process, sizeof(one), &one) != 0 ||
        sched_setscheduler(process, SCHED_IDLE, &usual) != 0)
        return -1;
    int hog = fork();
    if (hog != 0)
        return hog;
    sched_setaffinity(0, sizeof(one), &one);
    for (int64_t end_us = dw_clock_us(CLOCK_MONOTONIC) + DW_SECOND_US;
         dw_clock_us(CLOCK_MONOTONIC) < end_us;)
        continue;
    sched_setscheduler(process, SCHED_OTHER, &usual);
    _exit(0);
}

static void one_that_only_waits_for_a_processor_is_waited_for(void **state)
{
    (void)state;
#ifdef DW_SANITIZED
    skip(); /* it is waited for longer than it can be kept waiting */
#endif
    struct clip clip;
    if (!clip_make(&clip, "libx264", 1920, 1080, 3))
        skip();
    struct film film = { 0 };
    struct trouble trouble = { 0 };
    DW_AUTO(decoder) *decoder = make(&clip, true, &trouble);
    int hog = starve(dw_decoder_process(decoder));
    assert_true(hog > 0);
    usleep(100000);
    int64_t began_us = dw_clock_us(CLOCK_MONOTONIC);
    for (size_t i = 0; i < clip.count; i++) {
        dw_decoder_send(decoder, clip.packets[i]);
        assert_int_equal(drain(decoder, &film, NULL), -EAGAIN);
    }
    assert_in_range(dw_clock_us(CLOCK_MONOTONIC) - began_us, 700000, 60 * DW_SECOND_US);
    assert_int_equal(waitpid(hog, NULL, 0), hog);
    dw_decoder_send(decoder, NULL);
    assert_int_equal(drain(decoder, &film, NULL), 0);
    assert_int_equal(trouble.count, 0);
    assert_int_equal(film.seen.count, clip.count);
    dw_vec_fini(&film.seen);
    clip_fini(&clip);
}

static void after_a_damaged_picture_none_is_shown_up_to_the_next_key(void **state)
{
    (void)state;
    struct clip clip;
    if (!clip_make(&clip, "libx264", WIDTH, HEIGHT, PICTURES))
        skip();
    for (int sandboxed = 0; sandboxed < 2; sandboxed++) {
        struct film film = { 0 };
        DW_AUTO(decoder) *decoder = make(&clip, sandboxed == 1, NULL);
        for (size_t i = 0; i < clip.count; i++) {
            AVPacket *packet = av_packet_clone(clip.packets[i]);
            if (i == 14) {
                av_shrink_packet(packet, packet->size / 2);
            }
            dw_decoder_send(decoder, packet);
            assert_int_equal(drain(decoder, &film, NULL), -EAGAIN);
            av_packet_free(&packet);
        }
        dw_decoder_send(decoder, NULL);
        assert_int_equal(drain(decoder, &film, NULL), 0);
        for (size_t i = 0; i < film.seen.count; i++) {
            int64_t at = film.seen.items[i].stamp_us / CLIP_INTERVAL_US;
            assert_false(at >= 14 && at < 20);
        }
        assert_int_equal(film.seen.count, PICTURES - 6);
        assert_int_equal(dw_decoder_damaged(decoder), 6);
        dw_vec_fini(&film.seen);
    }
    clip_fini(&clip);
}

static void what_no_camera_sends_is_refused_before_it_is_decoded(void **state)
{
    (void)state;
    struct clip clip;
    struct dw_err err;
    assert_true(clip_make(&clip, "mpeg4", WIDTH, HEIGHT, 2));
    const struct dw_decoder_conf conf = { .sandboxed = true };
    DW_AUTO(decoder) *decoder = NULL;
    assert_int_equal(dw_decoder_create(&decoder, &conf, &err), 0);
    clip.parameters->width = 8192;
    clip.parameters->height = 4096;
    assert_int_equal(dw_decoder_open(decoder, clip.parameters, 0, &err), -ENOTSUP);
    assert_non_null(strstr(err.text, "8192 x 4096"));
    clip.parameters->width = WIDTH;
    clip.parameters->codec_id = AV_CODEC_ID_FFV1;
    assert_int_equal(dw_decoder_open(decoder, clip.parameters, 0, &err), -ENOTSUP);
    assert_non_null(strstr(err.text, "ffv1"));
    clip_fini(&clip);
}

static void a_flood_of_pictures_is_refused(void **state)
{
    (void)state;
    struct clip clip;
    struct film film = { 0 };
    struct dw_err err = { { 0 } };
    assert_true(clip_make(&clip, "mpeg4", 32, 32, PICTURES));
    const struct dw_decoder_conf conf = { .sandboxed = true };
    struct dw_decoder *decoder = NULL;
    assert_int_equal(dw_decoder_create(&decoder, &conf, &err), 0);
    assert_int_equal(dw_decoder_open(decoder, clip.parameters, 3, &err), 0);
    int code = -EAGAIN;
    for (size_t i = 0; code == -EAGAIN && i < clip.count; i++) {
        dw_decoder_send(decoder, clip.packets[i]);
        code = drain(decoder, &film, &err);
    }
    assert_int_equal(code, -EINVAL);
    assert_non_null(strstr(err.text, "more than 3 pictures a second"));
    dw_decoder_destroy(decoder);
    dw_vec_fini(&film.seen);
    clip_fini(&clip);
}

/* --- Mutated groups of pictures ------------------------------------------------------------- */

static size_t at_random(uint64_t *random, size_t below)
{
    return (size_t)(dw_random_unit(random) * (double)below);
}

/* Bits turned, bytes overwritten, the end cut off. */
static AVPacket *mutate(const AVPacket *packet, uint64_t *random)
{
    AVPacket *mutated = av_packet_clone(packet);
    if (packet->size < 2 || dw_random_unit(random) < 0.5)
        return mutated;
    assert_int_equal(av_packet_make_writable(mutated), 0);
    size_t size = (size_t)mutated->size;
    for (size_t i = 1 + at_random(random, 8); i > 0; i--)
        mutated->data[at_random(random, size)] ^= (uint8_t)(1 << at_random(random, 8));
    if (dw_random_unit(random) < 0.2)
        memset(mutated->data + at_random(random, size), (int)at_random(random, 256), 1);
    if (dw_random_unit(random) < 0.1)
        av_shrink_packet(mutated, (int)(1 + at_random(random, size)));
    return mutated;
}

static int groups_to_try(void)
{
    const char *text = getenv("DWELL_GROUPS");
    return text != NULL ? (int)strtol(text, NULL, 10) : 30;
}

/* Feeds mutated groups; returns how many pictures came of it. */
static size_t feed_mutated(const struct clip *clip, uint64_t seed, struct trouble *trouble)
{
    struct film film = { 0 };
    uint64_t random = seed;
    DW_AUTO(decoder) *decoder = make(clip, true, trouble);
    for (int group = 0; group < groups_to_try(); group++) {
        size_t first = at_random(&random, clip->count / CLIP_GROUP) * CLIP_GROUP;
        for (size_t i = first; i < first + CLIP_GROUP; i++) {
            AVPacket *packet = mutate(clip->packets[i], &random);
            packet->pts = packet->dts = (group * CLIP_GROUP + (int64_t)(i - first)) * 1000;
            dw_decoder_send(decoder, packet);
            assert_int_equal(drain(decoder, &film, NULL), -EAGAIN);
            av_packet_free(&packet);
        }
    }
    size_t count = film.seen.count;
    dw_vec_fini(&film.seen);
    return count;
}

static void no_mutated_group_of_pictures_breaks_a_decoder(void **state)
{
    (void)state;
    bool sanitized = strstr(avcodec_configuration(), "-fsanitize=") != NULL;
    print_message("# FFmpeg is %s\n", sanitized ? "sanitized" : "the system's own");
    for (size_t i = 0; i < DW_LENGTH(encoders); i++) {
        struct clip clip;
        struct trouble trouble = { 0 };
        if (!clip_make(&clip, encoders[i], WIDTH, HEIGHT, PICTURES))
            continue;
        size_t pictures = feed_mutated(&clip, 1 + i, &trouble);
        print_message("# %s: %d mutated groups, %zu pictures shown, %d times broken off %s\n",
                      encoders[i], groups_to_try(), pictures, trouble.count, trouble.what);
        assert_int_equal(trouble.count, 0);
        assert_true(pictures > 0);
        clip_fini(&clip);
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], DW_DECODER_ARGUMENT) == 0)
        return is_doomed() ? doomed_child() : dw_decoder_child();
    av_log_set_level(AV_LOG_QUIET);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sandboxed_process_can_open_no_socket_and_no_file),
        cmocka_unit_test(it_gives_the_same_pictures_as_one_in_this_process),
        cmocka_unit_test(pictures_are_kept_as_long_as_anybody_wants_them),
        cmocka_unit_test(a_decoder_that_is_killed_costs_no_picture),
        cmocka_unit_test(so_is_one_whose_successor_is_killed_too),
        cmocka_unit_test(one_that_hangs_costs_a_second_and_the_pictures_to_the_next_key),
        cmocka_unit_test(one_that_only_waits_for_a_processor_is_waited_for),
        cmocka_unit_test(after_a_damaged_picture_none_is_shown_up_to_the_next_key),
        cmocka_unit_test(what_no_camera_sends_is_refused_before_it_is_decoded),
        cmocka_unit_test(a_flood_of_pictures_is_refused),
        cmocka_unit_test(no_mutated_group_of_pictures_breaks_a_decoder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
