/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One person as the tracker knows them: where the feet are, how fast they move, how tall and wide
 * the box is. Feet move with nearly constant velocity; height (as its logarithm) and width drift.
 * A box is three measurements: its middle, its lower edge and its upper edge. Each edge may lie,
 * because something hides legs or head, so an edge far short of where it should be counts for
 * little: feet are then where the upper edge and the height known so far have them. Of a box cut by
 * the picture's lower border nothing is known but that the feet are below it; the height that is
 * seen later tells where they were.
 *
 * With a ground model the floor's perspective says how a step looks in the picture at that place;
 * without one, a step into depth is taken as `depth` times as long as one across. Units: pixels,
 * seconds; parameters in body heights. Plain values; pure.
 */
#ifndef DW_CORE_BODY_H
#define DW_CORE_BODY_H

#include "core/box.h"
#include "core/ground.h"
#include "core/kalman.h"
#include "core/upright.h"

/* What is known of the camera; all zero: nothing. */
struct dw_view {
    int width_px, height_px;
    struct dw_ground ground;
};

struct dw_body_params {
    double noise;       /* std of a box's middle across the picture, heights */
    double noise_edge;  /* std of its upper and lower edge, heights */
    double outlier;     /* share of edges that are somewhere else */
    double speed_birth; /* std of the unknown velocity at first sight, heights a second */
    double q_position;  /* process noise, heights^2/s */
    double q_velocity;  /* heights^2/s^3 */
    double q_height;    /* of the logarithm of the height, 1/s */
    double damping_s;   /* velocity of the unseen fades with this time constant; 0: not */
    double depth;       /* without ground model: length of a step into depth */
};

struct dw_body {
    struct dw_kalman x;        /* middle, pixels */
    struct dw_upright upright; /* feet, pixels; height: ln of picture heights */
    struct dw_level width;     /* pixels */
    double picture_px;         /* height of the picture; 1 when it is not known */
    double h_px;               /* what the height comes to; asked for often */
};

/* How the person got here from the moment before. */
struct dw_body_step {
    struct dw_motion across, depth;
};

struct dw_body dw_body_start(const struct dw_body_params *params, const struct dw_view *view,
                             struct dw_box box);

/* `dt` seconds later, if the person was `seen` until now. */
struct dw_body_step dw_body_predict(struct dw_body *body, const struct dw_body_params *params,
                                    const struct dw_view *view, double dt, bool seen);
/* Somebody was found at a place that the filter did not expect: it trusts itself less, as much as
 * it was off. To be said before the box is taken. */
void dw_body_doubt(struct dw_body *body, struct dw_box box);

/* Box of the person; may reach over the picture's border. */
struct dw_box dw_body_box(const struct dw_body *body);

/*
 * One step back of the Rauch-Tung-Striebel smoother (1965). `body` is as it was once the frame's box
 * had been taken; `before_next` as it was predicted for the next frame, `step` being that step;
 * `next` the smoothed body there. It becomes the smoothed one; its variances stay.
 */
void dw_body_smooth(struct dw_body *body, const struct dw_body *before_next,
                    const struct dw_body_step *step, const struct dw_body *next);

/* A box as three measurements. */
struct dw_body_seen {
    double x, top, foot, left, right, w, h;
    bool cut_left, cut_right, cut_foot; /* edge on the picture's border */
};

struct dw_body_seen dw_body_seen_of(const struct dw_view *view, struct dw_box box);

/* A predicted body made ready for being compared with many boxes. */
struct dw_body_gate {
    double x, foot, top, h, w;
    double reach_px; /* a box whose middle is farther away does not fit, cut or not */
    double x_var, x_norm, edge_norm_foot, edge_norm_top, foot_var, top_var;
    double outlier;
};

struct dw_body_gate dw_body_gate_of(const struct dw_body *body,
                                    const struct dw_body_params *params);

/*
 * How badly the box fits: minus the logarithm of the probability density of its middle and edges
 * (per body height each), given the body. Infinite when the middle, or both edges, are farther off
 * than 5 standard errors.
 */
double dw_body_misfit(const struct dw_body_gate *gate, const struct dw_body_seen *seen);

/* Takes the box in; `gate` is of the body as it is. */
void dw_body_update(struct dw_body *body, const struct dw_body_params *params,
                    const struct dw_body_gate *gate, const struct dw_body_seen *seen);

#endif
