/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff_drift.h"

#include <math.h>

/* Kolmogorov's distribution: sqrt(n) times the distance passes this once in a hundred times. */
#define ONE_IN_A_HUNDRED 1.628

static double people_in(const struct dw_staff_spread *spread)
{
    double people = 0;
    for (int i = 0; i < DW_STAFF_BINS; i++)
        people += spread->people[i];
    return people;
}

/* The share of people from bin `first` to before `end`. */
static double share_in(const struct dw_staff_spread *spread, int first, int end)
{
    double people = 0;
    for (int i = first; i < end; i++)
        people += spread->people[i];
    return people / people_in(spread);
}

struct dw_staff_drift dw_staff_drift(const struct dw_staff_spread *then, double sure,
                                     const struct dw_staff_spread *now)
{
    double few = people_in(now), many = people_in(then);
    struct dw_staff_drift drift = { .known = few > 0 && many > 0, .people = few };
    if (!drift.known)
        return drift;
    int end = (int)lrint(sure * DW_STAFF_BINS);
    drift.staff = share_in(now, DW_STAFF_BINS / 2, DW_STAFF_BINS);
    drift.then = share_in(then, DW_STAFF_BINS / 2, DW_STAFF_BINS);
    drift.unsure = share_in(now, DW_STAFF_BINS - end, end);
    drift.unsure_then = share_in(then, DW_STAFF_BINS - end, end);
    for (int i = 1; i < DW_STAFF_BINS; i++)
        drift.distance = fmax(drift.distance, fabs(share_in(now, 0, i) - share_in(then, 0, i)));
    drift.chance = fmin(ONE_IN_A_HUNDRED * sqrt((few + many) / (few * many)), 1);
    drift.drifted = drift.distance > fmax(drift.chance, DW_STAFF_DRIFT_LEAST);
    return drift;
}
