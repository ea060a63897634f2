/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Were these two tracks one person? People who stand at a display are exactly those whom passers-by
 * hide: their track breaks and another begins. Two regimes: somebody standing may be gone for long
 * but comes back at the same place; somebody moving may be gone for a moment and comes back where
 * the movement leads. Conservative: places, heights and motion must agree and no rival may be near.
 *
 * Distances are body heights, so that far and near count alike. Pure.
 */
#ifndef DW_CORE_LINK_H
#define DW_CORE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/box.h"
#include "core/look.h"

struct dw_link_params {
    double stand_speed;     /* slower is standing: body heights a second */
    int64_t stand_us;       /* somebody standing may be gone this long */
    int64_t move_us;        /* somebody moving this long */
    int64_t long_us;        /* after a longer absence the first track must have lasted ... */
    int64_t stand_least_us; /* ... this long */
    double near;            /* allowed distance right away, body heights */
    double stand_growth;    /* ... and more per second of absence, standing */
    double move_growth;     /* ... moving */
    double damping_s;       /* the unseen slow down with this time constant */
    double height;          /* allowed |ln of the ratio of heights| */
    double accept;          /* dearest link */
    double sure;            /* a link this cheap needs not fear rivals */
    double rival;           /* else the next best must cost more than cost / rival */
    double look_veto;       /* two who look more unlike than this are never linked */
    double look_tie;        /* a rival who looks more unlike by this does not count */
    double look_trust; /* all others who are known: limits so many times as wide; 0: no looks */
};

struct dw_link_params dw_link_params_default(void);

/* One end of a track: its last moments, or its first. */
struct dw_track_end {
    int64_t time_us;
    struct dw_point foot_px, velocity; /* pixels, pixels a second */
    double h_px;
    int64_t lasted_us;                /* of the whole track so far */
    const struct dw_appearance *look; /* of the whole track; borrowed; NULL: not known */
};

/* What it costs to say that the track ending with `a` goes on with `b`; infinite: it cannot. */
double dw_link_cost(const struct dw_link_params *params, const struct dw_track_end *a,
                    const struct dw_track_end *b);

/* Nobody is linked after a longer absence. */
int64_t dw_link_longest_us(const struct dw_link_params *params);

/* Somebody from whom a track may go on. */
struct dw_link_offer {
    double cost; /* dw_link_cost() */
    double look; /* dw_appearance_distance(), not a number when not known */
};

/*
 * The index of the cheapest offer, when it is cheap enough and without rival; else -1. Of rivals
 * the one who looks most alike is chosen, when it is clear who that is.
 */
int dw_link_choose(const struct dw_link_params *params, const struct dw_link_offer *offers,
                   size_t count);

#endif
