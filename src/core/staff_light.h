/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the colours of somebody's clothes would be in another light, so that a model learns what a
 * uniform is and not what it was that morning: darker and brighter pictures, as gamma makes them,
 * and lamps that are warmer and colder. It needs no picture: a bin's colours are moved to where the
 * other light puts them. Pure.
 */
#ifndef DW_CORE_STAFF_LIGHT_H
#define DW_CORE_STAFF_LIGHT_H

#include <stddef.h>
#include <stdint.h>

#include "core/look.h"

#define DW_STAFF_LIGHTS 4

/* To how many 1/256 of a bin each colour goes. */
struct dw_staff_light {
    uint16_t tints[DW_LOOK_TINTS * DW_LOOK_TINTS][DW_LOOK_SHADES][2]; /* of this brightness: U, V */
    uint16_t shades[DW_LOOK_SHADES];                                  /* of grey */
};

/* `number`: which light, 0 to DW_STAFF_LIGHTS - 1. */
void dw_staff_light_init(struct dw_staff_light *light, size_t number);

/*
 * Changes a row as dw_staff_views_mean() gives it: DW_LOOK_COLOURS roots of shares or more; what is
 * behind them stays. How bright which tint is, is not known: each is taken to be as bright as its
 * stripe.
 */
void dw_staff_light_shine(const struct dw_staff_light *light, float *row);

#endif
