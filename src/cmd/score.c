/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell score`: measured visits against true ones, sequence by sequence and pooled. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/numbers.h"
#include "cmd/score_explain.h"
#include "cmd/score_print.h"
#include "cmd/sequence.h"
#include "core/oracle.h"
#include "engine/analysis.h"

static const struct dw_arg rows[] = {
    { "video", "FILE", "measure this video end to end instead of the folder's detections" },
    { "set", "KEY=VALUE", "a setting, e.g. track.lost=2 (may be repeated)" },
    { "model", "FILE", "person detector, ONNX" },
    { "reid", "FILE", "ReID model, ONNX" },
    { "realtime", NULL, "play the video at its own speed, as a camera would" },
    { "oracle", NULL, "also what perfect association of the same detections would reach" },
    { "oracle-gap", "SECONDS", "longest gap it fills; as zone.bridge unless said" },
    { "explain", NULL, "list every wrong visit with its reason" },
    { "cut", "FOLDER", "with --explain and --video: a picture of each into this folder" },
    { "most", "N", "at most so many pictures of a sequence (50)" },
    { "json", NULL, "print JSON Lines instead of a table" },
};

struct job {
    struct dw_analysis_conf conf;
    const char *video;
    struct dw_explain_pictures pictures;
    bool json, oracle, explain;
    double oracle_gap_s; /* negative: the bridge */
    DW_VEC(const char *) places;
    DW_VEC(struct dw_explain_counts) counts; /* a sequence each */
    struct dw_measured measured;             /* of the sequence going on */
    struct dw_score pooled, pooled_oracle;
};

static void observe(void *user, const struct dw_output_moment *moment)
{
    dw_measured_take(&((struct job *)user)->measured, &moment->lane);
}

static int measure(struct job *job, const struct dw_truth *truth, struct dw_score *score,
                   struct dw_analysis_result *result, struct dw_err *err)
{
    dw_measured_clear(&job->measured);
    job->conf.layout = &truth->layout;
    job->conf.url = job->video != NULL ? job->video : truth->detections_path;
    job->conf.source.fps = truth->fps;
    job->conf.source.width_px = truth->width_px;
    job->conf.source.height_px = truth->height_px;
    int r = dw_analysis_run(&job->conf, result, err);
    if (r < 0)
        return r;
    dw_score_sort_feet(job->measured.feet.items, job->measured.feet.count);
    struct dw_score_side true_side = dw_truth_side(truth);
    struct dw_score_side measured = dw_measured_side(&job->measured);
    struct dw_score_extent extent = dw_truth_extent(truth);
    *score = dw_score_pair(&true_side, &measured, &extent, NULL);
    return 0;
}

static struct dw_score score_oracle(const struct job *job, const struct dw_sequence *sequence)
{
    const struct dw_truth *truth = &sequence->truth;
    struct dw_score_foot *feet = NULL;
    struct dw_score_side true_side = dw_truth_side(truth);
    struct dw_score_side detections = { .foot_count = dw_sequence_feet(sequence, &feet) };
    detections.feet = feet;
    struct dw_oracle_conf conf = {
        .layout = &truth->layout,
        .width_px = truth->width_px,
        .height_px = truth->height_px,
        .fps = truth->fps,
        .length_s = truth->length_s,
        .gap_us = job->oracle_gap_s >= 0 ? dw_time_from_seconds(job->oracle_gap_s)
                                         : job->conf.settings.zone.bridge_us,
    };
    struct dw_oracle oracle;
    dw_oracle_init(&oracle, &conf, &true_side, &detections);
    struct dw_score_side side = { oracle.visits, oracle.visit_count, oracle.feet,
                                  oracle.foot_count };
    struct dw_score_extent extent = dw_truth_extent(truth);
    struct dw_score score = dw_score_pair(&true_side, &side, &extent, NULL);
    dw_oracle_fini(&oracle);
    free(feet);
    return score;
}

static void print_one(const struct job *job, const char *name, const struct dw_score *score,
                      bool oracle)
{
    if (job->json)
        dw_score_print_json(name, score, oracle);
    else
        dw_score_print_row(oracle ? "  oracle" : name, score);
    fflush(stdout);
}

static int score_sequence(struct job *job, const struct dw_sequence *sequence, struct dw_err *err)
{
    struct dw_score score = { 0 };
    struct dw_analysis_result result = { 0 };
    int r = measure(job, &sequence->truth, &score, &result, err);
    if (r < 0)
        return r;
    print_one(job, sequence->name.text, &score, false);
    dw_score_add(&job->pooled, &score);
    if (job->oracle) {
        score = score_oracle(job, sequence);
        print_one(job, sequence->name.text, &score, true);
        dw_score_add(&job->pooled_oracle, &score);
    }
    if (job->video != NULL && !job->json)
        printf("%s: %s, %.1f s\n", dw_sequence_name(job->video).text, result.model, result.seconds);
    if (job->explain)
        r = dw_score_explain(sequence, &job->measured, &job->pictures, job->json,
                             dw_vec_add(&job->counts), err);
    return r;
}

/* Detections are kept in memory only for those who look at them. */
static int score_place(struct job *job, const char *place, struct dw_err *err)
{
    const struct dw_zone_rules *rules = &job->conf.settings.zone;
    struct dw_sequence sequence = { .name = dw_sequence_name(place) };
    int r = job->video == NULL && (job->oracle || job->explain)
                ? dw_sequence_load(&sequence, place, rules, err)
                : dw_truth_load(&sequence.truth, place, job->video, rules, err);
    if (r == 0)
        r = score_sequence(job, &sequence, err);
    dw_sequence_fini(&sequence);
    return r;
}

/* Options without a value. */
static void take_switch(struct job *job, const char *name)
{
    job->conf.paced |= strcmp(name, "realtime") == 0;
    job->oracle |= strcmp(name, "oracle") == 0;
    job->explain |= strcmp(name, "explain") == 0;
    job->json |= strcmp(name, "json") == 0;
}

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    double number = 0;
    int r = 0;
    if (strcmp(name, "set") == 0) {
        r = dw_settings_set(&job->conf.settings, value, err);
    } else if (strcmp(name, "video") == 0) {
        job->video = job->pictures.video = value;
    } else if (strcmp(name, "model") == 0) {
        job->conf.model_path = value;
    } else if (strcmp(name, "reid") == 0) {
        job->conf.reid_path = value;
    } else if (strcmp(name, "cut") == 0) {
        job->pictures.folder = value;
    } else if (strcmp(name, "most") == 0) {
        r = dw_number_parse(&number, "--most", value, 1, 1e6, err);
        job->pictures.most = (int)number;
    } else if (strcmp(name, "oracle-gap") == 0) {
        r = dw_number_parse(&job->oracle_gap_s, "--oracle-gap", value, 0, 60, err);
    } else {
        take_switch(job, name);
    }
    return r;
}

/* What does not go together; NULL: all well. */
static const char *contradiction(const struct job *job)
{
    if (job->places.count == 0)
        return "wants a folder with a true sequence";
    if (job->oracle && job->video != NULL)
        return "--oracle is about a folder's detections: leave --video out";
    if (job->pictures.folder != NULL && (job->video == NULL || !job->explain))
        return "--cut takes its pictures from a video: say --explain and --video FILE too";
    return NULL;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    (void)err;
    struct job *job = user;
    dw_vec_push(&job->places, value);
    return 0;
}

static int run(struct job *job, const struct dw_args *args)
{
    struct dw_err err = { 0 };
    if (!job->json)
        dw_score_print_heading();
    for (size_t i = 0; i < job->places.count; i++)
        if (score_place(job, job->places.items[i], &err) < 0)
            return dw_args_failed(args, &err);
    if (job->places.count > 1) {
        print_one(job, "pooled", &job->pooled, false);
        if (job->oracle)
            print_one(job, "pooled", &job->pooled_oracle, true);
    }
    if (job->explain && !job->json)
        dw_score_explain_table(job->counts.items, job->counts.count);
    return 0;
}

int dw_cmd_score(int argc, char **argv)
{
    struct dw_args args = {
        .command = "score",
        .synopsis = "FOLDER... [--video FILE] [--oracle] [--explain] [--set KEY=VALUE ...]",
        .about =
            "Compares measured visits with true ones. A FOLDER holds sequence.json, zones.json,\n"
            "detections.csv, visits_truth.json and tracks_truth.csv; a truth FILE.json with "
            "intervals\n"
            "only (video, size, zone in pixels, visits) works with --video. docs/benchmark.md "
            "defines\n"
            "each figure. Settings start from bridge 1, grace 1, min_dwell 1.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { .conf = { .settings = dw_settings_default(),
                                 .start_wall_us = 0,
                                 .site = "score",
                                 .camera = "score",
                                 .observe = observe },
                       .pictures = { .most = 50 },
                       .oracle_gap_s = -1 };
    job.conf.user = &job;
    job.conf.settings.zone.bridge_us = 1000000;
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int code = dw_args_read(&args, &reader);
    if (code < 0) {
        const char *wrong = contradiction(&job);
        code = wrong == NULL ? run(&job, &args) : dw_args_wrong(&args, "%s", wrong);
    }
    dw_vec_fini(&job.places);
    dw_vec_fini(&job.counts);
    dw_measured_fini(&job.measured);
    return code;
}
