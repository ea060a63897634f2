/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the staff desk share; private to src/engine. */
#ifndef DW_ENGINE_STAFF_DESK_IMPL_H
#define DW_ENGINE_STAFF_DESK_IMPL_H

#include <pthread.h>
#include <stdatomic.h>

#include "appear/appear.h"
#include "base/vec.h"
#include "conf/staff_switch.h"
#include "engine/staff_desk.h"

/* Somebody a camera saw. */
struct dw_staff_known {
    struct dw_staff_face face; /* but for `found` and `staff_p` */
    struct dw_staff_views views;
    struct dw_staff_odds odds;   /* said by ... */
    char net[DW_STAFF_NAME_MAX]; /* ... this classifier */
    struct dw_buf tile;          /* JPEG */
    bool gone;                   /* not followed any more: the views are all */
};

/* Whether a model still fits whom it judges. */
struct dw_staff_fit {
    char model[DW_STAFF_NAME_MAX];
    struct dw_staff_spread then, now; /* in training, or of the first it judged; of the last ones */
    int people;                       /* of the last ones */
    char says[256];                   /* "": it does */
};

struct dw_staff_desk {
    char *folder, *reid;
    struct dw_appear *appear; /* of all seats */
    char looks[DW_STAFF_LOOKS_SIZE];
    atomic_uint changes; /* of models in use and of marks: seats look when it differs */

    pthread_mutex_t lock; /* guards all below; files of the set are written under it, too */
    bool pictures;
    DW_VEC(struct dw_staff_known *) people; /* in the order they came */
    int64_t next_id;
    char set[DW_STAFF_NAME_MAX];
    int64_t set_until_us;
    char minute_camera[DW_STAFF_CAMERA_MAX];
    int64_t minute_until_us; /* by the monotonic clock */
    struct dw_staff_switches in_use;
    DW_VEC(struct dw_staff_listed) models; /* by name, which is by age */
    struct timespec listed;                /* when their folder was changed last */
    DW_VEC(struct dw_staff_fit) fits;      /* of the models in use */
    char trouble_says[256];
    void (*tell)(void *user, const char *camera, const char *what); /* NULL: nobody listens */
    void *user;

    enum dw_staff_training training;
    char training_says[512];
    pthread_t trainer;
    bool trainer_started; /* and not joined yet */
};

/* All with the lock held. */

struct dw_staff_known *dw_staff_desk_find(const struct dw_staff_desk *desk, int64_t id);

/* Forgets the person at this place. */
void dw_staff_desk_drop(struct dw_staff_desk *desk, size_t at);

/* Writes somebody to the set, if there is one and they belong there. What cannot be written is told
 * on stderr: measuring goes on. */
void dw_staff_desk_keep(struct dw_staff_desk *desk, struct dw_staff_known *known);
int dw_staff_desk_save_labels(struct dw_staff_desk *desk, struct dw_err *err);

void dw_staff_desk_open_sets(struct dw_staff_desk *desk);
int dw_staff_desk_open_models(struct dw_staff_desk *desk, struct dw_err *err);
int dw_staff_desk_end_set(struct dw_staff_desk *desk, struct dw_err *err);

/* Lists the models anew, if any was added or is gone. */
void dw_staff_desk_look(struct dw_staff_desk *desk);

/* -ENOENT: there is no such model. */
int dw_staff_desk_check(struct dw_staff_desk *desk, const char *name, struct dw_err *err);

/* The name of the model in use for a camera, "": none. */
const char *dw_staff_desk_model_of(const struct dw_staff_desk *desk, const char *camera);
int dw_staff_desk_load(const struct dw_staff_desk *desk, const char *name,
                       struct dw_staff_model *model, struct dw_err *err);

/* Tells whoever listens. */
void dw_staff_desk_tell(const struct dw_staff_desk *desk, const char *camera, const char *what);

/* What is usual on a camera: as where the model comes from, and more and more as its own people. */
void dw_staff_desk_usual(const struct dw_staff_desk *desk, const struct dw_staff_model *model,
                         const char *camera, struct dw_staff_usual *usual);

/* What judges the people of one camera. */
struct dw_staff_judge {
    const char *camera;
    bool in_use;                 /* or asked for by name */
    const char *net;             /* the classifier that judges; NULL: the model does */
    struct dw_staff_model model; /* all zero: there is none */
    struct dw_staff_usual usual;
};

/* A judge for each camera that was asked for. */
struct dw_staff_judges {
    const char *model; /* of all cameras, "": none; NULL: the one in use, else the newest */
    int result;        /* of reading models: 0, or why one is missing */
    struct dw_err err;
    DW_VEC(struct dw_staff_judge *) items;
};

const struct dw_staff_judge *dw_staff_judge_of(struct dw_staff_judges *judges,
                                               const struct dw_staff_desk *desk,
                                               const char *camera);
/* Not a number: there is no judge, or they were not seen by it. */
double dw_staff_judge_chance(const struct dw_staff_judge *judge,
                             const struct dw_staff_known *known);
struct dw_staff_verdict dw_staff_judge_verdict(const struct dw_staff_judge *judge,
                                               const struct dw_staff_known *known);
void dw_staff_judges_fini(struct dw_staff_judges *judges);

/* Everybody, to learn from or to compare, in the order of `people`; to be freed. Cameras are
 * numbered by their first person's place. */
struct dw_staff_track *dw_staff_desk_tracks(const struct dw_staff_desk *desk);

/* Notes how probably the model in use found somebody, who is gone, to be staff. */
void dw_staff_desk_note(struct dw_staff_desk *desk, const char *camera, double chance);

#endif
