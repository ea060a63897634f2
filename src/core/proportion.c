/* SPDX-License-Identifier: Apache-2.0 */
#include "core/proportion.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

#define CLOSE 1e-10
#define RHO_LEAST 1e-9

struct fit {
    const struct dw_share_day *days;
    size_t count;
    struct dw_contrast_day *work;
    double spread[2]; /* p (1 - p) of each side */
    double rho;
    struct dw_contrast contrast;
};

static void refit(struct fit *fit)
{
    for (size_t i = 0; i < fit->count; i++) {
        const struct dw_share_day *day = &fit->days[i];
        struct dw_contrast_day *work = &fit->work[i];
        *work = (struct dw_contrast_day){ day->side, day->stratum, 0, 0 };
        if (!(day->count > 0))
            continue;
        work->value = day->hits / day->count;
        work->weight = day->count / (fit->spread[day->side] * (1 + (day->count - 1) * fit->rho));
    }
    dw_contrast_fit(&fit->contrast, fit->work, fit->count);
}

static double pearson(const struct fit *fit)
{
    double sum = 0;
    for (size_t i = 0; i < fit->count; i++) {
        const struct dw_contrast_day *work = &fit->work[i];
        double off = work->value - fit->contrast.level[work->stratum] -
                     fit->contrast.difference * work->side;
        if (work->weight > 0 && fit->contrast.matched[work->stratum])
            sum += off * off * work->weight;
    }
    return sum;
}

static void find_rho(struct fit *fit)
{
    double low = RHO_LEAST, high = 1;
    if (pearson(fit) <= fit->contrast.df)
        return;
    while (high - low > CLOSE * high) {
        fit->rho = sqrt(low * high);
        if (fit->rho <= low || fit->rho >= high)
            break;
        refit(fit);
        if (pearson(fit) > fit->contrast.df)
            low = fit->rho;
        else
            high = fit->rho;
    }
}

/* A side on which all did the same borrows the spread of both together. */
static bool find_spread(struct fit *fit)
{
    double hits[2] = { 0 }, counts[2] = { 0 };
    for (size_t i = 0; i < fit->count; i++) {
        hits[fit->days[i].side] += fit->days[i].hits;
        counts[fit->days[i].side] += fit->days[i].count;
    }
    double all = counts[0] + counts[1], both = all > 0 ? (hits[0] + hits[1]) / all : 0;
    for (int side = 0; side < 2; side++) {
        double share = counts[side] > 0 ? hits[side] / counts[side] : 0;
        fit->spread[side] = share > 0 && share < 1 ? share * (1 - share) : both * (1 - both);
    }
    return both > 0 && both < 1;
}

struct dw_effect dw_share_difference(const struct dw_share_day *days, size_t count)
{
    struct fit fit = { .days = days, .count = count };
    if (!find_spread(&fit))
        return (struct dw_effect){ 0 };
    fit.work = dw_alloc_array0(count + 1, sizeof(*fit.work));
    refit(&fit);
    double scale = 1;
    if (fit.contrast.df > 0) {
        find_rho(&fit);
        scale = fmax(pearson(&fit) / fit.contrast.df, dw_dispersion_least(fit.contrast.df));
    }
    struct dw_effect effect = dw_effect_of(&fit.contrast, sqrt(scale / fit.contrast.information));
    effect.dispersion = fit.rho;
    free(fit.work);
    return effect;
}
