/* SPDX-License-Identifier: Apache-2.0 */
/* The site itself; private to site.c and site_config.c. */
#ifndef DW_ENGINE_SITE_STATE_H
#define DW_ENGINE_SITE_STATE_H

#include "engine/site_impl.h"

struct dw_camera_list {
    struct dw_camera **items;
    size_t count, capacity; /* a DW_VEC with a name */
};

/* Locks are taken in the order in which they stand here. */
struct dw_site {
    pthread_mutex_t edit_lock; /* one change at a time: of zones, of the configuration */
    pthread_mutex_t lock;      /* guards conf and cameras; held for moments only */
    struct dw_site_conf conf;
    char *path;                    /* of the configuration, or "" */
    struct dw_camera_list cameras; /* in the order of conf.cameras */

    char *model;  /* person detector, as when the program started; NULL: the default */
    double crowd; /* cameras for each processor, as when the program started */
    pthread_mutex_t detector_lock;
    DW_VEC(struct dw_site_detector *) detectors;

    struct dw_site_tools tools; /* changed while no camera runs */
    struct dw_hub *hub;
    struct dw_shared_store *store;
    struct dw_slots *slots;
    struct dw_hosts *hosts;
    pthread_t keeper;
    bool keeper_started;
    atomic_bool stopping;
    pthread_cond_t stopped; /* with `lock` */
};

/* Lock held. */
struct dw_camera *dw_site_find(struct dw_site *site, const char *name, size_t *index,
                               struct dw_err *err);

/* Whatever the site was called when its data folder was last used: what was measured then goes by
 * this name now. -EEXIST: the store has another site of that name. */
int dw_site_take_name(struct dw_site *site, const char *name, struct dw_err *err);

void dw_site_revision(char out[DW_REVISION_SIZE], const char *text);

#endif
