/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a running site knows to tell staff from shoppers (docs/staff.md): the people its cameras saw
 * lately, in memory and few, each with a small picture and what somebody marked; a labelling set of
 * them on disk, only while somebody wants one; models trained from them, and which is in use, now
 * and before. Any thread may call anything.
 *
 * DATA/staff: sets/NAME/{set.jsonl,labels.csv,NUMBER.jpg}, models/NAME.json, models/NAME.onnx of a
 * classifier with its sidecar, in-use; all for their owner alone.
 */
#ifndef DW_ENGINE_STAFF_DESK_H
#define DW_ENGINE_STAFF_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/macros.h"
#include "conf/staff_file.h"
#include "conf/staff_switch.h"
#include "core/occupancy.h"
#include "core/staff_compare.h"
#include "engine/output.h"
#include "engine/staff.h"

#define DW_STAFF_NAME_MAX 64 /* of a set or model */
#define DW_STAFF_CAMERA_MAX 128

struct dw_staff_desk;

/*
 * Reads the models and the set that are there; a set whose time is over is deleted, one of other
 * looks is not read. `folder` is made when there is something to keep. `reid`: path of a ReID model
 * that looks at people, beside their colours, or NULL; fails as dw_appear_create().
 */
int dw_staff_desk_create(struct dw_staff_desk **out, const char *folder, const char *reid,
                         struct dw_err *err);
void dw_staff_desk_destroy(struct dw_staff_desk *desk);
DW_DEFINE_AUTO(staff_desk)

/* Whether people may be shown. When not, none are kept in memory, and nobody can be marked. */
void dw_staff_desk_pictures(struct dw_staff_desk *desk, bool shown);

/* Is told what somebody should know: a model that does not fit any more, or fails. `camera` "": of
 * the site. It is called with a lock held, and must not call the desk. Before there are seats. */
void dw_staff_desk_listen(struct dw_staff_desk *desk,
                          void (*tell)(void *user, const char *camera, const char *what),
                          void *user);

/* Now and then: forgets people of long ago, and the set when its time is over. */
void dw_staff_desk_tidy(struct dw_staff_desk *desk);

/* --- A camera's place at it, used by its thread --------------------------------------------- */

struct dw_staff_seat;

/* `context` outlives the seat; its watch is the seat's. */
int dw_staff_seat_create(struct dw_staff_seat **out, struct dw_staff_desk *desk,
                         const struct dw_output_context *context, struct dw_err *err);
/* Whoever is followed is gone. NULL is fine. */
void dw_staff_seat_destroy(struct dw_staff_seat *seat);
const struct dw_staff_watch *dw_staff_seat_watch(const struct dw_staff_seat *seat);

/* As dw_staff_watch_step() for who is live at the moment, with the model that is in use now, and by
 * what zones say. */
int dw_staff_seat_step(struct dw_staff_seat *seat, const struct dw_image *image,
                       const struct dw_output_moment *moment, struct dw_err *err);

/* --- People --------------------------------------------------------------------------------- */

struct dw_staff_face {
    int64_t id;
    char camera[DW_STAFF_CAMERA_MAX];
    int64_t person;            /* as the camera's events number them */
    int64_t first_us, last_us; /* wall time of being seen */
    enum dw_role label;        /* as marked; unknown: not yet */
    int64_t same;              /* those with the same number were marked as one person; 0: not */
    struct dw_staff_verdict found; /* by the model in use */
    double staff_p;                /* by that or else the newest model; negative: there is none */
    double judged_p; /* to be staff, by models of others in the last training; negative: was not */
    bool kept;       /* on disk, in the set */
};

struct dw_staff_asking {
    const char *camera; /* NULL: all */
    bool doubtful;      /* the most doubtful first, marked ones last; else the last seen first */
    int64_t like;       /* most like this one first, without it; 0: as above */
    size_t limit;       /* room in the answer */
};

/* How many were written; -ENOENT when `like` is not known. */
int dw_staff_desk_people(struct dw_staff_desk *desk, const struct dw_staff_asking *asking,
                         struct dw_staff_face *out, struct dw_err *err);

/* Appends a JPEG. */
int dw_staff_desk_tile(struct dw_staff_desk *desk, int64_t id, struct dw_buf *jpeg,
                       struct dw_err *err);

/* Unknown takes a mark away. `one`: all of them are one person, and so are those who were one with
 * any of them. -ENOENT: one is no longer known; the others are marked. */
int dw_staff_desk_mark(struct dw_staff_desk *desk, const int64_t *ids, size_t count,
                       enum dw_role role, bool one, struct dw_err *err);

/* The person of a visit that somebody decided by hand. False: how they looked is not known. */
bool dw_staff_desk_mark_visit(struct dw_staff_desk *desk, const char *camera,
                              const struct dw_visit *visit);

/* Whoever this camera sees for the next minute is marked as staff. */
int dw_staff_desk_minute(struct dw_staff_desk *desk, const char *camera, struct dw_err *err);

/* --- The labelling set ---------------------------------------------------------------------- */

/* From now on people are kept on disk until then, marked ones of before too. -EEXIST: there is one
 * already. */
int dw_staff_desk_set_begin(struct dw_staff_desk *desk, const char *name, int64_t until_us,
                            struct dw_err *err);

/* Deletes it, and forgets everybody who was in it. -ENOENT: there is none. */
int dw_staff_desk_set_delete(struct dw_staff_desk *desk, struct dw_err *err);

/* --- Models --------------------------------------------------------------------------------- */

/* Begins to learn from all who are marked, if wanted in other lights, too, in a thread of its own;
 * how it went is in the state. -EBUSY: it is being done. */
int dw_staff_desk_train(struct dw_staff_desk *desk, bool lights, struct dw_err *err);

/* Uses it from the next frame on; "": none. `camera` "": all that have none of their own. -EINVAL:
 * a classifier that cannot be used (dw_staff_net_check()). */
int dw_staff_desk_use(struct dw_staff_desk *desk, const char *camera, const char *model,
                      struct dw_err *err);

/* What was in use before is again. -ENOENT: nothing was. */
int dw_staff_desk_back(struct dw_staff_desk *desk, const char *camera, struct dw_err *err);

int dw_staff_desk_model_delete(struct dw_staff_desk *desk, const char *model, struct dw_err *err);

/*
 * What another model would say of the people in memory: how many of each role become which, and
 * how good each is by those who are marked. A classifier looks at the pictures of the last
 * DW_STAFF_TRIED people, one of each, unless it has judged them live.
 */
#define DW_STAFF_TRIED 200
struct dw_staff_preview {
    struct dw_staff_compared roles; /* now, and then */
    struct {
        int64_t id;
        enum dw_role now, then;
    } changed[64]; /* some whose role changes */
    size_t changed_count;
    bool classifier;
};
/* `against`: the model that is compared with; NULL: what is in use, and a classifier is known then
 * only by those whom it judged live. `camera` NULL: of all. */
int dw_staff_desk_preview(struct dw_staff_desk *desk, const char *name, const char *against,
                          const char *camera, struct dw_staff_preview *out, struct dw_err *err);

struct dw_staff_listed {
    char name[DW_STAFF_NAME_MAX];
    bool classifier; /* one's own: of its origin only the time is known, and no figures */
    struct dw_staff_origin origin;
    struct dw_staff_figures figures;
};

enum dw_staff_training { DW_STAFF_IDLE, DW_STAFF_TRAINING, DW_STAFF_TRAINED, DW_STAFF_REFUSED };

struct dw_staff_state {
    bool pictures;
    char set[DW_STAFF_NAME_MAX]; /* "": there is none */
    int64_t set_until_us;
    int64_t people, kept, staff, shoppers; /* in memory; of them in the set; marked */
    char minute_camera[DW_STAFF_CAMERA_MAX];
    int64_t minute_until_us; /* wall time; 0: no such minute goes on */
    enum dw_staff_training training;
    char training_says[512];               /* the model's name, or why it was refused */
    char in_use[DW_STAFF_NAME_MAX];        /* where a camera has no own; "": none */
    bool back;                             /* something was in use before */
    char drift[256];                       /* why new labels are wanted; "": they are not */
    char trouble[256];                     /* why somebody is not judged; "": all are */
    DW_VEC(struct dw_staff_listed) models; /* the newest first */
    DW_VEC(struct dw_staff_switch) own;    /* of cameras with a model of their own */
};

/* Free with dw_staff_state_fini(). */
void dw_staff_desk_state(struct dw_staff_desk *desk, struct dw_staff_state *out);
void dw_staff_state_fini(struct dw_staff_state *state);

#endif
