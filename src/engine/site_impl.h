/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a site share; private to src/engine. */
#ifndef DW_ENGINE_SITE_IMPL_H
#define DW_ENGINE_SITE_IMPL_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/picture.h"
#include "detect/detector.h"
#include "engine/output.h"
#include "engine/pipeline.h"
#include "engine/shared_store.h"
#include "engine/site.h"
#include "engine/slots.h"
#include "engine/staff_desk.h"
#include "media/frame.h"

struct dw_site_detector {
    double score;
    char *path; /* of the model */
    struct dw_detector *detector;
};

/* What cameras of a site work with; unchanging while any of them runs. */
struct dw_site_tools {
    char *site_name;
    enum dw_privacy privacy;
    struct dw_site_clock clock;
    struct dw_hub *hub;
    struct dw_shared_store *store;
    struct dw_slots *slots;
    struct dw_staff_desk *desk;
    /* The detector that keeps detections from this score on; made when first asked for. */
    int (*detector)(void *user, double score, const struct dw_site_detector **out,
                    struct dw_err *err);
    void *user;
};

/* One camera at work: a thread of its own, which opens the source again and again. */
struct dw_camera {
    const struct dw_site_tools *tools;
    struct dw_camera_conf conf; /* owned */
    atomic_bool stop;
    pthread_t thread;
    bool started;

    pthread_mutex_t lock; /* guards all below */
    struct dw_camera_status status;
    struct dw_frame *frame;    /* the latest; NULL without pictures, or when nobody may see any */
    int64_t frame_us;          /* when it came, by the monotonic clock; 0: none yet */
    struct dw_layout *pending; /* to be measured with from the next frame on; NULL: as it is */

    /* Of the camera's thread alone. */
    struct dw_layout *layout, *former;
    int64_t run_day;
    struct dw_pipeline_figures figures;
    int64_t figures_us;             /* when they were taken */
    struct dw_picture_watch *watch; /* since the zones were drawn; NULL: not looked at yet */
};

/* Takes `conf` over (all zero afterwards) and starts measuring, if it is enabled. */
struct dw_camera *dw_camera_create(const struct dw_site_tools *tools, struct dw_camera_conf *conf);

/* So that several may end at once; dw_camera_destroy() waits. NULL is fine. */
void dw_camera_stop(struct dw_camera *camera);
void dw_camera_destroy(struct dw_camera *camera);

void dw_camera_status_now(struct dw_camera *camera, struct dw_camera_status *out);

/* Of the camera's thread: looks whether the picture can be measured, and says what is wrong. */
void dw_camera_look(struct dw_camera *camera, const struct dw_image *image, int64_t now_us);

/* The latest picture, the caller's reference, or NULL. */
struct dw_frame *dw_camera_frame(struct dw_camera *camera);

/* Measures with it from the next frame on. Takes it over. */
void dw_camera_layout_set(struct dw_camera *camera, struct dw_layout *layout);

/* The zones file of a camera; an empty layout when there is none yet. */
int dw_camera_layout_load(const struct dw_camera_conf *conf, struct dw_layout *out,
                          struct dw_err *err);

#endif
