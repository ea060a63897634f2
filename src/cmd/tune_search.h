/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search for better settings: points are measured on all sequences, several processes at once,
 * and judged on some of them. Deterministic for a seed, whatever the number of processes.
 */
#ifndef DW_CMD_TUNE_SEARCH_H
#define DW_CMD_TUNE_SEARCH_H

#include "base/err.h"
#include "cmd/sequence.h"
#include "cmd/tune_space.h"

/* A point and what it reaches on each sequence. */
struct dw_tune_trial {
    struct dw_tune_point point;
    struct dw_score *scores; /* owned */
};

struct dw_tune_search {
    const struct dw_sequence *sequences;
    size_t sequence_count;
    struct dw_tune_space space;
    struct dw_settings settings; /* where tuning starts */
    int jobs;
    uint64_t random;
    long evaluations, planned; /* points measured so far, and in all */
    bool talkative;            /* progress on standard error */
};

void dw_tune_trial_fini(struct dw_tune_trial *trial);
struct dw_tune_trial dw_tune_trial_copy(const struct dw_tune_search *search,
                                        const struct dw_tune_trial *trial);

/* Measures `count` points; their scores are made. */
int dw_tune_measure(struct dw_tune_search *search, struct dw_tune_trial *trials, size_t count,
                    struct dw_err *err);

/*
 * How good a trial is on the sequences marked in `counted`: the mean of pooled F1 and of the mean
 * F1 of the sequences, less half of what pooled count, people and dwell are off beyond 0.05 each.
 */
double dw_tune_judge(const struct dw_tune_search *search, const struct dw_tune_trial *trial,
                     const bool *counted);

/* Random points around the usual one, which is the first. */
int dw_tune_scatter(struct dw_tune_search *search, struct dw_tune_trial *trials, size_t count,
                    struct dw_err *err);

/*
 * From `best` on: moves along random axes, eight at a time, keeping what is better on the sequences
 * counted, with ever smaller steps; `evaluations` points are measured.
 */
int dw_tune_climb(struct dw_tune_search *search, struct dw_tune_trial *best, const bool *counted,
                  long evaluations, struct dw_err *err);

#endif
