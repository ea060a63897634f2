/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kalman.h"

#include <math.h>

struct dw_kalman dw_kalman_start(double measured, double r, double v)
{
    return (struct dw_kalman){ .position = measured, .p00 = r, .p11 = v };
}

struct dw_motion dw_motion_over(double dt, double q_position, double q_velocity, double damping)
{
    double fade = damping > 0 ? exp(-dt / damping) : 1;
    return (struct dw_motion){
        .dt = dt,
        .reach = damping > 0 ? damping * (1 - fade) : dt,
        .fade = fade,
        .position_noise = q_position * dt + q_velocity * dt * dt * dt / 3,
        .cross_noise = q_velocity * dt * dt / 2,
        .velocity_noise = q_velocity * dt,
    };
}

void dw_kalman_predict(struct dw_kalman *state, const struct dw_motion *motion)
{
    double reach = motion->reach, fade = motion->fade;
    state->position += reach * state->velocity;
    state->velocity *= fade;
    state->p00 += 2 * reach * state->p01 + reach * reach * state->p11 + motion->position_noise;
    state->p01 = fade * (state->p01 + reach * state->p11) + motion->cross_noise;
    state->p11 = fade * fade * state->p11 + motion->velocity_noise;
}

void dw_kalman_update(struct dw_kalman *state, double measured, double r)
{
    double spread = state->p00 + r, surprise = measured - state->position;
    double k0 = state->p00 / spread, k1 = state->p01 / spread;
    state->position += k0 * surprise;
    state->velocity += k1 * surprise;
    state->p11 -= k1 * state->p01;
    state->p01 -= k0 * state->p01;
    state->p00 -= k0 * state->p00;
}

void dw_kalman_smooth(struct dw_kalman *state, const struct dw_kalman *predicted,
                      const struct dw_kalman *smoothed, const struct dw_motion *motion)
{
    double determinant = predicted->p00 * predicted->p11 - predicted->p01 * predicted->p01;
    double de = smoothed->position - predicted->position;
    double dv = smoothed->velocity - predicted->velocity;
    /* The inverse of the predicted covariance times the correction, then the covariance of the
     * state with the prediction times that. */
    double a = (predicted->p11 * de - predicted->p01 * dv) / determinant;
    double b = (predicted->p00 * dv - predicted->p01 * de) / determinant;
    state->position +=
        (state->p00 + motion->reach * state->p01) * a + motion->fade * state->p01 * b;
    state->velocity +=
        (state->p01 + motion->reach * state->p11) * a + motion->fade * state->p11 * b;
}

void dw_level_update(struct dw_level *level, double measured, double r)
{
    double gain = level->variance / (level->variance + r);
    level->value += gain * (measured - level->value);
    level->variance -= gain * level->variance;
}

void dw_level_smooth(struct dw_level *level, const struct dw_level *predicted,
                     const struct dw_level *smoothed)
{
    level->value += level->variance / predicted->variance * (smoothed->value - predicted->value);
}
