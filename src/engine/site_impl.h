/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a site share; private to src/engine. */
#ifndef DW_ENGINE_SITE_IMPL_H
#define DW_ENGINE_SITE_IMPL_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "core/picture.h"
#include "detect/detector.h"
#include "engine/hosts.h"
#include "engine/output.h"
#include "engine/pipeline.h"
#include "engine/shared_store.h"
#include "engine/site.h"
#include "engine/slots.h"
#include "engine/staff_desk.h"
#include "media/cover.h"
#include "media/frame.h"

struct dw_site_detector {
    double score;
    char *path; /* of the model */
    struct dw_detector *detector;
};

/* What cameras of a site work with; unchanging while any of them runs. */
struct dw_site_tools {
    char *site_name, *data; /* name, folder */
    enum dw_privacy privacy;
    struct dw_site_clock clock;
    struct dw_hub *hub;
    struct dw_shared_store *store;
    struct dw_slots *slots;
    struct dw_hosts *hosts;
    struct dw_staff_desk *desk;
    /* The detector for pictures of this source that keeps detections from this score on; made when
     * first asked for. */
    int (*detector)(void *user, const struct dw_source_info *source, double score,
                    const struct dw_site_detector **out, struct dw_err *err);
    void *user;
};

/* Who entered which zone since the zones were drawn, or the program started. */
struct dw_zone_entries {
    int64_t measured_us, looked_us; /* time with pictures; the last look */
    int64_t all;                    /* entries so far */
    size_t count;
    struct {
        int64_t since_us, all_then; /* when it was entered last */
        int64_t count;              /* of those who did */
        double tall_px;             /* how tall they are, all together */
    } * zones;                      /* NULL: none counted yet */
};

/* One camera at work: a thread of its own, which opens the source again and again. */
struct dw_camera {
    const struct dw_site_tools *tools;
    struct dw_camera_conf conf; /* owned */
    atomic_bool stop;
    pthread_t thread;
    struct dw_cover *cover; /* what its pictures may not show */

    pthread_mutex_t lock; /* guards all below */
    struct dw_camera_status status;
    struct dw_frame *frame;    /* the latest; NULL without pictures, or when nobody may see any */
    int64_t frame_us;          /* when it came, by the monotonic clock; 0: none yet */
    struct dw_layout *pending; /* to be measured with from the next frame on; NULL: as it is */

    /* Of the camera's thread alone. */
    struct dw_layout *layout, *former;
    int64_t run_day;
    struct dw_clock_watch clock;
    int64_t off_since_us,
        wrong_since_us;        /* the run's time, the camera's clock; 0: they are right */
    int64_t began_us, wait_us; /* of trying to open the source; 0: not tried yet */
    uint64_t random;
    struct dw_pipeline_figures figures;
    int64_t figures_us; /* when they were taken */
    bool started, wrong_told, ever_ran;
    bool slow;            /* many pictures were not looked at, since then */
    bool large, reshaped; /* the stream is; since the zones were drawn */
    bool hurried;         /* too few pictures for a zone's width */
    bool view_kept;       /* what `watch` compares with is in its file */
    struct dw_zone_entries entries;
    struct dw_picture_watch *watch; /* since the zones were drawn; NULL: not looked at yet */
};

/* Takes `conf` over (all zero afterwards) and starts measuring, if it is enabled. */
struct dw_camera *dw_camera_create(const struct dw_site_tools *tools, struct dw_camera_conf *conf);

/* So that several may end at once; dw_camera_destroy() waits. NULL is fine. */
void dw_camera_stop(struct dw_camera *camera);
void dw_camera_destroy(struct dw_camera *camera);

void dw_camera_status_now(struct dw_camera *camera, struct dw_camera_status *out);

void dw_camera_set_state(struct dw_camera *camera, enum dw_camera_state state, const char *reason);

/* Tells those who watch that a role is another one. */
void dw_camera_tell_role(const struct dw_site_tools *tools, const struct dw_record_context *record,
                         const struct dw_role_change *change);

/* --- camera_advice.c, of the camera's thread --- */

/* Looks whether the picture can be measured. */
void dw_camera_look(struct dw_camera *camera, const struct dw_image *image, int64_t now_us);

/* Somebody entered a zone of the layout. */
void dw_camera_entered(struct dw_camera *camera, const struct dw_visit *visit);

/* Frames of the last seconds that were looked at and that were not, for want of time. */
void dw_camera_judge_rate(struct dw_camera *camera, double frames, double dropped);

/* The zones were drawn anew, on what the camera shows now. */
void dw_camera_redrawn(struct dw_camera *camera);

/* Says what is wrong, if anything is, as the reason of a running camera. */
void dw_camera_advise(struct dw_camera *camera);

void dw_camera_advice_fini(struct dw_camera *camera);

/* The latest picture, the caller's reference, or NULL. */
struct dw_frame *dw_camera_frame(struct dw_camera *camera);

/* Measures with it from the next frame on. Takes it over. */
void dw_camera_layout_set(struct dw_camera *camera, struct dw_layout *layout);

/* The zones file of a camera; an empty layout when there is none yet. */
int dw_camera_layout_load(const struct dw_camera_conf *conf, struct dw_layout *out,
                          struct dw_err *err);

#endif
