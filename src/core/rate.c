/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

#define STEPS_MOST 100
#define CLOSE 1e-10
#define DISPERSION_LEAST 1e-9
#define DISPERSION_MOST 1e3

/* The fit at one dispersion. */
struct fit {
    const struct dw_rate_day *days;
    size_t count;
    struct dw_contrast_day *work;
    double *mean;
    double alpha; /* of the negative binomial variance */
    struct dw_contrast contrast;
};

/* A stratum in which nobody was counted says that few come, not on which side fewer. */
static void find_empty(const struct fit *fit, bool empty[DW_STRATA_MAX])
{
    for (size_t s = 0; s < DW_STRATA_MAX; s++)
        empty[s] = true;
    for (size_t i = 0; i < fit->count; i++)
        if (fit->days[i].count > 0 && fit->days[i].exposure > 0)
            empty[fit->days[i].stratum] = false;
}

static void begin(struct fit *fit)
{
    bool empty[DW_STRATA_MAX];
    find_empty(fit, empty);
    for (size_t i = 0; i < fit->count; i++) {
        const struct dw_rate_day *day = &fit->days[i];
        bool used = day->exposure > 0 && !empty[day->stratum];
        fit->work[i] = (struct dw_contrast_day){ day->side, day->stratum, 0, used ? 1 : 0 };
        fit->mean[i] = used ? day->count + .5 : 0;
    }
}

static void refit(struct fit *fit)
{
    double before = (double)INFINITY;
    for (int step = 0; step < STEPS_MOST; step++) {
        for (size_t i = 0; i < fit->count; i++) {
            const struct dw_rate_day *day = &fit->days[i];
            double mean = fit->mean[i];
            if (!(mean > 0))
                continue;
            fit->work[i].value = log(mean / day->exposure) + (day->count - mean) / mean;
            fit->work[i].weight = mean / (1 + fit->alpha * mean);
        }
        dw_contrast_fit(&fit->contrast, fit->work, fit->count);
        for (size_t i = 0; i < fit->count; i++) {
            const struct dw_rate_day *day = &fit->days[i];
            if (fit->mean[i] > 0)
                fit->mean[i] = day->exposure * exp(fit->contrast.level[day->stratum] +
                                                   fit->contrast.difference * day->side);
        }
        if (fabs(fit->contrast.difference - before) < CLOSE)
            break;
        before = fit->contrast.difference;
    }
}

static double pearson(const struct fit *fit)
{
    double sum = 0;
    for (size_t i = 0; i < fit->count; i++) {
        double mean = fit->mean[i], off = fit->days[i].count - mean;
        if (mean > 0 && fit->contrast.matched[fit->days[i].stratum])
            sum += off * off / (mean + fit->alpha * mean * mean);
    }
    return sum;
}

/* Pearson's statistic falls as alpha grows; the search halves the logarithm. */
static void find_alpha(struct fit *fit)
{
    double low = DISPERSION_LEAST, high = DISPERSION_MOST;
    if (pearson(fit) <= fit->contrast.df)
        return;
    while (high - low > CLOSE * high) {
        fit->alpha = sqrt(low * high);
        if (fit->alpha <= low || fit->alpha >= high)
            break;
        refit(fit);
        if (pearson(fit) > fit->contrast.df)
            low = fit->alpha;
        else
            high = fit->alpha;
    }
}

static bool counted_on_both(const struct fit *fit)
{
    double counts[2] = { 0 };
    for (size_t i = 0; i < fit->count; i++)
        if (fit->mean[i] > 0 && fit->contrast.matched[fit->days[i].stratum])
            counts[fit->days[i].side] += fit->days[i].count;
    return counts[0] > 0 && counts[1] > 0;
}

struct dw_effect dw_rate_log_ratio(const struct dw_rate_day *days, size_t count,
                                   enum dw_rate_model model)
{
    struct fit fit = { .days = days, .count = count };
    fit.work = dw_alloc_array0(count + 1, sizeof(*fit.work));
    fit.mean = dw_alloc_array0(count + 1, sizeof(*fit.mean));
    begin(&fit);
    dw_contrast_fit(&fit.contrast, fit.work, count);
    bool known = fit.contrast.df > 0 && counted_on_both(&fit);
    double dispersion = 1;
    if (known) {
        refit(&fit);
        if (model == DW_RATE_NEGATIVE_BINOMIAL)
            find_alpha(&fit);
        dispersion = fmax(pearson(&fit) / fit.contrast.df, dw_dispersion_least(fit.contrast.df));
    }
    struct dw_effect effect = { 0 };
    if (known)
        effect = dw_effect_of(&fit.contrast, sqrt(dispersion / fit.contrast.information));
    effect.dispersion = model == DW_RATE_NEGATIVE_BINOMIAL ? fit.alpha : dispersion;
    free(fit.work);
    free(fit.mean);
    return effect;
}

struct slot {
    double count, exposure[2];
};

/* Newton's step for the conditional likelihood of the ratio, the profile being fitted to it. */
static double ratio_step(const struct slot slots[DW_STRATA_MAX], double side_count, double ratio)
{
    double expected = 0, slope = 0;
    for (size_t s = 0; s < DW_STRATA_MAX; s++) {
        double whole = slots[s].exposure[0] + ratio * slots[s].exposure[1];
        double share = whole > 0 ? ratio * slots[s].exposure[1] / whole : 0;
        expected += slots[s].count * share;
        slope += slots[s].count * share * (1 - share);
    }
    return slope > 0 ? (side_count - expected) / slope : 0;
}

static double fit_ratio(const struct slot slots[DW_STRATA_MAX], double side_count)
{
    double log_ratio = 0;
    for (int step = 0; step < STEPS_MOST; step++) {
        double by = ratio_step(slots, side_count, exp(log_ratio));
        log_ratio += fmax(-1, fmin(1, by));
        if (fabs(by) < CLOSE)
            break;
    }
    return exp(fmax(-20, fmin(20, log_ratio)));
}

void dw_rate_standardise(struct dw_rate_day *days, size_t day_count,
                         const struct dw_rate_cell *cells, size_t cell_count)
{
    struct slot slots[DW_STRATA_MAX] = { 0 };
    double side_count = 0;
    for (size_t i = 0; i < day_count; i++)
        days[i].count = days[i].exposure = 0;
    for (size_t i = 0; i < cell_count; i++) {
        const struct dw_rate_cell *cell = &cells[i];
        assert(cell->slot >= 0 && cell->slot < DW_STRATA_MAX && cell->day < day_count);
        struct slot *slot = &slots[cell->slot];
        if (!(cell->exposure > 0))
            continue;
        slot->count += cell->count;
        slot->exposure[days[cell->day].side] += cell->exposure;
        side_count += days[cell->day].side == 1 ? cell->count : 0;
    }
    double ratio = fit_ratio(slots, side_count);
    for (size_t i = 0; i < cell_count; i++) {
        const struct slot *slot = &slots[cells[i].slot];
        struct dw_rate_day *day = &days[cells[i].day];
        if (!(cells[i].exposure > 0 && slot->exposure[0] > 0 && slot->exposure[1] > 0))
            continue;
        day->count += cells[i].count;
        day->exposure +=
            cells[i].exposure * slot->count / (slot->exposure[0] + ratio * slot->exposure[1]);
    }
}
