/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What decoding in a process of its own costs against decoding here: time and CPU time a picture,
 * rounds of both in turn, medians of their ratios; how long one takes to start, or to be replaced
 * when it is killed; and the memory that is its alone.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <libavcodec/avcodec.h>

#include "base/clock.h"
#include "base/macros.h"
#include "media/decoder.h"
#include "media/decoder_child.h"
#include "media/receiver.h"

#define ROUNDS 5

struct cost {
    double wall_us, cpu_us; /* a picture */
    double start_us, start_cpu_us;
    long private_kib;
    int pictures;
};

static double cpu_us(void)
{
    double sum = 0;
    static const int whose[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
    for (size_t i = 0; i < DW_LENGTH(whose); i++) {
        struct rusage usage;
        getrusage(whose[i], &usage);
        sum += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    }
    return sum;
}

static long private_kib(int pid)
{
    char path[64], line[256];
    long sum = 0;
    snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, "Private_", 8) == 0)
            sum += strtol(strchr(line, ':') + 1, NULL, 10);
    if (file != NULL)
        fclose(file);
    return sum;
}

static int take_all(struct dw_decoder *decoder, AVFrame *picture)
{
    int count = 0;
    for (; dw_decoder_receive(decoder, picture, NULL) > 0; count++)
        av_frame_unref(picture);
    return count;
}

/* From a kill to the next picture; 0: none came of this packet. */
static double kill_one(struct dw_decoder *decoder, const AVPacket *packet, AVFrame *picture)
{
    int64_t before_us = dw_clock_us(CLOCK_MONOTONIC);
    int pid = dw_decoder_process(decoder);
    if (pid > 0)
        kill(pid, SIGKILL);
    dw_decoder_send(decoder, packet);
    bool any = take_all(decoder, picture) > 0;
    return any ? (double)(dw_clock_us(CLOCK_MONOTONIC) - before_us) : 0;
}

static int measure(const char *path, bool sandboxed, struct cost *cost, struct dw_err *err)
{
    static const struct dw_source_conf plain = { 0 };
    const struct dw_decoder_conf conf = { .sandboxed = sandboxed };
    *cost = (struct cost){ 0 };
    double cpu_before_us = cpu_us();
    int64_t before_us = dw_clock_us(CLOCK_MONOTONIC);
    DW_AUTO(receiver) *receiver = NULL;
    struct dw_decoder *decoder = NULL;
    int code = dw_decoder_create(&decoder, &conf, err);
    cost->start_us = (double)(dw_clock_us(CLOCK_MONOTONIC) - before_us);
    clockid_t clock;
    if (code == 0 && sandboxed && clock_getcpuclockid(dw_decoder_process(decoder), &clock) == 0)
        cost->start_cpu_us = (double)dw_clock_us(clock);
    if (code == 0)
        code = dw_receiver_create(&receiver, path, path, &plain, err);
    if (code == 0)
        code = dw_decoder_open(decoder, dw_receiver_facts(receiver)->codec, 0, err);
    AVPacket *packet = av_packet_alloc();
    AVFrame *picture = av_frame_alloc();
    while (code == 0 && dw_receiver_read(receiver, packet, err) > 0) {
        dw_decoder_send(decoder, packet);
        cost->pictures += take_all(decoder, picture);
        if (sandboxed && cost->pictures == 100)
            cost->private_kib = private_kib(dw_decoder_process(decoder));
        av_packet_unref(packet);
    }
    cost->wall_us = (double)(dw_clock_us(CLOCK_MONOTONIC) - before_us) - cost->start_us;
    dw_decoder_destroy(decoder);
    cost->cpu_us = cpu_us() - cpu_before_us - cost->start_cpu_us;
    av_packet_free(&packet);
    av_frame_free(&picture);
    cost->wall_us /= DW_MAX(cost->pictures, 1);
    cost->cpu_us /= DW_MAX(cost->pictures, 1);
    return code;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare);
    return count > 0 ? values[count / 2] : 0;
}

/* A decoder is killed now and then; the median time it takes to go on. */
static double time_kills(const char *path)
{
    static const struct dw_source_conf plain = { 0 };
    const struct dw_decoder_conf conf = { .sandboxed = true };
    double times[32];
    size_t count = 0;
    DW_AUTO(receiver) *receiver = NULL;
    DW_AUTO(decoder) *decoder = NULL;
    if (dw_decoder_create(&decoder, &conf, NULL) != 0 ||
        dw_receiver_create(&receiver, path, path, &plain, NULL) != 0 ||
        dw_decoder_open(decoder, dw_receiver_facts(receiver)->codec, 0, NULL) != 0)
        return 0;
    AVPacket *packet = av_packet_alloc();
    AVFrame *picture = av_frame_alloc();
    for (int i = 0; dw_receiver_read(receiver, packet, NULL) > 0; i++) {
        if (i % 17 == 16 && count < DW_LENGTH(times)) {
            times[count] = kill_one(decoder, packet, picture);
            count += times[count] > 0;
        } else {
            dw_decoder_send(decoder, packet);
            (void)take_all(decoder, picture);
        }
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    av_frame_free(&picture);
    return median(times, count);
}

static int bench(const char *path)
{
    double wall[ROUNDS], cpu[ROUNDS], start[ROUNDS], start_cpu[ROUNDS];
    struct cost here, there;
    struct dw_err err = { { 0 } };
    for (int i = 0; i < ROUNDS; i++) {
        if (measure(path, false, &here, &err) < 0 || measure(path, true, &there, &err) < 0) {
            fprintf(stderr, "bench-decoder: %s %s\n", path, err.text);
            return 1;
        }
        wall[i] = there.wall_us / here.wall_us;
        cpu[i] = there.cpu_us / here.cpu_us;
        start[i] = there.start_us;
        start_cpu[i] = there.start_cpu_us;
    }
    const char *slash = strrchr(path, '/');
    printf("%s: %d pictures, %.2f ms each here (the last round)\n",
           slash != NULL ? slash + 1 : path, here.pictures, here.wall_us / 1000);
    printf("  apart, as a multiple: %.2f of the time, %.2f of the CPU time (medians of %d)\n",
           median(wall, ROUNDS), median(cpu, ROUNDS), ROUNDS);
    printf("  starts in %.0f ms (%.0f of the processor); killed, the next picture is there after "
           "%.0f ms; %.1f MiB its own\n",
           median(start, ROUNDS) / 1000, median(start_cpu, ROUNDS) / 1000, time_kills(path) / 1000,
           (double)there.private_kib / 1024);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], DW_DECODER_ARGUMENT) == 0)
        return dw_decoder_child();
    int result = 0;
    for (int i = 1; i < argc; i++)
        result |= bench(argv[i]);
    return result;
}
