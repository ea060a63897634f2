/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with how a camera is set up, in a sentence that says what to do about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "conf/drawn_view.h"
#include "engine/site_impl.h"
#include "media/url.h"

#define SLOW_FROM 0.7  /* share of pictures looked at, below which it is too slow */
#define SLOW_UNTIL 0.9 /* and above which it no longer is */
#define SHAPE 0.02     /* relative difference of width to height: another shape */
#define PLENTY_PX (INT64_C(1280) * 720) /* people are measured as well on less */
#define EMPTY_US (86400 * DW_SECOND_US) /* of measuring in which nobody entered a zone */
#define OTHERS 20                       /* people who meanwhile entered others, at least */
#define STEP_MAX_US DW_SECOND_US        /* between two looks; longer was no measuring */
#define WALK 0.8                        /* of a body's height a second: 1.4 m/s of 1.75 m */
#define KNOWN 5                         /* people who tell how tall people are in a zone */
#define ACROSS_FROM 2                   /* pictures of who walks through, below which some may be */
#define ACROSS_UNTIL 2.5                /* missed, and above which none is */

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

/* --- The view that the zones were drawn on --------------------------------------------------- */

static char *view_path(const struct dw_camera *camera)
{
    return dw_strdup_printf("%s/views/%s.json", camera->tools->data, camera->conf.name);
}

/* Zones that were changed after the view was kept were drawn on another. */
static bool is_outdated(const char *view, const char *zones)
{
    struct stat of_view, of_zones;
    return stat(view, &of_view) == 0 && stat(zones, &of_zones) == 0 &&
           of_zones.st_mtim.tv_sec > of_view.st_mtim.tv_sec;
}

static void begin_watch(struct dw_camera *camera, const struct dw_image *image)
{
    struct dw_drawn_view view;
    char *path = view_path(camera);
    bool known =
        !is_outdated(path, camera->conf.zones_path) && dw_drawn_view_load(&view, path, NULL) > 0;
    free(path);
    camera->watch = dw_picture_watch_create(known ? &view.reference : NULL);
    camera->view_kept = known;
    if (!known)
        return;
    double then = (double)view.width_px / view.height_px;
    double now = (double)image->width_px / image->height_px;
    camera->reshaped = now > then * (1 + SHAPE) || now < then * (1 - SHAPE);
}

/* A view that cannot be kept is learnt again at the next start. */
static void keep_view(struct dw_camera *camera, const struct dw_image *image)
{
    const struct dw_picture_reference *reference = dw_picture_watch_reference(camera->watch);
    if (camera->view_kept || reference == NULL)
        return;
    struct dw_drawn_view view = { image->width_px, image->height_px, *reference };
    char *path = view_path(camera);
    (void)dw_drawn_view_save(&view, path, NULL);
    free(path);
    camera->view_kept = true;
}

/* --- Zones that nobody enters, or not for long enough to be seen ------------------------------ */

void dw_camera_entered(struct dw_camera *camera, const struct dw_visit *visit)
{
    struct dw_zone_entries *entries = &camera->entries;
    size_t zone = (size_t)visit->zone;
    if (zone >= entries->count)
        return;
    entries->all++;
    entries->zones[zone].since_us = entries->measured_us;
    entries->zones[zone].all_then = entries->all;
    entries->zones[zone].count++;
    entries->zones[zone].tall_px += (double)visit->last_box.h;
}

static void count_time(struct dw_camera *camera, int64_t now_us)
{
    struct dw_zone_entries *entries = &camera->entries;
    if (entries->zones == NULL) {
        entries->count = camera->layout->zone_count;
        entries->zones = dw_alloc_array0(DW_MAX(entries->count, 1), sizeof(*entries->zones));
    }
    int64_t step_us = now_us - entries->looked_us;
    if (entries->looked_us > 0 && step_us <= STEP_MAX_US)
        entries->measured_us += step_us;
    entries->looked_us = now_us;
}

/* The first zone that nobody enters although people are there; NULL: none. */
static const char *empty_zone(const struct dw_camera *camera)
{
    const struct dw_zone_entries *entries = &camera->entries;
    for (size_t i = 0; i < entries->count; i++)
        if (entries->measured_us - entries->zones[i].since_us >= EMPTY_US &&
            entries->all - entries->zones[i].all_then >= OTHERS)
            return camera->layout->zones[i].name;
    return NULL;
}

/* Pictures in the time in which somebody walks through; people tell how wide it is. Its depth is
 * foreshortened, nobody knows by how much: it is what is wide that counts. */
static double pictures_across(const struct dw_camera *camera, size_t zone)
{
    struct dw_point least, most;
    dw_zone_bounds(&camera->layout->zones[zone], &least, &most);
    double wide_px = (most.x - least.x) * camera->status.width_px;
    double tall_px =
        camera->entries.zones[zone].tall_px / (double)camera->entries.zones[zone].count;
    return wide_px / (WALK * tall_px) * camera->status.fps_analysed;
}

/* The first zone that somebody may walk through unseen; NULL: none. */
static const char *hurried_zone(const struct dw_camera *camera)
{
    double enough = camera->hurried ? ACROSS_UNTIL : ACROSS_FROM;
    for (size_t i = 0; i < camera->entries.count && camera->status.fps_analysed > 0; i++)
        if (camera->entries.zones[i].count >= KNOWN && pictures_across(camera, i) < enough)
            return camera->layout->zones[i].name;
    return NULL;
}

/* --- The sentence ---------------------------------------------------------------------------- */

/* What hides most comes first. */
void dw_camera_advise(struct dw_camera *camera)
{
    char advice[sizeof(camera->status.reason)] = "";
    enum dw_picture_fault fault = DW_PICTURE_FINE;
    if (camera->watch != NULL)
        fault = dw_picture_watch_state(camera->watch).fault;
    const char *empty = empty_zone(camera), *hurried = hurried_zone(camera);
    camera->hurried = hurried != NULL;
    if (fault != DW_PICTURE_FINE)
        snprintf(advice, sizeof(advice), "%s", picture_advice[fault]);
    else if (camera->reshaped)
        snprintf(advice, sizeof(advice),
                 "the picture has another shape than the one the zones were drawn on: set the "
                 "camera back to it, or draw its zones anew");
    else if (camera->slow)
        snprintf(advice, sizeof(advice),
                 "the machine is too slow to look at every picture: visits are measured at the "
                 "lower rate; use the cameras' smaller streams, or a faster model");
    else if (hurried != NULL)
        snprintf(advice, sizeof(advice),
                 "who walks through '%.60s' may be gone before a second picture: set the camera to "
                 "more pictures a second, or draw the zone wider",
                 hurried);
    else if (empty != NULL)
        snprintf(advice, sizeof(advice),
                 "nobody has entered '%.60s' for a day of measuring, others were entered: is it "
                 "where people stand?",
                 empty);
    else if (camera->large)
        snprintf(advice, sizeof(advice),
                 "the stream is larger than need be: people are measured as well on the camera's "
                 "smaller one, for a fraction of the work");
    dw_camera_set_state(camera, DW_CAMERA_RUNNING, advice);
}

void dw_camera_judge_rate(struct dw_camera *camera, double frames, double dropped)
{
    double share = frames / DW_MAX(frames + dropped, 1);
    camera->slow = share < (camera->slow ? SLOW_UNTIL : SLOW_FROM);
    dw_camera_advise(camera);
}

void dw_camera_look(struct dw_camera *camera, const struct dw_image *image, int64_t now_us)
{
    if (camera->watch == NULL)
        begin_watch(camera, image);
    count_time(camera, now_us);
    camera->large = !dw_url_is_file(camera->conf.source) &&
                    (int64_t)image->width_px * image->height_px > PLENTY_PX;
    if (dw_picture_watch_step(camera->watch, now_us, image))
        dw_camera_advise(camera);
    keep_view(camera, image);
}

static void forget_entries(struct dw_camera *camera)
{
    free(camera->entries.zones);
    camera->entries = (struct dw_zone_entries){ 0 };
}

void dw_camera_redrawn(struct dw_camera *camera)
{
    char *path = view_path(camera);
    (void)unlink(path);
    free(path);
    dw_picture_watch_destroy(DW_TAKE(camera->watch));
    camera->reshaped = false;
    forget_entries(camera);
}

void dw_camera_advice_fini(struct dw_camera *camera)
{
    dw_picture_watch_destroy(DW_TAKE(camera->watch));
    forget_entries(camera);
}
