/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/analysis.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "conf/ground.h"
#include "core/lane.h"
#include "detect/detector.h"
#include "engine/roles.h"
#include "media/url.h"

/* Progress is told this often, in wall time. */
#define PROGRESS_S 0.25
#define AWAY "camera down"
#define BLIND_MAX 5
#define BELIEVED_US (10 * DW_SECOND_US) /* a camera's clock that is further off is wrong */

struct open_output {
    const struct dw_output_impl *impl;
    void *self;
};

/* What belongs to one run of the store: measured without a break, with one layout. */
struct run {
    const struct dw_layout *layout;
    struct dw_lane *lane;
    struct dw_staff_watch *staff; /* NULL: nobody is called staff or shopper */
    struct dw_staff_seat *seat;   /* ... or all this is done at the site's desk */
    struct dw_roles roles;
    struct dw_doubt *doubt; /* NULL when there is no store to keep what it finds */
    struct dw_occupancy *occupancy;
    struct dw_alerts *alerts;
    struct dw_output_context context;
    struct dw_buf identity;
    struct open_output outputs[DW_OUTPUTS_MAX];
    size_t output_count;
    int64_t base_us, base_index; /* of the source, at the run's first frame */
    int64_t last_us;             /* of the run, as all times below */
    int64_t last_index, gap_end_us;
    double birth; /* the score from which on a detection may become a person */
    bool any_frame;
    bool quiet; /* nobody was seen on the last frame */
    bool away;  /* the source is gone, or was until the next frame */
    int64_t away_us;
};

struct analysis {
    const struct dw_analysis_conf *conf;
    struct dw_analysis_result *result;
    struct dw_source *source;
    const struct dw_detector *detector; /* NULL: frames bring detections */
    struct dw_detector *own_detector;   /* NULL: it is the caller's */
    struct dw_appear *appear; /* NULL: no pictures, or nobody asks what people look like */
    struct dw_cover *cover, *own_cover;
    struct dw_buf settings;
    char *source_name; /* without password */
    struct run run;
    DW_VEC(struct dw_lane_event) events; /* the lane's, with ids */
    DW_VEC(struct dw_alert_event) alert_events;
    int blind; /* attempts that brought packets, but no picture */
    int64_t last_interval_us;
    int64_t last_clock_us; /* when the last frame came, or the source was first asked for */
    double started_s, told_s;
    int64_t started_cpu_us;
};

static void close_run(struct run *run)
{
    for (size_t i = 0; i < run->output_count; i++)
        run->outputs[i].impl->close(run->outputs[i].self);
    dw_lane_destroy(run->lane);
    dw_staff_watch_destroy(run->staff);
    dw_staff_seat_destroy(run->seat);
    dw_roles_fini(&run->roles);
    dw_doubt_destroy(run->doubt);
    dw_occupancy_destroy(run->occupancy);
    dw_alerts_destroy(run->alerts);
    dw_buf_fini(&run->identity);
    *run = (struct run){ 0 };
}

static void close_all(struct analysis *analysis)
{
    close_run(&analysis->run);
    dw_detector_destroy(analysis->own_detector);
    dw_appear_destroy(analysis->appear);
    dw_source_destroy(analysis->source);
    dw_cover_destroy(analysis->own_cover);
    dw_buf_fini(&analysis->settings);
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
    return dw_now_us();
}

static int64_t start_wall(const struct dw_analysis_conf *conf, const struct dw_source_info *info)
{
    if (conf->start_wall_us != INT64_MIN)
        return conf->start_wall_us;
    return info->start_wall_us != 0 ? info->start_wall_us : guess_start(conf->url, info);
}

static void describe_model(struct analysis *analysis, const char *path)
{
    const struct dw_detector_info *info = dw_detector_info(analysis->detector);
    const char *slash = strrchr(path, '/');
    snprintf(analysis->result->model, sizeof(analysis->result->model), "%.100s (%s, %dx%d)",
             slash != NULL ? slash + 1 : path, info->layout, info->width_px, info->height_px);
}

static int open_own_detector(struct analysis *analysis, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    char path[4096];
    struct dw_detector_conf detector = { conf->model_path, NULL, conf->settings.detect_score };
    if (conf->model_path == NULL) {
        int r = dw_model_find(path, sizeof(path), NULL, err);
        if (r < 0)
            return r;
        detector.model_path = path;
    }
    int r = dw_detector_create(&analysis->own_detector, &detector, err);
    if (r < 0)
        return r;
    analysis->detector = analysis->own_detector;
    describe_model(analysis, detector.model_path);
    return 0;
}

static int open_detector(struct analysis *analysis, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    if (conf->detector == NULL)
        return open_own_detector(analysis, err);
    const char *path = NULL;
    int r = conf->detector(conf->user, dw_source_info(analysis->source), &analysis->detector, &path,
                           err);
    if (r == 0)
        describe_model(analysis, path);
    return r;
}

static int open_appear(struct analysis *analysis, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    struct dw_appear_conf appear = { .model_path = conf->reid_path };
    bool wanted = conf->settings.track.link.look_trust > 0;
    return wanted ? dw_appear_create(&analysis->appear, &appear, err) : 0;
}

/* An option that asks for something of the pictures, or NULL. */
static const char *needs_pictures(const struct dw_analysis_conf *conf)
{
    static const char *const outputs[] = { "overlay", "staff-set" };
    for (size_t i = 0; i < conf->output_count; i++)
        for (size_t k = 0; k < DW_LENGTH(outputs); k++)
            if (strcmp(conf->outputs[i].name, outputs[k]) == 0)
                return outputs[k];
    if (conf->reid_path != NULL)
        return "reid";
    return conf->staff_path != NULL ? "staff" : NULL;
}

/* Suspended machines age, too. */
static int64_t clock_now(void)
{
    return dw_clock_us(CLOCK_BOOTTIME);
}

/* Some cameras begin with a whole picture only every 10 s: who never saw one waits longer. */
static int open_once(struct analysis *analysis, struct dw_err *err)
{
    struct dw_source_conf source = analysis->conf->source;
    source.picture_us = analysis->blind >= BLIND_MAX ? 4 * source.timeout_us : 0;
    int r = dw_source_create(&analysis->source, analysis->conf->url, &source, err);
    analysis->blind += r == -ENODATA;
    return r;
}

/* Tries for as long as the caller wants to. */
static int open_at_last(struct analysis *analysis, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    analysis->last_clock_us = clock_now();
    struct dw_err why = { 0 };
    int r = open_once(analysis, &why);
    while (r < 0 && conf->again != NULL && conf->again(conf->user, &why)) {
        analysis->run.away = true;
        r = open_once(analysis, &why);
    }
    return r < 0 ? dw_fail(err, r, "%s", why.text) : r;
}

static int open_source(struct analysis *analysis, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    int r = open_at_last(analysis, err);
    if (r < 0)
        return r;
    bool pictures = strcmp(dw_source_info(analysis->source)->kind, "detections") != 0;
    const char *not_possible = needs_pictures(conf);
    if (!pictures && not_possible != NULL)
        return dw_fail(err, -EINVAL, "'%s' holds detections and no pictures: leave --%s out",
                       conf->url, not_possible);
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
    struct dw_buf *identity = &analysis->run.identity;
    dw_buf_puts(identity, info->identity);
    if (info->live || analysis->conf->start_wall_us != INT64_MIN)
        dw_buf_printf(identity, "@%lld", (long long)start_wall_us);
}

/* What happened longer ago than this cannot change any more. */
static int64_t settle_time(const struct analysis *analysis)
{
    int64_t longest_us = 0;
    const struct dw_layout *layout = analysis->run.layout;
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
    const struct dw_layout *layout = analysis->run.layout;
    struct dw_occupancy_conf conf = { layout, info->width_px, info->height_px, start_wall_us };
    analysis->run.occupancy = dw_occupancy_create(&conf);
    analysis->run.alerts = dw_alerts_create(layout);
}

static int lane_conf(const struct analysis *analysis, struct dw_lane_conf *lane, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    const struct dw_source_info *info = dw_source_info(analysis->source);
    *lane = (struct dw_lane_conf){
        .layout = analysis->run.layout,
        .width_px = info->width_px,
        .height_px = info->height_px,
        .interval_us = analysis->last_interval_us,
        .track = track_params(analysis),
    };
    if (conf->ground_path == NULL)
        return 0;
    return dw_ground_load(&lane->ground, conf->ground_path, info->width_px, info->height_px, err);
}

static bool has_store(const struct dw_analysis_conf *conf)
{
    for (size_t i = 0; i < conf->output_count; i++)
        if (strcmp(conf->outputs[i].name, "store") == 0)
            return true;
    return false;
}

static void open_context(struct analysis *analysis, int64_t start_wall_us)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    const struct dw_source_info *info = dw_source_info(analysis->source);
    struct run *run = &analysis->run;
    run->context = (struct dw_output_context){
        .record = {
            .site = conf->site,
            .camera = conf->camera,
            .layout = run->layout,
            .width_px = info->width_px,
            .height_px = info->height_px,
            .start_wall_us = start_wall_us,
        },
        .source = analysis->source_name,
        .identity = dw_buf_text(&run->identity),
        .model = analysis->result->model,
        .settings = dw_buf_text(&analysis->settings),
        .reid = conf->reid_path,
        .lane = run->lane,
        .occupancy = run->occupancy,
        .utc_offset_us = conf->utc_offset_us,
        .fps = info->fps,
        .settle_us = settle_time(analysis),
        .store = conf->store,
        .role_stored = conf->role_stored,
        .user = conf->user,
    };
}

static int open_staff(struct analysis *analysis, struct dw_err *err)
{
    struct run *run = &analysis->run;
    struct dw_staff_conf conf = {
        .model_path = analysis->conf->staff_path,
        .reid_path = analysis->conf->reid_path,
        .forget_us = run->context.settle_us,
        .sure = -1,
    };
    if (analysis->conf->desk != NULL && analysis->detector != NULL) {
        int r = dw_staff_seat_create(&run->seat, analysis->conf->desk, &run->context, err);
        run->context.staff = r == 0 ? dw_staff_seat_watch(run->seat) : NULL;
        return r;
    }
    int r = conf.model_path != NULL ? dw_staff_watch_create(&run->staff, &conf, err) : 0;
    run->context.staff = run->staff;
    return r;
}

static int open_outputs(struct analysis *analysis, struct dw_err *err)
{
    struct run *run = &analysis->run;
    for (size_t i = 0; i < analysis->conf->output_count; i++) {
        struct open_output *output = &run->outputs[i];
        output->impl = dw_output_find(analysis->conf->outputs[i].name);
        int r =
            output->impl->open(&output->self, analysis->conf->outputs[i].path, &run->context, err);
        if (r < 0)
            return r;
        run->output_count = i + 1;
    }
    return 0;
}

/* Everything before it is closed. */
static int open_run(struct analysis *analysis, const struct dw_layout *layout,
                    int64_t start_wall_us, struct dw_err *err)
{
    struct run *run = &analysis->run;
    const struct dw_source_info *info = dw_source_info(analysis->source);
    struct dw_lane_conf lane;
    run->layout = layout;
    int r = lane_conf(analysis, &lane, err);
    if (r < 0)
        return r;
    run->lane = dw_lane_create(&lane);
    run->birth = lane.track.birth;
    run->quiet = true;
    if (has_store(analysis->conf))
        run->doubt = dw_doubt_create(&lane);
    identify(analysis, info, start_wall_us);
    open_watch(analysis, info, start_wall_us);
    open_context(analysis, start_wall_us);
    r = open_staff(analysis, err);
    return r == 0 ? open_outputs(analysis, err) : r;
}

static int open_all(struct analysis *analysis, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    analysis->cover = conf->cover;
    if (conf->cover == NULL) {
        analysis->cover = analysis->own_cover = dw_cover_create();
        dw_cover_set(analysis->own_cover, conf->layout);
    }
    int r = open_source(analysis, err);
    if (r < 0)
        return r;
    const struct dw_source_info *info = dw_source_info(analysis->source);
    analysis->last_interval_us = info->fps > 0 ? dw_time_from_seconds(1 / info->fps) : 100000;
    dw_settings_print(&conf->settings, &analysis->settings);
    analysis->source_name = dw_url_redact(conf->url);
    bool away = analysis->run.away && info->live;
    int64_t away_us = away ? clock_now() - analysis->last_clock_us : 0;
    r = open_run(analysis, conf->layout, start_wall(conf, info) - away_us, err);
    analysis->run.away = away;
    analysis->run.base_us = -away_us;
    return r;
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
            dw_output_identify(&analysis->run.context, &event->visit);
    }
    moment->lane.events = analysis->events.items;
    dw_vec_clear(&analysis->alert_events);
    for (size_t i = 0; i < moment->alerts.count; i++) {
        struct dw_alert_event *event = dw_vec_add(&analysis->alert_events);
        *event = moment->alerts.events[i];
        dw_output_identify_alert(&analysis->run.context, &event->alert);
    }
    moment->alerts.events = analysis->alert_events.items;
}

/* Gives the events their ids and hands everything to the outputs. */
static int give_out(struct analysis *analysis, struct dw_output_moment *moment, struct dw_err *err)
{
    int64_t before_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
    identify_events(analysis, moment);
    dw_roles_step(&analysis->run.roles, &analysis->run.context, moment);
    if (analysis->conf->observe != NULL)
        analysis->conf->observe(analysis->conf->user, moment);
    int r = 0;
    for (size_t i = 0; r == 0 && i < analysis->run.output_count; i++)
        r = analysis->run.outputs[i].impl->take(analysis->run.outputs[i].self, moment, err);
    analysis->result->output_us += dw_clock_us(CLOCK_THREAD_CPUTIME_ID) - before_us;
    return r;
}

static void tell_progress(struct analysis *analysis)
{
    double now_s = dw_time_to_seconds(dw_clock_us(CLOCK_MONOTONIC));
    if (analysis->conf->progress == NULL || now_s - analysis->told_s < PROGRESS_S)
        return;
    analysis->told_s = now_s;
    const struct dw_source_info *info = dw_source_info(analysis->source);
    struct dw_progress progress = {
        .frames = analysis->result->pipeline.frames,
        .time_us = analysis->run.base_us + analysis->run.last_us,
        .total_us = info->duration_us,
        .total_frames = info->frame_count,
        .seconds = now_s - analysis->started_s,
        .visits = analysis->result->visits,
        .pipeline = analysis->result->pipeline,
    };
    analysis->conf->progress(analysis->conf->user, &progress);
}

/* Nothing usable was seen for the span; `goes_on`: and still is not. */
static int take_gap(struct analysis *analysis, struct dw_gap gap, bool goes_on, struct dw_err *err)
{
    struct run *run = &analysis->run;
    struct dw_output_moment moment = {
        .time_us = goes_on ? gap.end_us : gap.start_us,
        .lane = dw_lane_gap(run->lane, gap.end_us),
        .occupancy = dw_occupancy_stop(run->occupancy, gap.start_us),
        .alerts = dw_alerts_stop(run->alerts, gap.start_us, DW_ALERT_GAP),
        .gap = &gap,
        .gap_goes_on = goes_on,
    };
    if (run->doubt != NULL)
        moment.doubt_count = dw_doubt_gap(run->doubt, gap.end_us, &moment.doubt);
    run->gap_end_us = gap.end_us;
    run->quiet = true;
    return give_out(analysis, &moment, err);
}

/* A span without usable pictures may lie before this frame. */
static int take_gap_before(struct analysis *analysis, const struct dw_frame *frame,
                           struct dw_err *err)
{
    struct run *run = &analysis->run;
    int64_t time_us = frame->time_us - run->base_us;
    if (run->away) {
        run->away = false;
        return take_gap(analysis, (struct dw_gap){ run->away_us, time_us, AWAY }, false, err);
    }
    if (frame->gap_us == 0 || !run->any_frame)
        return 0;
    /* With frames dropped, the usual interval may be longer than the gap: then it is at most what
     * the source says it is, and never nothing. */
    int64_t start_us = run->last_us + analysis->last_interval_us;
    if (start_us >= time_us)
        start_us = DW_MAX(time_us - frame->gap_us, run->last_us);
    return take_gap(analysis, (struct dw_gap){ start_us, time_us, frame->gap_reason }, false, err);
}

static int finish_run(struct analysis *analysis, enum dw_end_reason reason, bool complete,
                      struct dw_err *err)
{
    struct run *run = &analysis->run;
    int64_t end_us = run->any_frame ? run->last_us + analysis->last_interval_us : 0;
    end_us = DW_MAX(end_us, run->gap_end_us);
    struct dw_output_moment moment = {
        .time_us = end_us,
        .lane = dw_lane_finish(run->lane, end_us, reason),
        .occupancy = dw_occupancy_finish(run->occupancy, end_us),
        .alerts = dw_alerts_stop(run->alerts, end_us, DW_ALERT_STOPPED),
    };
    if (run->doubt != NULL)
        moment.doubt_count = dw_doubt_finish(run->doubt, end_us, reason, &moment.doubt);
    analysis->result->end_us = run->base_us + end_us;
    int r = give_out(analysis, &moment, err);
    int64_t before_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; r == 0 && i < run->output_count; i++)
        r = run->outputs[i].impl->finish(run->outputs[i].self, end_us, complete, err);
    analysis->result->output_us += dw_clock_us(CLOCK_THREAD_CPUTIME_ID) - before_us;
    return r;
}

/* Where the frame stands in time, by the run and by the clock on the wall: the camera's, as long as
 * it is about right. Recordings have a time of their own. */
static struct dw_analysis_now now_of(const struct analysis *analysis, const struct dw_frame *frame)
{
    const struct run *run = &analysis->run;
    struct dw_analysis_now now = {
        .wall_us = run->context.record.start_wall_us + frame->time_us - run->base_us,
        .quiet = run->quiet && dw_lane_open_visits(run->lane, NULL, 0) == 0,
    };
    if (!dw_source_info(analysis->source)->live)
        return now;
    now.clock_us = dw_now_us();
    if (frame->wall_us != 0)
        now.camera_ahead_us = frame->wall_us - now.clock_us;
    if (llabs(now.camera_ahead_us) <= BELIEVED_US)
        now.clock_us += now.camera_ahead_us;
    return now;
}

/* Ends the run and begins another at this frame, if the caller wants one. */
static int renew(struct analysis *analysis, const struct dw_frame *frame, struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    struct run *run = &analysis->run;
    const struct dw_layout *layout = run->layout;
    const struct dw_analysis_now now = now_of(analysis, frame);
    if (conf->renew == NULL || !conf->renew(conf->user, &now, &layout))
        return 0;
    int r = 0;
    if (run->any_frame || run->gap_end_us > 0)
        r = finish_run(analysis, layout != run->layout ? DW_END_EDITED : DW_END_STOPPED, false,
                       err);
    if (r < 0)
        return r;
    close_run(run);
    r = open_run(analysis, layout, now.clock_us != 0 ? now.clock_us : now.wall_us, err);
    run->base_us = frame->time_us;
    run->base_index = frame->index;
    return r;
}

/* Who is there on this frame, and what staff should be told about it. */
static void watch(struct analysis *analysis, struct dw_output_moment *moment)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    int64_t wall_us = analysis->run.context.record.start_wall_us + moment->time_us;
    int64_t offset_us =
        conf->local_offset_us != NULL ? conf->local_offset_us(wall_us) : conf->utc_offset_us;
    struct dw_occupancy_input seen = { moment->time_us, dw_lane_interval_us(analysis->run.lane),
                                       moment->lane.live, moment->lane.live_count };
    moment->occupancy = dw_occupancy_step(analysis->run.occupancy, &seen);
    moment->week_minute = dw_hours_week_minute(wall_us + offset_us);
    struct dw_alert_moment now = { .time_us = moment->time_us, .week_minute = moment->week_minute };
    now.present = dw_occupancy_present(analysis->run.occupancy, &now.present_count);
    moment->alerts = dw_alerts_step(analysis->run.alerts, &now);
}

/* Whoever is not told yet, because it takes some frames to be sure. */
static bool has_person(const struct analysis *analysis, const struct dw_pipeline_item *item)
{
    for (size_t i = 0; i < item->count; i++)
        if ((double)item->detections[i].score >= analysis->run.birth)
            return true;
    return false;
}

static int watch_staff(struct analysis *analysis, const struct dw_frame *frame,
                       const struct dw_output_moment *moment, struct dw_err *err)
{
    int64_t before_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
    const struct dw_sighting *live = moment->lane.live;
    size_t count = moment->lane.live_count;
    int r = 0;
    if (analysis->run.seat != NULL && frame->has_image)
        r = dw_staff_seat_step(analysis->run.seat, &frame->image, moment, err);
    else if (analysis->run.staff != NULL)
        r = dw_staff_watch_step(analysis->run.staff, &frame->image, moment->time_us, live, count,
                                err);
    analysis->result->staff_us += dw_clock_us(CLOCK_THREAD_CPUTIME_ID) - before_us;
    return r;
}

static int take_item(struct analysis *analysis, const struct dw_pipeline_item *item,
                     struct dw_err *err)
{
    const struct dw_frame *frame = item->frame;
    int r = take_gap_before(analysis, frame, err);
    if (r == 0)
        r = renew(analysis, frame, err);
    if (r < 0)
        return r;
    int64_t time_us = frame->time_us - analysis->run.base_us;
    analysis->run.last_index = frame->index - analysis->run.base_index;
    analysis->last_clock_us = frame->arrived_us;
    struct dw_track_input input = { time_us, analysis->run.last_index, item->detections,
                                    item->count, item->looks };
    int64_t before_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
    struct dw_output_moment moment = {
        .frame = frame,
        .time_us = time_us,
        .lane = dw_lane_step(analysis->run.lane, &input),
    };
    watch(analysis, &moment);
    if (analysis->run.doubt != NULL)
        moment.doubt_count = dw_doubt_step(analysis->run.doubt, &input, &moment.doubt);
    analysis->result->lane_us += dw_clock_us(CLOCK_THREAD_CPUTIME_ID) - before_us;
    r = watch_staff(analysis, frame, &moment, err);
    if (r < 0)
        return r;
    analysis->run.last_us = time_us;
    analysis->last_interval_us = dw_lane_interval_us(analysis->run.lane);
    analysis->run.any_frame = true;
    analysis->run.quiet = moment.lane.live_count == 0 && !has_person(analysis, item);
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
        /* The masks may have changed since it was read. */
        r = dw_cover_frame(analysis->cover, &item.frame, err);
        DW_AUTO(frame) *frame = item.frame;
        if (r == 0)
            r = take_item(analysis, &item, err);
        if (r < 0)
            return r;
        analysis->result->pipeline = dw_pipeline_figures(pipeline);
        tell_progress(analysis);
    }
}

/* Measures to the end of this source; *broken and err: how it ended, if not well. */
static int measure_source(struct analysis *analysis, int *broken, struct dw_err *why)
{
    struct dw_pipeline_conf conf = {
        .source = analysis->source,
        .detector = analysis->detector,
        .appear = analysis->appear,
        .cover = analysis->cover,
        .slots = analysis->conf->slots,
        .again_us = analysis->conf->settings.detect_again_us,
        .workers = analysis->conf->workers,
        .paced = analysis->conf->paced,
        .stop = analysis->conf->source.stop,
    };
    DW_AUTO(pipeline) *pipeline = NULL;
    int r = dw_pipeline_create(&pipeline, &conf, why);
    if (r == 0)
        r = measure(analysis, pipeline, broken, why);
    if (r == 0)
        analysis->result->pipeline = dw_pipeline_figures(pipeline);
    analysis->result->stopped = asked_to_stop(analysis);
    return r;
}

/* The span since the source broke off, as far as it has grown. */
static struct dw_gap gap_so_far(struct analysis *analysis)
{
    struct run *run = &analysis->run;
    if (!run->away)
        run->away_us = run->any_frame ? run->last_us + analysis->last_interval_us : 0;
    run->away = true;
    int64_t now_us = run->last_us + clock_now() - analysis->last_clock_us;
    return (struct dw_gap){ run->away_us, DW_MAX(now_us, run->away_us), AWAY };
}

/* Goes on measuring where the gap ends now. A picture of another size is another run: what is
 * measured is in its pixels. */
static int resume(struct analysis *analysis, struct dw_err *err)
{
    struct run *run = &analysis->run;
    const struct dw_source_info *info = dw_source_info(analysis->source);
    const struct dw_record_context *record = &run->context.record;
    const struct dw_layout *layout = run->layout;
    struct dw_gap gap = gap_so_far(analysis);
    run->base_us = -gap.end_us;
    run->base_index = -run->last_index - 1;
    if (info->width_px == record->width_px && info->height_px == record->height_px)
        return 0;
    int r = take_gap(analysis, gap, false, err);
    if (r == 0)
        r = finish_run(analysis, DW_END_GAP, false, err);
    close_run(run);
    return r == 0 ? open_run(analysis, layout, dw_now_us(), err) : r;
}

/* Opens the source again when a live one broke off. 1: it is open, 0: it is over. */
static int try_again(struct analysis *analysis, int broken, const struct dw_err *why,
                     struct dw_err *err)
{
    const struct dw_analysis_conf *conf = analysis->conf;
    struct dw_err reason = { 0 };
    if (analysis->result->stopped || conf->again == NULL || !dw_source_info(analysis->source)->live)
        return 0;
    if (broken < 0)
        reason = *why;
    else
        dw_fail(&reason, -EIO, "'%s' ended", analysis->source_name);
    dw_source_destroy(DW_TAKE(analysis->source));
    int r = -EIO;
    while (r < 0) {
        int told = take_gap(analysis, gap_so_far(analysis), true, err);
        if (told < 0)
            return told;
        if (!conf->again(conf->user, &reason))
            return 0;
        r = open_once(analysis, &reason);
    }
    r = resume(analysis, err);
    return r == 0 ? 1 : r;
}

static int measure_all(struct analysis *analysis, struct dw_err *err)
{
    int broken = 0, r = 1;
    struct dw_err why = { 0 };
    while (r > 0) {
        r = measure_source(analysis, &broken, &why);
        if (r < 0)
            return dw_fail(err, r, "%s", why.text);
        r = try_again(analysis, broken, &why, err);
    }
    if (r < 0)
        return r;
    r = finish_run(analysis, DW_END_STOPPED, broken == 0 && !asked_to_stop(analysis), err);
    return r == 0 && broken < 0 ? dw_fail(err, broken, "%s", why.text) : r;
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
    if (analysis->source != NULL)
        add_warning(analysis->result, dw_source_warning(analysis->source));
    for (size_t i = 0; i < analysis->run.output_count; i++) {
        const struct open_output *output = &analysis->run.outputs[i];
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
        analysis.started_s = dw_time_to_seconds(dw_clock_us(CLOCK_MONOTONIC));
        analysis.started_cpu_us = dw_clock_us(CLOCK_PROCESS_CPUTIME_ID);
        r = measure_all(&analysis, err);
        result->seconds = dw_time_to_seconds(dw_clock_us(CLOCK_MONOTONIC)) - analysis.started_s;
        result->cpu_us = dw_clock_us(CLOCK_PROCESS_CPUTIME_ID) - analysis.started_cpu_us;
        collect_warnings(&analysis);
    }
    close_all(&analysis);
    return r;
}
