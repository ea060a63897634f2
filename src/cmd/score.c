/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell score`: measured visits against true ones, sequence by sequence and pooled. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/json_writer.h"
#include "base/macros.h"
#include "base/vec.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/truth_files.h"
#include "core/score.h"
#include "engine/analysis.h"

static const struct dw_arg rows[] = {
    { "video", "FILE", "measure this video end to end instead of the folder's detections" },
    { "set", "KEY=VALUE", "a setting, e.g. track.lost=2 (may be repeated)" },
    { "model", "FILE", "person detector, ONNX" },
    { "realtime", NULL, "play the video at its own speed, as a camera would" },
    { "json", NULL, "print JSON Lines instead of a table" },
};

struct job {
    struct dw_analysis_conf conf;
    const char *video;
    bool json;
    DW_VEC(const char *) places;

    /* of the sequence going on */
    DW_VEC(struct dw_score_visit) visits;
    DW_VEC(struct dw_score_foot) feet;
};

static void observe(void *user, const struct dw_output_moment *moment)
{
    struct job *job = user;
    for (size_t i = 0; i < moment->lane.event_count; i++) {
        const struct dw_lane_event *event = &moment->lane.events[i];
        if (event->kind == DW_LANE_FINISHED && !event->visit.pass)
            dw_vec_push(&job->visits,
                        ((struct dw_score_visit){ event->visit.zone, event->visit.person,
                                                  (double)event->visit.enter_us / 1e6,
                                                  (double)event->visit.exit_us / 1e6 }));
    }
    for (size_t i = 0; i < moment->lane.sighting_count; i++) {
        const struct dw_sighting *s = &moment->lane.sightings[i];
        dw_vec_push(&job->feet,
                    ((struct dw_score_foot){ s->person, (int)s->frame,
                                             dw_box_anchor(s->box, DW_ANCHOR_BOTTOM_CENTER),
                                             (double)s->box.h }));
    }
}

static int measure(struct job *job, const struct dw_truth *truth, struct dw_score *score,
                   struct dw_analysis_result *result, struct dw_err *err)
{
    dw_vec_clear(&job->visits);
    dw_vec_clear(&job->feet);
    job->conf.layout = &truth->layout;
    job->conf.url = job->video != NULL ? job->video : truth->detections_path;
    job->conf.source.fps = truth->fps;
    job->conf.source.width_px = truth->width_px;
    job->conf.source.height_px = truth->height_px;
    int r = dw_analysis_run(&job->conf, result, err);
    if (r < 0)
        return r;
    dw_score_sort_feet(job->feet.items, job->feet.count);
    struct dw_score_side true_side = { truth->visits, truth->visit_count, truth->feet,
                                       truth->foot_count };
    struct dw_score_side measured = { job->visits.items, job->visits.count, job->feet.items,
                                      job->feet.count };
    *score = dw_score_compare(&true_side, &measured, (int)truth->layout.zone_count, truth->fps,
                              truth->length_s);
    return 0;
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static void print_heading(void)
{
    printf("%-22s %5s %5s %5s %5s %6s %5s %5s %7s %6s %7s %7s %7s %9s %7s\n", "sequence", "true",
           "meas.", "P", "R", "F1", "F1t", "MAE", "rel.err", "bias", "count", "people", "end2end",
           "10s found", "occup.");
}

static void print_row(const char *name, const struct dw_score *s)
{
    printf("%-22.22s %5d %5d %5.3f %5.3f %6.3f %5.3f %5.2f %7.3f %+6.3f %+7.3f %+7.3f %7.3f "
           "%5d/%-3d %7.2f\n",
           name, s->true_visits, s->measured_visits, dw_score_precision(s), dw_score_recall(s),
           dw_score_f1(s), dw_score_f1_in_time(s), share(s->dwell_error_s, s->matched),
           share(s->relative_error, s->matched),
           share(s->measured_dwell_s - s->true_dwell_s, s->true_dwell_s),
           share(s->measured_visits - s->true_visits, s->true_visits),
           share(s->measured_people - s->true_people, s->true_people),
           share(s->missed_dwell_s, s->true_dwell_s), s->long_found, s->long_true,
           share(s->occupancy_error, s->occupancy_samples));
}

static void print_json(const char *name, const struct dw_score *s)
{
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { .out = &text };
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "sequence", name);
    dw_json_integer(&json, "true_visits", s->true_visits);
    dw_json_integer(&json, "measured_visits", s->measured_visits);
    dw_json_integer(&json, "matched", s->matched);
    dw_json_real(&json, "precision", dw_score_precision(s), 4);
    dw_json_real(&json, "recall", dw_score_recall(s), 4);
    dw_json_real(&json, "f1", dw_score_f1(s), 4);
    dw_json_real(&json, "f1_in_time", dw_score_f1_in_time(s), 4);
    dw_json_real(&json, "dwell_mae_s", share(s->dwell_error_s, s->matched), 4);
    dw_json_real(&json, "dwell_relative_error", share(s->relative_error, s->matched), 4);
    dw_json_real(&json, "dwell_bias", share(s->measured_dwell_s - s->true_dwell_s, s->true_dwell_s),
                 4);
    dw_json_real(&json, "count_error", share(s->measured_visits - s->true_visits, s->true_visits),
                 4);
    dw_json_real(&json, "zone_count_error", share(s->zone_count_error, s->zones), 4);
    dw_json_real(&json, "people_error", share(s->measured_people - s->true_people, s->true_people),
                 4);
    dw_json_real(&json, "end_to_end_error", share(s->missed_dwell_s, s->true_dwell_s), 4);
    dw_json_integer(&json, "long_true", s->long_true);
    dw_json_integer(&json, "long_found", s->long_found);
    dw_json_real(&json, "long_relative_error", share(s->long_relative_error, s->long_found), 4);
    dw_json_real(&json, "occupancy_error", share(s->occupancy_error, s->occupancy_samples), 4);
    dw_json_object_end(&json);
    puts(dw_buf_text(&text));
    dw_buf_fini(&text);
}

static void print_one(const struct job *job, const char *name, const struct dw_score *score)
{
    if (job->json)
        print_json(name, score);
    else
        print_row(name, score);
    fflush(stdout);
}

struct name {
    char text[128];
};

/* "bench/pets/" is called "pets". */
static struct name name_of(const char *path)
{
    struct name name;
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    snprintf(name.text, sizeof(name.text), "%.*s", (int)(end - start), path + start);
    return name;
}

static int score_place(struct job *job, const char *place, struct dw_score *pooled,
                       struct dw_err *err)
{
    struct dw_truth truth = { 0 };
    struct dw_score score = { 0 };
    struct dw_analysis_result result = { 0 };
    int r = dw_truth_load(&truth, place, job->video, &job->conf.settings.zone, err);
    if (r == 0)
        r = measure(job, &truth, &score, &result, err);
    dw_truth_fini(&truth);
    if (r < 0)
        return r;
    print_one(job, name_of(place).text, &score);
    dw_score_add(pooled, &score);
    if (job->video != NULL && !job->json)
        printf("%s: %s, %.1f s\n", name_of(job->video).text, result.model, result.seconds);
    return 0;
}

static int take_option(struct job *job, const char *name, const char *value, struct dw_err *err)
{
    if (strcmp(name, "set") == 0)
        return dw_settings_set(&job->conf.settings, value, err);
    if (strcmp(name, "video") == 0)
        job->video = value;
    else if (strcmp(name, "model") == 0)
        job->conf.model_path = value;
    else if (strcmp(name, "realtime") == 0)
        job->conf.paced = true;
    else
        job->json = true;
    return 0;
}

/* 0 go on, else the exit code plus one. */
static int read_arguments(struct job *job, struct dw_args *args)
{
    const char *name = NULL, *value = NULL;
    struct dw_err err = { 0 };
    for (;;) {
        switch (dw_args_next(args, &name, &value)) {
        case DW_ARGS_HELP:
            return 1;
        case DW_ARGS_WRONG:
            return 3;
        case DW_ARGS_OPTION:
            if (take_option(job, name, value, &err) < 0)
                return dw_args_wrong(args, "%s", err.text) + 1;
            break;
        case DW_ARGS_OPERAND:
            dw_vec_push(&job->places, value);
            break;
        case DW_ARGS_END:
            return 0;
        }
    }
}

static int run(struct job *job, const struct dw_args *args)
{
    struct dw_score pooled = { 0 };
    struct dw_err err = { 0 };
    if (!job->json)
        print_heading();
    for (size_t i = 0; i < job->places.count; i++)
        if (score_place(job, job->places.items[i], &pooled, &err) < 0)
            return dw_args_failed(args, &err);
    if (job->places.count > 1)
        print_one(job, "pooled", &pooled);
    return 0;
}

int dw_cmd_score(int argc, char **argv)
{
    struct dw_args args = {
        .command = "score",
        .synopsis = "FOLDER... [--video FILE] [--set KEY=VALUE ...]",
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
                                 .observe = observe } };
    job.conf.user = &job;
    job.conf.settings.zone.bridge_us = 1000000;
    int leave = read_arguments(&job, &args);
    int code = leave - 1;
    if (leave == 0)
        code = job.places.count > 0 ? run(&job, &args)
                                    : dw_args_wrong(&args, "wants a folder with a true sequence");
    dw_vec_fini(&job.places);
    dw_vec_fini(&job.visits);
    dw_vec_fini(&job.feet);
    return code;
}
