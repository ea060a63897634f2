/* SPDX-License-Identifier: Apache-2.0 */
#include "core/body.h"

#include <math.h>

#include "base/macros.h"

/* Mean height of a body, for floors whose scale is known. */
#define BODY_M 1.7

/* A box's edge this near to the picture's border, as share of the picture's height, lies on it. */
#define BORDER 0.015

/* What is known of the width, body heights: std of a measured one, drift a second. */
#define WIDTH_NOISE 0.1
#define WIDTH_DRIFT 0.1

/* Farther off than this, in standard errors, no middle and no edge of a box is the person's. */
#define GATE 5

/* Of somebody who appears at the lower border: std of the logarithm of the height. */
#define UNKNOWN_HEIGHT 0.4

/* An edge beyond the body lies this much more rarely than one short of it. */
#define BEYOND 0.2

/* Nothing makes boxes taller than people: the edges of one that is taller than was thought are
 * believed so much at least. */
#define GROWTH 0.2

/* Smallest size of a box, picture heights. */
#define LEAST 1e-4

/* Ground models may be wrong, and near the horizon they say little: what they say of the length of
 * a step is taken within these bounds, body heights across and into depth. */
static const double across_least = 0.5, across_most = 2, depth_least = 0.1, depth_most = 1;

/* Two pi. */
#define TAU 6.283185307179586

static double square(double x)
{
    return x * x;
}

/* To be called when the height has changed. */
static void measure_height(struct dw_body *body)
{
    body->h_px = body->picture_px * exp(body->upright.mean[DW_UPRIGHT_HEIGHT]);
}

/* Pixels of one body height across and into depth at the person's feet. */
struct scale {
    double across, depth;
};

static struct scale scale_at(const struct dw_body *body, const struct dw_body_params *params,
                             const struct dw_view *view)
{
    struct dw_point foot = { body->x.position, body->upright.mean[DW_UPRIGHT_FEET] };
    double h = body->h_px;
    struct scale scale = { h, h * params->depth };
    double across, depth;
    if (dw_ground_scale(&view->ground, foot, &across, &depth)) {
        scale.across = fmin(fmax(BODY_M * across, across_least * h), across_most * h);
        scale.depth = fmin(fmax(BODY_M * depth, depth_least * h), depth_most * h);
    }
    return scale;
}

struct dw_body dw_body_start(const struct dw_body_params *params, const struct dw_view *view,
                             struct dw_box box)
{
    double h = (double)box.h;
    struct dw_body body = {
        .x.position = (double)box.x + (double)box.w / 2,
        .width = { (double)box.w, square(WIDTH_NOISE * h) },
        .picture_px = view->height_px > 0 ? view->height_px : 1,
    };
    body.upright.mean[DW_UPRIGHT_FEET] = (double)box.y + h;
    body.upright.mean[DW_UPRIGHT_HEIGHT] = log(fmax(h / body.picture_px, LEAST));
    measure_height(&body);
    struct scale scale = scale_at(&body, params, view);
    body.x = dw_kalman_start(body.x.position, square(params->noise * h),
                             square(params->speed_birth * scale.across));
    /* Both edges were seen; or the feet are somewhere below the border, and height is as unknown.
     */
    bool cut = dw_body_seen_of(view, box).cut_foot;
    double edge = square(params->noise_edge), shared = cut ? square(UNKNOWN_HEIGHT) : edge;
    double(*covariance)[DW_UPRIGHT_SIZE] = body.upright.covariance;
    covariance[DW_UPRIGHT_FEET][DW_UPRIGHT_FEET] = (shared + (cut ? edge : 0)) * square(h);
    covariance[DW_UPRIGHT_SPEED][DW_UPRIGHT_SPEED] = square(params->speed_birth * scale.depth);
    covariance[DW_UPRIGHT_HEIGHT][DW_UPRIGHT_HEIGHT] = shared + (cut ? 0 : edge);
    covariance[DW_UPRIGHT_FEET][DW_UPRIGHT_HEIGHT] = shared * h;
    covariance[DW_UPRIGHT_HEIGHT][DW_UPRIGHT_FEET] = shared * h;
    if (cut)
        dw_upright_truncate(&body.upright, view->height_px);
    measure_height(&body);
    return body;
}

struct dw_body_step dw_body_predict(struct dw_body *body, const struct dw_body_params *params,
                                    const struct dw_view *view, double dt, bool seen)
{
    struct scale scale = scale_at(body, params, view);
    double across = square(scale.across), depth = square(scale.depth);
    double damping = seen ? 0 : params->damping_s;
    struct dw_body_step step = {
        dw_motion_over(dt, params->q_position * across, params->q_velocity * across, damping),
        dw_motion_over(dt, params->q_position * depth, params->q_velocity * depth, damping),
    };
    dw_kalman_predict(&body->x, &step.across);
    dw_upright_predict(&body->upright, &step.depth, params->q_height);
    body->width.variance += square(WIDTH_DRIFT * body->h_px) * dt;
    return step;
}

struct dw_box dw_body_box(const struct dw_body *body)
{
    double w = fmax(body->width.value, LEAST * body->picture_px), h = body->h_px;
    return (struct dw_box){ (float)(body->x.position - w / 2),
                            (float)(body->upright.mean[DW_UPRIGHT_FEET] - h), (float)w, (float)h };
}

void dw_body_doubt(struct dw_body *body, struct dw_box box)
{
    body->x.p00 += square((double)box.x + (double)box.w / 2 - body->x.position);
    body->upright.covariance[DW_UPRIGHT_FEET][DW_UPRIGHT_FEET] +=
        square((double)box.y + (double)box.h - body->upright.mean[DW_UPRIGHT_FEET]);
}

void dw_body_smooth(struct dw_body *body, const struct dw_body *before_next,
                    const struct dw_body_step *step, const struct dw_body *next)
{
    dw_kalman_smooth(&body->x, &before_next->x, &next->x, &step->across);
    dw_upright_smooth(&body->upright, &before_next->upright, &next->upright, &step->depth);
    dw_level_smooth(&body->width, &before_next->width, &next->width);
    measure_height(body);
}

struct dw_body_seen dw_body_seen_of(const struct dw_view *view, struct dw_box box)
{
    double left = (double)box.x, right = left + (double)box.w, foot = (double)box.y + (double)box.h;
    double border = BORDER * view->height_px;
    bool known = view->width_px > 0, cut_foot = known && foot > view->height_px - border;
    return (struct dw_body_seen){
        .x = (left + right) / 2,
        .top = (double)box.y,
        .foot = cut_foot ? fmax(foot, view->height_px) : foot,
        .left = left,
        .right = right,
        .w = (double)box.w,
        .h = (double)box.h,
        .cut_left = known && left < border,
        .cut_right = known && right > view->width_px - border,
        .cut_foot = cut_foot,
    };
}

struct dw_body_gate dw_body_gate_of(const struct dw_body *body, const struct dw_body_params *params)
{
    double h = body->h_px, unit = 1 / square(h);
    double edge_var = square(params->noise_edge);
    struct dw_body_gate gate = {
        .x = body->x.position,
        .foot = body->upright.mean[DW_UPRIGHT_FEET],
        .top = body->upright.mean[DW_UPRIGHT_FEET] - h,
        .h = h,
        .w = body->width.value,
        .x_var = body->x.p00 * unit + square(params->noise),
        .foot_var = dw_upright_variance(&body->upright, 0) * unit + edge_var,
        .top_var = dw_upright_variance(&body->upright, -h) * unit + edge_var,
        .outlier = params->outlier,
    };
    gate.reach_px = GATE * sqrt(gate.x_var + square(WIDTH_NOISE)) * h + gate.w;
    gate.x_norm = log(TAU * gate.x_var) / 2;
    gate.edge_norm_foot = (1 - params->outlier) / sqrt(TAU * gate.foot_var);
    gate.edge_norm_top = (1 - params->outlier) / sqrt(TAU * gate.top_var);
    return gate;
}

/* Where the middle is, by the edge that can be seen; `cut`: only one can. */
static double middle(const struct dw_body_seen *seen, double w, bool *cut)
{
    *cut = seen->cut_left != seen->cut_right;
    if (!*cut)
        return seen->x;
    return seen->cut_left ? seen->right - w / 2 : seen->left + w / 2;
}

/* The densities of an edge: of one that is the person's, and of one that is anywhere else. */
static double true_edge(double error, double variance, double norm)
{
    if (square(error) > square((double)GATE) * variance)
        return 0;
    return norm * exp(-square(error) / (2 * variance));
}

/* Something may hide legs or head: an edge short of where it should be lies more often than one
 * beyond. */
static double lying(const struct dw_body_gate *gate, double beyond)
{
    return beyond > 0 ? BEYOND * gate->outlier : gate->outlier;
}

double dw_body_misfit(const struct dw_body_gate *gate, const struct dw_body_seen *seen)
{
    bool cut;
    double x = (middle(seen, gate->w, &cut) - gate->x) / gate->h;
    double x_var = gate->x_var + (cut ? square(WIDTH_NOISE) : 0);
    if (square(x) > square((double)GATE) * x_var)
        return (double)INFINITY;
    double x_norm = cut ? log(TAU * x_var) / 2 : gate->x_norm;
    double foot_error = (seen->foot - gate->foot) / gate->h;
    double top_error = (seen->top - gate->top) / gate->h;
    double foot = true_edge(foot_error, gate->foot_var, gate->edge_norm_foot);
    double top = true_edge(top_error, gate->top_var, gate->edge_norm_top);
    if (seen->cut_foot)
        foot = 1 - gate->outlier;
    if (!(foot > 0 || top > 0))
        return (double)INFINITY;
    return square(x) / (2 * x_var) + x_norm -
           log((foot + lying(gate, foot_error)) * (top + lying(gate, -top_error)));
}

/* How far to believe an edge, 0..1; a little is left, so that filters stay well-behaved. */
static double belief(double density, double outlier)
{
    return fmax(density / (density + outlier), 1e-3);
}

void dw_body_update(struct dw_body *body, const struct dw_body_params *params,
                    const struct dw_body_gate *gate, const struct dw_body_seen *seen)
{
    double h = gate->h, unit = square(h);
    double foot = true_edge((seen->foot - gate->foot) / h, gate->foot_var, gate->edge_norm_foot);
    double top = true_edge((seen->top - gate->top) / h, gate->top_var, gate->edge_norm_top);
    double foot_belief = belief(foot, lying(gate, seen->foot - gate->foot));
    double top_belief = belief(top, lying(gate, gate->top - seen->top));
    if (seen->h > h) {
        foot_belief = fmax(foot_belief, GROWTH);
        top_belief = fmax(top_belief, GROWTH);
    }
    bool cut;
    double x = middle(seen, gate->w, &cut);

    double x_var = square(params->noise) + (cut ? square(WIDTH_NOISE) : 0);
    double edge_var = square(params->noise_edge);
    dw_kalman_update(&body->x, x, x_var * unit);
    struct dw_upright *upright = &body->upright;
    if (seen->cut_foot)
        dw_upright_truncate(upright, seen->foot);
    else
        dw_upright_update(upright, 0, seen->foot - upright->mean[DW_UPRIGHT_FEET],
                          edge_var * unit / foot_belief);
    measure_height(body);
    dw_upright_update(upright, -h, seen->top - (upright->mean[DW_UPRIGHT_FEET] - body->h_px),
                      edge_var * unit / top_belief);
    measure_height(body);
    if (!cut)
        dw_level_update(&body->width, seen->w, square(WIDTH_NOISE * h));
}
