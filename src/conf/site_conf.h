/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration of a site, as a person writes it: a YAML file of names, cameras and rules
 * (docs/configuration.md). "${NAME}" in a value is taken from the environment, so that no secret
 * need be in the file. Everything is checked before anything of it counts: a key that is not known,
 * a value out of range or a camera named twice is told with its line.
 */
#ifndef DW_CONF_SITE_CONF_H
#define DW_CONF_SITE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "conf/option.h"

#define DW_CAMERA_NAME_MAX 64
#define DW_CAMERAS_MAX 64

/* What the page may see of the pictures. They are never stored. */
enum dw_privacy { DW_PRIVACY_ON, DW_PRIVACY_BLURRED, DW_PRIVACY_OFF };

/* "on", "blurred", "off": of `pictures`. */
const char *dw_privacy_name(enum dw_privacy privacy);

/* How long is kept what; in days, -1: for ever. In the order of enum dw_store_kind. */
enum { DW_RETENTION_COUNT = 5 };

struct dw_camera_conf {
    char name[DW_CAMERA_NAME_MAX];
    char *source;      /* with secrets filled in: never to be shown */
    char *source_text; /* as it was written */
    char *zones_path;  /* absolute or from the working folder */
    char *ground_path; /* NULL: none */
    bool loop, enabled;
    bool udp;   /* an RTSP camera sends over UDP, not TCP */
    double fps; /* with the size: of a detections file */
    int width_px, height_px;
    struct dw_settings settings; /* the site's, changed by the camera's own */
};

struct dw_site_conf {
    char *path; /* of the file; NULL: none */
    char *text; /* as it was written */
    char *name, *time_zone;
    char *data;       /* folder */
    char *store;      /* with secrets filled in; NULL: dwell.db in the folder */
    char *store_text; /* as it was written; NULL: nothing was */
    char *listen;
    char *model;      /* person detector; NULL: the default, or its faster form for many cameras */
    char *staff_reid; /* ReID model that looks at people to tell staff; NULL: colours alone */
    DW_VEC(char *) hosts;
    char *certificate, *key; /* of TLS; NULL: none */
    enum dw_privacy privacy;
    int retention_days[DW_RETENTION_COUNT];
    DW_VEC(struct dw_camera_conf) cameras;
};

void dw_camera_conf_copy(struct dw_camera_conf *out, const struct dw_camera_conf *conf);
void dw_camera_conf_fini(struct dw_camera_conf *conf);
void dw_site_conf_fini(struct dw_site_conf *conf);

/* `path` says what relative paths begin from, and need not exist. On failure `out` is untouched;
 * the sentence begins with the line. */
int dw_site_conf_parse(struct dw_site_conf *out, const char *text, size_t length, const char *path,
                       struct dw_err *err);

/* The same with the file's text; the sentence begins with the path. */
int dw_site_conf_load(struct dw_site_conf *out, const char *path, struct dw_err *err);

#endif
