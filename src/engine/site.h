/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A shop being measured: its cameras, each measured for as long as the program runs, one store for
 * all, and a hub of what happens. Cameras, zones and settings change while it runs; what changes
 * is checked whole before anything happens, and kept in the files the site was started from.
 *
 * Any thread may call anything. Texts in err are fit to be shown to people: no secret is in them.
 */
#ifndef DW_ENGINE_SITE_H
#define DW_ENGINE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/macros.h"
#include "conf/site_conf.h"
#include "engine/hub.h"
#include "engine/staff_desk.h"

struct dw_site;

/* Local time less UTC at a wall time, and as it is without summer time (insight/local_day.h). */
struct dw_site_clock {
    int64_t (*offset_us)(int64_t wall_us);
    int64_t (*standard_offset_us)(int64_t wall_us);
};

/*
 * Opens the store and starts every camera that is enabled; a camera that cannot be opened is tried
 * again for ever and fails nobody. `conf` is taken over (all zero afterwards), also on failure.
 */
int dw_site_create(struct dw_site **out, struct dw_site_conf *conf, struct dw_site_clock clock,
                   struct dw_err *err);

/* Stops all cameras, writes what is left, closes the store. NULL is fine. */
void dw_site_destroy(struct dw_site *site);
DW_DEFINE_AUTO(site)

struct dw_hub *dw_site_hub(struct dw_site *site);

/* Who tells staff from shoppers; as long as the site. */
struct dw_staff_desk *dw_site_staff(struct dw_site *site);

/* --- What it is ----------------------------------------------------------------------------- */

enum dw_camera_state {
    DW_CAMERA_OFF,      /* not enabled, or a file that was read to its end */
    DW_CAMERA_STARTING, /* being opened */
    DW_CAMERA_RUNNING,
    DW_CAMERA_WAITING, /* broke off; is being opened again and again */
    DW_CAMERA_FAILED,  /* the same, but it never ran: `reason` says what to do */
};

/* "off", "starting", ... */
const char *dw_camera_state_name(enum dw_camera_state state);

struct dw_camera_status {
    char name[DW_CAMERA_NAME_MAX];
    char source[512]; /* without password */
    char reason[512]; /* why it waits, failed or cannot be measured; "" when all is well */
    enum dw_camera_state state;
    bool enabled, loop;
    int width_px, height_px;     /* 0 until it was opened */
    double fps_in, fps_analysed; /* over the last seconds */
    double infer_ms;             /* CPU time of one picture in the detector */
    int64_t frames, dropped;     /* since the camera was started */
    double last_frame_age_s;     /* negative: none yet */
    int64_t reconnects, gaps;    /* since the camera was started */
    int64_t decoder_restarts;    /* likewise: of its decoder's process, which broke off */
};

size_t dw_site_camera_count(struct dw_site *site);

/* By number, in the order of the configuration. -ENOENT when there are not as many. */
int dw_site_camera_status(struct dw_site *site, size_t index, struct dw_camera_status *out);

/* The number of a camera by its name; -ENOENT with a sentence. */
int dw_site_camera_find(struct dw_site *site, const char *name, size_t *index, struct dw_err *err);

/* Copies, because the configuration may change: free with dw_site_conf_fini(). */
void dw_site_conf_copy(struct dw_site *site, struct dw_site_conf *out);

/* --- What it sees --------------------------------------------------------------------------- */

/*
 * Appends the latest picture of a camera as JPEG, made now. -ENOENT no such camera, -EACCES
 * pictures are off for privacy, -ENODATA there is none (yet). With privacy `blurred` nobody is
 * recognisable in it.
 */
int dw_site_snapshot(struct dw_site *site, const char *camera, struct dw_buf *jpeg,
                     struct dw_err *err);

/*
 * Appends a picture of a stream that is no camera of the site yet, as far as privacy allows: it is
 * opened for it, which takes some 12 s at most. -EINVAL no stream; else as dw_source_create().
 */
int dw_site_still(struct dw_site *site, const char *url, struct dw_buf *jpeg, struct dw_err *err);

/* --- What was measured ---------------------------------------------------------------------- */

/* As dw_store_set_role(), and told to those who watch; the person, if still known, is marked so for
 * training. */
int dw_site_visit_role(struct dw_site *site, const char *camera, const struct dw_visit *visit,
                       struct dw_err *err);

/* --- Zones and lines ------------------------------------------------------------------------ */

#define DW_REVISION_SIZE 24

/* Appends the zones file of a camera ("{"zones":[],"lines":[]}" when there is none yet). */
int dw_site_layout(struct dw_site *site, const char *camera, struct dw_buf *json,
                   char revision[DW_REVISION_SIZE], struct dw_err *err);

/*
 * Checks, saves, and measures with the new zones from the next frame on; visits going on end
 * (`edited`). `expected`: the revision it was made from, NULL to overwrite anything. Gives the new
 * revision (may be NULL). -ESTALE: somebody else changed it meanwhile; -EINVAL with a sentence.
 */
int dw_site_layout_set(struct dw_site *site, const char *camera, const char *json,
                       const char *expected, char revision[DW_REVISION_SIZE], struct dw_err *err);

/* --- Configuration -------------------------------------------------------------------------- */

/* Appends the text of the configuration, in which passwords are "***" ("${NAME}" is none). *path
 * ("": it has no file, and changes are forgotten at the end) is valid as long as the site. */
void dw_site_config(struct dw_site *site, struct dw_buf *text, char revision[DW_REVISION_SIZE],
                    const char **path);

/*
 * Checks and saves a whole new configuration and lets it take effect: cameras are started, stopped
 * and started anew as needed. -ESTALE and -EINVAL as above; the sentence begins "line N: ". What
 * needs a restart of the program (data, hosts, listen, store, time_zone, tls) is named in `note`
 * (may be NULL). "***" where a password was stays that password.
 */
int dw_site_config_set(struct dw_site *site, const char *text, const char *expected,
                       struct dw_buf *note, struct dw_err *err);

/* NULL or negative: unchanged, and by add left out. */
struct dw_camera_change {
    const char *name, *source;
    int loop, enabled; /* 0, 1 or negative */
};

/* They change the text of the configuration in place; comments and layout stay. */
int dw_site_camera_add(struct dw_site *site, const struct dw_camera_change *change,
                       struct dw_err *err);
int dw_site_camera_change(struct dw_site *site, const char *camera,
                          const struct dw_camera_change *change, struct dw_err *err);
int dw_site_camera_remove(struct dw_site *site, const char *camera, struct dw_err *err);

#endif
