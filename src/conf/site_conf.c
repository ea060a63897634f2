/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/site_conf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/suggest.h"
#include "conf/file.h"
#include "conf/yaml_tree.h"

#define KEYS_MAX 16
#define DAYS_MAX 100000
#define FPS_MAX 1000
#define SIZE_MAX_PX 65536

static const char *const privacy_names[] = {
    [DW_PRIVACY_ON] = "on",
    [DW_PRIVACY_BLURRED] = "blurred",
    [DW_PRIVACY_OFF] = "off",
};

/* In the order of enum dw_store_kind. */
static const char *const retention_names[DW_RETENTION_COUNT] = {
    "visits", "doubt", "crossings", "feet", "rollups",
};

struct reader {
    struct dw_site_conf *conf;
    const char *folder;          /* relative paths begin from here; "": the working folder */
    struct dw_settings settings; /* of the site, for all its cameras */
};

/* What can stand under a key; `target` is what it is read into. */
struct key {
    const char *name;
    int (*read)(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                struct dw_err *err);
    void *target;
};

const char *dw_privacy_name(enum dw_privacy privacy)
{
    return privacy_names[privacy];
}

void dw_camera_conf_copy(struct dw_camera_conf *out, const struct dw_camera_conf *conf)
{
    *out = *conf;
    out->source = dw_strdup(conf->source);
    out->source_text = dw_strdup(conf->source_text);
    out->zones_path = dw_strdup(conf->zones_path);
    out->ground_path = conf->ground_path != NULL ? dw_strdup(conf->ground_path) : NULL;
}

void dw_camera_conf_fini(struct dw_camera_conf *conf)
{
    free(conf->source);
    free(conf->source_text);
    free(conf->zones_path);
    free(conf->ground_path);
    *conf = (struct dw_camera_conf){ 0 };
}

void dw_site_conf_fini(struct dw_site_conf *conf)
{
    char **const texts[] = {
        &conf->path,        &conf->text,  &conf->name,       &conf->time_zone,
        &conf->data,        &conf->store, &conf->store_text, &conf->listen,
        &conf->certificate, &conf->key,   &conf->model,      &conf->staff_reid
    };
    for (size_t i = 0; i < DW_LENGTH(texts); i++)
        free(*texts[i]);
    for (size_t i = 0; i < conf->hosts.count; i++)
        free(conf->hosts.items[i]);
    dw_vec_fini(&conf->hosts);
    for (size_t i = 0; i < conf->cameras.count; i++)
        dw_camera_conf_fini(&conf->cameras.items[i]);
    dw_vec_fini(&conf->cameras);
    *conf = (struct dw_site_conf){ 0 };
}

/* --- Values --------------------------------------------------------------------------------- */

static int wants(const struct dw_yaml_node *node, const char *what, struct dw_err *err)
{
    return dw_fail(err, -EINVAL, "line %d: '%s' wants %s%s%.60s%s", node->line,
                   node->key != NULL ? node->key : "an item", what,
                   node->kind == DW_YAML_SCALAR ? ", got '" : "",
                   node->kind == DW_YAML_SCALAR ? node->text : "",
                   node->kind == DW_YAML_SCALAR ? "'" : "");
}

static int read_text(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                     struct dw_err *err)
{
    (void)reader;
    char **text = target;
    if (node->kind != DW_YAML_SCALAR || node->text[0] == '\0')
        return wants(node, "a text", err);
    free(*text);
    *text = dw_strdup(node->text);
    return 0;
}

/* Puts the environment's value for each ${NAME}. No message repeats a value. */
static int expand(const struct dw_yaml_node *node, struct dw_buf *out, struct dw_err *err)
{
    const char *at = node->text, *open = NULL;
    while ((open = strstr(at, "${")) != NULL) {
        const char *close = strchr(open, '}');
        char name[64];
        int length = close != NULL ? (int)(close - open) - 2 : -1;
        if (length < 1 || length >= (int)sizeof(name))
            return dw_fail(err, -EINVAL, "line %d: '%s' wants a name of the environment in ${...}",
                           node->line, node->key);
        snprintf(name, sizeof(name), "%.*s", length, open + 2);
        const char *value = getenv(name);
        if (value == NULL)
            return dw_fail(err, -EINVAL,
                           "line %d: '%s' wants ${%s}, which is not set: set it in "
                           "the environment of the program",
                           node->line, node->key, name);
        dw_buf_append(out, at, (size_t)(open - at));
        dw_buf_puts(out, value);
        at = close + 1;
    }
    dw_buf_puts(out, at);
    return 0;
}

static int read_secret(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                       struct dw_err *err)
{
    char **text = target;
    int r = read_text(reader, node, target, err);
    if (r < 0)
        return r;
    struct dw_buf value = { 0 };
    r = expand(node, &value, err);
    if (r == 0) {
        free(*text);
        *text = dw_strdup(dw_buf_text(&value));
    }
    dw_buf_fini(&value);
    return r;
}

static char *path_from(const char *folder, const char *path)
{
    if (*path == '/' || *folder == '\0')
        return dw_strdup(path);
    return strcmp(path, ".") == 0 ? dw_strdup(folder) : dw_strdup_printf("%s/%s", folder, path);
}

static int read_path(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                     struct dw_err *err)
{
    char **path = target;
    int r = read_secret(reader, node, target, err);
    if (r < 0)
        return r;
    char *whole = path_from(reader->folder, *path);
    free(*path);
    *path = whole;
    return 0;
}

static int read_flag(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                     struct dw_err *err)
{
    (void)reader;
    static const char *const words[] = { "false", "no", "off", "true", "yes", "on" };
    for (size_t i = 0; i < DW_LENGTH(words) && node->kind == DW_YAML_SCALAR; i++)
        if (strcmp(node->text, words[i]) == 0) {
            *(bool *)target = i >= 3;
            return 0;
        }
    return wants(node, "true or false", err);
}

static int read_fps(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                    struct dw_err *err)
{
    (void)reader;
    char *end = NULL;
    double fps = node->kind == DW_YAML_SCALAR ? strtod(node->text, &end) : 0;
    if (end == NULL || end == node->text || *end != '\0' || !(fps > 0 && fps <= FPS_MAX))
        return wants(node, "frames a second, over 0 and up to 1000", err);
    *(double *)target = fps;
    return 0;
}

static int read_size(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                     struct dw_err *err)
{
    (void)reader;
    struct dw_camera_conf *camera = target;
    char *end = NULL;
    long width_px = 0, height_px = 0;
    if (node->kind == DW_YAML_SCALAR && isdigit((unsigned char)node->text[0])) {
        width_px = strtol(node->text, &end, 10);
        if (*end == 'x' && isdigit((unsigned char)end[1]))
            height_px = strtol(end + 1, &end, 10);
    }
    if (end == NULL || *end != '\0' || width_px < 1 || width_px > SIZE_MAX_PX || height_px < 1 ||
        height_px > SIZE_MAX_PX)
        return wants(node, "a size in pixels, like 1920x1080", err);
    camera->width_px = (int)width_px;
    camera->height_px = (int)height_px;
    return 0;
}

static int read_days(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                     struct dw_err *err)
{
    (void)reader;
    char *end = NULL;
    bool digits = node->kind == DW_YAML_SCALAR && isdigit((unsigned char)node->text[0]);
    errno = 0;
    long days = digits ? strtol(node->text, &end, 10) : -1;
    if (!digits || errno != 0 || strcmp(end, "d") != 0 || days > DAYS_MAX)
        return wants(node, "a number of days, like 730d", err);
    *(int *)target = (int)days;
    return 0;
}

static int read_pictures(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                         struct dw_err *err)
{
    (void)reader;
    for (size_t i = 0; i < DW_LENGTH(privacy_names) && node->kind == DW_YAML_SCALAR; i++)
        if (strcmp(node->text, privacy_names[i]) == 0) {
            *(enum dw_privacy *)target = (enum dw_privacy)i;
            return 0;
        }
    return wants(node, "on, blurred or off", err);
}

static int read_transport(const struct reader *reader, const struct dw_yaml_node *node,
                          void *target, struct dw_err *err)
{
    (void)reader;
    bool udp = node->kind == DW_YAML_SCALAR && strcmp(node->text, "udp") == 0;
    if (!udp && (node->kind != DW_YAML_SCALAR || strcmp(node->text, "tcp") != 0))
        return wants(node, "tcp or udp", err);
    *(bool *)target = udp;
    return 0;
}

/* An IANA name; which days and hours it makes is for others to know. */
static int read_zone(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                     struct dw_err *err)
{
    char path[256];
    int r = read_text(reader, node, target, err);
    if (r < 0)
        return r;
    int length = snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", node->text);
    if (node->text[0] == '/' || strchr(node->text, '.') != NULL || length >= (int)sizeof(path) ||
        access(path, R_OK) != 0)
        return wants(node, "a time zone like Europe/Berlin", err);
    return 0;
}

/* --- Mappings ------------------------------------------------------------------------------- */

static int fail_unknown(const struct dw_yaml_node *node, const struct key *keys, size_t count,
                        struct dw_err *err)
{
    const char *names[KEYS_MAX];
    for (size_t i = 0; i < count; i++)
        names[i] = keys[i].name;
    const char *near = dw_suggest(node->key, names, count);
    if (near != NULL)
        return dw_fail(err, -EINVAL, "line %d: unknown key '%.60s'; did you mean '%s'?", node->line,
                       node->key, near);
    struct dw_buf all = { 0 };
    for (size_t i = 0; i < count; i++)
        dw_buf_printf(&all, "%s%s", i > 0 ? ", " : "", names[i]);
    int r = dw_fail(err, -EINVAL, "line %d: unknown key '%.60s'; there are %s", node->line,
                    node->key, dw_buf_text(&all));
    dw_buf_fini(&all);
    return r;
}

static const struct key *find_key(const struct key *keys, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

static int read_map(const struct reader *reader, const struct dw_yaml_node *node,
                    const struct key *keys, size_t count, struct dw_err *err)
{
    if (node->kind != DW_YAML_MAP)
        return dw_fail(err, -EINVAL, "line %d: '%s' wants names with values, like '%s: ...'",
                       node->line, node->key != NULL ? node->key : "the file", keys[0].name);
    for (size_t i = 0; i < node->children.count; i++) {
        const struct dw_yaml_node *child = node->children.items[i];
        const struct key *key = find_key(keys, count, child->key);
        int r = key != NULL ? key->read(reader, child, key->target, err)
                            : fail_unknown(child, keys, count, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static int set_setting(struct dw_settings *settings, const char *name,
                       const struct dw_yaml_node *node, struct dw_err *err)
{
    if (node->kind != DW_YAML_SCALAR)
        return wants(node, "a single value", err);
    int r = dw_settings_set_value(settings, name, node->text, err);
    return r < 0 ? dw_fail_within(err, r, "line %d", node->line) : 0;
}

/* "zone.grace: 1" or "zone: {grace: 1}". */
static int read_settings(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                         struct dw_err *err)
{
    (void)reader;
    int r = 0;
    if (node->kind != DW_YAML_MAP)
        return wants(node, "settings like 'zone.grace: 1'", err);
    for (size_t i = 0; r == 0 && i < node->children.count; i++) {
        const struct dw_yaml_node *child = node->children.items[i];
        if (child->kind != DW_YAML_MAP) {
            r = set_setting(target, child->key, child, err);
            continue;
        }
        for (size_t j = 0; r == 0 && j < child->children.count; j++) {
            const struct dw_yaml_node *inner = child->children.items[j];
            char name[128];
            snprintf(name, sizeof(name), "%.60s.%.60s", child->key, inner->key);
            r = set_setting(target, name, inner, err);
        }
    }
    return r;
}

static int read_tls(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                    struct dw_err *err)
{
    struct dw_site_conf *conf = target;
    const struct key keys[] = {
        { "certificate", read_path, &conf->certificate },
        { "key", read_path, &conf->key },
    };
    int r = read_map(reader, node, keys, DW_LENGTH(keys), err);
    if (r == 0 && (conf->certificate == NULL || conf->key == NULL))
        r = dw_fail(err, -EINVAL, "line %d: 'tls' wants both 'certificate' and 'key'", node->line);
    return r;
}

static int read_privacy(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                        struct dw_err *err)
{
    const struct key keys[] = { { "pictures", read_pictures, target } };
    return read_map(reader, node, keys, DW_LENGTH(keys), err);
}

static int read_retention(const struct reader *reader, const struct dw_yaml_node *node,
                          void *target, struct dw_err *err)
{
    struct key keys[DW_RETENTION_COUNT];
    for (size_t i = 0; i < DW_RETENTION_COUNT; i++)
        keys[i] = (struct key){ retention_names[i], read_days, (int *)target + i };
    return read_map(reader, node, keys, DW_RETENTION_COUNT, err);
}

static int read_hosts(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                      struct dw_err *err)
{
    struct dw_site_conf *conf = target;
    if (node->kind != DW_YAML_LIST)
        return wants(node, "a list of names, like [dwell.shop.lan]", err);
    for (size_t i = 0; i < node->children.count; i++) {
        char *host = NULL;
        int r = read_text(reader, node->children.items[i], &host, err);
        if (r < 0)
            return r;
        dw_vec_push(&conf->hosts, host);
    }
    return 0;
}

/* --- Cameras -------------------------------------------------------------------------------- */

/* The name is a part of addresses and of file names. */
static int read_name(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                     struct dw_err *err)
{
    (void)reader;
    static const char fit[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    if (node->kind != DW_YAML_SCALAR || node->text[0] == '\0' || node->text[0] == '.' ||
        strspn(node->text, fit) != strlen(node->text) || strlen(node->text) >= DW_CAMERA_NAME_MAX)
        return wants(node, "up to 63 letters, digits, '-', '_' and '.', like entrance-2", err);
    snprintf(target, DW_CAMERA_NAME_MAX, "%s", node->text);
    return 0;
}

static int read_source(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                       struct dw_err *err)
{
    struct dw_camera_conf *camera = target;
    int r = read_text(reader, node, &camera->source_text, err);
    if (r == 0)
        r = read_secret(reader, node, &camera->source, err);
    if (r < 0 || strstr(camera->source, "://") != NULL)
        return r;
    char *path = path_from(reader->folder, camera->source);
    free(camera->source);
    camera->source = path;
    return 0;
}

static int check_camera(const struct reader *reader, const struct dw_yaml_node *node,
                        const struct dw_camera_conf *camera, struct dw_err *err)
{
    if (camera->name[0] == '\0')
        return dw_fail(err, -EINVAL, "line %d: a camera wants a 'name'", node->line);
    if (camera->source == NULL)
        return dw_fail(err, -EINVAL,
                       "line %d: camera '%s' wants a 'source': a file, http://..., "
                       "rtsp://... or v4l2:///dev/video0",
                       node->line, camera->name);
    if (camera->loop && strstr(camera->source, "://") != NULL)
        return dw_fail(err, -EINVAL, "line %d: camera '%s': only a file can be played in a 'loop'",
                       node->line, camera->name);
    size_t count = reader->conf->cameras.count;
    for (size_t i = 0; i + 1 < count; i++)
        if (strcmp(reader->conf->cameras.items[i].name, camera->name) == 0)
            return dw_fail(err, -EINVAL, "line %d: two cameras are called '%s'; rename one",
                           node->line, camera->name);
    return 0;
}

static int read_camera(const struct reader *reader, const struct dw_yaml_node *node,
                       struct dw_err *err)
{
    struct dw_camera_conf *camera = dw_vec_add(&reader->conf->cameras);
    camera->enabled = true;
    camera->settings = reader->settings;
    const struct key keys[] = {
        { "name", read_name, camera->name },
        { "enabled", read_flag, &camera->enabled },
        { "fps", read_fps, &camera->fps },
        { "ground", read_path, &camera->ground_path },
        { "loop", read_flag, &camera->loop },
        { "settings", read_settings, &camera->settings },
        { "size", read_size, camera },
        { "source", read_source, camera },
        { "transport", read_transport, &camera->udp },
        { "zones", read_path, &camera->zones_path },
    };
    int r = read_map(reader, node, keys, DW_LENGTH(keys), err);
    return r == 0 ? check_camera(reader, node, camera, err) : r;
}

static int read_cameras(const struct reader *reader, const struct dw_yaml_node *node,
                        struct dw_err *err)
{
    bool empty = node->kind == DW_YAML_SCALAR && node->text[0] == '\0';
    if (node->kind != DW_YAML_LIST && !empty)
        return wants(node, "a list, each with '- name: ...'", err);
    if (node->children.count > DW_CAMERAS_MAX)
        return dw_fail(err, -EINVAL, "line %d: %zu cameras; at most %d are possible", node->line,
                       node->children.count, DW_CAMERAS_MAX);
    int r = 0;
    for (size_t i = 0; r == 0 && i < node->children.count; i++)
        r = read_camera(reader, node->children.items[i], err);
    return r;
}

/* --- The whole ------------------------------------------------------------------------------ */

/* Read last, because the site's settings and folders are their defaults. */
static int skip(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                struct dw_err *err)
{
    (void)reader;
    (void)node;
    (void)target;
    (void)err;
    return 0;
}

static int read_store(const struct reader *reader, const struct dw_yaml_node *node, void *target,
                      struct dw_err *err)
{
    struct dw_site_conf *conf = target;
    int r = read_text(reader, node, &conf->store_text, err);
    if (r < 0)
        return r;
    bool address = strstr(node->text, "://") != NULL || node->text[0] == ':';
    return (address ? read_secret : read_path)(reader, node, &conf->store, err);
}

static void put_defaults(struct dw_site_conf *conf, const char *folder)
{
    if (conf->name == NULL)
        conf->name = dw_strdup("site");
    if (conf->data == NULL)
        conf->data = path_from(folder, "dwell-data");
    if (conf->store == NULL)
        conf->store = dw_strdup_printf("%s/dwell.db", conf->data);
    if (conf->listen == NULL)
        conf->listen = dw_strdup("127.0.0.1:8080");
    for (size_t i = 0; i < conf->cameras.count; i++) {
        struct dw_camera_conf *camera = &conf->cameras.items[i];
        if (camera->zones_path == NULL)
            camera->zones_path = dw_strdup_printf("%s/zones/%s.json", conf->data, camera->name);
    }
}

static int read_site(struct reader *reader, const struct dw_yaml_node *root, struct dw_err *err)
{
    struct dw_site_conf *conf = reader->conf;
    const struct key keys[] = {
        { "cameras", skip, NULL },
        { "data", read_path, &conf->data },
        { "hosts", read_hosts, conf },
        { "listen", read_secret, &conf->listen },
        { "model", read_path, &conf->model },
        { "privacy", read_privacy, &conf->privacy },
        { "retention", read_retention, conf->retention_days },
        { "settings", read_settings, &reader->settings },
        { "site", read_text, &conf->name },
        { "staff_reid", read_path, &conf->staff_reid },
        { "store", read_store, conf },
        { "time_zone", read_zone, &conf->time_zone },
        { "tls", read_tls, conf },
    };
    int r = read_map(reader, root, keys, DW_LENGTH(keys), err);
    const struct dw_yaml_node *cameras = r == 0 ? dw_yaml_get(root, "cameras") : NULL;
    return cameras != NULL ? read_cameras(reader, cameras, err) : r;
}

int dw_site_conf_parse(struct dw_site_conf *out, const char *text, size_t length, const char *path,
                       struct dw_err *err)
{
    DW_AUTO(yaml_node) *root = NULL;
    int r = dw_yaml_parse(&root, text, length, err);
    if (r < 0)
        return r;
    struct dw_site_conf conf = { .path = path != NULL ? dw_strdup(path) : NULL };
    const char *slash = path != NULL ? strrchr(path, '/') : NULL;
    char *folder = dw_strdup_printf("%.*s", slash != NULL ? (int)(slash - path) : 0, path);
    for (size_t i = 0; i < DW_RETENTION_COUNT; i++)
        conf.retention_days[i] = -1;
    struct reader reader = { &conf, folder, dw_settings_default() };
    r = read_site(&reader, root, err);
    put_defaults(&conf, folder);
    conf.text = dw_strdup_printf("%.*s", (int)length, text);
    free(folder);
    if (r == 0)
        *out = conf;
    else
        dw_site_conf_fini(&conf);
    return r;
}

int dw_site_conf_load(struct dw_site_conf *out, const char *path, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    int r = dw_file_read(&text, path, DW_YAML_BYTES_MAX, err);
    if (r == 0) {
        r = dw_site_conf_parse(out, dw_buf_text(&text), text.length, path, err);
        if (r < 0)
            dw_fail_within(err, r, "%s", path);
    }
    dw_buf_fini(&text);
    return r;
}
