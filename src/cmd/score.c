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
#include "cmd/score_robustness.h"
#include "cmd/sequence.h"
#include "core/oracle.h"
#include "engine/analysis.h"

static const struct dw_arg rows[] = {
    { "video", "FILE", "measure this video end to end instead of the folder's detections" },
    { "set", "KEY=VALUE", "a setting, e.g. track.lost=2 (may be repeated)" },
    { "model", "FILE", "person detector, ONNX" },
    { "no-ground", NULL,
      "leave the folder's ground.json out, as if the camera were not calibrated" },
    { "reid", "FILE", "ReID model, ONNX" },
    { "realtime", NULL, "play the video at its own speed, as a camera would" },
    { "oracle", NULL, "also what perfect association of the same detections would reach" },
    { "oracle-gap", "SECONDS", "longest gap it fills; as zone.bridge unless said" },
    { "explain", NULL, "list every wrong visit with its reason" },
    { "cut", "FOLDER", "with --explain and --video: a picture of each into this folder" },
    { "most", "N", "at most so many pictures of a sequence (50)" },
    { "tracks", NULL, "also HOTA, IDF1 and MOTA, in a table of their own" },
    { "fps", "F", "measure only about so many of a folder's frames a second" },
    { "drop", "SHARE", "take away this share of its detections, in runs (0 to 0.7)" },
    { "seed", "N", "of what is taken away (1)" },
    { "robustness", NULL, "F1 at fewer frames and fewer detections, in a table" },
    { "json", NULL, "print JSON Lines instead of a table" },
};

struct figures {
    struct dw_score visits;
    struct dw_mot tracks; /* no boxes: not looked at, or no true ones known */
};

struct named_tracks {
    struct dw_sequence_name name;
    struct dw_mot tracks;
};

struct job {
    struct dw_analysis_conf conf;
    const char *video;
    struct dw_explain_pictures pictures;
    bool json, oracle, explain, tracks, robustness, no_ground;
    double oracle_gap_s; /* negative: the bridge */
    struct dw_damage damage;
    DW_VEC(const char *) places;
    DW_VEC(struct dw_explain_counts) counts; /* a sequence each */
    DW_VEC(struct named_tracks) rows;        /* of the table of tracks */
    struct dw_measured measured;             /* of the sequence going on */
    struct figures pooled, pooled_oracle;
};

static void observe(void *user, const struct dw_output_moment *moment)
{
    dw_measured_take(&((struct job *)user)->measured, &moment->lane);
}

static int measure_video(struct job *job, const struct dw_truth *truth,
                         struct dw_analysis_result *result, struct dw_err *err)
{
    dw_measured_clear(&job->measured);
    job->conf.layout = &truth->layout;
    job->conf.url = job->video;
    job->conf.ground_path = truth->ground_path[0] != '\0' ? truth->ground_path : NULL;
    int r = dw_analysis_run(&job->conf, result, err);
    dw_score_sort_feet(job->measured.feet.items, job->measured.feet.count);
    return r;
}

static struct figures compare(const struct job *job, const struct dw_sequence *sequence,
                              const struct dw_score_side *measured)
{
    struct dw_score_side truth = dw_truth_side(&sequence->truth);
    struct dw_score_extent extent = dw_truth_extent(&sequence->truth);
    struct figures figures = { .visits = dw_score_pair(&truth, measured, &extent, NULL) };
    if (truth.foot_count > 0 && (job->json || job->tracks))
        figures.tracks = dw_sequence_compare_tracks(sequence, measured);
    return figures;
}

static struct figures score_oracle(const struct job *job, const struct dw_sequence *sequence)
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
    struct figures figures = compare(job, sequence, &side);
    dw_oracle_fini(&oracle);
    free(feet);
    return figures;
}

static void print_one(struct job *job, const char *name, const struct figures *figures, bool oracle)
{
    bool known = figures->tracks.true_boxes > 0;
    const char *title = oracle ? "  oracle" : name;
    if (job->json)
        dw_score_print_json(name, &figures->visits, known ? &figures->tracks : NULL, oracle);
    else
        dw_score_print_row(title, &figures->visits);
    if (known)
        dw_vec_push(&job->rows,
                    ((struct named_tracks){ dw_sequence_name(title), figures->tracks }));
    fflush(stdout);
}

static void tell(struct job *job, const char *name, const struct figures *figures, bool oracle)
{
    struct figures *pooled = oracle ? &job->pooled_oracle : &job->pooled;
    print_one(job, name, figures, oracle);
    dw_score_add(&pooled->visits, &figures->visits);
    dw_mot_add(&pooled->tracks, &figures->tracks);
}

static int score_sequence(struct job *job, const struct dw_sequence *sequence, struct dw_err *err)
{
    struct dw_analysis_result result = { 0 };
    int r = 0;
    if (job->video != NULL)
        r = measure_video(job, &sequence->truth, &result, err);
    else
        dw_sequence_measure(sequence, &job->conf.settings, &job->measured);
    if (r < 0)
        return r;
    struct dw_score_side measured = dw_measured_side(&job->measured);
    struct figures figures = compare(job, sequence, &measured);
    tell(job, sequence->name.text, &figures, false);
    if (job->oracle) {
        figures = score_oracle(job, sequence);
        tell(job, sequence->name.text, &figures, true);
    }
    if (job->video != NULL && !job->json)
        printf("%s: %s, %.1f s\n", dw_sequence_name(job->video).text, result.model, result.seconds);
    if (job->explain)
        r = dw_score_explain(sequence, &job->measured, &job->pictures, job->json,
                             dw_vec_add(&job->counts), err);
    return r;
}

static int score_place(struct job *job, const char *place, struct dw_err *err)
{
    const struct dw_zone_rules *rules = &job->conf.settings.zone;
    struct dw_sequence sequence = { .name = dw_sequence_name(place) };
    int r = job->video == NULL ? dw_sequence_load(&sequence, place, rules, err)
                               : dw_truth_load(&sequence.truth, place, job->video, rules, err);
    if (job->no_ground)
        dw_truth_forget_ground(&sequence.truth);
    if (r == 0 && job->video == NULL)
        dw_sequence_damage(&sequence, &job->damage);
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
    job->no_ground |= strcmp(name, "no-ground") == 0;
    job->explain |= strcmp(name, "explain") == 0;
    job->tracks |= strcmp(name, "tracks") == 0;
    job->robustness |= strcmp(name, "robustness") == 0;
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
    } else if (strcmp(name, "fps") == 0) {
        r = dw_number_parse(&job->damage.fps, "--fps", value, 0.1, 1000, err);
    } else if (strcmp(name, "drop") == 0) {
        r = dw_number_parse(&job->damage.drop, "--drop", value, 0, DW_DROP_MOST, err);
    } else if (strcmp(name, "seed") == 0) {
        r = dw_number_parse(&number, "--seed", value, 0, 1e9, err);
        job->damage.seed = (uint64_t)number;
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
    bool damaged = job->damage.fps > 0 || job->damage.drop > 0 || job->robustness;
    if (damaged && job->video != NULL)
        return "--fps, --drop and --robustness are about a folder's detections: leave --video out";
    if (job->explain && job->damage.fps > 0)
        return "--explain looks at every frame: leave --fps out";
    if (job->robustness && job->json)
        return "--robustness prints a table only: leave --json out";
    if (job->conf.paced && job->video == NULL)
        return "--realtime wants --video FILE";
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

static void print_tracks(const struct job *job)
{
    dw_score_print_tracks_heading();
    for (size_t i = 0; i < job->rows.count; i++)
        dw_score_print_tracks_row(job->rows.items[i].name.text, &job->rows.items[i].tracks);
}

static int run(struct job *job, const struct dw_args *args)
{
    struct dw_err err = { 0 };
    if (job->robustness)
        return dw_score_robustness(&job->conf.settings, job->places.items, job->places.count,
                                   job->damage.seed, &err) < 0
                   ? dw_args_failed(args, &err)
                   : 0;
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
    if (job->tracks && !job->json)
        print_tracks(job);
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
                       .oracle_gap_s = -1,
                       .damage = { .seed = 1 } };
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
    dw_vec_fini(&job.rows);
    dw_measured_fini(&job.measured);
    return code;
}
