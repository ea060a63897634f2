/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/analysis.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "conf/ground.h"
#include "core/lane.h"
#include "detect/detector.h"
#include "media/url.h"

/* Progress is told this often, in wall time. */
#define PROGRESS_S 0.25

struct open_output {
    const struct dw_output_impl *impl;
    void *self;
};

struct analysis {
    const struct dw_analysis_conf *conf;
    struct dw_analysis_result *result;
    struct dw_source *source;
    struct dw_detector *detector;
    struct dw_appear *appear; /* NULL: no pictures, or nobody asks what people look like */
    struct dw_lane *lane;
    struct dw_doubt *doubt; /* NULL when there is no store to keep what it finds */
    struct dw_occupancy *occupancy;
    struct dw_alerts *alerts;
    struct dw_output_context context;
    struct dw_buf settings, identity;
    char *source_name; /* without password */
    struct open_output outputs[DW_OUTPUTS_MAX];
    size_t output_count;
    DW_VEC(struct dw_lane_event) events; /* the lane's, with ids */
    DW_VEC(struct dw_alert_event) alert_events;
    int64_t last_us, last_interval_us;
    bool any_frame;
    double started_s, told_s;
    int64_t started_cpu_us;
};

static double clock_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int64_t cpu_us(clockid_t clock)
{
    return (int64_t)(clock_s(clock) * 1e6);
}

static void close_all(struct analysis *analysis)
{
    for (size_t i = 0; i < analysis->output_count; i++)
        analysis->outputs[i].impl->close(analysis->outputs[i].self);
    dw_lane_destroy(analysis->lane);
    dw_doubt_destroy(analysis->doubt);
    dw_occupancy_destroy(analysis->occupancy);
    dw_alerts_destroy(analysis->alerts);
    dw_detector_destroy(analysis->detector);
    dw_appear_destroy(analysis->appear);
    dw_source_destroy(analysis->source);
    dw_buf_fini(&analysis->settings);
    dw_buf_fini(&analysis->identity);
    free(analysis->source_name);
    dw_vec_fini(&analysis->events);
    dw_vec_fini(&analysis->alert_events);
}

/* For files without a recording time: the file was last written when the recording ended. */
static int64_t guess_start(const char *url, const struct dw_source_info *info)
{
    struct stat status;
    if (!info->live && stat(url, &status) == 0)
        return (int64_t)status.st_mtim.tv_sec * DW_SECOND_US - info->duration_us;
    return (int64_t)(clock_s(CLOCK_REALTIME) * 1e6);
}

static int64_t start_wall(const struct dw_analysis_conf *conf, const struct dw_source_info *info)
{
    if (conf->start_wall_us != INT64_MIN)
        return conf->start_wall_us;
    return info->start_wall_us != 0 ? info->start_wall_us : guess_start(conf->url, info);
}

static int open_detector(struct analysis *analysis, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    char path[4096];
    struct dw_detector_conf detector = { conf->model_path, NULL, conf->settings.detect_score };
    if (conf->model_path == NULL) {
        int r = dw_model_find(path, sizeof(path), err);
        if (r < 0)
            return r;
        detector.model_path = path;
    }
    int r = dw_detector_create(&analysis->detector, &detector, err);
    if (r < 0)
        return r;
    const struct dw_detector_info *info = dw_detector_info(analysis->detector);
    const char *slash = strrchr(detector.model_path, '/');
    snprintf(analysis->result->model, sizeof(analysis->result->model), "%.100s (%s, %dx%d)",
             slash != NULL ? slash + 1 : detector.model_path, info->layout, info->width_px,
             info->height_px);
    return 0;
}

static int open_appear(struct analysis *analysis, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    struct dw_appear_conf appear = { conf->reid_path, NULL };
    bool wanted = conf->settings.track.link.look_trust > 0;
    return wanted ? dw_appear_create(&analysis->appear, &appear, err) : 0;
}

static int open_source(struct analysis *analysis, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    int r = dw_source_create(&analysis->source, conf->url, &conf->source, err);
    if (r < 0)
        return r;
    bool pictures = strcmp(dw_source_info(analysis->source)->kind, "detections") != 0;
    for (size_t i = 0; i < conf->output_count && !pictures; i++)
        if (strcmp(conf->outputs[i].name, "overlay") == 0)
            return dw_fail(err, -EINVAL,
                           "'%s' holds detections and no pictures: leave --overlay out", conf->url);
    if (!pictures && conf->reid_path != NULL)
        return dw_fail(err, -EINVAL, "'%s' holds detections and no pictures: leave --reid out",
                       conf->url);
    if (!pictures)
        return 0;
    r = open_detector(analysis, err);
    return r == 0 ? open_appear(analysis, err) : r;
}

/*
 * The same text for the same input, so that its visits get the same ids and replace each other in a
 * store. A stream, or a file that the user says began at another time, is another input; when a
 * file was copied is not.
 */
static void identify(struct analysis *analysis, const struct dw_source_info *info,
                     int64_t start_wall_us)
{
    dw_buf_puts(&analysis->identity, info->identity);
    if (info->live || analysis->conf->start_wall_us != INT64_MIN)
        dw_buf_printf(&analysis->identity, "@%lld", (long long)start_wall_us);
}

/* What happened longer ago than this cannot change any more. */
static int64_t settle_time(const struct analysis *analysis)
{
    int64_t longest_us = 0;
    const struct dw_layout *layout = analysis->conf->layout;
    for (size_t i = 0; i < layout->zone_count; i++)
        longest_us = DW_MAX(longest_us, dw_zone_rules_final_us(&layout->zones[i].rules));
    const struct dw_track_params *track = &analysis->conf->settings.track;
    return longest_us + track->lost_us + track->confirm_us + DW_SECOND_US;
}

/* Scores mean something else with each model: unless the user says, the model does. */
static struct dw_track_params track_params(const struct analysis *analysis)
{
    struct dw_track_params params = analysis->conf->settings.track;
    struct dw_track_params usual = dw_track_params_default();
    if (analysis->detector != NULL) {
        usual.high = dw_detector_info(analysis->detector)->certain;
        usual.birth = dw_detector_info(analysis->detector)->birth;
    }
    params.high = params.high >= 0 ? params.high : usual.high;
    params.birth = params.birth >= 0 ? params.birth : usual.birth;
    return params;
}

static void open_watch(struct analysis *analysis, const struct dw_source_info *info,
                       int64_t start_wall_us)
{
    const struct dw_layout *layout = analysis->conf->layout;
    struct dw_occupancy_conf conf = { layout, info->width_px, info->height_px, start_wall_us };
    analysis->occupancy = dw_occupancy_create(&conf);
    analysis->alerts = dw_alerts_create(layout);
}

static int open_lane(struct analysis *analysis, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    const struct dw_source_info *info = dw_source_info(analysis->source);
    struct dw_lane_conf lane = {
        .layout = conf->layout,
        .width_px = info->width_px,
        .height_px = info->height_px,
        .interval_us = info->fps > 0 ? dw_time_from_seconds(1 / info->fps) : 100000,
        .track = track_params(analysis),
    };
    if (conf->ground_path != NULL) {
        int r =
            dw_ground_load(&lane.ground, conf->ground_path, info->width_px, info->height_px, err);
        if (r < 0)
            return r;
    }
    analysis->lane = dw_lane_create(&lane);
    for (size_t i = 0; i < conf->output_count && analysis->doubt == NULL; i++)
        if (strcmp(conf->outputs[i].name, "store") == 0)
            analysis->doubt = dw_doubt_create(&lane);
    analysis->last_interval_us = lane.interval_us;
    dw_settings_print(&conf->settings, &analysis->settings);
    analysis->source_name = dw_url_redact(conf->url);
    int64_t start_wall_us = start_wall(conf, info);
    identify(analysis, info, start_wall_us);
    open_watch(analysis, info, start_wall_us);
    analysis->context = (struct dw_output_context){
        .record = {
            .site = conf->site,
            .camera = conf->camera,
            .layout = conf->layout,
            .width_px = info->width_px,
            .height_px = info->height_px,
            .start_wall_us = start_wall_us,
        },
        .source = analysis->source_name,
        .identity = dw_buf_text(&analysis->identity),
        .model = analysis->result->model,
        .settings = dw_buf_text(&analysis->settings),
        .lane = analysis->lane,
        .occupancy = analysis->occupancy,
        .utc_offset_us = conf->utc_offset_us,
        .fps = info->fps,
        .settle_us = settle_time(analysis),
    };
    return 0;
}

static int open_outputs(struct analysis *analysis, struct dw_err *err)
{
    for (size_t i = 0; i < analysis->conf->output_count; i++) {
        struct open_output *output = &analysis->outputs[i];
        output->impl = dw_output_find(analysis->conf->outputs[i].name);
        int r = output->impl->open(&output->self, analysis->conf->outputs[i].path,
                                   &analysis->context, err);
        if (r < 0)
            return r;
        analysis->output_count = i + 1;
    }
    return 0;
}

static int open_all(struct analysis *analysis, struct dw_err *err)
{
    int r = open_source(analysis, err);
    if (r == 0)
        r = open_lane(analysis, err);
    return r == 0 ? open_outputs(analysis, err) : r;
}

static void count_event(struct dw_analysis_result *result, const struct dw_lane_event *event)
{
    result->crossings += event->kind == DW_LANE_CROSSED;
    result->visits += event->kind == DW_LANE_FINISHED && !event->visit.pass;
    result->passes += event->kind == DW_LANE_FINISHED && event->visit.pass;
}

static void identify_events(struct analysis *analysis, struct dw_output_moment *moment)
{
    dw_vec_clear(&analysis->events);
    for (size_t i = 0; i < moment->lane.event_count; i++) {
        struct dw_lane_event *event = dw_vec_add(&analysis->events);
        *event = moment->lane.events[i];
        count_event(analysis->result, event);
        if (event->kind != DW_LANE_CROSSED)
            dw_output_identify(&analysis->context, &event->visit);
    }
    moment->lane.events = analysis->events.items;
    dw_vec_clear(&analysis->alert_events);
    for (size_t i = 0; i < moment->alerts.count; i++) {
        struct dw_alert_event *event = dw_vec_add(&analysis->alert_events);
        *event = moment->alerts.events[i];
        dw_output_identify_alert(&analysis->context, &event->alert);
    }
    moment->alerts.events = analysis->alert_events.items;
}

/* Gives the events their ids and hands everything to the outputs. */
static int give_out(struct analysis *analysis, struct dw_output_moment *moment, struct dw_err *err)
{
    int64_t before_us = cpu_us(CLOCK_THREAD_CPUTIME_ID);
    identify_events(analysis, moment);
    if (analysis->conf->observe != NULL)
        analysis->conf->observe(analysis->conf->user, moment);
    int r = 0;
    for (size_t i = 0; r == 0 && i < analysis->output_count; i++)
        r = analysis->outputs[i].impl->take(analysis->outputs[i].self, moment, err);
    analysis->result->output_us += cpu_us(CLOCK_THREAD_CPUTIME_ID) - before_us;
    return r;
}

static void tell_progress(struct analysis *analysis)
{
    double now_s = clock_s(CLOCK_MONOTONIC);
    if (analysis->conf->progress == NULL || now_s - analysis->told_s < PROGRESS_S)
        return;
    analysis->told_s = now_s;
    const struct dw_source_info *info = dw_source_info(analysis->source);
    struct dw_progress progress = {
        .frames = analysis->result->pipeline.frames,
        .time_us = analysis->last_us,
        .total_us = info->duration_us,
        .total_frames = info->frame_count,
        .seconds = now_s - analysis->started_s,
        .visits = analysis->result->visits,
    };
    analysis->conf->progress(analysis->conf->user, &progress);
}

/* A span without usable pictures lies before this frame. */
static int take_gap(struct analysis *analysis, const struct dw_frame *frame, struct dw_err *err)
{
    struct dw_gap gap = { analysis->last_us + analysis->last_interval_us, frame->time_us,
                          "stream jump" };
    struct dw_output_moment moment = {
        .time_us = gap.start_us,
        .lane = dw_lane_gap(analysis->lane, frame->time_us),
        .occupancy = dw_occupancy_stop(analysis->occupancy, gap.start_us),
        .alerts = dw_alerts_stop(analysis->alerts, gap.start_us, DW_ALERT_GAP),
        .gap = &gap,
    };
    if (analysis->doubt != NULL)
        moment.doubt_count = dw_doubt_gap(analysis->doubt, frame->time_us, &moment.doubt);
    return give_out(analysis, &moment, err);
}

/* Who is there on this frame, and what staff should be told about it. */
static void watch(struct analysis *analysis, struct dw_output_moment *moment)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    int64_t wall_us = analysis->context.record.start_wall_us + moment->time_us;
    int64_t offset_us =
        conf->local_offset_us != NULL ? conf->local_offset_us(wall_us) : conf->utc_offset_us;
    struct dw_occupancy_input seen = { moment->time_us, dw_lane_interval_us(analysis->lane),
                                       moment->lane.live, moment->lane.live_count };
    moment->occupancy = dw_occupancy_step(analysis->occupancy, &seen);
    struct dw_alert_moment now = { .time_us = moment->time_us,
                                   .week_minute = dw_hours_week_minute(wall_us + offset_us) };
    now.present = dw_occupancy_present(analysis->occupancy, &now.present_count);
    moment->alerts = dw_alerts_step(analysis->alerts, &now);
}

static int take_item(struct analysis *analysis, const struct dw_pipeline_item *item,
                     struct dw_err *err)
{
    const struct dw_frame *frame = item->frame;
    if (frame->gap_us > 0 && analysis->any_frame) {
        int r = take_gap(analysis, frame, err);
        if (r < 0)
            return r;
    }
    struct dw_track_input input = { frame->time_us, frame->index, item->detections, item->count,
                                    item->looks };
    int64_t before_us = cpu_us(CLOCK_THREAD_CPUTIME_ID);
    struct dw_output_moment moment = {
        .frame = frame,
        .time_us = frame->time_us,
        .lane = dw_lane_step(analysis->lane, &input),
    };
    watch(analysis, &moment);
    if (analysis->doubt != NULL)
        moment.doubt_count = dw_doubt_step(analysis->doubt, &input, &moment.doubt);
    analysis->result->lane_us += cpu_us(CLOCK_THREAD_CPUTIME_ID) - before_us;
    analysis->last_us = frame->time_us;
    analysis->last_interval_us = dw_lane_interval_us(analysis->lane);
    analysis->any_frame = true;
    return give_out(analysis, &moment, err);
}

static bool asked_to_stop(const struct analysis *analysis)
{
    const atomic_bool *stop = analysis->conf->source.stop;
    return stop != NULL && atomic_load(stop);
}

/* Frame by frame. 0: the source ended (or was stopped); an output's failure otherwise. A source
 * that breaks off is told in `broken`, because what was measured is written all the same. */
static int measure(struct analysis *analysis, struct dw_pipeline *pipeline, int *broken,
                   struct dw_err *err)
{
    for (;;) {
        struct dw_pipeline_item item = { 0 };
        int r = dw_pipeline_next(pipeline, &item, err);
        if (r <= 0) {
            *broken = r;
            return 0;
        }
        DW_AUTO(frame) *frame = item.frame;
        r = take_item(analysis, &item, err);
        if (r < 0)
            return r;
        analysis->result->pipeline = dw_pipeline_figures(pipeline);
        tell_progress(analysis);
    }
}

static int finish_outputs(struct analysis *analysis, bool complete, struct dw_err *err)
{
    int64_t end_us = analysis->any_frame ? analysis->last_us + analysis->last_interval_us : 0;
    struct dw_output_moment moment = {
        .time_us = end_us,
        .lane = dw_lane_finish(analysis->lane, end_us, DW_END_STOPPED),
        .occupancy = dw_occupancy_finish(analysis->occupancy, end_us),
        .alerts = dw_alerts_stop(analysis->alerts, end_us, DW_ALERT_STOPPED),
    };
    if (analysis->doubt != NULL)
        moment.doubt_count =
            dw_doubt_finish(analysis->doubt, end_us, DW_END_STOPPED, &moment.doubt);
    analysis->result->end_us = end_us;
    int r = give_out(analysis, &moment, err);
    int64_t before_us = cpu_us(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; r == 0 && i < analysis->output_count; i++)
        r = analysis->outputs[i].impl->finish(analysis->outputs[i].self, end_us, complete, err);
    analysis->result->output_us += cpu_us(CLOCK_THREAD_CPUTIME_ID) - before_us;
    return r;
}

static int run(struct analysis *analysis, struct dw_err *err)
{
    struct dw_pipeline_conf conf = {
        .source = analysis->source,
        .detector = analysis->detector,
        .appear = analysis->appear,
        .workers = analysis->conf->workers,
        .paced = analysis->conf->paced,
        .stop = analysis->conf->source.stop,
    };
    DW_AUTO(pipeline) *pipeline = NULL;
    int r = dw_pipeline_create(&pipeline, &conf, err);
    if (r < 0)
        return r;
    int broken = 0;
    struct dw_err why = { 0 };
    r = measure(analysis, pipeline, &broken, &why);
    if (r < 0) {
        *err = why;
        return r;
    }
    analysis->result->pipeline = dw_pipeline_figures(pipeline);
    analysis->result->stopped = asked_to_stop(analysis);
    r = finish_outputs(analysis, broken == 0 && !analysis->result->stopped, err);
    if (r == 0 && broken < 0) {
        *err = why;
        return broken;
    }
    return r;
}

static void add_warning(struct dw_analysis_result *result, const char *warning)
{
    size_t length = strlen(result->warning);
    if (warning != NULL)
        snprintf(result->warning + length, sizeof(result->warning) - length, "%s%s",
                 length > 0 ? "; " : "", warning);
}

static void collect_warnings(const struct analysis *analysis)
{
    add_warning(analysis->result, dw_source_warning(analysis->source));
    for (size_t i = 0; i < analysis->output_count; i++) {
        const struct open_output *output = &analysis->outputs[i];
        if (output->impl->warning != NULL)
            add_warning(analysis->result, output->impl->warning(output->self));
    }
}

int dw_analysis_run(const struct dw_analysis_conf *conf, struct dw_analysis_result *result,
                    struct dw_err *err)
{
    *result = (struct dw_analysis_result){ 0 };
    struct analysis analysis = { .conf = conf, .result = result };
    int r = open_all(&analysis, err);
    if (r == 0) {
        analysis.started_s = clock_s(CLOCK_MONOTONIC);
        analysis.started_cpu_us = cpu_us(CLOCK_PROCESS_CPUTIME_ID);
        r = run(&analysis, err);
        result->seconds = clock_s(CLOCK_MONOTONIC) - analysis.started_s;
        result->cpu_us = cpu_us(CLOCK_PROCESS_CPUTIME_ID) - analysis.started_cpu_us;
        collect_warnings(&analysis);
    }
    close_all(&analysis);
    return r;
}
