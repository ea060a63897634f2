/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Kalman filter for one coordinate that moves with nearly constant velocity (Kalman 1960; white-
 * noise acceleration model). Across the picture a body is one of these; up and down it is in
 * core/upright.h. Seconds, and whatever unit the coordinate has.
 */
#ifndef DW_CORE_KALMAN_H
#define DW_CORE_KALMAN_H

struct dw_kalman {
    double position, velocity;
    double p00, p01, p11; /* covariance: position, both, velocity */
};

/* Starts at a measurement with variance `r`, velocity unknown with variance `v`. */
struct dw_kalman dw_kalman_start(double measured, double r, double v);

/* What a stretch of time does to a position and a velocity: how far the velocity carries, what is
 * left of it, and how much less is known of both afterwards. */
struct dw_motion {
    double dt, reach, fade;
    double position_noise, cross_noise, velocity_noise; /* added to the covariance */
};

/*
 * `dt` seconds. Position variance grows by q_position * dt (unit^2/s), velocity variance by
 * q_velocity * dt (unit^2/s^3). With `damping` > 0 (seconds) the velocity fades with that time
 * constant: somebody out of sight has more often slowed down than not.
 */
struct dw_motion dw_motion_over(double dt, double q_position, double q_velocity, double damping);

void dw_kalman_predict(struct dw_kalman *state, const struct dw_motion *motion);

/* Takes a measurement with variance `r` into account. */
void dw_kalman_update(struct dw_kalman *state, double measured, double r);

/*
 * One step back of the Rauch-Tung-Striebel smoother (1965). `state` is the filter after the
 * measurement of its moment, `predicted` what dw_kalman_predict() made of it with that motion,
 * `smoothed` the next moment's outcome. Position and velocity become the smoothed ones; the
 * variances stay.
 */
void dw_kalman_smooth(struct dw_kalman *state, const struct dw_kalman *predicted,
                      const struct dw_kalman *smoothed, const struct dw_motion *motion);

/* A coordinate that only drifts: its variance grows with time. */
struct dw_level {
    double value, variance;
};

void dw_level_update(struct dw_level *level, double measured, double r);
void dw_level_smooth(struct dw_level *level, const struct dw_level *predicted,
                     const struct dw_level *smoothed);

#endif
