/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kalman.h"

#include <math.h>

struct dw_kalman dw_kalman_start(double measured, double r, double v)
{
    return (struct dw_kalman){ .position = measured, .p00 = r, .p11 = v };
}

void dw_kalman_predict(struct dw_kalman *state, double dt, double q_position, double q_velocity,
                       double damping)
{
    double fade = damping > 0 ? exp(-dt / damping) : 1;
    double reach = damping > 0 ? damping * (1 - fade) : dt;
    state->position += reach * state->velocity;
    state->velocity *= fade;
    state->p00 += 2 * reach * state->p01 + reach * reach * state->p11 + q_position * dt +
                  q_velocity * dt * dt * dt / 3;
    state->p01 = fade * (state->p01 + reach * state->p11) + q_velocity * dt * dt / 2;
    state->p11 = fade * fade * state->p11 + q_velocity * dt;
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
