/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a staff model still fits the people it judges: a new uniform, another season or another
 * light show in how probable it finds them to be staff, long before somebody looks at a report.
 * Pure.
 */
#ifndef DW_CORE_STAFF_DRIFT_H
#define DW_CORE_STAFF_DRIFT_H

#include <stdbool.h>

#include "core/staff.h"

struct dw_staff_drift {
    bool known;         /* there were people then, and are now; else all else but `people` is 0 */
    double people;      /* who were judged now */
    double staff, then; /* share who were more probably staff: now, and when it was trained */
    double unsure, unsure_then; /* ... who were neither by `sure` of the training, by bins */
    double distance;            /* of the two distributions, 0..1: Kolmogorov and Smirnov's */
    double chance;              /* distance that chance alone passes once in a hundred times */
    bool drifted;               /* it is larger than both that and DW_STAFF_DRIFT_LEAST */
};

/* A smaller change is no reason to label again, however many people show it. */
#define DW_STAFF_DRIFT_LEAST 0.15

/*
 * `now`: everybody whom the model judged in some span of time; `then`: in training (of which files
 * of former versions say nothing), or earlier; `sure`: least probability of a role.
 */
struct dw_staff_drift dw_staff_drift(const struct dw_staff_spread *then, double sure,
                                     const struct dw_staff_spread *now);

#endif
