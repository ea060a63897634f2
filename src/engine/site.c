/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/site.h"

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
#include "engine/site_state.h"
#include "media/jpeg.h"
#include "media/source.h"
#include "media/url.h"
#include "store/store_care.h"
#include "store/store_peak.h"

#define DAY_US (86400 * DW_SECOND_US)
#define SET_US (3600 * DW_SECOND_US)    /* less deletes nothing that would not go tomorrow */
#define NIGHT_US (10800 * DW_SECOND_US) /* three in the morning */
#define STILL_WAIT_US (6 * DW_SECOND_US)
#define LAYOUT_BYTES_MAX (16 << 20)
#define NO_LAYOUT "{\"zones\":[],\"lines\":[]}"

/* --- What cameras share --------------------------------------------------------------------- */

static double count_cameras(const struct dw_site_conf *conf)
{
    long enabled = 0;
    for (size_t i = 0; i < conf->cameras.count; i++)
        enabled += conf->cameras.items[i].enabled;
    return (double)enabled / (double)DW_MAX(sysconf(_SC_NPROCESSORS_ONLN), 1L);
}

static int find_model(const struct dw_site *site, const struct dw_source_info *source, char *path,
                      size_t size, struct dw_err *err)
{
    const struct dw_model_need need = { site->crowd, source->width_px, source->height_px };
    if (site->model == NULL)
        return dw_model_find(path, size, &need, err);
    snprintf(path, size, "%s", site->model);
    return 0;
}

static int make_detector(struct dw_site *site, const char *path, double score, struct dw_err *err)
{
    struct dw_detector *made = NULL;
    struct dw_detector_conf conf = { path, NULL, score };
    int r = dw_detector_create(&made, &conf, err);
    if (r < 0)
        return r;
    struct dw_site_detector *detector = dw_alloc0(sizeof(*detector));
    *detector = (struct dw_site_detector){ score, dw_strdup(path), made };
    dw_vec_push(&site->detectors, detector); /* NOLINT(bugprone-sizeof-expression): of pointers */
    return 0;
}

/* Lock held. */
static const struct dw_site_detector *look_up(const struct dw_site *site, const char *path,
                                              double score)
{
    for (size_t i = 0; i < site->detectors.count; i++)
        if (site->detectors.items[i]->score == score &&
            strcmp(site->detectors.items[i]->path, path) == 0)
            return site->detectors.items[i];
    return NULL;
}

/* Detectors are few: one for each threshold and shape of picture that cameras have. */
static int find_detector(void *user, const struct dw_source_info *source, double score,
                         const struct dw_site_detector **out, struct dw_err *err)
{
    struct dw_site *site = user;
    char path[4096];
    int r = find_model(site, source, path, sizeof(path), err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&site->detector_lock);
    if (look_up(site, path, score) == NULL)
        r = make_detector(site, path, score, err);
    *out = look_up(site, path, score);
    pthread_mutex_unlock(&site->detector_lock);
    return r;
}

static void free_detectors(struct dw_site *site)
{
    for (size_t i = 0; i < site->detectors.count; i++) {
        dw_detector_destroy(site->detectors.items[i]->detector);
        free(site->detectors.items[i]->path);
        free(site->detectors.items[i]);
    }
    dw_vec_fini(&site->detectors);
}

/* --- Retention ------------------------------------------------------------------------------ */

static void prune(struct dw_site *site)
{
    int days[DW_RETENTION_COUNT];
    pthread_mutex_lock(&site->lock);
    memcpy(days, site->conf.retention_days, sizeof(days));
    pthread_mutex_unlock(&site->lock);
    int64_t now_us = (int64_t)time(NULL) * DW_SECOND_US, all = 0;
    (void)dw_store_settle(dw_shared_store_take(site->store, -1), INT64_MIN,
                          NULL); /* tomorrow again */
    dw_shared_store_give(site->store);
    for (int kind = 0; kind < DW_RETENTION_COUNT && !atomic_load(&site->stopping); kind++) {
        struct dw_err err = { 0 };
        int64_t deleted = 0;
        if (days[kind] < 0)
            continue;
        struct dw_store *store = dw_shared_store_take(site->store, -1);
        int r = dw_store_prune(store, (enum dw_store_kind)kind, now_us - days[kind] * DAY_US,
                               &deleted, &err);
        dw_shared_store_give(site->store);
        if (r < 0)
            fprintf(stderr, "dwell serve: old %s are still there: %s\n",
                    dw_store_kind_name((enum dw_store_kind)kind), err.text);
        all += deleted;
    }
    if (all == 0)
        return;
    struct dw_store *store = dw_shared_store_take(site->store, -1);
    (void)dw_store_shrink(store, NULL); /* what it cannot now, it will tomorrow */
    dw_shared_store_give(site->store);
}

/* A clock that is set years ahead by mistake must not delete years: what is old is left alone until
 * the clock has gone on evenly for a week. */
static bool clock_is_sure(struct dw_clock_watch *clock, int64_t *set_at_us)
{
    int64_t now_us = dw_now_us(), going_us = dw_clock_us(CLOCK_BOOTTIME);
    int64_t set_us = dw_clock_set_by(clock, now_us, going_us);
    if (llabs(set_us) > SET_US) {
        fprintf(
            stderr,
            "dwell serve: the clock was set by %+.1f hours: nothing old is deleted for 7 days\n",
            dw_time_to_seconds(set_us) / 3600);
        *set_at_us = going_us;
    }
    return *set_at_us == 0 || going_us - *set_at_us >= 7 * DAY_US;
}

/* At the start and once a day, at three in the morning. */
static void *keep_house(void *argument)
{
    struct dw_site *site = argument;
    struct dw_clock_watch clock = { 0 };
    int64_t done = INT64_MIN, set_at_us = 0;
    pthread_mutex_lock(&site->lock);
    while (!atomic_load(&site->stopping)) {
        bool sure = clock_is_sure(&clock, &set_at_us);
        int64_t now_us = dw_now_us();
        int64_t day = (now_us + site->tools.clock.offset_us(now_us) - NIGHT_US) / DAY_US;
        if (sure && day != done) {
            done = day;
            pthread_mutex_unlock(&site->lock);
            prune(site);
            pthread_mutex_lock(&site->lock);
            continue;
        }
        pthread_mutex_unlock(&site->lock);
        dw_staff_desk_tidy(site->tools.desk);
        pthread_mutex_lock(&site->lock);
        if (atomic_load(&site->stopping))
            break;
        struct timespec then;
        clock_gettime(CLOCK_MONOTONIC, &then);
        then.tv_sec += 60;
        pthread_cond_timedwait(&site->stopped, &site->lock, &then);
    }
    pthread_mutex_unlock(&site->lock);
    return NULL;
}

/* --- Life ----------------------------------------------------------------------------------- */

static int make_folder(const struct dw_site *site, const char *name, struct dw_err *err)
{
    char *path = dw_strdup_printf("%s/%s", site->conf.data, name);
    int r = dw_folder_make(path, err);
    free(path);
    return r;
}

/* Something about telling staff, as a state of health. */
static void tell_staff(void *user, const char *camera, const char *what)
{
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { .out = &text };
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "camera", camera);
    dw_json_string(&json, "state", dw_camera_state_name(DW_CAMERA_RUNNING));
    dw_json_string(&json, "reason", what);
    dw_json_object_end(&json);
    dw_hub_publish_event(user, "health", camera, dw_buf_text(&text));
    dw_buf_fini(&text);
}

static int open_desk(struct dw_site *site, struct dw_err *err)
{
    char *folder = dw_strdup_printf("%s/staff", site->conf.data);
    int r = dw_staff_desk_create(&site->tools.desk, folder, site->conf.staff_reid, err);
    free(folder);
    if (r < 0)
        return r;
    dw_staff_desk_listen(site->tools.desk, tell_staff, site->hub);
    dw_staff_desk_pictures(site->tools.desk, site->conf.privacy == DW_PRIVACY_ON);
    return 0;
}

/* Two sites of one store stay two: a shop is measured whatever it is called. */
static int take_name(struct dw_site *site, struct dw_err *err)
{
    int r = dw_site_take_name(site, site->conf.name, err);
    if (r != -EEXIST)
        return r;
    fprintf(stderr, "dwell serve: what was measured before keeps its former name: %s\n", err->text);
    *err = (struct dw_err){ 0 };
    return 0;
}

static int open_site(struct dw_site *site, struct dw_err *err)
{
    int r = make_folder(site, "zones", err);
    if (r == 0)
        r = make_folder(site, "views", err);
    if (r == 0)
        r = dw_shared_store_create(&site->store, site->conf.store, err);
    if (r < 0)
        return r;
    site->tools.store = site->store;
    r = take_name(site, err);
    if (r == 0)
        r = open_desk(site, err);
    if (r < 0)
        return r;
    r = -pthread_create(&site->keeper, NULL, keep_house, site);
    if (r < 0)
        return dw_fail(err, r, "cannot start a thread: too many run already");
    site->keeper_started = true;
    for (size_t i = 0; i < site->conf.cameras.count; i++) {
        struct dw_camera_conf camera;
        dw_camera_conf_copy(&camera, &site->conf.cameras.items[i]);
        struct dw_camera *made = dw_camera_create(&site->tools, &camera);
        dw_vec_push(&site->cameras, made); /* NOLINT(bugprone-sizeof-expression): of pointers */
    }
    return 0;
}

int dw_site_create(struct dw_site **out, struct dw_site_conf *conf, struct dw_site_clock clock,
                   struct dw_err *err)
{
    DW_AUTO(site) *site = dw_alloc0(sizeof(*site));
    site->conf = *conf;
    *conf = (struct dw_site_conf){ 0 };
    site->path = dw_strdup(site->conf.path != NULL ? site->conf.path : "");
    pthread_mutex_init(&site->lock, NULL);
    pthread_mutex_init(&site->edit_lock, NULL);
    pthread_mutex_init(&site->detector_lock, NULL);
    pthread_condattr_t going_on;
    pthread_condattr_init(&going_on);
    pthread_condattr_setclock(&going_on, CLOCK_MONOTONIC);
    pthread_cond_init(&site->stopped, &going_on);
    pthread_condattr_destroy(&going_on);
    site->model = site->conf.model != NULL ? dw_strdup(site->conf.model) : NULL;
    site->crowd = count_cameras(&site->conf);
    site->hub = dw_hub_create();
    site->slots = dw_slots_create(0);
    site->hosts = dw_hosts_create();
    site->tools = (struct dw_site_tools){
        .site_name = dw_strdup(site->conf.name),
        .data = dw_strdup(site->conf.data),
        .privacy = site->conf.privacy,
        .clock = clock,
        .hub = site->hub,
        .slots = site->slots,
        .hosts = site->hosts,
        .detector = find_detector,
        .user = site,
    };
    int r = open_site(site, err);
    if (r == 0)
        *out = DW_TAKE(site);
    return r;
}

void dw_site_destroy(struct dw_site *site)
{
    if (site == NULL)
        return;
    pthread_mutex_lock(&site->lock);
    atomic_store(&site->stopping, true);
    pthread_cond_broadcast(&site->stopped);
    pthread_mutex_unlock(&site->lock);
    for (size_t i = 0; i < site->cameras.count; i++)
        dw_camera_stop(site->cameras.items[i]);
    for (size_t i = 0; i < site->cameras.count; i++)
        dw_camera_destroy(site->cameras.items[i]);
    if (site->keeper_started)
        pthread_join(site->keeper, NULL);
    dw_vec_fini(&site->cameras);
    dw_staff_desk_destroy(site->tools.desk);
    dw_shared_store_destroy(site->store);
    free_detectors(site);
    dw_hub_destroy(site->hub);
    dw_slots_destroy(site->slots);
    dw_hosts_destroy(site->hosts);
    free(site->tools.site_name);
    free(site->tools.data);
    free(site->path);
    free(site->model);
    dw_site_conf_fini(&site->conf);
    pthread_cond_destroy(&site->stopped);
    pthread_mutex_destroy(&site->detector_lock);
    pthread_mutex_destroy(&site->edit_lock);
    pthread_mutex_destroy(&site->lock);
    free(site);
}

struct dw_hub *dw_site_hub(struct dw_site *site)
{
    return site->hub;
}

struct dw_staff_desk *dw_site_staff(struct dw_site *site)
{
    return site->tools.desk;
}

/* --- Cameras -------------------------------------------------------------------------------- */

size_t dw_site_camera_count(struct dw_site *site)
{
    pthread_mutex_lock(&site->lock);
    size_t count = site->cameras.count;
    pthread_mutex_unlock(&site->lock);
    return count;
}

int dw_site_camera_status(struct dw_site *site, size_t index, struct dw_camera_status *out)
{
    pthread_mutex_lock(&site->lock);
    bool there = index < site->cameras.count;
    if (there)
        dw_camera_status_now(site->cameras.items[index], out);
    pthread_mutex_unlock(&site->lock);
    return there ? 0 : -ENOENT;
}

/* Lock held. */
struct dw_camera *dw_site_find(struct dw_site *site, const char *name, size_t *index,
                               struct dw_err *err)
{
    for (size_t i = 0; i < site->cameras.count; i++)
        if (strcmp(site->cameras.items[i]->conf.name, name) == 0) {
            *index = i;
            return site->cameras.items[i];
        }
    dw_fail(err, -ENOENT, "there is no camera '%.60s'", name);
    return NULL;
}

int dw_site_camera_find(struct dw_site *site, const char *name, size_t *index, struct dw_err *err)
{
    pthread_mutex_lock(&site->lock);
    bool there = dw_site_find(site, name, index, err) != NULL;
    pthread_mutex_unlock(&site->lock);
    return there ? 0 : -ENOENT;
}

int dw_site_snapshot(struct dw_site *site, const char *camera, struct dw_buf *jpeg,
                     struct dw_err *err)
{
    size_t index = 0;
    pthread_mutex_lock(&site->lock);
    enum dw_privacy privacy = site->tools.privacy;
    struct dw_camera *found = dw_site_find(site, camera, &index, err);
    DW_AUTO(frame) *frame = found != NULL ? dw_camera_frame(found) : NULL;
    pthread_mutex_unlock(&site->lock);
    if (found == NULL)
        return -ENOENT;
    if (privacy == DW_PRIVACY_OFF)
        return dw_fail(err, -EACCES, "pictures are off for privacy");
    if (frame == NULL)
        return dw_fail(err, -ENODATA, "camera '%s' has no picture now", camera);
    return dw_jpeg_encode(&frame->image, privacy == DW_PRIVACY_BLURRED, jpeg, err);
}

int dw_site_still(struct dw_site *site, const char *url, struct dw_buf *jpeg, struct dw_err *err)
{
    const struct dw_source_conf conf = { .timeout_us = STILL_WAIT_US, .sandboxed = true };
    pthread_mutex_lock(&site->lock);
    enum dw_privacy privacy = site->tools.privacy;
    pthread_mutex_unlock(&site->lock);
    if (privacy == DW_PRIVACY_OFF)
        return dw_fail(err, -EACCES, "pictures are off for privacy");
    if (dw_url_is_file(url))
        return dw_fail(err, -EINVAL, "a picture is shown of streams only: wants rtsp://...");
    DW_AUTO(source) *source = NULL;
    DW_AUTO(frame) *frame = NULL;
    int r = dw_source_create(&source, url, &conf, err);
    if (r == 0)
        r = dw_source_read(source, &frame, err);
    if (r == 0)
        return dw_fail(err, -ENODATA, "the stream ended before its first picture");
    return r < 0 ? r : dw_jpeg_encode(&frame->image, privacy == DW_PRIVACY_BLURRED, jpeg, err);
}

/* --- What was measured ---------------------------------------------------------------------- */

int dw_site_visit_role(struct dw_site *site, const char *camera, const struct dw_visit *visit,
                       struct dw_err *err)
{
    struct dw_role_change change = { .visit = *visit, .time_us = dw_now_us(), .why = "hand" };
    struct dw_store *store = dw_shared_store_take(site->store, -1);
    int r = dw_store_set_role(store, camera, &change, err);
    dw_shared_store_give(site->store);
    if (r < 0)
        return r;
    (void)dw_staff_desk_mark_visit(site->tools.desk, camera, &change.visit);
    pthread_mutex_lock(&site->lock);
    const struct dw_record_context record = { .site = site->tools.site_name, .camera = camera };
    if (change.before != change.visit.role)
        dw_camera_tell_role(&site->tools, &record, &change);
    pthread_mutex_unlock(&site->lock);
    return 0;
}

/* --- Zones and lines ------------------------------------------------------------------------ */

/* FNV-1a, 64 bits: tells two texts apart that people made one after the other. */
void dw_site_revision(char out[DW_REVISION_SIZE], const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (const char *at = text; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    snprintf(out, DW_REVISION_SIZE, "%016llx", (unsigned long long)hash);
}

/* Appends the zones file. */
static int read_layout(const char *path, struct dw_buf *json, struct dw_err *err)
{
    int r = dw_file_read_any(json, path, LAYOUT_BYTES_MAX, err);
    if (r == 0)
        dw_buf_puts(json, NO_LAYOUT);
    return DW_MIN(r, 0);
}

/* A copy of what the camera's zones are read with. */
static int copy_camera_conf(struct dw_site *site, const char *camera, struct dw_camera_conf *out,
                            struct dw_err *err)
{
    size_t index = 0;
    pthread_mutex_lock(&site->lock);
    const struct dw_camera *found = dw_site_find(site, camera, &index, err);
    if (found != NULL)
        dw_camera_conf_copy(out, &found->conf);
    pthread_mutex_unlock(&site->lock);
    return found != NULL ? 0 : -ENOENT;
}

int dw_site_layout(struct dw_site *site, const char *camera, struct dw_buf *json,
                   char revision[DW_REVISION_SIZE], struct dw_err *err)
{
    struct dw_camera_conf conf;
    int r = copy_camera_conf(site, camera, &conf, err);
    if (r < 0)
        return r;
    size_t before = json->length;
    r = read_layout(conf.zones_path, json, err);
    if (r == 0)
        dw_site_revision(revision, dw_buf_text(json) + before);
    dw_camera_conf_fini(&conf);
    return r;
}

static int check_revision(const char *path, const char *expected, struct dw_err *err)
{
    struct dw_buf present = { 0 };
    char revision[DW_REVISION_SIZE];
    int r = expected != NULL ? read_layout(path, &present, err) : 0;
    dw_site_revision(revision, dw_buf_text(&present));
    if (r == 0 && expected != NULL && strcmp(revision, expected) != 0)
        r = dw_fail(err, -ESTALE,
                    "the zones were changed by somebody else meanwhile: look at "
                    "them again");
    dw_buf_fini(&present);
    return r;
}

/* Edit lock held. */
static int save_layout(struct dw_site *site, const struct dw_camera_conf *conf, const char *json,
                       struct dw_err *err)
{
    struct dw_layout layout = { 0 };
    int r = dw_zones_parse(&layout, json, strlen(json), &conf->settings.zone, err);
    if (r == 0)
        r = dw_file_write(conf->zones_path, json, strlen(json), err);
    if (r < 0) {
        dw_layout_fini(&layout);
        return r;
    }
    struct dw_layout *handed = dw_alloc0(sizeof(*handed));
    *handed = layout;
    size_t index = 0;
    pthread_mutex_lock(&site->lock);
    struct dw_camera *camera = dw_site_find(site, conf->name, &index, NULL);
    dw_camera_layout_set(camera, handed); /* edit lock: it is there still */
    pthread_mutex_unlock(&site->lock);
    return 0;
}

int dw_site_layout_set(struct dw_site *site, const char *camera, const char *json,
                       const char *expected, char revision[DW_REVISION_SIZE], struct dw_err *err)
{
    struct dw_camera_conf conf;
    pthread_mutex_lock(&site->edit_lock);
    int r = copy_camera_conf(site, camera, &conf, err);
    if (r == 0) {
        r = check_revision(conf.zones_path, expected, err);
        if (r == 0)
            r = save_layout(site, &conf, json, err);
        dw_camera_conf_fini(&conf);
    }
    pthread_mutex_unlock(&site->edit_lock);
    if (r == 0 && revision != NULL)
        dw_site_revision(revision, json);
    return r;
}
