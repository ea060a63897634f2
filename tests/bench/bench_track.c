/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What following people and measuring visits costs on one thread, by the number of people:
 *
 *     bench-track [SEQUENCE_FOLDER]          a table: synthetic crowds, then the sequence
 *     bench-track --people N --frames N      one crowd and nothing else, for callgrind
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/wall_time.h"
#include "cmd/sequence.h"
#include "core/lane.h"
#include "crowd.h"

#define FRAMES 2000
#define WARM_UP 100 /* frames that are not counted */

/* Frames one after another; true while there is one. */
typedef bool (*next_frame)(void *user, int frame, struct dw_track_input *input);

struct cost {
    int frames;
    double boxes, median_us, p99_us;
    size_t heap_bytes;
};

static double thread_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Bytes of memory that are handed out. */
static size_t heap_bytes(void)
{
    struct mallinfo2 heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct cost measure(const struct dw_lane_conf *conf, next_frame next, void *user)
{
    struct cost cost = { 0 };
    double *times_us = dw_alloc_array0(FRAMES + 1, sizeof(double));
    size_t before = heap_bytes();
    DW_AUTO(lane) *lane = dw_lane_create(conf);
    struct dw_track_input input = { 0 };
    int counted = 0;
    while (cost.frames < FRAMES && next(user, cost.frames, &input)) {
        double start_us = thread_us();
        dw_lane_step(lane, &input);
        double spent_us = thread_us() - start_us;
        cost.boxes += (double)input.count;
        cost.heap_bytes = DW_MAX(cost.heap_bytes, heap_bytes() - before);
        if (cost.frames++ >= WARM_UP)
            times_us[counted++] = spent_us;
    }
    qsort(times_us, (size_t)counted, sizeof(double), by_value);
    cost.boxes /= DW_MAX(cost.frames, 1);
    cost.median_us = times_us[counted / 2];
    cost.p99_us = times_us[counted * 99 / 100];
    free(times_us);
    return cost;
}

/* Six zones in two rows, and a line across the middle. */
static struct dw_layout six_zones(void)
{
    struct dw_layout layout = { .zones = dw_alloc_array0(6, sizeof(struct dw_zone)),
                                .zone_count = 6,
                                .lines = dw_alloc0(sizeof(struct dw_line)),
                                .line_count = 1 };
    for (int i = 0; i < 6; i++) {
        double x = 0.05 + i % 3 * 0.3, y = 0.4 + i / 3 * 0.3; /* NOLINT: whole rows */
        layout.zones[i] = (struct dw_zone){
            .corners = { { x, y }, { x + 0.27, y }, { x + 0.3, y + 0.26 }, { x, y + 0.26 } },
            .corner_count = 4,
            .rules = dw_zone_rules_default(),
        };
    }
    layout.lines[0] = (struct dw_line){ .start = { 0.5, 0.3 }, .end = { 0.5, 1 } };
    return layout;
}

static struct dw_lane_conf conf_of(const struct dw_layout *layout, double fps, int width_px,
                                   int height_px)
{
    return (struct dw_lane_conf){ .layout = layout,
                                  .width_px = width_px,
                                  .height_px = height_px,
                                  .interval_us = dw_time_from_seconds(1 / fps),
                                  .track = dw_track_params_default() };
}

struct show {
    struct crowd crowd;
    int frames;
};

static bool next_of_crowd(void *user, int frame, struct dw_track_input *input)
{
    struct show *show = user;
    if (frame >= show->frames)
        return false;
    crowd_step(&show->crowd);
    *input = (struct dw_track_input){ dw_time_from_seconds(frame / CROWD_FPS), frame,
                                      show->crowd.detections, show->crowd.count, NULL };
    return true;
}

static bool next_of_sequence(void *user, int frame, struct dw_track_input *input)
{
    const struct dw_sequence *sequence = user;
    if (frame >= sequence->frames)
        return false;
    size_t start = sequence->starts[frame], end = sequence->starts[frame + 1];
    *input = (struct dw_track_input){ dw_time_from_seconds(frame / sequence->truth.fps), frame,
                                      sequence->detections + start, end - start, NULL };
    return true;
}

static struct cost measure_crowd(int people, int frames)
{
    struct dw_layout layout = six_zones();
    struct dw_lane_conf conf = conf_of(&layout, CROWD_FPS, CROWD_WIDTH_PX, CROWD_HEIGHT_PX);
    struct show *show = dw_alloc0(sizeof(*show));
    crowd_init(&show->crowd, people);
    show->frames = frames;
    struct cost cost = measure(&conf, next_of_crowd, show);
    free(show);
    dw_layout_fini(&layout);
    return cost;
}

static void print(const char *name, const struct cost *cost)
{
    printf("%-22s %6d %7.1f %10.1f %8.1f %9.1f", name, cost->frames, cost->boxes, cost->median_us,
           cost->p99_us, (double)cost->heap_bytes / 1024);
}

static void print_crowds(void)
{
    static const int sizes[] = { 5, 10, 20, 40, 80, 160 };
    struct cost before = { 0 };
    printf("%-22s %6s %7s %10s %8s %9s %s\n", "people", "frames", "boxes", "median us", "p99 us",
           "heap KiB", "per twice the people: us, heap");
    for (size_t i = 0; i < DW_LENGTH(sizes); i++) {
        char name[32];
        struct cost cost = measure_crowd(sizes[i], FRAMES);
        snprintf(name, sizeof(name), "%d", sizes[i]);
        print(name, &cost);
        if (before.frames > 0)
            printf(" %10.2f %5.2f", cost.median_us / before.median_us,
                   (double)cost.heap_bytes / (double)before.heap_bytes);
        puts("");
        before = cost;
    }
}

static int print_sequence(const char *folder)
{
    struct dw_err err = { 0 };
    struct dw_sequence sequence = { 0 };
    struct dw_zone_rules rules = dw_zone_rules_default();
    if (dw_sequence_load(&sequence, folder, &rules, &err) < 0) {
        fprintf(stderr, "bench-track: %s\n", err.text);
        return 1;
    }
    const struct dw_truth *truth = &sequence.truth;
    struct dw_lane_conf conf =
        conf_of(&truth->layout, truth->fps, truth->width_px, truth->height_px);
    struct cost cost = measure(&conf, next_of_sequence, &sequence);
    print(sequence.name.text, &cost);
    puts("");
    dw_sequence_fini(&sequence);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "--people") == 0 && strcmp(argv[3], "--frames") == 0) {
        long people = strtol(argv[2], NULL, 10), frames = strtol(argv[4], NULL, 10);
        struct cost cost = measure_crowd((int)people, (int)frames);
        return cost.frames == frames ? 0 : 1;
    }
    print_crowds();
    return argc == 2 ? print_sequence(argv[1]) : 0;
}
