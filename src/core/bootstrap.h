/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interval of any figure, by drawing the days it was computed from again and again. Whole days
 * are drawn, with all their visits, because visits of one day are alike. Unlike the t intervals of
 * contrast.h it makes no allowance for days being few. The same seed gives the same interval.
 */
#ifndef DW_CORE_BOOTSTRAP_H
#define DW_CORE_BOOTSTRAP_H

#include <stdint.h>

#include "core/stats.h"

/*
 * Computes the figure from `count` days, which may repeat, given as indices; those below
 * `counts[0]` of the conf come first. NAN: these days allow no figure; the draw is left out.
 */
typedef double (*dw_bootstrap_fn)(void *context, const size_t *days, size_t count);

struct dw_bootstrap_conf {
    size_t counts[2]; /* days of each side, drawn apart; the second's indices follow the first's */
    int draws;        /* 2000 is usual for an interval of 95 % */
    uint64_t seed;
    bool plain; /* percentile interval instead of BCa */
};

/*
 * BCa (Efron 1987: bias-corrected and accelerated; the acceleration by leaving out one day at a
 * time) or the plain percentile interval of 95 %; both ends by definition 7 of Hyndman and Fan.
 * Without a single usable draw: low -INFINITY, high INFINITY.
 */
struct dw_estimate dw_bootstrap(const struct dw_bootstrap_conf *conf, dw_bootstrap_fn fn,
                                void *context);

#endif
