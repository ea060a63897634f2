/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What looks are worth when people are lost more often than on the video at hand:
 *
 *     build/tests/bench/bench_links FOLDER VIDEO SHARE [model=FILE] [reid=FILE] [KEY=VALUE ...]
 *
 * Detects once, then measures ROUNDS times with true people hidden for SHARE of the time, in runs
 * of RUN_S on average and of exponential length; prints the pooled score without looks and with
 * them. Who a detection shows is told by overlap with the truth of FOLDER, for hiding alone.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "base/wall_time.h"
#include "cmd/score_print.h"
#include "cmd/sequence.h"
#include "core/match.h"
#include "engine/pipeline.h"

#define ROUNDS 20
#define RUN_S 1.5
#define OVERLAP 0.3

struct moment {
    int64_t time_us, frame;
    size_t first, count; /* among the detections */
};

struct bench {
    struct dw_truth truth;
    struct dw_settings settings;
    const char *video, *model_path;
    struct dw_appear_conf appear;
    struct dw_track_params track;
    double share;
    DW_VEC(struct moment) moments;
    DW_VEC(struct dw_detection) detections;
    DW_VEC(struct dw_look) looks;
    DW_VEC(struct dw_score_foot) feet;
    int *shown; /* for each detection the index of the true foot it shows; -1: none */
};

static void take(struct bench *bench, const struct dw_pipeline_item *item)
{
    dw_vec_push(&bench->moments, ((struct moment){ item->frame->time_us, item->frame->index,
                                                   bench->detections.count, item->count }));
    for (size_t i = 0; i < item->count; i++) {
        dw_vec_push(&bench->detections, item->detections[i]);
        dw_vec_push(&bench->looks, item->looks[i]);
        dw_vec_push(&bench->feet,
                    dw_score_foot_of(0, (int)item->frame->index, item->detections[i].box));
    }
}

static int detect(struct bench *bench, struct dw_err *err)
{
    struct dw_source *source = NULL;
    struct dw_detector *detector = NULL;
    struct dw_appear *appear = NULL;
    struct dw_pipeline *pipeline = NULL;
    struct dw_detector_conf conf = { bench->model_path, NULL, -1 };
    struct dw_pipeline_item item = { 0 };
    int r = dw_source_create(&source, bench->video, NULL, err);
    if (r == 0)
        r = dw_detector_create(&detector, &conf, err);
    if (r == 0)
        r = dw_appear_create(&appear, &bench->appear, err);
    struct dw_pipeline_conf all = { .source = source, .detector = detector, .appear = appear };
    if (r == 0)
        r = dw_pipeline_create(&pipeline, &all, err);
    while (r >= 0 && (r = dw_pipeline_next(pipeline, &item, err)) > 0) {
        take(bench, &item);
        dw_frame_unref(item.frame);
    }
    if (r == 0) {
        bench->track.high = dw_detector_info(detector)->certain;
        bench->track.birth = dw_detector_info(detector)->birth;
    }
    dw_pipeline_destroy(pipeline);
    dw_appear_destroy(appear);
    dw_detector_destroy(detector);
    dw_source_destroy(source);
    return r;
}

static void recognise(struct bench *bench)
{
    struct dw_score_side found = { .feet = bench->feet.items, .foot_count = bench->feet.count };
    struct dw_score_side truth = dw_truth_side(&bench->truth);
    bench->shown = calloc(bench->feet.count + 1, sizeof(*bench->shown));
    if (bench->shown != NULL)
        dw_match_sides(&found, &truth, (int)bench->moments.count, OVERLAP, bench->shown);
}

/* 0 up to 1, the same on every machine. */
static double chance(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) / 9007199254740992.0;
}

#define PEOPLE_MOST 512

/* Whom nobody can see at the moment, and until when. */
struct curtain {
    double hidden_s[PEOPLE_MOST];
    uint64_t state;
};

static void draw(struct curtain *curtain, double share, double passed_s)
{
    for (size_t i = 0; i < PEOPLE_MOST; i++) {
        double now = chance(&curtain->state), length = chance(&curtain->state);
        curtain->hidden_s[i] -= passed_s;
        if (curtain->hidden_s[i] <= 0 && now < share / (1 - share) / RUN_S * passed_s)
            curtain->hidden_s[i] = -RUN_S * log(1 - length);
    }
}

static bool is_hidden(const struct bench *bench, const struct curtain *curtain, size_t detection)
{
    int foot = bench->shown[detection];
    return foot >= 0 && curtain->hidden_s[bench->truth.feet[foot].person % PEOPLE_MOST] > 0;
}

static struct dw_score measure(const struct bench *bench, uint64_t seed, bool look)
{
    double interval_s = 1 / bench->truth.fps;
    struct dw_lane_conf conf = { .layout = &bench->truth.layout,
                                 .width_px = bench->truth.width_px,
                                 .height_px = bench->truth.height_px,
                                 .interval_us = dw_time_from_seconds(interval_s),
                                 .track = bench->track };
    DW_AUTO(lane) *lane = dw_lane_create(&conf);
    struct curtain curtain = { .state = seed };
    struct dw_measured measured = { 0 };
    struct dw_lane_output output;
    DW_VEC(struct dw_detection) detections = { 0 };
    DW_VEC(struct dw_look) looks = { 0 };
    for (size_t m = 0; m < bench->moments.count; m++) {
        const struct moment *moment = &bench->moments.items[m];
        draw(&curtain, bench->share, interval_s);
        dw_vec_clear(&detections);
        dw_vec_clear(&looks);
        for (size_t i = moment->first; i < moment->first + moment->count; i++)
            if (!is_hidden(bench, &curtain, i)) {
                dw_vec_push(&detections, bench->detections.items[i]);
                dw_vec_push(&looks, bench->looks.items[i]);
            }
        struct dw_track_input input = { moment->time_us, moment->frame, detections.items,
                                        detections.count, look ? looks.items : NULL };
        output = dw_lane_step(lane, &input);
        dw_measured_take(&measured, &output);
    }
    output = dw_lane_finish(lane, dw_time_from_seconds(bench->truth.length_s), DW_END_STOPPED);
    dw_measured_take(&measured, &output);
    dw_score_sort_feet(measured.feet.items, measured.feet.count);
    struct dw_score_side truth = dw_truth_side(&bench->truth), side = dw_measured_side(&measured);
    struct dw_score_extent extent = dw_truth_extent(&bench->truth);
    struct dw_score score = dw_score_pair(&truth, &side, &extent, NULL);
    dw_measured_fini(&measured);
    dw_vec_fini(&detections);
    dw_vec_fini(&looks);
    return score;
}

static void report(const struct bench *bench)
{
    dw_score_print_heading();
    for (int look = 0; look < 2; look++) {
        struct dw_score pooled = { 0 };
        for (uint64_t round = 1; round <= ROUNDS; round++) {
            struct dw_score score = measure(bench, round, look != 0);
            dw_score_add(&pooled, &score);
        }
        dw_score_print_row(look != 0 ? "with looks" : "without looks", &pooled);
    }
}

static int read_settings(struct bench *bench, int argc, char **argv, struct dw_err *err)
{
    bench->settings = dw_settings_default();
    bench->settings.zone.bridge_us = 1000000; /* as `dwell score` */
    int r = 0;
    for (int i = 4; r == 0 && i < argc; i++)
        if (strncmp(argv[i], "model=", 6) == 0)
            bench->model_path = argv[i] + 6;
        else if (strncmp(argv[i], "reid=", 5) == 0)
            bench->appear.model_path = argv[i] + 5;
        else
            r = dw_settings_set(&bench->settings, argv[i], err);
    bench->track = bench->settings.track;
    return r;
}

int main(int argc, char **argv)
{
    struct bench bench = { 0 };
    struct dw_err err = { 0 };
    char model[4096];
    bench.share = argc >= 4 ? strtod(argv[3], NULL) : -1;
    if (!(bench.share >= 0 && bench.share < 1)) {
        fprintf(stderr, "usage: bench_links FOLDER VIDEO SHARE [model=FILE] [reid=FILE] "
                        "[KEY=VALUE ...]\n");
        return 2;
    }
    bench.video = argv[2];
    int r = read_settings(&bench, argc, argv, &err);
    if (r == 0 && bench.model_path == NULL) {
        r = dw_model_find(model, sizeof(model), NULL, &err);
        bench.model_path = model;
    }
    if (r == 0)
        r = dw_truth_load(&bench.truth, argv[1], argv[2], &bench.settings.zone, &err);
    if (r == 0)
        r = detect(&bench, &err);
    if (r == 0) {
        recognise(&bench);
        report(&bench);
    }
    dw_truth_fini(&bench.truth);
    dw_vec_fini(&bench.moments);
    dw_vec_fini(&bench.detections);
    dw_vec_fini(&bench.looks);
    dw_vec_fini(&bench.feet);
    free(bench.shown);
    if (r < 0)
        fprintf(stderr, "bench_links: %s\n", err.text);
    return r < 0;
}
