/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Did it help? Two sides of days (promotion on and off, this month and last, one display and
 * another) compared: people an hour, share that stopped, time they stayed. Each difference comes
 * with its interval of 95 %, with p, and with a verdict in words, which is "too little data" where
 * that is the truth. docs/statistics.md gives the methods. Works on plain arrays that the caller
 * brings; reads no store. Any thread.
 */
#ifndef DW_INSIGHT_COMPARE_H
#define DW_INSIGHT_COMPARE_H

#include "base/buf.h"
#include "core/contrast.h"
#include "core/median.h"
#include "core/stats.h"

#define DW_COMPARE_HOURS 24

/* A change of this size is what a comparison should be able to show. */
#define DW_COMPARE_CHANGE 0.1

struct dw_compare_hour {
    double people;         /* came in this hour: visits and passes whose start was seen */
    double passers, stops; /* stops of passers are the stop rate; visits cut off before the level
                              belong to neither */
    double measured_s, scheduled_s;
};

struct dw_compare_day {
    int side;    /* 0: what is compared with, 1: what is compared */
    int weekday; /* 0..6 */
    struct dw_compare_hour hours[DW_COMPARE_HOURS]; /* of the local day */
    /* The visits whose median is asked for, in seconds, by bins or (`bins` all zero) one by one. */
    struct dw_dwell_bins bins;
    const struct dw_duration *dwells;
    const int *dwell_hours; /* in which each began; NULL: not known, not matched by hour */
    size_t dwell_count;
};

struct dw_compare_conf {
    bool any_weekday;       /* compare Mondays with Saturdays too; else weekdays are matched */
    bool shorter_is_better; /* dwell in a queue */
};

enum dw_compare_figure {
    DW_COMPARE_FOOTFALL, /* people an hour */
    DW_COMPARE_STOP_RATE,
    DW_COMPARE_DWELL, /* median, seconds */
    DW_COMPARE_FIGURES
};

enum dw_verdict { DW_TOO_LITTLE_DATA, DW_NO_CLEAR_DIFFERENCE, DW_BETTER, DW_WORSE };

struct dw_compared {
    bool known;       /* there is a difference with an interval */
    double values[2]; /* of the sides, for the same weekdays and hours; NAN: none */
    double n[2];      /* people, people, visits behind it */
    size_t days[2];
    struct dw_estimate difference; /* footfall: share of side 0; stop rate: difference of shares;
                                      dwell: seconds; ends may be infinite */
    double p, p_adjusted;          /* NAN: not known */
    double p_ranks;                /* of dwell: another opinion, by ranks of the days' medians */
    double df, dispersion;
    long more_days; /* of both sides together, until a change of 10 % would show; 0: it would show
                       now; -1: cannot be said */
    enum dw_verdict verdict;
};

struct dw_comparison {
    double coverage[2]; /* measured / scheduled time */
    struct dw_compared figures[DW_COMPARE_FIGURES];
};

/*
 * Whether some hour of the week was measured so much more on one side than others were that visits
 * have to be matched by hour: dwell_hours are worth having then.
 */
bool dw_compare_uneven(const struct dw_compare_conf *conf, const struct dw_compare_day *days,
                       size_t count);

/* Every comparison of one question must be judged together: dw_compare_judge(). */
void dw_compare(struct dw_comparison *out, const struct dw_compare_conf *conf,
                const struct dw_compare_day *days, size_t count);

/*
 * Corrects p for how many figures of how many comparisons were looked at (Holm 1979) and gives the
 * verdicts: better or worse when the corrected p is below 5 %; no clear difference when a change of
 * 10 % would have shown in 8 of 10 cases but did not; else too little data.
 */
void dw_compare_judge(struct dw_comparison *comparisons, size_t count,
                      const struct dw_compare_conf *conf);

/* "better", "worse", "no clear difference", "too little data". */
const char *dw_verdict_name(enum dw_verdict verdict);

/* One sentence for whoever runs the shop, without a final dot; ASCII. */
void dw_compare_say(const struct dw_comparison *comparison, enum dw_compare_figure figure,
                    struct dw_buf *out);

#endif
