/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shoppers told from staff by their looks, with a model that the shop trains on people it has
 * marked: what somebody looked like on views a second or more apart, what is usual on the camera,
 * and a logistic regression between the two. A person is judged, never a picture: views of one
 * person repeat each other, and count for as many as they are worth. Where the evidence is too
 * weak the answer is "unknown".
 *
 * The numbers of a look become roots of their shares, which keeps a large even surface from
 * drowning the rest, and the camera's mean is taken off, which is most of what another light
 * changes (docs/staff.md has the figures). Plain values. Pure.
 */
#ifndef DW_CORE_STAFF_H
#define DW_CORE_STAFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/classify.h"
#include "core/look.h"
#include "core/visit.h"

#define DW_STAFF_CURVE 3
#define DW_STAFF_LEAST 3 /* labelled tracks of each kind, or nothing is trained */

/* What somebody looked like. All zero: not seen. Views go to the two halves in turn, which says how
 * much one view differs from another. */
struct dw_staff_views {
    uint32_t count[2];
    uint16_t size;
    float sum[2][DW_LOOK_MAX];
};

/* A look of weight 0 adds nothing, nor does one of another size than those before. */
void dw_staff_views_add(struct dw_staff_views *views, const struct dw_look *look);

/* A view of which `row` is known, as it is to be judged. Nothing of another size than those before.
 */
void dw_staff_views_put(struct dw_staff_views *views, const float *row, size_t size);

/* The mean over all views, `size` numbers. False: there is none. */
bool dw_staff_views_mean(const struct dw_staff_views *views, float *mean);

/* What is usual on a camera: the mean of the tracks there. */
struct dw_staff_usual {
    double tracks;
    double mean[DW_LOOK_MAX];
};

void dw_staff_usual_add(struct dw_staff_usual *usual, const struct dw_staff_views *views);

/* How labelled tracks fared when others had been learnt from (dw_staff_train()). */
struct dw_staff_figures {
    size_t staff, shoppers;          /* labelled tracks */
    size_t shopper_people;           /* different ones of the latter, as far as they are named */
    size_t staff_right, staff_wrong; /* called staff, called shopper; the rest unknown */
    size_t shopper_right, shopper_wrong;
    double auc, auc_error;        /* area under the ROC curve, its standard error */
    double curve[DW_STAFF_CURVE]; /* share right at 1/4, 1/2 and all of the labels */
    bool by_person;               /* false: the same persons may be on both sides: staff were not
                                     told apart, or are too few; by time alone */
    double sure;                  /* least probability of a role, else unknown */
};

/* How probably people were staff: how many between 0 and 0.1, 0.1 and 0.2, ... */
#define DW_STAFF_BINS 10
struct dw_staff_spread {
    uint32_t people[DW_STAFF_BINS];
};

/* Not a number: nobody. */
void dw_staff_spread_add(struct dw_staff_spread *spread, double chance);

struct dw_staff_model {
    char looks[64]; /* what makes the looks: "colours", or those of a model, too: "colours+FILE" */
    uint16_t size;
    struct dw_staff_usual usual;     /* where it was trained */
    double weights[DW_LOOK_MAX + 1]; /* as of dw_classify_fit(), for looks less the usual */
    double alike;                    /* correlation of two views of one person, 0..1 */
    struct dw_platt platt;           /* evidence to probability of being staff */
    struct dw_staff_figures figures;
    struct dw_staff_spread spread; /* of all tracks it was trained with, labelled or not */
};

/* What a classifier of one's own said of somebody. All zero: not seen. */
struct dw_staff_odds {
    uint32_t views;
    double sum; /* of the logarithms of the odds to be staff */
};

#define DW_STAFF_ODDS_SURE 0.9 /* least probability of a role by a classifier */

/* How probably somebody is staff: views repeat each other, so that all of one person are worth two
 * at most. Not a number for whoever was not seen. */
double dw_staff_odds_chance(const struct dw_staff_odds *odds);

/*
 * How probably somebody is staff: the score of the mean view, times the number of views that would
 * say as much if they were independent, n / (1 + (n - 1) * alike), made a probability. `usual`: of
 * this camera. Not a number for whoever was not seen, or by other looks than the model's.
 */
double dw_staff_chance(const struct dw_staff_model *model, const struct dw_staff_usual *usual,
                       const struct dw_staff_views *views);

struct dw_staff_verdict {
    enum dw_role role;
    double p; /* of the role; 0 when unknown; 1: decided by hand */
};

#define DW_STAFF_P_FOUND_MOST 0.999 /* of what nobody decided, however plain it is */

/* The more probable role, unknown below `sure` or for what is not a number. */
struct dw_staff_verdict dw_staff_verdict(double staff, double sure);

/* The same for somebody who was seen. */
struct dw_staff_verdict dw_staff_judge(const struct dw_staff_model *model,
                                       const struct dw_staff_usual *usual,
                                       const struct dw_staff_views *views, double sure);

/* A track to learn from. */
struct dw_staff_track {
    struct dw_staff_views views;
    int64_t start_us;   /* wall time */
    int64_t person;     /* tracks with the same number above 0 are one person; 0: nobody else's */
    size_t camera;      /* index; each has its own mean */
    enum dw_role label; /* DW_ROLE_UNKNOWN: only for the mean */
};

struct dw_staff_how {
    double sure; /* least probability of a role; below 0: chosen by how the labelled were judged */
    bool lights; /* learn the clothes in other lights, too (core/staff_light.h) */
};

/*
 * Learns, and judges each fifth of the labels by what the other four say: fifths of time in which
 * no person is on both sides, so that neither the same moment nor the same person is asked for
 * again. A chosen `sure` is such that of other shoppers 2 in 100 at most are expected to be called
 * staff. -EINVAL with the reason: fewer than DW_STAFF_LEAST of a
 * kind, or the two cannot be told apart (the area under the curve is not above 0.6 by two standard
 * errors). Looks of the first track's size count. model->looks is for the caller to fill in.
 * `chances`, or NULL, is told how probably each track was judged to be staff, also when the two
 * cannot be told apart; not a number for those that were not.
 */
int dw_staff_train(struct dw_staff_model *model, const struct dw_staff_track *tracks, size_t count,
                   const struct dw_staff_how *how, double *chances, struct dw_err *err);

#endif
