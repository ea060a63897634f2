/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell bench`: where the time goes. CPU time, so that a busy machine does not matter much. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/numbers.h"
#include "conf/zones.h"
#include "engine/analysis.h"

static const struct dw_arg rows[] = {
    { "zones", "FILE", "zones to measure with (one that fills the picture)" },
    { "model", "FILE", "person detector, ONNX" },
    { "reid", "FILE", "ReID model, ONNX" },
    { "staff", "FILE", "staff model: what telling staff from shoppers costs" },
    { "set", "KEY=VALUE", "a setting, e.g. detect.again=0 (may be repeated)" },
    { "workers", "N", "detecting threads (one a processor)" },
};

struct job {
    struct dw_analysis_conf conf;
    const char *zones_path;
    struct dw_layout layout;
};

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    double workers = 0;
    if (strcmp(name, "zones") == 0)
        job->zones_path = value;
    else if (strcmp(name, "model") == 0)
        job->conf.model_path = value;
    else if (strcmp(name, "reid") == 0)
        job->conf.reid_path = value;
    else if (strcmp(name, "staff") == 0)
        job->conf.staff_path = value;
    else if (strcmp(name, "set") == 0)
        return dw_settings_set(&job->conf.settings, value, err);
    else if (dw_number_parse(&workers, "--workers", value, 1, 64, err) < 0)
        return -EINVAL;
    else
        job->conf.workers = (int)workers;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    struct job *job = user;
    return dw_args_take_one(&job->conf.url, "video", value, err);
}

static void print_stage(const char *name, int64_t us, int64_t frames)
{
    printf("  %-26s %8.3f\n", name, (double)us / 1e3 / (double)DW_MAX(frames, 1));
}

static void print_result(const struct dw_analysis_result *result)
{
    const struct dw_pipeline_figures *p = &result->pipeline;
    int64_t rest_us = result->cpu_us - p->read_us - p->scale_us - p->infer_us - p->decode_us -
                      p->look_us - result->lane_us - result->output_us - result->staff_us;
    int64_t needed_us = p->read_us + p->scale_us + p->infer_us;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%s\n%lld frames, %.1f s of video in %.1f s: %.1f frames/s, %.1f x real time\n",
           result->model, (long long)p->frames, dw_time_to_seconds(result->end_us), result->seconds,
           (double)p->frames / result->seconds,
           dw_time_to_seconds(result->end_us) / result->seconds);
    printf("looked at: %.1f %% of the frames; nothing had moved on the others\n",
           100 * (double)(p->frames - p->still) / (double)DW_MAX(p->frames, 1));
    puts("CPU time, ms a frame");
    print_stage("read and decode", p->read_us, p->frames);
    print_stage("scale", p->scale_us, p->frames);
    print_stage("infer", p->infer_us, p->frames);
    print_stage("boxes from outputs", p->decode_us, p->frames);
    print_stage("looks of people", p->look_us, p->frames);
    print_stage("track, zones, visits", result->lane_us, p->frames);
    print_stage("staff", result->staff_us, p->frames);
    print_stage("outputs", result->output_us, p->frames);
    print_stage("threads and the rest", rest_us, p->frames);
    print_stage("all", result->cpu_us, p->frames);
    printf("all / (decode + scale + infer): %.3f\n",
           (double)result->cpu_us / (double)DW_MAX(needed_us, 1));
    printf("peak memory: %.1f MB\n", (double)usage.ru_maxrss / 1024);
}

/* Without zones of the user's, one that fills the picture. */
static const char whole_picture[] =
    "{\"zones\":[{\"name\":\"picture\",\"polygon\":[[0,0],[1,0],[1,1],[0,1],[0,0]]}]}";

static int run(struct job *job, struct dw_err *err)
{
    struct dw_analysis_result result;
    int r = job->zones_path != NULL
                ? dw_zones_load(&job->layout, job->zones_path, &job->conf.settings.zone, err)
                : dw_zones_parse(&job->layout, whole_picture, sizeof(whole_picture) - 1,
                                 &job->conf.settings.zone, err);
    job->conf.layout = &job->layout;
    if (r == 0)
        r = dw_analysis_run(&job->conf, &result, err);
    if (r == 0)
        print_result(&result);
    return r;
}

int dw_cmd_bench(int argc, char **argv)
{
    struct dw_args args = {
        .command = "bench",
        .synopsis = "VIDEO [--zones FILE] [--model FILE] [--workers N] [--set KEY=VALUE]",
        .about =
            "Analyses a video and says where the time went, stage by stage, and how much memory\n"
            "it took.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { .conf = { .settings = dw_settings_default(),
                                 .start_wall_us = 0,
                                 .site = "bench",
                                 .camera = "bench" } };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    if (job.conf.url == NULL)
        return dw_args_wrong(&args, "wants a video");
    struct dw_err err = { 0 };
    int r = run(&job, &err);
    dw_layout_fini(&job.layout);
    return r < 0 ? dw_args_failed(&args, &err) : 0;
}
