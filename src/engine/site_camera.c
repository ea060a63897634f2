/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/wall_time.h"
#include "conf/file.h"
#include "conf/zones.h"
#include "core/random.h"
#include "engine/analysis.h"
#include "engine/site_impl.h"
#include "media/url.h"

#define DAY_US (86400 * DW_SECOND_US)
#define NAP_NS 50000000                /* how long a stop may go unnoticed */
#define PATIENCE_US (5 * DW_SECOND_US) /* to open a stream, and for a picture of it */
#define RETRY_MIN_US 100000            /* between a failure and the next attempt */
#define RETRY_FIRST_US 500000          /* from attempt to attempt, growing to */
#define RETRY_MAX_US (4 * DW_SECOND_US)
#define GOOD_RUN_US (30 * DW_SECOND_US)     /* whoever ran for so long is opened again at once */
#define FIGURES_EVERY_US (2 * DW_SECOND_US) /* rates are of this long */
#define CLOCK_OFF_US (2 * DW_SECOND_US)     /* less is not worth a new run */
#define CLOCK_LASTS_US (10 * DW_SECOND_US)  /* less is a hiccup */
#define CLOCK_WAIT_US (3600 * DW_SECOND_US) /* then visits are cut for the right time */
#define CAMERA_CLOCK_US (10 * DW_SECOND_US) /* no network is so slow: its clock is wrong */
#define ZONES_BYTES_MAX (16 << 20)

const char *dw_camera_state_name(enum dw_camera_state state)
{
    static const char *const names[] = {
        [DW_CAMERA_OFF] = "off",         [DW_CAMERA_STARTING] = "starting",
        [DW_CAMERA_RUNNING] = "running", [DW_CAMERA_WAITING] = "waiting",
        [DW_CAMERA_FAILED] = "failed",
    };
    return names[state];
}

static void tell_health(struct dw_camera *camera, enum dw_camera_state state, const char *reason)
{
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { .out = &text };
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "camera", camera->conf.name);
    dw_json_string(&json, "state", dw_camera_state_name(state));
    dw_json_string(&json, "reason", reason);
    dw_json_object_end(&json);
    dw_hub_publish_event(camera->tools->hub, "health", camera->conf.name, dw_buf_text(&text));
    dw_buf_fini(&text);
}

void dw_camera_set_state(struct dw_camera *camera, enum dw_camera_state state, const char *reason)
{
    struct dw_camera_status *status = &camera->status;
    pthread_mutex_lock(&camera->lock);
    bool changed = status->state != state || strcmp(status->reason, reason) != 0;
    status->state = state;
    snprintf(status->reason, sizeof(status->reason), "%s", reason);
    pthread_mutex_unlock(&camera->lock);
    if (changed)
        tell_health(camera, state, reason);
}

void dw_camera_tell_role(const struct dw_site_tools *tools, const struct dw_record_context *record,
                         const struct dw_role_change *change)
{
    struct dw_buf text = { 0 };
    dw_jsonl_role(&text, record, change);
    text.data[--text.length] = '\0'; /* without its line feed */
    dw_hub_publish_event(tools->hub, "role", record->camera, dw_buf_text(&text));
    dw_buf_fini(&text);
}

static void tell_role(void *user, const struct dw_record_context *record,
                      const struct dw_role_change *change)
{
    const struct dw_camera *camera = user;
    dw_camera_tell_role(camera->tools, record, change);
}

/* --- Zones ---------------------------------------------------------------------------------- */

int dw_camera_layout_load(const struct dw_camera_conf *conf, struct dw_layout *out,
                          struct dw_err *err)
{
    struct dw_buf text = { 0 };
    *out = (struct dw_layout){ 0 };
    int r = dw_file_read_any(&text, conf->zones_path, ZONES_BYTES_MAX, err);
    if (r > 0) {
        r = dw_zones_parse(out, dw_buf_text(&text), text.length, &conf->settings.zone, err);
        if (r < 0)
            dw_fail_within(err, r, "%s", conf->zones_path);
    }
    dw_buf_fini(&text);
    return r;
}

static void free_layout(struct dw_layout *layout)
{
    if (layout == NULL)
        return;
    dw_layout_fini(layout);
    free(layout);
}

void dw_camera_layout_set(struct dw_camera *camera, struct dw_layout *layout)
{
    pthread_mutex_lock(&camera->lock);
    struct dw_layout *former = camera->pending;
    camera->pending = layout;
    dw_cover_set(camera->cover, layout);
    pthread_mutex_unlock(&camera->lock);
    free_layout(former);
}

/* Makes what was handed in the layout; the one before lives on until the next time. */
static bool take_layout(struct dw_camera *camera)
{
    pthread_mutex_lock(&camera->lock);
    struct dw_layout *pending = DW_TAKE(camera->pending);
    pthread_mutex_unlock(&camera->lock);
    free_layout(DW_TAKE(camera->former));
    if (pending == NULL)
        return false;
    camera->former = camera->layout;
    camera->layout = pending;
    if (camera->former != NULL) /* whoever drew the zones saw what the camera shows now */
        dw_camera_redrawn(camera);
    return true;
}

static int load_layout(struct dw_camera *camera, struct dw_err *err)
{
    if (take_layout(camera) || camera->layout != NULL)
        return 0;
    struct dw_layout layout;
    int r = dw_camera_layout_load(&camera->conf, &layout, err);
    if (r < 0)
        return r;
    camera->layout = dw_alloc0(sizeof(*camera->layout));
    *camera->layout = layout;
    pthread_mutex_lock(&camera->lock);
    if (camera->pending == NULL) /* else its masks count already */
        dw_cover_set(camera->cover, camera->layout);
    pthread_mutex_unlock(&camera->lock);
    return 0;
}

/* --- Measuring ------------------------------------------------------------------------------ */

/*
 * A run of the store lasts for a local day, so that none grows for ever. The first moment after
 * midnight at which nobody is in a zone begins the next, at the latest one at one o'clock: no visit
 * is cut where shops are open late.
 */
static bool day_is_over(struct dw_camera *camera, const struct dw_analysis_now *now)
{
    int64_t local_us = now->wall_us + camera->tools->clock.offset_us(now->wall_us);
    int64_t day = local_us / DAY_US;
    if (camera->run_day == 0)
        camera->run_day = day;
    if (day == camera->run_day)
        return false;
    bool late = local_us % DAY_US >= 3600 * DW_SECOND_US;
    return late || now->quiet;
}

/* Whether `off` has been so for long; `since_us` is when it began, 0: it was not. */
static bool lasts(bool off, int64_t *since_us)
{
    int64_t now_us = dw_clock_us(CLOCK_MONOTONIC);
    if (!off || *since_us == 0)
        *since_us = off ? now_us : 0;
    return off && now_us - *since_us >= CLOCK_LASTS_US;
}

/* A camera without a time server counts from 1970: figures are not hurt, pictures are told apart
 * less well, and somebody should know. */
static void look_at_its_clock(struct dw_camera *camera, const struct dw_analysis_now *now)
{
    bool wrong = lasts(llabs(now->camera_ahead_us) > CAMERA_CLOCK_US, &camera->wrong_since_us);
    char text[160];
    if (wrong && !camera->wrong_told) {
        snprintf(text, sizeof(text),
                 "the camera's own clock is %+.0f s off, and is not used: give it a time server",
                 dw_time_to_seconds(now->camera_ahead_us));
        tell_health(camera, DW_CAMERA_RUNNING, text);
    }
    camera->wrong_told = wrong || (camera->wrong_told && camera->wrong_since_us != 0);
}

/*
 * The wall clock was set, or the camera counts other seconds than we do. What is going on keeps the
 * time in which it began, because a dwell must not change; the first moment at which nobody is in a
 * zone begins a run by the new time, at the latest one an hour later.
 */
static bool clock_is_off(struct dw_camera *camera, const struct dw_analysis_now *now)
{
    int64_t off_us = now->clock_us != 0 ? now->clock_us - now->wall_us : 0;
    if (!lasts(llabs(off_us) > CLOCK_OFF_US, &camera->off_since_us))
        return false;
    int64_t since_us = dw_clock_us(CLOCK_MONOTONIC) - camera->off_since_us;
    if (since_us < CLOCK_WAIT_US && !now->quiet)
        return false;
    int64_t set_us = dw_clock_set_by(&camera->clock, dw_now_us(), dw_clock_us(CLOCK_BOOTTIME));
    char text[160];
    snprintf(text, sizeof(text), "%s by %+.1f s: times follow it from now on",
             llabs(set_us - off_us) < CLOCK_OFF_US ? "the clock of this machine was set"
                                                   : "the camera's time drifted",
             dw_time_to_seconds(off_us));
    tell_health(camera, DW_CAMERA_RUNNING, text);
    return true;
}

static bool renew(void *user, const struct dw_analysis_now *now, const struct dw_layout **layout)
{
    struct dw_camera *camera = user;
    bool edited = take_layout(camera);
    if (edited)
        dw_camera_advise(camera);
    *layout = camera->layout;
    look_at_its_clock(camera, now);
    bool over = day_is_over(camera, now) || clock_is_off(camera, now);
    if (edited || over) {
        camera->run_day = camera->off_since_us = 0;
        (void)dw_clock_set_by(&camera->clock, dw_now_us(), dw_clock_us(CLOCK_BOOTTIME));
    }
    return edited || over;
}

/* Rates and times since the figures were taken last. */
static void take_figures(void *user, const struct dw_progress *progress)
{
    struct dw_camera *camera = user;
    int64_t now_us = dw_clock_us(CLOCK_MONOTONIC);
    if (camera->figures_us != 0 && now_us - camera->figures_us < FIGURES_EVERY_US)
        return;
    const struct dw_pipeline_figures *now = &progress->pipeline, *then = &camera->figures;
    double seconds = dw_time_to_seconds(now_us - camera->figures_us);
    double frames = (double)(now->frames - then->frames);
    double dropped = (double)(now->dropped - then->dropped);
    if (camera->figures_us != 0) {
        pthread_mutex_lock(&camera->lock);
        camera->status.fps_in = (frames + dropped) / seconds;
        camera->status.fps_analysed = frames / seconds;
        camera->status.infer_ms =
            (double)(now->infer_us - then->infer_us) / DW_MAX(frames, 1) / 1e3;
        camera->status.frames += now->frames - then->frames;
        camera->status.dropped += now->dropped - then->dropped;
        pthread_mutex_unlock(&camera->lock);
        dw_camera_judge_rate(camera, frames, dropped);
    } else {
        dw_camera_advise(camera);
    }
    camera->figures = *now;
    camera->figures_us = now_us;
}

static void rest_until(struct dw_camera *camera, int64_t end_us)
{
    while (!atomic_load(&camera->stop) && dw_clock_us(CLOCK_MONOTONIC) < end_us)
        nanosleep(&(struct timespec){ .tv_nsec = NAP_NS }, NULL);
}

/* A turn is taken when it is due: one that lies ahead would hold up those that come before it. */
static void wait_for_turn(struct dw_camera *camera)
{
    int64_t now_us = dw_clock_us(CLOCK_MONOTONIC);
    rest_until(camera, dw_hosts_turn(camera->tools->hosts, camera->conf.source, now_us));
    camera->began_us = dw_clock_us(CLOCK_MONOTONIC);
}

static void forget_picture(struct dw_camera *camera)
{
    pthread_mutex_lock(&camera->lock);
    struct dw_frame *frame = DW_TAKE(camera->frame);
    camera->status.fps_in = camera->status.fps_analysed = 0;
    pthread_mutex_unlock(&camera->lock);
    dw_frame_unref(frame);
    if (camera->watch != NULL)
        dw_picture_watch_gap(camera->watch);
}

/*
 * Waits until the source may be opened again. The times from attempt to attempt grow, and differ
 * from camera to camera, which may all have lost one switch. They stay so short that with what
 * opening takes (media/source.h) a camera that is well again is measured again within 10 s.
 */
static bool again(void *user, const struct dw_err *why)
{
    struct dw_camera *camera = user;
    forget_picture(camera);
    camera->ever_ran = camera->ever_ran || camera->figures_us != 0;
    camera->figures = (struct dw_pipeline_figures){ 0 };
    camera->figures_us = 0;
    camera->slow = false;
    if (atomic_load(&camera->stop))
        return false;
    dw_camera_set_state(camera, camera->ever_ran ? DW_CAMERA_WAITING : DW_CAMERA_FAILED, why->text);
    int64_t now_us = dw_clock_us(CLOCK_MONOTONIC);
    if (now_us - camera->began_us >= GOOD_RUN_US)
        camera->wait_us = RETRY_FIRST_US;
    double chance = dw_random_unit(&camera->random);
    int64_t next_us = camera->began_us + (int64_t)((double)camera->wait_us * (0.75 + chance / 2));
    next_us = DW_MAX(next_us, now_us + (int64_t)(RETRY_MIN_US * (1 + chance)));
    camera->wait_us = DW_MIN(2 * camera->wait_us, RETRY_MAX_US);
    rest_until(camera, next_us);
    wait_for_turn(camera);
    pthread_mutex_lock(&camera->lock);
    camera->status.reconnects++;
    pthread_mutex_unlock(&camera->lock);
    return !atomic_load(&camera->stop);
}

static int share_detector(void *user, const struct dw_source_info *source,
                          const struct dw_detector **out, const char **path, struct dw_err *err)
{
    const struct dw_camera *camera = user;
    const struct dw_site_detector *found = NULL;
    double score = camera->conf.settings.detect_score;
    int r = camera->tools->detector(camera->tools->user, source, score, &found, err);
    if (r < 0)
        return r;
    *out = found->detector;
    *path = found->path;
    return 0;
}

/* The decoder of the camera was started anew. Told, because it is how an attack looks as well. */
static void note_trouble(void *user, const char *what)
{
    struct dw_camera *camera = user;
    char reason[256];
    snprintf(reason, sizeof(reason), "its decoder was started anew: %s", what);
    pthread_mutex_lock(&camera->lock);
    camera->status.decoder_restarts++;
    enum dw_camera_state state = camera->status.state;
    pthread_mutex_unlock(&camera->lock);
    tell_health(camera, state, reason);
}

static int measure(struct dw_camera *camera, struct dw_err *err)
{
    const struct dw_camera_conf *conf = &camera->conf;
    const struct dw_site_tools *tools = camera->tools;
    struct dw_analysis_conf analysis = {
        .url = conf->source,
        .source = { .fps = conf->fps,
                    .width_px = conf->width_px,
                    .height_px = conf->height_px,
                    .stop = &camera->stop,
                    .timeout_us = PATIENCE_US,
                    .transport = conf->udp ? DW_TRANSPORT_UDP : DW_TRANSPORT_TCP,
                    .loop = conf->loop,
                    .sandboxed = !dw_url_is_file(conf->source),
                    .trouble = note_trouble,
                    .user = camera },
        .ground_path = conf->ground_path,
        .site = tools->site_name,
        .camera = conf->name,
        .start_wall_us = INT64_MIN,
        .utc_offset_us = tools->clock.standard_offset_us((int64_t)time(NULL) * DW_SECOND_US),
        .local_offset_us = tools->clock.offset_us,
        .settings = conf->settings,
        .detector = share_detector,
        .store = tools->store,
        .cover = camera->cover,
        .slots = tools->slots,
        .desk = tools->desk,
        .workers = 1,
        .paced = dw_url_is_file(conf->source),
        .outputs = { { "store", NULL }, { "live", NULL } }, /* stored first, told then */
        .output_count = 2,
        .progress = take_figures,
        .role_stored = tell_role,
        .renew = renew,
        .again = again,
        .user = camera,
    };
    int r = load_layout(camera, err);
    if (r < 0)
        return r;
    analysis.layout = camera->layout;
    struct dw_analysis_result result;
    return dw_analysis_run(&analysis, &result, err);
}

/* Measures until the source is a file that ended, or there is a stop. */
static void *work(void *argument)
{
    struct dw_camera *camera = argument;
    camera->random = (uint64_t)dw_clock_us(CLOCK_MONOTONIC) ^ (uint64_t)(uintptr_t)camera;
    camera->wait_us = RETRY_FIRST_US;
    dw_camera_set_state(camera, DW_CAMERA_STARTING, "");
    wait_for_turn(camera);
    for (;;) {
        struct dw_err err = { 0 };
        camera->run_day = camera->off_since_us = 0;
        (void)dw_clock_set_by(&camera->clock, dw_now_us(), dw_clock_us(CLOCK_BOOTTIME));
        int r = measure(camera, &err);
        if (r == 0 && !atomic_load(&camera->stop) && dw_url_is_file(camera->conf.source)) {
            forget_picture(camera);
            dw_camera_set_state(camera, DW_CAMERA_OFF, "the file was read to its end");
            return NULL;
        }
        if (!again(camera, &err))
            break;
    }
    dw_camera_set_state(camera, DW_CAMERA_OFF, "");
    return NULL;
}

/* --- From outside --------------------------------------------------------------------------- */

struct dw_camera *dw_camera_create(const struct dw_site_tools *tools, struct dw_camera_conf *conf)
{
    struct dw_camera *camera = dw_alloc0(sizeof(*camera));
    camera->tools = tools;
    camera->conf = *conf;
    *conf = (struct dw_camera_conf){ 0 };
    camera->cover = dw_cover_create();
    pthread_mutex_init(&camera->lock, NULL);
    struct dw_camera_status *status = &camera->status;
    char *shown = dw_url_redact(camera->conf.source);
    snprintf(status->name, sizeof(status->name), "%s", camera->conf.name);
    snprintf(status->source, sizeof(status->source), "%s", shown);
    free(shown);
    status->enabled = camera->conf.enabled;
    status->loop = camera->conf.loop;
    if (!camera->conf.enabled)
        return camera;
    camera->started = pthread_create(&camera->thread, NULL, work, camera) == 0;
    if (!camera->started)
        dw_camera_set_state(camera, DW_CAMERA_FAILED,
                            "its thread cannot be started: too many run already");
    return camera;
}

void dw_camera_stop(struct dw_camera *camera)
{
    if (camera != NULL)
        atomic_store(&camera->stop, true);
}

void dw_camera_destroy(struct dw_camera *camera)
{
    if (camera == NULL)
        return;
    dw_camera_stop(camera);
    if (camera->started)
        pthread_join(camera->thread, NULL);
    free_layout(camera->pending);
    free_layout(camera->layout);
    free_layout(camera->former);
    dw_frame_unref(camera->frame);
    dw_cover_destroy(camera->cover);
    dw_camera_advice_fini(camera);
    dw_camera_conf_fini(&camera->conf);
    pthread_mutex_destroy(&camera->lock);
    free(camera);
}

void dw_camera_status_now(struct dw_camera *camera, struct dw_camera_status *out)
{
    pthread_mutex_lock(&camera->lock);
    *out = camera->status;
    int64_t frame_us = camera->frame_us;
    pthread_mutex_unlock(&camera->lock);
    out->last_frame_age_s =
        frame_us > 0 ? dw_time_to_seconds(dw_clock_us(CLOCK_MONOTONIC) - frame_us) : -1;
}

struct dw_frame *dw_camera_frame(struct dw_camera *camera)
{
    pthread_mutex_lock(&camera->lock);
    struct dw_frame *frame = camera->frame != NULL ? dw_frame_ref(camera->frame) : NULL;
    if (frame != NULL)
        (void)dw_cover_frame(camera->cover, &frame, NULL); /* the masks may be newer than it */
    pthread_mutex_unlock(&camera->lock);
    return frame;
}
