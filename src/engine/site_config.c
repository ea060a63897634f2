/* SPDX-License-Identifier: Apache-2.0 */
/* Changing the configuration of a site that runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "conf/file.h"
#include "conf/yaml_edit.h"
#include "engine/site_state.h"
#include "media/url.h"
#include "store/store.h"

/* --- Secrets -------------------------------------------------------------------------------- */

/*
 * What may be shown of an address as it was written, for the caller to free; NULL: all of it. A
 * password that is "${NAME}" is none. When in doubt too much is hidden.
 */
static char *masked(const char *text)
{
    char *shown = dw_url_redact(text);
    const char *at = strrchr(text, '@'), *scheme = strstr(text, "://");
    const char *colon = scheme != NULL ? strchr(scheme + 3, ':') : NULL;
    bool named = colon != NULL && at != NULL && colon < at && strncmp(colon + 1, "${", 2) == 0 &&
                 strchr(colon, '}') == at - 1 && strchr(at, '?') == NULL;
    if (named || strcmp(shown, text) == 0) {
        free(shown);
        return NULL;
    }
    return shown;
}

static void mask_value(struct dw_buf *text, const char *list, size_t item, const char *key,
                       const char *value)
{
    char *shown = value != NULL ? masked(value) : NULL;
    if (shown != NULL &&
        dw_yaml_edit_set(text, list, item, (struct dw_yaml_pair){ key, shown }, NULL) < 0)
        dw_buf_clear(text); /* nothing rather than a secret */
    free(shown);
}

static void put_masked(const struct dw_site_conf *conf, struct dw_buf *text)
{
    dw_buf_puts(text, conf->text);
    mask_value(text, NULL, 0, "store", conf->store_text);
    for (size_t i = 0; i < conf->cameras.count; i++)
        mask_value(text, "cameras", i, "source", conf->cameras.items[i].source_text);
}

static bool holds_secret(const char *value)
{
    char *shown = value != NULL ? masked(value) : NULL;
    free(shown);
    return shown != NULL;
}

/* A file with a password in it is for its owner alone, whatever it was before. */
static int save(const struct dw_site_conf *conf, const struct dw_buf *text, struct dw_err *err)
{
    bool secret = holds_secret(conf->store_text);
    for (size_t i = 0; i < conf->cameras.count; i++)
        secret |= holds_secret(conf->cameras.items[i].source_text);
    return secret ? dw_file_write_secret(conf->path, dw_buf_text(text), text->length, err)
                  : dw_file_write(conf->path, dw_buf_text(text), text->length, err);
}

static const struct dw_camera_conf *find_conf(const struct dw_site_conf *conf, const char *name)
{
    for (size_t i = 0; i < conf->cameras.count; i++)
        if (strcmp(conf->cameras.items[i].name, name) == 0)
            return &conf->cameras.items[i];
    return NULL;
}

/* Where the mask of the present value stands, the value is put back. */
static int unmask_value(struct dw_buf *text, const char *list, size_t item,
                        struct dw_yaml_pair shown, const char *present, struct dw_err *err)
{
    char *mask = shown.value != NULL && present != NULL ? masked(present) : NULL;
    int r = 0;
    if (mask != NULL && strcmp(mask, shown.value) == 0)
        r = dw_yaml_edit_set(text, list, item, (struct dw_yaml_pair){ shown.key, present }, err);
    free(mask);
    return r;
}

static int unmask(const struct dw_site_conf *present, const struct dw_site_conf *shown,
                  struct dw_buf *text, struct dw_err *err)
{
    int r = unmask_value(text, NULL, 0, (struct dw_yaml_pair){ "store", shown->store_text },
                         present->store_text, err);
    for (size_t i = 0; r == 0 && i < shown->cameras.count; i++) {
        const struct dw_camera_conf *camera = &shown->cameras.items[i];
        const struct dw_camera_conf *former = find_conf(present, camera->name);
        if (former != NULL)
            r = unmask_value(text, "cameras", i,
                             (struct dw_yaml_pair){ "source", camera->source_text },
                             former->source_text, err);
    }
    return r;
}

/* --- The name -------------------------------------------------------------------------------- */

#define NAME_BYTES_MAX 65536

int dw_site_take_name(struct dw_site *site, const char *name, struct dw_err *err)
{
    struct dw_buf former = { 0 };
    char *path = dw_strdup_printf("%s/site.name", site->conf.data);
    int r = dw_file_read_any(&former, path, NAME_BYTES_MAX, err);
    bool same = r > 0 && strcmp(dw_buf_text(&former), name) == 0;
    if (r > 0 && !same) {
        struct dw_store *store = dw_shared_store_take(site->store, -1);
        r = dw_store_rename_site(store, dw_buf_text(&former), name, err);
        dw_shared_store_give(site->store);
    }
    if (r >= 0 && !same)
        r = dw_file_write(path, name, strlen(name), err);
    dw_buf_fini(&former);
    free(path);
    return DW_MIN(r, 0);
}

/* --- Taking effect -------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_settings(const struct dw_settings *a, const struct dw_settings *b)
{
    struct dw_buf text_a = { 0 }, text_b = { 0 };
    dw_settings_print(a, &text_a);
    dw_settings_print(b, &text_b);
    bool same = strcmp(dw_buf_text(&text_a), dw_buf_text(&text_b)) == 0;
    dw_buf_fini(&text_a);
    dw_buf_fini(&text_b);
    return same;
}

static bool same_camera(const struct dw_camera_conf *a, const struct dw_camera_conf *b)
{
    return strcmp(a->name, b->name) == 0 && same_text(a->source, b->source) &&
           same_text(a->zones_path, b->zones_path) && same_text(a->ground_path, b->ground_path) &&
           a->loop == b->loop && a->udp == b->udp && a->enabled == b->enabled && a->fps == b->fps &&
           a->width_px == b->width_px && a->height_px == b->height_px &&
           same_settings(&a->settings, &b->settings);
}

/* The camera of that configuration among those that run, taken out of them; NULL: none does. */
static struct dw_camera *keep_camera(struct dw_camera_list *running,
                                     const struct dw_camera_conf *conf)
{
    for (size_t i = 0; i < running->count; i++) {
        struct dw_camera *camera = running->items[i];
        if (!same_camera(&camera->conf, conf))
            continue;
        dw_vec_remove(running, i); /* NOLINT(bugprone-sizeof-expression): of pointers */
        return camera;
    }
    return NULL;
}

static void stop_all(struct dw_camera_list *cameras)
{
    for (size_t i = 0; i < cameras->count; i++)
        dw_camera_stop(cameras->items[i]);
    for (size_t i = 0; i < cameras->count; i++)
        dw_camera_destroy(cameras->items[i]);
    dw_vec_fini(cameras);
}

/* Edit lock held. Cameras that stay as they are go on measuring; the others are away for moments.
 */
static void take_effect(struct dw_site *site, struct dw_site_conf *conf)
{
    bool all =
        strcmp(conf->name, site->tools.site_name) != 0 || conf->privacy != site->tools.privacy;
    struct dw_camera_list running = { 0 }, cameras = { 0 };
    pthread_mutex_lock(&site->lock);
    running = site->cameras;
    site->cameras = (struct dw_camera_list){ 0 };
    struct dw_site_conf former = site->conf;
    site->conf = *conf;
    *conf = (struct dw_site_conf){ 0 };
    pthread_mutex_unlock(&site->lock);
    for (size_t i = 0; i < site->conf.cameras.count; i++) {
        struct dw_camera *kept = all ? NULL : keep_camera(&running, &site->conf.cameras.items[i]);
        dw_vec_push(&cameras, kept); /* NOLINT(bugprone-sizeof-expression): of pointers */
    }
    stop_all(&running);
    if (all) {
        pthread_mutex_lock(&site->lock);
        free(site->tools.site_name);
        site->tools.site_name = dw_strdup(site->conf.name);
        site->tools.privacy = site->conf.privacy;
        dw_staff_desk_pictures(site->tools.desk, site->conf.privacy == DW_PRIVACY_ON);
        pthread_mutex_unlock(&site->lock);
    }
    pthread_mutex_lock(&site->lock);
    for (size_t i = 0; i < cameras.count; i++) {
        struct dw_camera_conf copy;
        struct dw_camera *camera = cameras.items[i];
        if (camera == NULL) {
            dw_camera_conf_copy(&copy, &site->conf.cameras.items[i]);
            camera = dw_camera_create(&site->tools, &copy);
        }
        dw_vec_push(&site->cameras, camera); /* NOLINT(bugprone-sizeof-expression): of pointers */
    }
    pthread_mutex_unlock(&site->lock);
    dw_vec_fini(&cameras);
    dw_site_conf_fini(&former);
}

static bool same_hosts(const struct dw_site_conf *a, const struct dw_site_conf *b)
{
    bool same = a->hosts.count == b->hosts.count;
    for (size_t i = 0; same && i < a->hosts.count; i++)
        same = strcmp(a->hosts.items[i], b->hosts.items[i]) == 0;
    return same;
}

static void note_restarts(const struct dw_site_conf *a, const struct dw_site_conf *b,
                          struct dw_buf *note)
{
    const struct {
        const char *name;
        bool same;
    } fixed[] = {
        { "data", same_text(a->data, b->data) },
        { "hosts", same_hosts(a, b) },
        { "listen", same_text(a->listen, b->listen) },
        { "model", same_text(a->model, b->model) },
        { "staff_reid", same_text(a->staff_reid, b->staff_reid) },
        { "store", same_text(a->store, b->store) },
        { "time_zone", same_text(a->time_zone, b->time_zone) },
        { "tls", same_text(a->certificate, b->certificate) && same_text(a->key, b->key) },
    };
    bool any = false;
    for (size_t i = 0; i < DW_LENGTH(fixed); i++) {
        if (fixed[i].same)
            continue;
        dw_buf_printf(note, "%s%s", any ? ", " : "", fixed[i].name);
        any = true;
    }
    if (any)
        dw_buf_puts(note, ": takes effect when the program is started again");
}

/* --- From outside --------------------------------------------------------------------------- */

void dw_site_conf_copy(struct dw_site *site, struct dw_site_conf *out)
{
    *out = (struct dw_site_conf){ 0 };
    pthread_mutex_lock(&site->lock);
    (void)dw_site_conf_parse(out, site->conf.text, strlen(site->conf.text), site->conf.path, NULL);
    pthread_mutex_unlock(&site->lock);
}

void dw_site_config(struct dw_site *site, struct dw_buf *text, char revision[DW_REVISION_SIZE],
                    const char **path)
{
    pthread_mutex_lock(&site->lock);
    put_masked(&site->conf, text);
    dw_site_revision(revision, site->conf.text);
    *path = site->path;
    pthread_mutex_unlock(&site->lock);
}

/* Edit lock held; the text is whole. */
static int change(struct dw_site *site, const struct dw_buf *text, struct dw_buf *note,
                  struct dw_err *err)
{
    struct dw_site_conf conf;
    int r = dw_site_conf_parse(&conf, dw_buf_text(text), text->length, site->conf.path, err);
    if (r < 0)
        return r;
    r = dw_site_take_name(site, conf.name, err);
    if (r == 0 && conf.path != NULL)
        r = save(&conf, text, err);
    if (r < 0) {
        dw_site_conf_fini(&conf);
        return r;
    }
    if (note != NULL)
        note_restarts(&site->conf, &conf, note);
    take_effect(site, &conf);
    return 0;
}

int dw_site_config_set(struct dw_site *site, const char *text, const char *expected,
                       struct dw_buf *note, struct dw_err *err)
{
    char revision[DW_REVISION_SIZE];
    struct dw_site_conf shown = { 0 };
    struct dw_buf whole = { 0 };
    pthread_mutex_lock(&site->edit_lock);
    dw_site_revision(revision, site->conf.text); /* it changes under the edit lock only */
    int r = 0;
    if (expected != NULL && strcmp(revision, expected) != 0)
        r = dw_fail(err, -ESTALE,
                    "the configuration was changed by somebody else meanwhile: look "
                    "at it again");
    if (r == 0)
        r = dw_site_conf_parse(&shown, text, strlen(text), site->conf.path, err);
    dw_buf_puts(&whole, text);
    if (r == 0)
        r = unmask(&site->conf, &shown, &whole, err);
    if (r == 0)
        r = change(site, &whole, note, err);
    pthread_mutex_unlock(&site->edit_lock);
    dw_site_conf_fini(&shown);
    dw_buf_fini(&whole);
    return r;
}

static const char *flag(int value)
{
    return value != 0 ? "true" : "false";
}

int dw_site_camera_add(struct dw_site *site, const struct dw_camera_change *change_of,
                       struct dw_err *err)
{
    struct dw_yaml_pair pairs[4];
    size_t count = 0;
    if (change_of->name == NULL || change_of->source == NULL)
        return dw_fail(err, -EINVAL, "a camera wants a name and a source");
    pairs[count++] = (struct dw_yaml_pair){ "name", change_of->name };
    pairs[count++] = (struct dw_yaml_pair){ "source", change_of->source };
    if (change_of->loop > 0)
        pairs[count++] = (struct dw_yaml_pair){ "loop", flag(change_of->loop) };
    if (change_of->enabled == 0)
        pairs[count++] = (struct dw_yaml_pair){ "enabled", flag(change_of->enabled) };
    struct dw_buf text = { 0 };
    pthread_mutex_lock(&site->edit_lock);
    dw_buf_puts(&text, site->conf.text);
    int r = dw_yaml_edit_add(&text, "cameras", pairs, count, err);
    if (r == 0)
        r = change(site, &text, NULL, err);
    pthread_mutex_unlock(&site->edit_lock);
    dw_buf_fini(&text);
    return r;
}

static int set_value(struct dw_buf *text, size_t item, const char *key, const char *value,
                     struct dw_err *err)
{
    if (value == NULL)
        return 0;
    return dw_yaml_edit_set(text, "cameras", item, (struct dw_yaml_pair){ key, value }, err);
}

int dw_site_camera_change(struct dw_site *site, const char *camera,
                          const struct dw_camera_change *change_of, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    size_t item = 0;
    pthread_mutex_lock(&site->edit_lock);
    dw_buf_puts(&text, site->conf.text);
    int r = dw_site_camera_find(site, camera, &item, err);
    if (r == 0)
        r = set_value(&text, item, "name", change_of->name, err);
    if (r == 0)
        r = set_value(&text, item, "source", change_of->source, err);
    if (r == 0 && change_of->loop >= 0)
        r = set_value(&text, item, "loop", flag(change_of->loop), err);
    if (r == 0 && change_of->enabled >= 0)
        r = set_value(&text, item, "enabled", flag(change_of->enabled), err);
    if (r == 0)
        r = change(site, &text, NULL, err);
    pthread_mutex_unlock(&site->edit_lock);
    dw_buf_fini(&text);
    return r;
}

int dw_site_camera_remove(struct dw_site *site, const char *camera, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    size_t item = 0;
    pthread_mutex_lock(&site->edit_lock);
    dw_buf_puts(&text, site->conf.text);
    int r = dw_site_camera_find(site, camera, &item, err);
    if (r == 0)
        r = dw_yaml_edit_remove(&text, "cameras", item, err);
    if (r == 0)
        r = change(site, &text, NULL, err);
    pthread_mutex_unlock(&site->edit_lock);
    dw_buf_fini(&text);
    return r;
}
