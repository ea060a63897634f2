/* SPDX-License-Identifier: Apache-2.0 */
#include "core/link.h"

#include <math.h>

#include "base/macros.h"

struct dw_link_params dw_link_params_default(void)
{
    return (struct dw_link_params){
        .stand_speed = 0.25,
        .stand_us = 8000000,
        .move_us = 4000000,
        .long_us = 2000000,
        .stand_least_us = 500000,
        .near = 0.45,
        .stand_growth = 0.03,
        .move_growth = 0.45,
        .damping_s = 0.8,
        .height = 0.3,
        .accept = 1.3,
        .sure = 0.35,
        .rival = 0.6,
        .look_veto = 0.35,
        .look_tie = 0.05,
        .look_trust = 1.5,
    };
}

int64_t dw_link_longest_us(const struct dw_link_params *params)
{
    int64_t move_us = (int64_t)((double)params->move_us * fmax(params->look_trust, 1));
    return DW_MAX(params->stand_us, move_us);
}

/* Distance in body heights; up and down the picture counts more, as depth is foreshortened. */
static double distance(struct dw_point a, struct dw_point b, double h_px)
{
    return hypot((b.x - a.x) / h_px, (b.y - a.y) / (0.6 * h_px));
}

static double speed(const struct dw_track_end *end)
{
    return hypot(end->velocity.x, end->velocity.y) / end->h_px;
}

static struct dw_point moved(const struct dw_track_end *end, double reach_s)
{
    return (struct dw_point){ end->foot_px.x + reach_s * end->velocity.x,
                              end->foot_px.y + reach_s * end->velocity.y };
}

static double standing_cost(const struct dw_link_params *params, const struct dw_track_end *a,
                            const struct dw_track_end *b, double dt, double h_px)
{
    bool too_short = a->lasted_us < params->stand_least_us;
    if (dt > (double)params->stand_us / 1e6 || (dt > (double)params->long_us / 1e6 && too_short))
        return (double)INFINITY;
    double allowed = params->near + params->stand_growth * dt;
    return distance(a->foot_px, b->foot_px, h_px) / allowed;
}

static double moving_cost(const struct dw_link_params *params, const struct dw_track_end *a,
                          const struct dw_track_end *b, double dt, double h_px)
{
    if (dt > (double)params->move_us / 1e6)
        return (double)INFINITY;
    double dot = a->velocity.x * b->velocity.x + a->velocity.y * b->velocity.y;
    bool both_move = speed(a) > params->stand_speed && speed(b) > params->stand_speed;
    if (both_move && dot < 0)
        return (double)INFINITY;
    double reach_s = params->damping_s * (1 - exp(-dt / params->damping_s));
    double forward = distance(moved(a, reach_s), b->foot_px, h_px);
    double backward = distance(moved(b, -reach_s), a->foot_px, h_px);
    double allowed = params->near + params->move_growth * dt;
    return (forward + backward) / 2 / allowed;
}

/* Whoever looks the same may have gone further, and been gone for longer. */
static struct dw_link_params limits_of(const struct dw_link_params *params, double look)
{
    struct dw_link_params limits = *params;
    double trust = look <= params->look_veto ? params->look_trust : 1;
    limits.near *= trust;
    limits.stand_growth *= trust;
    limits.move_growth *= trust;
    limits.move_us = (int64_t)((double)limits.move_us * trust);
    return limits;
}

double dw_link_cost(const struct dw_link_params *params, const struct dw_track_end *a,
                    const struct dw_track_end *b)
{
    double dt = (double)(b->time_us - a->time_us) / 1e6, h_px = (a->h_px + b->h_px) / 2;
    double growth = fabs(log(b->h_px / a->h_px));
    double look = params->look_trust > 0 ? dw_appearance_distance(a->look, b->look) : (double)NAN;
    if (dt <= 0 || !(growth <= params->height) || look > params->look_veto)
        return (double)INFINITY;
    struct dw_link_params limits = limits_of(params, look);
    double place = (double)INFINITY;
    if (speed(a) < params->stand_speed)
        place = standing_cost(&limits, a, b, dt, h_px);
    place = fmin(place, moving_cost(&limits, a, b, dt, h_px));
    if (place > 1)
        return (double)INFINITY;
    return place + 0.3 * growth / params->height + 0.03 * dt;
}

static size_t cheapest(const struct dw_link_offer *offers, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (offers[i].cost < offers[best].cost)
            best = i;
    return best;
}

int dw_link_choose(const struct dw_link_params *params, const struct dw_link_offer *offers,
                   size_t count)
{
    size_t best = cheapest(offers, count), alike = best;
    if (count == 0 || !(offers[best].cost < params->accept))
        return -1;
    double cost = offers[best].cost;
    if (cost < params->sure)
        return (int)best;
    for (size_t i = 0; i < count; i++)
        if (offers[i].cost * params->rival < cost && offers[i].look < offers[alike].look)
            alike = i;
    for (size_t i = 0; i < count; i++) {
        bool rival = i == best || offers[i].cost * params->rival < cost;
        bool unlike = offers[i].look - offers[alike].look >= params->look_tie;
        if (i != alike && rival && !unlike)
            return -1;
    }
    return offers[alike].cost < params->accept ? (int)alike : -1;
}
