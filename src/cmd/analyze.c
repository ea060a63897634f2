/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell analyze`: the main job. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/numbers.h"
#include "cmd/summary.h"
#include "conf/zones.h"
#include "engine/analysis.h"
#include "insight/local_day.h"
#include "media/url.h"

static const struct dw_arg rows[] = {
    { "zones", "FILE", "zones and lines, JSON (required; see 'dwell zones')" },
    { "visits", "FILE", "write visits, JSON Lines ordered by exit ('-': standard output)" },
    { "tracks", "FILE", "write frame,person,x,y,w,h,score,-1,-1,-1" },
    { "alerts", "FILE",
      "write how many are in each zone, alerts, and roles found later: JSON Lines" },
    { "events", "FILE", "write Azure Spatial Analysis messages, schema 2.0, JSON Lines" },
    { "store", "FILE",
      "add everything measured to a store (or postgresql://...), for 'dwell report'" },
    { "overlay", "FILE", "write the video as MP4 with zones, people and seconds drawn" },
    { "set", "KEY=VALUE", "a setting for all zones, e.g. zone.grace=1 (may be repeated)" },
    { "config", "FILE", "settings from a YAML file" },
    { "model", "FILE", "person detector, ONNX (else the one that set-up imported)" },
    { "reid", "FILE", "ReID model, ONNX, to tell people apart (else by colours)" },
    { "staff", "FILE", "staff model of 'dwell staff train': tells staff from shoppers" },
    { "staff-set", "FOLDER", "keep what people look like, and a tile of each, for labelling" },
    { "ground", "FILE", "ground plane of the camera, JSON: gives speeds in m/s" },
    { "start", "TIME", "wall time of the first frame, e.g. 2026-11-22T09:00:00Z" },
    { "tz", "NAME", "time zone of the shop for opening hours and days: Europe/Berlin (UTC)" },
    { "fps", "F", "frames a second of a detections file" },
    { "size", "WxH", "picture size of a detections file, pixels" },
    { "site", "NAME", "name of the shop in the records (site)" },
    { "camera", "NAME", "name of the camera in the records (the source's file name)" },
    { "workers", "N", "detecting threads (one a processor)" },
    { "realtime", NULL, "play a file at its own speed, as a camera would" },
    { "list-settings", NULL, "print all settings with their defaults, and leave" },
};

static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

struct job {
    struct dw_analysis_conf conf;
    struct dw_layout layout;
    const char *zones_path, *time_zone;
    struct dw_summary summary;
    bool list;
    char camera[128];
};

static bool is_output(const char *name)
{
    return dw_output_find(name) != NULL;
}

static int take_output(struct dw_analysis_conf *conf, const char *name, const char *path,
                       struct dw_err *err)
{
    if (conf->output_count == DW_OUTPUTS_MAX)
        return dw_fail(err, -EINVAL, "at most %d outputs are possible", DW_OUTPUTS_MAX);
    conf->outputs[conf->output_count].name = name;
    conf->outputs[conf->output_count++].path = path;
    return 0;
}

/* Options whose value is text to keep. */
static const char **text_field(struct job *job, const char *name)
{
    struct dw_analysis_conf *conf = &job->conf;
    const struct {
        const char *name, **field;
    } fields[] = {
        { "zones", &job->zones_path }, { "model", &conf->model_path },
        { "reid", &conf->reid_path },  { "ground", &conf->ground_path },
        { "site", &conf->site },       { "camera", &conf->camera },
        { "tz", &job->time_zone },     { "staff", &conf->staff_path },
    };
    for (size_t i = 0; i < DW_LENGTH(fields); i++)
        if (strcmp(fields[i].name, name) == 0)
            return fields[i].field;
    return NULL;
}

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    assert(job != NULL);
    struct dw_analysis_conf *conf = &job->conf;
    const char **text = text_field(job, name);
    double number = 0;
    if (text != NULL) {
        *text = value;
        return 0;
    }
    if (is_output(name))
        return take_output(conf, name, value, err);
    if (strcmp(name, "set") == 0)
        return dw_settings_set(&conf->settings, value, err);
    if (strcmp(name, "config") == 0)
        return dw_settings_load(&conf->settings, value, err);
    if (strcmp(name, "start") == 0)
        return dw_time_parse(&conf->start_wall_us, value, err);
    if (strcmp(name, "size") == 0)
        return dw_size_parse(&conf->source.width_px, &conf->source.height_px, "--size", value, err);
    if (strcmp(name, "fps") == 0)
        return dw_number_parse(&conf->source.fps, "--fps", value, 0.01, 1000, err);
    if (strcmp(name, "realtime") == 0)
        conf->paced = true;
    else if (strcmp(name, "list-settings") == 0)
        job->list = true;
    else {
        int r = dw_number_parse(&number, "--workers", value, 1, 64, err);
        conf->workers = (int)number;
        return r;
    }
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    struct job *job = user;
    return dw_args_take_one(&job->conf.url, "source", value, err);
}

/* A camera without a name is called as its file is, without folder and ending. Nothing of an
 * address's user, password or parameters gets into the name. */
static void name_camera(struct job *job)
{
    if (job->conf.camera != NULL)
        return;
    const char *scheme = strstr(job->conf.url, "://");
    const char *secret_end = scheme != NULL ? strrchr(scheme, '@') : NULL;
    const char *base = scheme != NULL ? scheme + 3 : job->conf.url;
    if (secret_end != NULL)
        base = secret_end + 1;
    const char *end = base + strcspn(base, scheme != NULL ? "?#" : "");
    for (const char *at = base; at + 1 < end; at++)
        if (*at == '/')
            base = at + 1;
    const char *dot = scheme == NULL ? strrchr(base, '.') : NULL;
    size_t length = (size_t)((dot != NULL ? dot : end) - base);
    snprintf(job->camera, sizeof(job->camera), "%.*s", (int)DW_MIN(length, (size_t)100), base);
    job->conf.camera = job->camera[0] != '\0' ? job->camera : "camera";
}

static void show_progress(void *user, const struct dw_progress *progress)
{
    (void)user;
    double done_s = dw_time_to_seconds(progress->time_us);
    double total_s = dw_time_to_seconds(progress->total_us);
    fprintf(stderr, "\r\033[K");
    if (progress->total_us > 0)
        fprintf(stderr, "%3.0f %%  ", DW_MIN(100 * done_s / total_s, 100));
    fprintf(stderr, "%.0f s measured, %lld frames, %.0f frames/s (%.1f x real time), %lld visits",
            done_s, (long long)progress->frames, (double)progress->frames / progress->seconds,
            done_s / progress->seconds, (long long)progress->visits);
    if (progress->total_us > 0 && done_s > 0)
        fprintf(stderr, ", %.0f s left",
                DW_MAX((total_s - done_s) * progress->seconds / done_s, 0));
    fflush(stderr);
}

static void observe(void *user, const struct dw_output_moment *moment)
{
    struct job *job = user;
    dw_summary_take(&job->summary, &moment->lane);
}

static void list_settings(void)
{
    size_t count = 0;
    const struct dw_option *options = dw_options(&count);
    struct dw_settings settings = dw_settings_default();
    for (size_t i = 0; i < count; i++) {
        struct dw_buf value = { 0 };
        dw_option_print(&options[i], &settings, &value);
        printf("%-22s %-10s %s\n", options[i].name, dw_buf_text(&value), options[i].help);
        dw_buf_fini(&value);
    }
}

static bool writes_to_stdout(const struct dw_analysis_conf *conf)
{
    for (size_t i = 0; i < conf->output_count; i++)
        if (strcmp(conf->outputs[i].path, "-") == 0)
            return true;
    return false;
}

/* Before threads start: the time zone is the whole program's. */
static int set_time_zone(struct job *job, struct dw_err *err)
{
    struct dw_analysis_conf *conf = &job->conf;
    int r = dw_local_zone_set(job->time_zone, err);
    if (r < 0)
        return dw_fail_within(err, r, "--tz");
    bool known = conf->start_wall_us != INT64_MIN;
    int64_t about_us = known ? conf->start_wall_us : (int64_t)time(NULL) * DW_SECOND_US;
    conf->utc_offset_us = dw_local_standard_offset(about_us);
    conf->local_offset_us = dw_local_offset;
    return 0;
}

static int run(struct job *job, const struct dw_args *args)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    job->conf.source.stop = &stop;
    job->conf.source.sandboxed = !dw_url_is_file(job->conf.url);
    job->conf.observe = observe;
    job->conf.user = job;
    bool terminal = isatty(STDERR_FILENO) == 1;
    if (terminal)
        job->conf.progress = show_progress;

    struct dw_analysis_result result = { 0 };
    struct dw_err err = { 0 };
    int r = set_time_zone(job, &err);
    if (r == 0)
        r = dw_zones_load(&job->layout, job->zones_path, &job->conf.settings.zone, &err);
    if (r < 0)
        return dw_args_failed(args, &err);
    job->conf.layout = &job->layout;
    r = dw_analysis_run(&job->conf, &result, &err);
    if (terminal)
        fputs("\r\033[K", stderr);
    if (result.warning[0] != '\0')
        fprintf(stderr, "dwell analyze: note: %s\n", result.warning);
    if (result.end_us > 0 && !writes_to_stdout(&job->conf))
        dw_summary_print(&job->summary, &job->layout, &result);
    return r < 0 ? dw_args_failed(args, &err) : 0;
}

int dw_cmd_analyze(int argc, char **argv)
{
    struct dw_args args = {
        .command = "analyze",
        .synopsis = "SOURCE --zones FILE [options]",
        .about =
            "Measures who stays how long in which zone. SOURCE is a video file, an http, https or\n"
            "rtsp address, or a detections file (.csv: frame,id,x,y,w,h,score in pixels).",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = {
        .conf = { .settings = dw_settings_default(), .start_wall_us = INT64_MIN, .site = "site" }
    };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    if (job.list) {
        list_settings();
        return 0;
    }
    if (job.conf.url == NULL)
        return dw_args_wrong(&args, "wants a video, a stream or a detections file");
    if (job.zones_path == NULL)
        return dw_args_wrong(&args, "wants --zones FILE; 'dwell zones %s' helps to draw them",
                             job.conf.url);
    name_camera(&job);
    int code = run(&job, &args);
    dw_summary_fini(&job.summary);
    dw_layout_fini(&job.layout);
    return code;
}
