/* SPDX-License-Identifier: Apache-2.0 */
/* A site without cameras: what src/http asks of engine/site.h, with answers made up here, so that
 * the interface can be tested without video. Its hub is the real one. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/zones.h"
#include "engine/site.h"
#include "fake_site.h"

#define CAMERAS 2

struct dw_site {
    pthread_mutex_t lock;
    struct dw_hub *hub;
    struct dw_staff_desk *desk;
    struct dw_site_conf conf;
    char *layout, *text;
    const char *data;
    int layout_revision, text_revision;
    enum dw_privacy privacy;
    bool enabled[CAMERAS];
};

static const char *const names[CAMERAS] = { "entrance", "till" };

struct dw_site *fake_site_create(void)
{
    struct dw_site *site = dw_alloc0(sizeof(*site));
    pthread_mutex_init(&site->lock, NULL);
    site->hub = dw_hub_create();
    /* Nothing can be kept there, and nothing is. */
    (void)dw_staff_desk_create(&site->desk, "/proc/staff", NULL, NULL);
    dw_staff_desk_pictures(site->desk, true);
    site->layout = dw_strdup("{\"zones\":[{\"name\":\"shelf\",\"polygon\":[[0.1,0.1],[0.4,0.1],"
                             "[0.4,0.9],[0.1,0.9],[0.1,0.1]]}]}");
    site->text = dw_strdup("site: Test # a comment\n");
    site->enabled[0] = site->enabled[1] = true;
    return site;
}

void fake_site_data(struct dw_site *site, const char *folder)
{
    site->data = folder;
}

void fake_site_privacy(struct dw_site *site, enum dw_privacy privacy)
{
    site->privacy = privacy;
}

void dw_site_destroy(struct dw_site *site)
{
    if (site == NULL)
        return;
    dw_hub_destroy(site->hub);
    dw_staff_desk_destroy(site->desk);
    pthread_mutex_destroy(&site->lock);
    free(site->layout);
    free(site->text);
    free(site);
}

struct dw_hub *dw_site_hub(struct dw_site *site)
{
    return site->hub;
}

struct dw_staff_desk *dw_site_staff(struct dw_site *site)
{
    return site->desk;
}

int dw_site_visit_role(struct dw_site *site, const char *camera, const struct dw_visit *visit,
                       struct dw_err *err)
{
    (void)site, (void)camera, (void)visit;
    return dw_fail(err, -ENOENT, "there is no such visit (any more)");
}

int dw_site_camera_status(struct dw_site *site, size_t index, struct dw_camera_status *out)
{
    if (index >= CAMERAS)
        return -ENOENT;
    *out = (struct dw_camera_status){
        .state = site->enabled[index] ? DW_CAMERA_RUNNING : DW_CAMERA_OFF,
        .enabled = site->enabled[index],
        .width_px = 768,
        .height_px = 576,
        .fps_in = 25,
        .fps_analysed = 12.5,
        .infer_ms = 8,
        .frames = 1000,
        .last_frame_age_s = .04,
    };
    snprintf(out->name, sizeof(out->name), "%s", names[index]);
    snprintf(out->source, sizeof(out->source), "rtsp://user:***@camera-%zu/stream", index);
    return 0;
}

int dw_site_camera_find(struct dw_site *site, const char *name, size_t *index, struct dw_err *err)
{
    (void)site;
    for (*index = 0; *index < CAMERAS; (*index)++)
        if (strcmp(names[*index], name) == 0)
            return 0;
    return dw_fail(err, -ENOENT, "there is no camera '%s'", name);
}

void dw_site_conf_copy(struct dw_site *site, struct dw_site_conf *out)
{
    *out = (struct dw_site_conf){ .privacy = site->privacy };
    out->name = dw_strdup("Test");
    out->time_zone = dw_strdup("UTC");
    out->data = site->data != NULL ? dw_strdup(site->data) : NULL;
    for (size_t kind = 1; kind < DW_RETENTION_COUNT; kind++)
        out->retention_days[kind] = -1;
    out->retention_days[0] = 90;
}

int dw_site_snapshot(struct dw_site *site, const char *camera, struct dw_buf *jpeg,
                     struct dw_err *err)
{
    size_t index = 0;
    int result = dw_site_camera_find(site, camera, &index, err);
    if (result < 0)
        return result;
    if (site->privacy == DW_PRIVACY_OFF)
        return dw_fail(err, -EACCES, "pictures are off for privacy");
    dw_buf_append(jpeg, "\xff\xd8\xff\xd9", 4);
    return 0;
}

int dw_site_still(struct dw_site *site, const char *url, struct dw_buf *jpeg, struct dw_err *err)
{
    (void)site;
    if (strcmp(url, "rtsp://shop:s3cret%20%26@127.0.0.1/sub") != 0)
        return dw_fail(err, -EACCES, "the camera wants another user");
    dw_buf_append(jpeg, "\xff\xd8\xff\xd9", 4);
    return 0;
}

int dw_site_layout(struct dw_site *site, const char *camera, struct dw_buf *json,
                   char revision[DW_REVISION_SIZE], struct dw_err *err)
{
    size_t index = 0;
    int result = dw_site_camera_find(site, camera, &index, err);
    if (result < 0)
        return result;
    pthread_mutex_lock(&site->lock);
    dw_buf_puts(json, site->layout);
    snprintf(revision, DW_REVISION_SIZE, "r%d", site->layout_revision);
    pthread_mutex_unlock(&site->lock);
    return 0;
}

/* Takes a text's place unless it was changed meanwhile. */
static int replace(char **text, int *number, const char *with, const char *expected,
                   struct dw_err *err)
{
    char revision[DW_REVISION_SIZE];
    snprintf(revision, sizeof(revision), "r%d", *number);
    if (expected != NULL && strcmp(revision, expected) != 0)
        return dw_fail(err, -ESTALE, "somebody else changed it meanwhile: load it again");
    free(*text);
    *text = dw_strdup(with);
    (*number)++;
    return 0;
}

int dw_site_layout_set(struct dw_site *site, const char *camera, const char *json,
                       const char *expected, char revision[DW_REVISION_SIZE], struct dw_err *err)
{
    struct dw_layout layout = { 0 };
    struct dw_zone_rules rules = dw_zone_rules_default();
    size_t index = 0;
    int result = dw_site_camera_find(site, camera, &index, err);
    if (result == 0)
        result = dw_zones_parse(&layout, json, strlen(json), &rules, err);
    dw_layout_fini(&layout);
    if (result < 0)
        return result;
    pthread_mutex_lock(&site->lock);
    result = replace(&site->layout, &site->layout_revision, json, expected, err);
    snprintf(revision, DW_REVISION_SIZE, "r%d", site->layout_revision);
    pthread_mutex_unlock(&site->lock);
    return result;
}

void dw_site_config(struct dw_site *site, struct dw_buf *text, char revision[DW_REVISION_SIZE],
                    const char **path)
{
    pthread_mutex_lock(&site->lock);
    dw_buf_puts(text, site->text);
    snprintf(revision, DW_REVISION_SIZE, "r%d", site->text_revision);
    *path = "site.yaml";
    pthread_mutex_unlock(&site->lock);
}

int dw_site_config_set(struct dw_site *site, const char *text, const char *expected,
                       struct dw_buf *note, struct dw_err *err)
{
    (void)note;
    if (strstr(text, "sitte") != NULL)
        return dw_fail(err, -EINVAL, "line 2: 'sitte' is not known; did you mean 'site'?");
    pthread_mutex_lock(&site->lock);
    int result = replace(&site->text, &site->text_revision, text, expected, err);
    pthread_mutex_unlock(&site->lock);
    return result;
}

int dw_site_camera_add(struct dw_site *site, const struct dw_camera_change *change,
                       struct dw_err *err)
{
    size_t index = 0;
    return dw_site_camera_find(site, change->name, &index, NULL) == 0
               ? dw_fail(err, -EEXIST, "there is a camera '%s' already", change->name)
               : 0;
}

int dw_site_camera_change(struct dw_site *site, const char *camera,
                          const struct dw_camera_change *change, struct dw_err *err)
{
    size_t index = 0;
    int result = dw_site_camera_find(site, camera, &index, err);
    if (result == 0 && change->enabled >= 0)
        site->enabled[index] = change->enabled == 1;
    return result;
}

int dw_site_camera_remove(struct dw_site *site, const char *camera, struct dw_err *err)
{
    size_t index = 0;
    return dw_site_camera_find(site, camera, &index, err);
}
