/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at the people of one camera at most once a second each, on good views only, and remembers
 * what they looked like as long as they are followed: to call them staff or shoppers by a model, or
 * to keep them for labelling. Called from the analysing thread.
 */
#ifndef DW_ENGINE_STAFF_H
#define DW_ENGINE_STAFF_H

#include "base/err.h"
#include "base/macros.h"
#include "core/image.h"
#include "core/staff.h"
#include "core/track.h"

struct dw_appear;

#define DW_STAFF_LOOKS_SIZE 64

/* What is usual where the model was trained counts like so many tracks of this camera. */
#define DW_STAFF_USUAL_TRACKS 30

struct dw_staff_person {
    int64_t number;
    int64_t first_us, last_us;   /* of being seen */
    int64_t viewed_us;           /* the last good view */
    struct dw_staff_views views; /* what makes looks saw ... */
    struct dw_staff_odds odds;   /* ... and what a classifier did, while one was in use */
    float tile_h_px;             /* height of the best view that was kept as a picture; 0: none */
    enum dw_role told;           /* by hand, which nothing changes; unknown: not so */
    bool ruled;                  /* staff by a rule, which looks do not change */
};

struct dw_staff_conf {
    const char *model_path; /* of a staff model, or of a classifier by its end .onnx; NULL: nobody
                               is judged */
    const char *reid_path;  /* NULL: looks are colours alone */
    const struct dw_appear *appear; /* what makes these looks, shared; NULL: one of its own */
    int64_t forget_us;              /* whoever was not seen for so long does not come back */
    double sure; /* least probability of a role; negative: as the model was trained */
    /* A good view of somebody, and the last of them: who was never seen well is not told. Each may
     * be NULL. */
    int (*viewed)(void *user, struct dw_staff_person *person, const struct dw_image *image,
                  struct dw_box box, struct dw_err *err);
    void (*gone)(void *user, const struct dw_staff_person *person);
    void *user;
};

struct dw_staff_watch;

/* Whether a file is an ONNX classifier of the user's own, by its name; of NULL it is not. */
bool dw_staff_is_onnx(const char *path);

/* -EINVAL also when the model was trained on other looks than these. */
int dw_staff_watch_create(struct dw_staff_watch **out, const struct dw_staff_conf *conf,
                          struct dw_err *err);
void dw_staff_watch_destroy(struct dw_staff_watch *watch);
DW_DEFINE_AUTO(staff_watch)

/* What makes the looks: "colours", or "colours+" and the ReID model's file name. */
void dw_staff_looks(char looks[DW_STAFF_LOOKS_SIZE], const char *reid_path);
const char *dw_staff_watch_looks(const struct dw_staff_watch *watch);

/* Everybody who is seen on a frame, with the time of the run. */
int dw_staff_watch_step(struct dw_staff_watch *watch, const struct dw_image *image, int64_t time_us,
                        const struct dw_sighting *seen, size_t count, struct dw_err *err);

/* Judges by a copy of this model from now on, and by what is usual here; NULL: nobody is judged.
 * -EINVAL when it was trained on other looks. */
int dw_staff_watch_use(struct dw_staff_watch *watch, const struct dw_staff_model *model,
                       const struct dw_staff_usual *usual, struct dw_err *err);

/* Judges by an ONNX classifier from now on, in place of a model. What cannot be used is refused as
 * by dw_uniform_create(), and nobody is judged then. */
int dw_staff_watch_classify(struct dw_staff_watch *watch, const char *path, struct dw_err *err);

/* Somebody is staff or a shopper whatever they look like; unknown: by looks again. */
void dw_staff_watch_tell(struct dw_staff_watch *watch, int64_t person, enum dw_role role);

/* Somebody is staff by a rule, but for what was told of them. */
void dw_staff_watch_rule(struct dw_staff_watch *watch, int64_t person);

/* Nobody comes back any more. */
void dw_staff_watch_finish(struct dw_staff_watch *watch);

/* Whether somebody is followed still. */
bool dw_staff_watch_knows(const struct dw_staff_watch *watch, int64_t person);

/* By what was seen so far; unknown for whoever was not seen well. */
struct dw_staff_verdict dw_staff_watch_judge(const struct dw_staff_watch *watch, int64_t person);

/* Why they have the role, or none: "looks", "rule" or "hand". */
const char *dw_staff_watch_why(const struct dw_staff_watch *watch, int64_t person);

/* How probably somebody is staff; not a number for whoever cannot be told. */
double dw_staff_watch_chance(const struct dw_staff_watch *watch, int64_t person);

#endif
