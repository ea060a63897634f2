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

/* The bins of one side before each: weight at risk, and the share that stayed. */
struct bins {
    const struct dw_dwell_day *days;
    size_t day_count;
    int side;
    const double *weights;
    const double *edges;
    size_t count;
    double *at_risk, *stay; /* count + 1 */
    size_t shown;           /* the bin that `visits` of the curve are around; count: none yet */
};

/* The weighted curve of one side. */
struct curve {
    struct visit *visits; /* sorted; with bins only those of some */
    size_t count;
    double *middle;  /* of F before and after each visit's value */
    double most;     /* F after the last */
    double p, value; /* F(value) reaches p */
    double error;    /* standard error of F there */
    double df;
    size_t visit_count;
    double weight, squares; /* sums over all visits */
    struct bins bins;       /* edges NULL: there are none */
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

static double day_weight(const struct dw_dwell_day *day)
{
    double sum = 0;
    if (day->weights == NULL)
        return (double)day->count;
    for (size_t i = 0; i < day->count; i++)
        sum += day->weights[i];
    return sum;
}

/* The weight of a visit on each side of each stratum; 0: not matched. */
static void find_weights(double weights[2][DW_STRATA_MAX], const struct dw_dwell_day *days,
                         size_t count)
{
    double visits[2][DW_STRATA_MAX] = { 0 }, sides[2] = { 0 };
    for (size_t i = 0; i < count; i++) {
        assert(days[i].stratum >= 0 && days[i].stratum < DW_STRATA_MAX);
        visits[days[i].side][days[i].stratum] += day_weight(&days[i]);
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

static void add_visit(struct curve *curve, struct visit visit)
{
    if (visit.weight > 0)
        curve->visits[curve->count++] = visit;
}

static void make_room(struct curve *curve, size_t count)
{
    free(curve->visits);
    free(curve->middle);
    curve->count = 0;
    curve->visits = dw_alloc_array0(count + 1, sizeof(*curve->visits));
    curve->middle = dw_alloc_array0(count + 1, sizeof(*curve->middle));
}

static void sort(struct curve *curve)
{
    if (curve->count > 1)
        qsort(curve->visits, curve->count, sizeof(*curve->visits), compare);
}

static void gather(struct curve *curve, const struct dw_dwell_day *days, size_t count, int side,
                   const double *weights)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += days[i].side == side ? days[i].count : 0;
    make_room(curve, most);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; days[i].side == side && k < days[i].count; k++)
            add_visit(curve, (struct visit){ days[i].dwells[k].value,
                                             weights[days[i].stratum] * own_weight(&days[i], k),
                                             days[i].dwells[k].cut, i });
    sort(curve);
    curve->visit_count = curve->count;
    for (size_t i = 0; i < curve->count; i++) {
        curve->weight += curve->visits[i].weight;
        curve->squares += curve->visits[i].weight * curve->visits[i].weight;
    }
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

static void draw_curve(struct curve *curve, double at_risk, double stay)
{
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

/* --- Bins ----------------------------------------------------------------------------------- */

/* The weight of the visits of a day; 0: not of this side, or not matched. */
static double bin_weight(const struct bins *bins, size_t day)
{
    const struct dw_dwell_day *found = &bins->days[day];
    return found->side == bins->side ? bins->weights[found->stratum] : 0;
}

static void weigh_bin(const struct bins *bins, size_t bin, double *ended, double *gone)
{
    *ended = *gone = 0;
    for (size_t i = 0; i < bins->day_count; i++) {
        const struct dw_dwell_bins *of = &bins->days[i].bins;
        double weight = bin_weight(bins, i);
        if (!(weight > 0))
            continue;
        *ended += weight * (double)of->ended[bin];
        *gone += weight * (double)(of->ended[bin] + of->cut[bin]);
    }
}

/* Within a bin the products of Kaplan and Meier telescope: nobody is cut before its end. */
static void draw_bins(struct curve *curve)
{
    struct bins *bins = &curve->bins;
    for (size_t i = 0; i < bins->day_count; i++) {
        double weight = bin_weight(bins, i), visits = (double)bins->days[i].count;
        curve->visit_count += weight > 0 ? bins->days[i].count : 0;
        curve->weight += weight * visits;
        curve->squares += weight * weight * visits;
    }
    bins->at_risk = dw_alloc_array0(bins->count + 1, sizeof(*bins->at_risk));
    bins->stay = dw_alloc_array0(bins->count + 1, sizeof(*bins->stay));
    bins->at_risk[0] = curve->weight;
    bins->stay[0] = 1;
    bins->shown = bins->count;
    for (size_t bin = 0; bin < bins->count; bin++) {
        double ended, gone, at_risk = bins->at_risk[bin];
        weigh_bin(bins, bin, &ended, &gone);
        bins->at_risk[bin + 1] = at_risk - gone;
        bins->stay[bin + 1] = bins->stay[bin] * (ended > 0 ? fmax(1 - ended / at_risk, 0) : 1);
    }
    curve->most = 1 - bins->stay[bins->count];
}

static void add_bin(struct curve *curve, size_t day, size_t bin)
{
    const struct dw_dwell_bins *of = &curve->bins.days[day].bins;
    double weight = bin_weight(&curve->bins, day), low = of->edges[bin], high = of->edges[bin + 1];
    for (int64_t i = 0; i < of->ended[bin]; i++) {
        double at = ((double)i + .5) / (double)of->ended[bin];
        add_visit(curve, (struct visit){ low + at * (high - low), weight, false, day });
    }
    for (int64_t i = 0; i < of->cut[bin]; i++)
        add_visit(curve, (struct visit){ high, weight, true, day });
}

/* Makes the visits of bins from..last those of the curve. */
static void show_bins(struct curve *curve, size_t from, size_t last)
{
    const struct bins *bins = &curve->bins;
    size_t most = 0;
    for (size_t i = 0; i < bins->day_count; i++)
        for (size_t bin = from; bin <= last; bin++)
            most += (size_t)(bins->days[i].bins.ended[bin] + bins->days[i].bins.cut[bin]);
    make_room(curve, most);
    for (size_t i = 0; i < bins->day_count; i++)
        for (size_t bin = from; bin <= last && bin_weight(bins, i) > 0; bin++)
            add_bin(curve, i, bin);
    sort(curve);
}

static bool is_empty(const struct bins *bins, size_t bin)
{
    double ended, gone;
    weigh_bin(bins, bin, &ended, &gone);
    return !(gone > 0);
}

/* The bin in which the curve reaches a share; the last: or nowhere. */
static size_t reaching_bin(const struct bins *bins, double share)
{
    size_t bin = 0;
    while (bin + 1 < bins->count && 1 - bins->stay[bin + 1] < share)
        bin++;
    return bin;
}

/* Shows the bin in which the curve reaches a share, with the next on either hand that is not empty:
 * the curve runs straight from the one to the other. */
static void show_share(struct curve *curve, double share)
{
    struct bins *bins = &curve->bins;
    double most = curve->most;
    size_t bin = reaching_bin(bins, share);
    if (bin == bins->shown)
        return;
    size_t from = bin > 0 ? bin - 1 : 0, last = bin + 1 < bins->count ? bin + 1 : bin;
    while (from > 0 && is_empty(bins, from))
        from--;
    while (last + 1 < bins->count && is_empty(bins, last))
        last++;
    show_bins(curve, from, last);
    draw_curve(curve, bins->at_risk[from], bins->stay[from]);
    curve->most = most;
    bins->shown = bin;
}

/* -------------------------------------------------------------------------------------------- */

/* Where the curve reaches a share: straight between the middles of its steps. */
static double value_at(struct curve *curve, double share)
{
    if (curve->bins.edges != NULL)
        show_share(curve, share);
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

/* A walk along the curve. */
struct walk {
    double at_risk, stay, hazard;
};

/* What each day's visits add to F at the curve's value, but for the factor S. */
static void walk_visits(const struct curve *curve, struct walk *walk, double *influence)
{
    for (size_t first = 0; first < curve->count;) {
        double ended, gone;
        size_t next = take_time(curve, first, &ended, &gone);
        double left = walk->at_risk - ended;
        bool reached = curve->visits[first].value <= curve->value && ended < walk->at_risk;
        if (reached) {
            walk->hazard += ended / (walk->at_risk * left);
            walk->stay *= 1 - ended / walk->at_risk;
        }
        for (; first < next; first++) {
            const struct visit *visit = &curve->visits[first];
            double own = reached && !visit->cut ? 1 / left : 0;
            influence[visit->day] += visit->weight * (own - walk->hazard);
        }
        walk->at_risk -= gone;
    }
}

/* The same of a bin on one side of the value: 1 / (Y - dN) - hazard is the same for all that end
 * in it. */
static void walk_bin(const struct bins *bins, size_t bin, bool reached, struct walk *walk,
                     double *influence)
{
    double ended, gone, before = walk->hazard, own = reached ? 1 / walk->at_risk : 0;
    weigh_bin(bins, bin, &ended, &gone);
    if (reached)
        walk->hazard += 1 / (walk->at_risk - ended) - own;
    for (size_t i = 0; i < bins->day_count; i++) {
        const struct dw_dwell_bins *of = &bins->days[i].bins;
        double weight = bin_weight(bins, i);
        if (weight > 0)
            influence[i] += weight * ((double)of->ended[bin] * (own - before) -
                                      (double)of->cut[bin] * walk->hazard);
    }
    walk->stay = reached ? bins->stay[bin + 1] : walk->stay;
    walk->at_risk -= gone;
}

static void walk_bins(struct curve *curve, struct walk *walk, double *influence)
{
    struct bins *bins = &curve->bins;
    for (size_t bin = 0; bin < bins->count; bin++) {
        bool beyond = bins->edges[bin] >= curve->value;
        if (beyond || (bins->edges[bin + 1] <= curve->value && bins->stay[bin + 1] > 0)) {
            walk_bin(bins, bin, !beyond, walk, influence);
            continue;
        }
        show_bins(curve, bin, bin);
        bins->shown = bins->count;
        walk_visits(curve, walk, influence);
    }
}

static void find_influence(struct curve *curve, double *influence, size_t days)
{
    struct walk walk = { curve->weight, 1, 0 };
    if (curve->bins.edges != NULL)
        walk_bins(curve, &walk, influence);
    else
        walk_visits(curve, &walk, influence);
    for (size_t i = 0; i < days; i++)
        influence[i] *= walk.stay;
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
static double reach(struct curve *curve, double t, bool up)
{
    double share = curve->p + (up ? t : -t) * curve->error;
    return fabs(value_at(curve, share) - curve->value);
}

/* MOVER: how far the interval of the difference reaches. */
static double difference_reach(struct curve curves[2], double t, bool up)
{
    return hypot(reach(&curves[1], t, up), reach(&curves[0], t, !up));
}

/* The variance of F if visits were witnesses of their own, cut ones aside. */
static double chance_variance(const struct curve *curve)
{
    return curve->p * (1 - curve->p) * curve->squares / (curve->weight * curve->weight);
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
static double touching_t(struct curve curves[2], double difference)
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

static void draw(struct curve *curve, const struct dw_dwell_day *days, size_t count, int side,
                 const double *weights)
{
    if (count == 0 || days[0].bins.edges == NULL) {
        gather(curve, days, count, side, weights);
        draw_curve(curve, curve->weight, 1);
        return;
    }
    curve->bins = (struct bins){ .days = days,
                                 .day_count = count,
                                 .side = side,
                                 .weights = weights,
                                 .edges = days[0].bins.edges,
                                 .count = days[0].bins.count };
    draw_bins(curve);
}

static void curve_fini(struct curve *curve)
{
    free(curve->visits);
    free(curve->middle);
    free(curve->bins.at_risk);
    free(curve->bins.stay);
}

void dw_quantile_difference(struct dw_quantile_difference *out, const struct dw_dwell_day *days,
                            size_t count, double p)
{
    double weights[2][DW_STRATA_MAX];
    struct curve curves[2] = { { .p = p }, { .p = p } };
    *out = (struct dw_quantile_difference){ 0 };
    find_weights(weights, days, count);
    for (int side = 0; side < 2; side++) {
        draw(&curves[side], days, count, side, weights[side]);
        curves[side].value = value_at(&curves[side], p);
        find_error(&curves[side], days, count, side, weights[side]);
        out->values[side] = curves[side].value;
        out->visits[side] = curves[side].visit_count;
    }
    for (size_t i = 0; i < count; i++)
        if (days[i].count > 0 && weights[days[i].side][days[i].stratum] > 0)
            out->effect.days[days[i].side]++;
    compare_curves(&out->effect, curves);
    for (int side = 0; side < 2; side++)
        curve_fini(&curves[side]);
}

/* Straight from edge to edge. */
static double value_within_bin(const struct bins *bins, double share)
{
    size_t bin = reaching_bin(bins, share - SHARE_TOLERANCE);
    double before = bins->stay[bin], after = bins->stay[bin + 1];
    if (1 - after < share - SHARE_TOLERANCE)
        return (double)INFINITY;
    double part = fmin((before - (1 - share)) / (before - after), 1);
    return bins->edges[bin] + part * (bins->edges[bin + 1] - bins->edges[bin]);
}

double dw_day_quantile(const struct dw_dwell_day *day, double p)
{
    double weights[DW_STRATA_MAX] = { 0 }, value = (double)NAN;
    struct curve curve = { .p = p };
    weights[day->stratum] = 1;
    draw(&curve, day, 1, day->side, weights);
    if (curve.visit_count > 0)
        value = curve.bins.edges != NULL ? value_within_bin(&curve.bins, p) : value_at(&curve, p);
    curve_fini(&curve);
    return value;
}
