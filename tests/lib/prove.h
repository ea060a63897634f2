/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Simulated shops with a promotion of known effect, or of none, compared as real ones would be: how
 * often the interval of 95 % holds the truth, and how often a difference is found where there is
 * none.
 */
#ifndef TESTS_LIB_PROVE_H
#define TESTS_LIB_PROVE_H

#include "insight/compare.h"

struct prove_design {
    const char *name;
    int days;         /* Sundays included, on which the shop is closed */
    bool alternating; /* every other day; else the first half against the second */
    bool any_weekday;
    double shoppers;
    double spread;       /* day to day, of everything */
    double gaps_per_day; /* twice as many on the days of one side are lost in the evening */
    double evening; /* as of struct dw_simulate_conf; not 1: side 1 is measured until 14 o'clock
                       only, so that its days look worse unless hours are matched */
};

struct prove_tally {
    long stores, known;
    long held;  /* the interval held the truth */
    long found; /* p below 5 % */
    long right; /* of these, into the direction of the truth */
};

/* Those of dw_compare(), and whether ranks of the days' medians say the same of dwell: without an
 * interval, `held` stays 0. */
#define PROVE_RANKS_OF_DAYS DW_COMPARE_FIGURES
#define PROVE_FIGURES (DW_COMPARE_FIGURES + 1)

/* Effects: 1.1 times the footfall, stop rate and dwell, or 1 everywhere. */
#define PROVE_EFFECT 1.1

/* Adds shops number first .. first + stores - 1 to the tallies of the figures. */
void prove(const struct prove_design *design, bool effect, long first, long stores,
           struct prove_tally tallies[PROVE_FIGURES]);

/* Other tests of whether people stayed longer, which no report uses; see docs/statistics.md. */
enum prove_rival {
    PROVE_LOGRANK,       /* of visits, within weekdays */
    PROVE_RANKS,         /* of visits that were not cut off */
    PROVE_DAY_BOOTSTRAP, /* BCa interval of the difference of medians, days drawn whole */
    PROVE_RIVALS
};

/* Whether each finds something in the same shops: `known` and `found` of the tallies. */
void prove_rivals(const struct prove_design *design, bool effect, long first, long stores,
                  struct prove_tally tallies[PROVE_RIVALS]);

#endif
