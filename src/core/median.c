/* SPDX-License-Identifier: Apache-2.0 */
#include "core/median.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/distribution.h"

#define SHARE_TOLERANCE 1e-9
#define HALVINGS 50
#define T_MOST 64.0

struct visit {
    double value, weight;
    bool cut;
    size_t day;
};

/* The weighted curve of one side. */
struct curve {
    struct visit *visits; /* sorted */
    size_t count;
    double *middle;  /* of F before and after each visit's value */
    double most;     /* F after the last */
    double p, value; /* F(value) reaches p */
    double error;    /* standard error of F there */
    double df;
};

static int compare(const void *left, const void *right)
{
    const struct visit *a = left, *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (int)a->cut - (int)b->cut;
}

static double own_weight(const struct dw_dwell_day *day, size_t at)
{
    return day->weights != NULL ? day->weights[at] : 1;
}

/* The weight of a visit on each side of each stratum; 0: not matched. */
static void find_weights(double weights[2][DW_STRATA_MAX], const struct dw_dwell_day *days,
                         size_t count)
{
    double visits[2][DW_STRATA_MAX] = { 0 }, sides[2] = { 0 };
    for (size_t i = 0; i < count; i++) {
        assert(days[i].stratum >= 0 && days[i].stratum < DW_STRATA_MAX);
        for (size_t k = 0; k < days[i].count; k++)
            visits[days[i].side][days[i].stratum] += own_weight(&days[i], k);
    }
    for (size_t s = 0; s < DW_STRATA_MAX; s++)
        for (int side = 0; side < 2; side++)
            sides[side] += visits[1 - side][s] > 0 ? visits[side][s] : 0;
    for (size_t s = 0; s < DW_STRATA_MAX; s++)
        for (int side = 0; side < 2; side++) {
            bool matched = visits[0][s] > 0 && visits[1][s] > 0;
            double share = (visits[0][s] + visits[1][s]) / (sides[0] + sides[1]);
            weights[side][s] = matched ? share * sides[side] / visits[side][s] : 0;
        }
}

static void gather(struct curve *curve, const struct dw_dwell_day *days, size_t count, int side,
                   const double *weights)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += days[i].side == side ? days[i].count : 0;
    curve->visits = dw_alloc_array0(most + 1, sizeof(*curve->visits));
    curve->middle = dw_alloc_array0(most + 1, sizeof(*curve->middle));
    for (size_t i = 0; i < count; i++) {
        if (days[i].side != side)
            continue;
        for (size_t k = 0; k < days[i].count; k++) {
            double weight = weights[days[i].stratum] * own_weight(&days[i], k);
            if (weight > 0)
                curve->visits[curve->count++] =
                    (struct visit){ days[i].dwells[k].value, weight, days[i].dwells[k].cut, i };
        }
    }
    if (curve->count > 1)
        qsort(curve->visits, curve->count, sizeof(*curve->visits), compare);
}

static double total_weight(const struct curve *curve)
{
    double sum = 0;
    for (size_t i = 0; i < curve->count; i++)
        sum += curve->visits[i].weight;
    return sum;
}

/* Weight that ended, and weight that went, at the time of visit `first`; returns the next visit. */
static size_t take_time(const struct curve *curve, size_t first, double *ended, double *gone)
{
    size_t i = first;
    *ended = *gone = 0;
    for (; i < curve->count && curve->visits[i].value == curve->visits[first].value; i++) {
        *gone += curve->visits[i].weight;
        *ended += curve->visits[i].cut ? 0 : curve->visits[i].weight;
    }
    return i;
}

static void draw_curve(struct curve *curve)
{
    double at_risk = total_weight(curve), stay = 1;
    for (size_t first = 0; first < curve->count;) {
        double ended, gone, before = stay;
        size_t next = take_time(curve, first, &ended, &gone);
        stay *= ended > 0 ? fmax(1 - ended / at_risk, 0) : 1;
        at_risk -= gone;
        for (; first < next; first++)
            curve->middle[first] = 1 - (before + stay) / 2;
    }
    curve->most = 1 - stay;
}

/* Where the curve reaches a share: straight between the middles of its steps. */
static double value_at(const struct curve *curve, double share)
{
    size_t low = 0, high = curve->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (curve->middle[middle] >= share)
            high = middle;
        else
            low = middle + 1;
    }
    if (low == curve->count)
        return low > 0 && share <= curve->most + SHARE_TOLERANCE ? curve->visits[low - 1].value
                                                                 : (double)INFINITY;
    if (low == 0)
        return curve->visits[0].value;
    double before = curve->middle[low - 1], part = (share - before) / (curve->middle[low] - before);
    return curve->visits[low - 1].value +
           part * (curve->visits[low].value - curve->visits[low - 1].value);
}

/* What each day adds to F at the curve's value. */
static void find_influence(const struct curve *curve, double *influence, size_t days)
{
    double at_risk = total_weight(curve), stay = 1, hazard = 0;
    for (size_t first = 0; first < curve->count;) {
        double ended, gone;
        size_t next = take_time(curve, first, &ended, &gone);
        bool reached = curve->visits[first].value <= curve->value && ended < at_risk;
        if (reached) {
            hazard += ended / (at_risk * (at_risk - ended));
            stay *= 1 - ended / at_risk;
        }
        for (; first < next; first++) {
            const struct visit *visit = &curve->visits[first];
            double own = reached && !visit->cut ? 1 / (at_risk - ended) : 0;
            influence[visit->day] += visit->weight * (own - hazard);
        }
        at_risk -= gone;
    }
    for (size_t i = 0; i < days; i++)
        influence[i] *= stay;
}

struct spread {
    double days, sum, squares;
};

static void add_day(struct spread *spread, double value)
{
    spread->days++;
    spread->sum += value;
    spread->squares += value * value;
}

/* Strata with a single day go to `rest`. */
static void add_stratum(struct curve *curve, const struct spread *spread, struct spread *rest)
{
    double n = spread->days;
    if (n >= 2) {
        curve->error += n / (n - 1) * fmax(spread->squares - spread->sum * spread->sum / n, 0);
        curve->df += n - 1;
    } else if (n > 0) {
        add_day(rest, spread->sum);
    }
}

static void find_error(struct curve *curve, const struct dw_dwell_day *days, size_t count, int side,
                       const double *weights)
{
    struct spread strata[DW_STRATA_MAX] = { 0 }, rest = { 0 }, none = { 0 };
    double *influence = dw_alloc_array0(count + 1, sizeof(*influence));
    find_influence(curve, influence, count);
    for (size_t i = 0; i < count; i++)
        if (days[i].side == side && days[i].count > 0 && weights[days[i].stratum] > 0)
            add_day(&strata[days[i].stratum], influence[i]);
    for (size_t s = 0; s < DW_STRATA_MAX; s++)
        add_stratum(curve, &strata[s], &rest);
    if (rest.days == 1)
        curve->error += rest.squares;
    else
        add_stratum(curve, &rest, &none);
    curve->error = sqrt(curve->error);
    free(influence);
}

/* How far the interval of one side reaches on one hand, at t standard errors. */
static double reach(const struct curve *curve, double t, bool up)
{
    double share = curve->p + (up ? t : -t) * curve->error;
    return fabs(value_at(curve, share) - curve->value);
}

/* MOVER: how far the interval of the difference reaches. */
static double difference_reach(const struct curve curves[2], double t, bool up)
{
    return hypot(reach(&curves[1], t, up), reach(&curves[0], t, !up));
}

/* The variance of F if visits were witnesses of their own, cut ones aside. */
static double chance_variance(const struct curve *curve)
{
    double squares = 0, sum = total_weight(curve);
    for (size_t i = 0; i < curve->count; i++)
        squares += curve->visits[i].weight * curve->visits[i].weight;
    return curve->p * (1 - curve->p) * squares / (sum * sum);
}

/* Both sides share how much more alike than chance the visits of a day are; each has too few days
 * to tell. */
static void pool_errors(struct curve curves[2])
{
    double chance[2], sum = 0, df = curves[0].df + curves[1].df;
    for (int side = 0; side < 2; side++) {
        chance[side] = chance_variance(&curves[side]);
        sum += curves[side].df * curves[side].error * curves[side].error / chance[side];
    }
    for (int side = 0; side < 2; side++)
        curves[side].error = sqrt(sum / df * chance[side]);
}

/* The t at which the interval begins to hold 0. */
static double touching_t(const struct curve curves[2], double difference)
{
    double low = 0, high = T_MOST;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (difference_reach(curves, middle, difference < 0) < fabs(difference))
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void compare_curves(struct dw_effect *effect, struct curve curves[2])
{
    double difference = curves[1].value - curves[0].value;
    bool judged = curves[0].error > 0 && curves[1].error > 0;
    if (!(judged && curves[0].df > 0 && curves[1].df > 0 && isfinite(difference)))
        return;
    pool_errors(curves);
    double df = curves[0].df + curves[1].df, t = dw_student_quantile(.025, df);
    effect->known = true;
    effect->value = difference;
    effect->df = df;
    effect->low = difference - difference_reach(curves, t, false);
    effect->high = difference + difference_reach(curves, t, true);
    effect->error = (effect->high - effect->low) / (2 * t);
    effect->p = dw_student_p(touching_t(curves, difference), df);
}

void dw_quantile_difference(struct dw_quantile_difference *out, const struct dw_dwell_day *days,
                            size_t count, double p)
{
    double weights[2][DW_STRATA_MAX];
    struct curve curves[2] = { { .p = p }, { .p = p } };
    *out = (struct dw_quantile_difference){ 0 };
    find_weights(weights, days, count);
    for (int side = 0; side < 2; side++) {
        gather(&curves[side], days, count, side, weights[side]);
        draw_curve(&curves[side]);
        curves[side].value = value_at(&curves[side], p);
        find_error(&curves[side], days, count, side, weights[side]);
        out->values[side] = curves[side].value;
        out->visits[side] = curves[side].count;
    }
    for (size_t i = 0; i < count; i++)
        if (days[i].count > 0 && weights[days[i].side][days[i].stratum] > 0)
            out->effect.days[days[i].side]++;
    compare_curves(&out->effect, curves);
    for (int side = 0; side < 2; side++) {
        free(curves[side].visits);
        free(curves[side].middle);
    }
}
