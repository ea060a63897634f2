/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Kalman filter for the upright part of a body: where the feet are, how fast they move, and how
 * tall it is, as one state, since an edge of a box says something of all three. What is learned of
 * the height later therefore tells where feet were that nobody saw. Feet move with nearly constant
 * velocity, the logarithm of the height drifts. Pixels, seconds. Plain value; pure.
 */
#ifndef DW_CORE_UPRIGHT_H
#define DW_CORE_UPRIGHT_H

#include "core/kalman.h"

enum { DW_UPRIGHT_FEET, DW_UPRIGHT_SPEED, DW_UPRIGHT_HEIGHT, DW_UPRIGHT_SIZE };

struct dw_upright {
    double mean[DW_UPRIGHT_SIZE]; /* feet px, px/s, ln of the height */
    double covariance[DW_UPRIGHT_SIZE][DW_UPRIGHT_SIZE];
};

/* Feet move as in dw_kalman_predict(); the variance of the height grows by q_height * dt. */
void dw_upright_predict(struct dw_upright *state, const struct dw_motion *motion, double q_height);

/* Takes in a measurement of feet + slope * (ln of the height), linear around the state, that was
 * off by `surprise` from what the state says, with variance `r`. */
void dw_upright_update(struct dw_upright *state, double slope, double surprise, double r);

/*
 * Takes in that the feet are at `least` or below it in the picture: the state becomes the Gaussian
 * with the moments of the truncated one.
 */
void dw_upright_truncate(struct dw_upright *state, double least);

/* The variance of feet + slope * (ln of the height). */
double dw_upright_variance(const struct dw_upright *state, double slope);

/* As dw_kalman_smooth(). */
void dw_upright_smooth(struct dw_upright *state, const struct dw_upright *predicted,
                       const struct dw_upright *smoothed, const struct dw_motion *motion);

#endif
