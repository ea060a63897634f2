/* SPDX-License-Identifier: Apache-2.0 */
#include "core/upright.h"

#include <math.h>

/* One over the square root of two pi, and of two. */
#define DENSITY 0.3989422804014327
#define ROOT_HALF 0.7071067811865476

#define SIZE DW_UPRIGHT_SIZE
#define FEET DW_UPRIGHT_FEET
#define SPEED DW_UPRIGHT_SPEED
#define HEIGHT DW_UPRIGHT_HEIGHT

/* One row of the covariance with the state as it will have moved: covariance times F transposed. */
static void moved_row(const double row[SIZE], const struct dw_motion *motion, double out[SIZE])
{
    out[FEET] = row[FEET] + motion->reach * row[SPEED];
    out[SPEED] = motion->fade * row[SPEED];
    out[HEIGHT] = row[HEIGHT];
}

void dw_upright_predict(struct dw_upright *state, const struct dw_motion *motion, double q_height)
{
    double half[SIZE][SIZE]; /* covariance times F transposed */
    for (int i = 0; i < SIZE; i++)
        moved_row(state->covariance[i], motion, half[i]);
    for (int j = 0; j < SIZE; j++) {
        const double column[SIZE] = { half[FEET][j], half[SPEED][j], half[HEIGHT][j] };
        double moved[SIZE];
        moved_row(column, motion, moved);
        for (int i = 0; i < SIZE; i++)
            state->covariance[i][j] = moved[i];
    }
    state->mean[FEET] += motion->reach * state->mean[SPEED];
    state->mean[SPEED] *= motion->fade;
    state->covariance[FEET][FEET] += motion->position_noise;
    state->covariance[FEET][SPEED] += motion->cross_noise;
    state->covariance[SPEED][FEET] += motion->cross_noise;
    state->covariance[SPEED][SPEED] += motion->velocity_noise;
    state->covariance[HEIGHT][HEIGHT] += q_height * motion->dt;
}

double dw_upright_variance(const struct dw_upright *state, double slope)
{
    return state->covariance[FEET][FEET] + 2 * slope * state->covariance[FEET][HEIGHT] +
           slope * slope * state->covariance[HEIGHT][HEIGHT];
}

static void subtract_row(double row[SIZE], double factor, const double other[SIZE])
{
    row[FEET] -= factor * other[FEET];
    row[SPEED] -= factor * other[SPEED];
    row[HEIGHT] -= factor * other[HEIGHT];
}

void dw_upright_update(struct dw_upright *state, double slope, double surprise, double r)
{
    double gain[SIZE], seen[SIZE], variance = dw_upright_variance(state, slope) + r;
    for (int i = 0; i < SIZE; i++) {
        seen[i] = state->covariance[i][FEET] + slope * state->covariance[i][HEIGHT];
        gain[i] = seen[i] / variance;
        state->mean[i] += gain[i] * surprise;
    }
    for (int i = 0; i < SIZE; i++)
        subtract_row(state->covariance[i], gain[i], seen);
}

void dw_upright_truncate(struct dw_upright *state, double least)
{
    double variance = state->covariance[FEET][FEET], sigma = sqrt(variance);
    double alpha = (least - state->mean[FEET]) / sigma;
    if (alpha < -1) /* known already; saying so on every frame would move the feet away */
        return;
    double left = erfc(alpha * ROOT_HALF) / 2; /* probability of being at `least` or below it */
    if (left < 1e-6)
        left = 1e-6;
    double lambda = fmin(DENSITY * exp(-alpha * alpha / 2) / left, fmax(alpha, 0) + 1);
    double lost = fmin(fmax(lambda * (lambda - alpha), 0), 0.99); /* share of the variance */
    double gain[SIZE];
    for (int i = 0; i < SIZE; i++) {
        gain[i] = state->covariance[i][FEET] / variance;
        state->mean[i] += gain[i] * sigma * lambda;
    }
    for (int i = 0; i < SIZE; i++)
        subtract_row(state->covariance[i], gain[i] * variance * lost, gain);
}

/* Solves the symmetric system a * x = b by Cramer's rule. */
static void solve(const double a[SIZE][SIZE], const double b[SIZE], double x[SIZE])
{
    double c00 = a[1][1] * a[2][2] - a[1][2] * a[1][2];
    double c01 = a[0][2] * a[1][2] - a[0][1] * a[2][2];
    double c02 = a[0][1] * a[1][2] - a[0][2] * a[1][1];
    double c11 = a[0][0] * a[2][2] - a[0][2] * a[0][2];
    double c12 = a[0][1] * a[0][2] - a[0][0] * a[1][2];
    double c22 = a[0][0] * a[1][1] - a[0][1] * a[0][1];
    double determinant = a[0][0] * c00 + a[0][1] * c01 + a[0][2] * c02;
    x[0] = (c00 * b[0] + c01 * b[1] + c02 * b[2]) / determinant;
    x[1] = (c01 * b[0] + c11 * b[1] + c12 * b[2]) / determinant;
    x[2] = (c02 * b[0] + c12 * b[1] + c22 * b[2]) / determinant;
}

void dw_upright_smooth(struct dw_upright *state, const struct dw_upright *predicted,
                       const struct dw_upright *smoothed, const struct dw_motion *motion)
{
    double off[SIZE], weighed[SIZE], row[SIZE];
    for (int i = 0; i < SIZE; i++)
        off[i] = smoothed->mean[i] - predicted->mean[i];
    solve(predicted->covariance, off, weighed);
    for (int i = 0; i < SIZE; i++) {
        moved_row(state->covariance[i], motion, row);
        state->mean[i] +=
            row[FEET] * weighed[FEET] + row[SPEED] * weighed[SPEED] + row[HEIGHT] * weighed[HEIGHT];
    }
}
