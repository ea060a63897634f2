/* SPDX-License-Identifier: Apache-2.0 */
#include "core/contrast.h"

#include <assert.h>
#include <math.h>

#include "core/distribution.h"

#define DAYS_MOST 3653
#define Z10 1.2815515655446004 /* normal quantile of 90 % */
#define LEAST 0.01             /* where the cubic is no good: one degree of freedom */

struct sums {
    double weight[2], value[2];
};

void dw_contrast_fit(struct dw_contrast *out, const struct dw_contrast_day *days, size_t count)
{
    struct sums strata[DW_STRATA_MAX] = { 0 };
    size_t matched = 0;
    *out = (struct dw_contrast){ 0 };
    for (size_t i = 0; i < count; i++) {
        assert(days[i].stratum >= 0 && days[i].stratum < DW_STRATA_MAX);
        struct sums *sums = &strata[days[i].stratum];
        sums->weight[days[i].side] += days[i].weight;
        sums->value[days[i].side] += days[i].weight * days[i].value;
    }
    double score = 0;
    for (size_t s = 0; s < DW_STRATA_MAX; s++) {
        const double *w = strata[s].weight, *v = strata[s].value;
        if (!(w[0] > 0 && w[1] > 0))
            continue;
        double share = w[1] / (w[0] + w[1]);
        out->matched[s] = true;
        out->information += w[0] * share;
        score += (1 - share) * v[1] - share * v[0];
        matched++;
    }
    out->difference = out->information > 0 ? score / out->information : 0;
    for (size_t s = 0; s < DW_STRATA_MAX; s++) {
        const double *w = strata[s].weight, *v = strata[s].value;
        if (w[0] + w[1] > 0)
            out->level[s] = (v[0] + v[1] - out->difference * w[1]) / (w[0] + w[1]);
    }
    for (size_t i = 0; i < count; i++)
        if (days[i].weight > 0 && out->matched[days[i].stratum])
            out->days[days[i].side]++;
    out->df = (double)(out->days[0] + out->days[1]) - (double)matched - 1;
}

double dw_dispersion_least(double df)
{
    double spread = 2 / (9 * df), root = 1 - spread - Z10 * sqrt(spread);
    return fmax(root * root * root, LEAST);
}

struct dw_effect dw_effect_of(const struct dw_contrast *contrast, double error)
{
    struct dw_effect effect = { .days = { contrast->days[0], contrast->days[1] } };
    if (!(contrast->df > 0 && error > 0 && isfinite(error) && isfinite(contrast->difference)))
        return effect;
    double reach = dw_student_quantile(.025, contrast->df) * error;
    effect.known = true;
    effect.value = contrast->difference;
    effect.error = error;
    effect.low = contrast->difference - reach;
    effect.high = contrast->difference + reach;
    effect.p = dw_student_p(contrast->difference / error, contrast->df);
    effect.df = contrast->df;
    return effect;
}

/* Whether n times the days would do. */
static bool enough(const struct dw_effect *effect, double change, double factor)
{
    double days = (double)(effect->days[0] + effect->days[1]);
    double df = effect->df + days * (factor - 1);
    double reach = dw_student_quantile(.025, df) + dw_student_quantile(.2, df);
    return reach * effect->error / sqrt(factor) <= fabs(change);
}

long dw_effect_more_days(const struct dw_effect *effect, double change)
{
    double days = (double)(effect->days[0] + effect->days[1]);
    if (!effect->known || !enough(effect, change, (days + DAYS_MOST) / days))
        return -1;
    long low = -1, high = DAYS_MOST; /* low is too few, high is enough */
    while (high - low > 1) {
        long middle = low + (high - low) / 2;
        if (enough(effect, change, (days + (double)middle) / days))
            high = middle;
        else
            low = middle;
    }
    return high;
}
