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
#define NAP_NS 50000000                     /* how long a stop may go unnoticed */
#define RETRY_MAX_US (30 * DW_SECOND_US)    /* between two attempts to open a source */
#define GOOD_RUN_US (30 * DW_SECOND_US)     /* whoever ran for so long is opened again at once */
#define FIGURES_EVERY_US (2 * DW_SECOND_US) /* rates are of this long */
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

static void set_state(struct dw_camera *camera, enum dw_camera_state state, const char *reason)
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

static const char *const picture_advice[DW_PICTURE_FAULTS] = {
    [DW_PICTURE_FINE] = "",
    [DW_PICTURE_BLACK] =
        "the picture is black: look whether its lens is covered or the light is off",
    [DW_PICTURE_COVERED] = "something is in front of the lens: take it away",
    [DW_PICTURE_DARK] =
        "it is too dark to find everybody: turn on a light, or give the camera longer",
    [DW_PICTURE_FROZEN] = "the picture stands still to the last bit: restart the camera",
    [DW_PICTURE_MOVED] = "the camera was turned or zoomed: turn it back, or draw its zones anew",
    [DW_PICTURE_BLURRED] = "the picture is out of focus: clean the lens, and focus it",
};

static const char *advice_of(const struct dw_camera *camera)
{
    enum dw_picture_fault fault = DW_PICTURE_FINE;
    if (camera->watch != NULL)
        fault = dw_picture_watch_state(camera->watch).fault;
    return picture_advice[fault];
}

void dw_camera_look(struct dw_camera *camera, const struct dw_image *image, int64_t now_us)
{
    if (camera->watch == NULL)
        camera->watch = dw_picture_watch_create(NULL);
    if (dw_picture_watch_step(camera->watch, now_us, image))
        set_state(camera, DW_CAMERA_RUNNING, advice_of(camera));
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
    return late || dw_lane_open_visits(now->lane, NULL, 0) == 0;
}

static bool renew(void *user, const struct dw_analysis_now *now, const struct dw_layout **layout)
{
    struct dw_camera *camera = user;
    bool edited = take_layout(camera);
    if (edited) { /* whoever drew the zones saw what the camera shows now */
        dw_picture_watch_destroy(DW_TAKE(camera->watch));
        set_state(camera, DW_CAMERA_RUNNING, "");
    }
    *layout = camera->layout;
    bool over = day_is_over(camera, now);
    if (edited || over)
        camera->run_day = 0;
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
    } else {
        set_state(camera, DW_CAMERA_RUNNING, advice_of(camera));
    }
    camera->figures = *now;
    camera->figures_us = now_us;
}

static int share_detector(void *user, const struct dw_detector **out, const char **path,
                          struct dw_err *err)
{
    const struct dw_camera *camera = user;
    const struct dw_site_detector *found = NULL;
    double score = camera->conf.settings.detect_score;
    int r = camera->tools->detector(camera->tools->user, score, &found, err);
    if (r < 0)
        return r;
    *out = found->detector;
    *path = found->path;
    return 0;
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
                    .loop = conf->loop },
        .ground_path = conf->ground_path,
        .site = tools->site_name,
        .camera = conf->name,
        .start_wall_us = INT64_MIN,
        .utc_offset_us = tools->clock.standard_offset_us((int64_t)time(NULL) * DW_SECOND_US),
        .local_offset_us = tools->clock.offset_us,
        .settings = conf->settings,
        .detector = share_detector,
        .store = tools->store,
        .slots = tools->slots,
        .desk = tools->desk,
        .workers = 1,
        .paced = dw_url_is_file(conf->source),
        .outputs = { { "store", NULL }, { "live", NULL } }, /* stored first, told then */
        .output_count = 2,
        .progress = take_figures,
        .renew = renew,
        .user = camera,
    };
    int r = load_layout(camera, err);
    if (r < 0)
        return r;
    analysis.layout = camera->layout;
    struct dw_analysis_result result;
    return dw_analysis_run(&analysis, &result, err);
}

static void rest(struct dw_camera *camera, int64_t us)
{
    int64_t end_us = dw_clock_us(CLOCK_MONOTONIC) + us;
    while (!atomic_load(&camera->stop) && dw_clock_us(CLOCK_MONOTONIC) < end_us)
        nanosleep(&(struct timespec){ .tv_nsec = NAP_NS }, NULL);
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

/* Opens the source again and again, until it is a file that ended or there is a stop. The times
 * between grow, and differ from camera to camera, which may all have lost one switch. */
static void *work(void *argument)
{
    struct dw_camera *camera = argument;
    uint64_t random = (uint64_t)dw_clock_us(CLOCK_MONOTONIC) ^ (uint64_t)(uintptr_t)camera;
    int64_t wait_us = DW_SECOND_US;
    bool ever_ran = false;
    while (!atomic_load(&camera->stop)) {
        struct dw_err err = { 0 };
        int64_t began_us = dw_clock_us(CLOCK_MONOTONIC);
        set_state(camera, DW_CAMERA_STARTING, "");
        camera->figures = (struct dw_pipeline_figures){ 0 };
        camera->figures_us = camera->run_day = 0;
        int r = measure(camera, &err);
        forget_picture(camera);
        ever_ran = ever_ran || camera->figures_us != 0;
        if (atomic_load(&camera->stop))
            break;
        if (r == 0 && dw_url_is_file(camera->conf.source)) {
            set_state(camera, DW_CAMERA_OFF, "the file was read to its end");
            return NULL;
        }
        set_state(camera, ever_ran ? DW_CAMERA_WAITING : DW_CAMERA_FAILED,
                  r < 0 ? err.text : "the stream ended");
        wait_us = dw_clock_us(CLOCK_MONOTONIC) - began_us >= GOOD_RUN_US ? DW_SECOND_US : wait_us;
        rest(camera, (int64_t)((double)wait_us * (0.75 + dw_random_unit(&random) / 2)));
        wait_us = DW_MIN(2 * wait_us, RETRY_MAX_US);
        pthread_mutex_lock(&camera->lock);
        camera->status.reconnects++;
        pthread_mutex_unlock(&camera->lock);
    }
    set_state(camera, DW_CAMERA_OFF, "");
    return NULL;
}

/* --- From outside --------------------------------------------------------------------------- */

struct dw_camera *dw_camera_create(const struct dw_site_tools *tools, struct dw_camera_conf *conf)
{
    struct dw_camera *camera = dw_alloc0(sizeof(*camera));
    camera->tools = tools;
    camera->conf = *conf;
    *conf = (struct dw_camera_conf){ 0 };
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
        set_state(camera, DW_CAMERA_FAILED, "its thread cannot be started: too many run already");
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
    dw_picture_watch_destroy(camera->watch);
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
    pthread_mutex_unlock(&camera->lock);
    return frame;
}
