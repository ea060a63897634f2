/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two kinds of things told apart by their numbers: logistic regression with a penalty on large
 * weights, and how sure a score is (Platt). Pure and the same again for the same input.
 */
#ifndef DW_CORE_CLASSIFY_H
#define DW_CORE_CLASSIFY_H

#include <stddef.h>

/* Rows of `size` numbers, one after the other. Borrowed. */
struct dw_classify_set {
    const float *rows;
    const double *targets; /* of each row, 0..1: 1 is the one kind */
    const double *weights; /* of each row, 0 or more */
    size_t count, size;
};

/*
 * Writes size + 1 weights (the last belongs to no number) that make sum(weights * logistic loss) +
 * penalty / 2 * |weights but the last|^2 least. Newton's method, its steps by conjugate gradients,
 * as in Lin, Weng and Keerthi (2008), with steps halved until the sum falls. penalty > 0.
 */
void dw_classify_fit(const struct dw_classify_set *set, double penalty, double *weights);

/* The score of a row: ln of the odds, as the rows of the fit were. */
double dw_classify_score(const double *weights, const float *row, size_t size);

double dw_classify_chance(double log_odds);

/* chance = 1 / (1 + exp(-(slope * score + offset))) */
struct dw_platt {
    double slope, offset;
};

/*
 * Fitted to scores of rows that were not fitted to, both kinds counting the same in all, with
 * targets drawn in by one row a kind so that no chance is 0 or 1 (Platt 1999). A score of 0 is even
 * odds as long as there are few: they say where the middle is worse than the fit does. Each kind
 * has rows. A slope below 0 says that the scores are worse than chance.
 */
struct dw_platt dw_platt_fit(const double *scores, const double *targets, size_t count);

#endif
