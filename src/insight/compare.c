/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/compare.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/multiple.h"
#include "core/proportion.h"
#include "core/ranks.h"
#include "core/rate.h"
#include "insight/format.h"

#define LEVEL 0.05
#define HOUR_S 3600.0
#define WEEK 7

/* Times as much of an hour as of another on one side, before dwell is matched by hour: that takes
 * reading each visit. */
#define UNEVEN 1.25

static int stratum_of(const struct dw_compare_conf *conf, const struct dw_compare_day *day)
{
    return conf->any_weekday ? 0 : day->weekday;
}

static void take_effect(struct dw_compared *out, const struct dw_effect *effect, double change)
{
    out->known = effect->known;
    out->p = effect->known ? effect->p : (double)NAN;
    out->p_ranks = (double)NAN;
    out->df = effect->df;
    out->dispersion = effect->dispersion;
    out->days[0] = effect->days[0];
    out->days[1] = effect->days[1];
    out->difference = (struct dw_estimate){ effect->value, effect->low, effect->high };
    out->more_days = dw_effect_more_days(effect, change);
}

static void measure_coverage(struct dw_comparison *out, const struct dw_compare_day *days,
                             size_t count)
{
    double measured_s[2] = { 0 }, scheduled_s[2] = { 0 };
    for (size_t i = 0; i < count; i++)
        for (int hour = 0; hour < DW_COMPARE_HOURS; hour++) {
            measured_s[days[i].side] += days[i].hours[hour].measured_s;
            scheduled_s[days[i].side] += days[i].hours[hour].scheduled_s;
        }
    for (int side = 0; side < 2; side++)
        out->coverage[side] = scheduled_s[side] > 0 ? measured_s[side] / scheduled_s[side] : 0;
}

/*
 * What somebody counts for who came in an hour of the week, so that each hour has as much of both
 * sides: measured on the other side / on both. Where one side was measured twice as long in every
 * hour nothing but a common factor comes of it; an hour of one side alone counts for nothing.
 */
struct weights {
    double of[2][DW_STRATA_MAX];
};

static int cell_of(const struct dw_compare_conf *conf, const struct dw_compare_day *day, int hour)
{
    return stratum_of(conf, day) * DW_COMPARE_HOURS + hour;
}

static void find_weights(struct weights *weights, const struct dw_compare_conf *conf,
                         const struct dw_compare_day *days, size_t count)
{
    double measured[2][DW_STRATA_MAX] = { 0 };
    for (size_t i = 0; i < count; i++)
        for (int hour = 0; hour < DW_COMPARE_HOURS; hour++)
            measured[days[i].side][cell_of(conf, &days[i], hour)] += days[i].hours[hour].measured_s;
    for (size_t cell = 0; cell < DW_STRATA_MAX; cell++)
        for (int side = 0; side < 2; side++) {
            double both = measured[0][cell] + measured[1][cell];
            weights->of[side][cell] = both > 0 ? measured[1 - side][cell] / both : 0;
        }
}

/* Both values for the same weekdays and hours: what was expected of side 0 in what was measured of
 * them, and that times the ratio. */
static void compare_footfall(struct dw_compared *out, const struct dw_compare_conf *conf,
                             const struct weights *weights, const struct dw_compare_day *days,
                             size_t count)
{
    struct dw_rate_day *rates = dw_alloc_array0(count + 1, sizeof(*rates));
    struct dw_rate_cell *cells = dw_alloc_array0(count * DW_COMPARE_HOURS + 1, sizeof(*cells));
    double expected = 0, matched = 0, hours[2] = { 0 };
    for (size_t i = 0; i < count; i++) {
        int stratum = stratum_of(conf, &days[i]);
        rates[i] = (struct dw_rate_day){ .side = days[i].side, .stratum = stratum };
        for (int hour = 0; hour < DW_COMPARE_HOURS; hour++) {
            const struct dw_compare_hour *found = &days[i].hours[hour];
            double exposure = found->measured_s / HOUR_S;
            cells[i * DW_COMPARE_HOURS + (size_t)hour] =
                (struct dw_rate_cell){ i, stratum * DW_COMPARE_HOURS + hour, found->people,
                                       exposure };
            bool both = weights->of[days[i].side][cell_of(conf, &days[i], hour)] > 0;
            matched += both ? exposure : 0;
            hours[days[i].side] += exposure;
            out->n[days[i].side] += found->people;
        }
    }
    dw_rate_standardise(rates, count, cells, count * DW_COMPARE_HOURS);
    for (size_t i = 0; i < count; i++)
        expected += rates[i].exposure;
    struct dw_effect effect = dw_rate_log_ratio(rates, count, DW_RATE_NEGATIVE_BINOMIAL);
    take_effect(out, &effect, log1p(DW_COMPARE_CHANGE));
    for (int side = 0; side < 2; side++)
        out->values[side] = out->n[side] / hours[side];
    if (effect.known) {
        out->values[0] = expected / matched;
        out->values[1] = out->values[0] * exp(effect.value);
        out->difference =
            (struct dw_estimate){ expm1(effect.value), expm1(effect.low), expm1(effect.high) };
    }
    free(rates);
    free(cells);
}

bool dw_compare_uneven(const struct dw_compare_conf *conf, const struct dw_compare_day *days,
                       size_t count)
{
    struct weights weights;
    double least[WEEK] = { 0 }, most[WEEK] = { 0 };
    find_weights(&weights, conf, days, count);
    for (size_t i = 0; i < count; i++)
        for (int hour = 0; hour < DW_COMPARE_HOURS; hour++) {
            int stratum = stratum_of(conf, &days[i]);
            double weight = weights.of[0][cell_of(conf, &days[i], hour)];
            if (!(days[i].hours[hour].measured_s > 0))
                continue;
            least[stratum] = most[stratum] > 0 ? fmin(least[stratum], weight) : weight;
            most[stratum] = fmax(most[stratum], weight);
        }
    for (int stratum = 0; stratum < WEEK; stratum++)
        if (most[stratum] > UNEVEN * least[stratum] || (most[stratum] > 0 && !(least[stratum] > 0)))
            return true;
    return false;
}

/* What a day counts for: of its hours, weighted. */
static struct dw_share_day weigh_day(const struct weights *weights,
                                     const struct dw_compare_conf *conf,
                                     const struct dw_compare_day *day, double *people)
{
    struct dw_share_day share = { .side = day->side, .stratum = stratum_of(conf, day) };
    for (int hour = 0; hour < DW_COMPARE_HOURS; hour++) {
        double weight = weights->of[day->side][cell_of(conf, day, hour)];
        share.hits += weight * day->hours[hour].stops;
        share.count += weight * day->hours[hour].passers;
        *people += weight > 0 ? day->hours[hour].passers : 0;
    }
    return share;
}

/* A side's weights in a stratum come to as many people as there were: they are the witnesses. */
static void compare_stops(struct dw_compared *out, const struct dw_compare_conf *conf,
                          const struct weights *weights, const struct dw_compare_day *days,
                          size_t count)
{
    struct dw_share_day *shares = dw_alloc_array0(count + 1, sizeof(*shares));
    double people[2][WEEK] = { 0 }, weighed[2][WEEK] = { 0 };
    double stops[2] = { 0 }, passers[2] = { 0 };
    for (size_t i = 0; i < count; i++) {
        int side = days[i].side, stratum = stratum_of(conf, &days[i]);
        shares[i] = weigh_day(weights, conf, &days[i], &people[side][stratum]);
        weighed[side][stratum] += shares[i].count;
    }
    for (size_t i = 0; i < count; i++) {
        int side = shares[i].side, stratum = shares[i].stratum;
        double scale =
            weighed[side][stratum] > 0 ? people[side][stratum] / weighed[side][stratum] : 0;
        shares[i].hits *= scale;
        shares[i].count *= scale;
        stops[side] += shares[i].hits;
        passers[side] += shares[i].count;
    }
    struct dw_effect effect = dw_share_difference(shares, count);
    for (int side = 0; side < 2; side++) {
        out->n[side] = passers[side];
        out->values[side] = stops[side] / passers[side];
    }
    take_effect(out, &effect, DW_COMPARE_CHANGE * out->values[0]);
    if (effect.known)
        out->values[1] = out->values[0] + effect.value;
    free(shares);
}

/* NULL where the hours are not known. */
static double *weigh_dwells(const struct weights *weights, const struct dw_compare_conf *conf,
                            const struct dw_compare_day *day)
{
    double *out = NULL;
    if (day->dwell_hours != NULL)
        out = dw_alloc_array0(day->dwell_count + 1, sizeof(*out));
    for (size_t i = 0; out != NULL && i < day->dwell_count; i++)
        out[i] = weights->of[day->side][cell_of(conf, day, day->dwell_hours[i])];
    return out;
}

/* Does it hold too when nothing is taken for granted but that days with and without are alike? */
static double rank_days(const struct dw_dwell_day *days, size_t count)
{
    struct dw_rank_item *items = dw_alloc_array0(count + 1, sizeof(*items));
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        double median = dw_day_quantile(&days[i], .5);
        if (isfinite(median))
            items[kept++] = (struct dw_rank_item){ days[i].stratum, days[i].side, median };
    }
    struct dw_aligned_ranks test = dw_aligned_rank_test(items, kept);
    free(items);
    return test.known ? test.p : (double)NAN;
}

static void compare_dwell(struct dw_compared *out, const struct dw_compare_conf *conf,
                          const struct weights *weights, const struct dw_compare_day *days,
                          size_t count)
{
    struct dw_dwell_day *dwells = dw_alloc_array0(count + 1, sizeof(*dwells));
    double **weighed = dw_alloc_array0(count + 1, sizeof(*weighed));
    struct dw_quantile_difference found;
    for (size_t i = 0; i < count; i++) {
        weighed[i] = weigh_dwells(weights, conf, &days[i]);
        dwells[i] = (struct dw_dwell_day){ .side = days[i].side,
                                           .stratum = stratum_of(conf, &days[i]),
                                           .dwells = days[i].dwells,
                                           .weights = weighed[i],
                                           .bins = days[i].bins,
                                           .count = days[i].dwell_count };
    }
    dw_quantile_difference(&found, dwells, count, .5);
    take_effect(out, &found.effect, DW_COMPARE_CHANGE * found.values[0]);
    out->p_ranks = rank_days(dwells, count);
    for (int side = 0; side < 2; side++) {
        out->n[side] = (double)found.visits[side];
        out->values[side] = found.visits[side] > 0 ? found.values[side] : (double)NAN;
    }
    for (size_t i = 0; i < count; i++)
        free(weighed[i]);
    free(weighed);
    free(dwells);
}

void dw_compare(struct dw_comparison *out, const struct dw_compare_conf *conf,
                const struct dw_compare_day *days, size_t count)
{
    struct weights weights;
    *out = (struct dw_comparison){ 0 };
    find_weights(&weights, conf, days, count);
    measure_coverage(out, days, count);
    compare_footfall(&out->figures[DW_COMPARE_FOOTFALL], conf, &weights, days, count);
    compare_stops(&out->figures[DW_COMPARE_STOP_RATE], conf, &weights, days, count);
    compare_dwell(&out->figures[DW_COMPARE_DWELL], conf, &weights, days, count);
    for (size_t i = 0; i < DW_COMPARE_FIGURES; i++)
        out->figures[i].p_adjusted = out->figures[i].p;
}

static enum dw_verdict judge(const struct dw_compared *figure, bool less_is_better)
{
    if (figure->known && figure->p_adjusted < LEVEL)
        return (figure->difference.value > 0) != less_is_better ? DW_BETTER : DW_WORSE;
    return figure->known && figure->more_days == 0 ? DW_NO_CLEAR_DIFFERENCE : DW_TOO_LITTLE_DATA;
}

void dw_compare_judge(struct dw_comparison *comparisons, size_t count,
                      const struct dw_compare_conf *conf)
{
    double *p = dw_alloc_array0(count * DW_COMPARE_FIGURES + 1, sizeof(*p));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < DW_COMPARE_FIGURES; k++)
            p[i * DW_COMPARE_FIGURES + k] = comparisons[i].figures[k].p;
    dw_holm(p, p, count * DW_COMPARE_FIGURES);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < DW_COMPARE_FIGURES; k++) {
            struct dw_compared *figure = &comparisons[i].figures[k];
            figure->p_adjusted = p[i * DW_COMPARE_FIGURES + k];
            figure->verdict = judge(figure, k == DW_COMPARE_DWELL && conf->shorter_is_better);
        }
    free(p);
}

const char *dw_verdict_name(enum dw_verdict verdict)
{
    static const char *const names[] = { "too little data", "no clear difference", "better",
                                         "worse" };
    return names[verdict];
}

/* A value, or an amount by which it changed, in the figure's unit. */
static void put_value(struct dw_buf *out, enum dw_compare_figure figure, double value)
{
    char text[DW_FORMAT_SIZE];
    if (figure == DW_COMPARE_FOOTFALL)
        dw_buf_printf(out, "%.1f people an hour", value);
    else if (figure == DW_COMPARE_STOP_RATE)
        dw_buf_printf(out, "%.1f %%", 100 * value);
    else
        dw_buf_puts(out, dw_format_seconds(text, value));
}

static const char *unit_of(enum dw_compare_figure figure)
{
    static const char *const units[] = { "%", "points", "s" };
    return units[figure];
}

static double in_unit(enum dw_compare_figure figure, double difference)
{
    return figure == DW_COMPARE_DWELL ? difference : 100 * difference;
}

static void put_interval(struct dw_buf *out, enum dw_compare_figure figure,
                         const struct dw_estimate *difference)
{
    double low = in_unit(figure, difference->low), high = in_unit(figure, difference->high);
    const char *unit = unit_of(figure);
    if (isfinite(low) && isfinite(high))
        dw_buf_printf(out, " (between %+.1f and %+.1f %s)", low, high, unit);
    else if (isfinite(low))
        dw_buf_printf(out, " (%+.1f %s or more)", low, unit);
    else if (isfinite(high))
        dw_buf_printf(out, " (%+.1f %s or less)", high, unit);
}

static void say_change(const struct dw_compared *figure, enum dw_compare_figure which,
                       struct dw_buf *out)
{
    double by = in_unit(which, figure->difference.value);
    dw_buf_printf(out, "%s, %s by %.1f %s", dw_verdict_name(figure->verdict),
                  by > 0 ? "up" : "down", fabs(by), unit_of(which));
    put_interval(out, which, &figure->difference);
    dw_buf_puts(out, ", from ");
    put_value(out, which, figure->values[0]);
    dw_buf_puts(out, " to ");
    put_value(out, which, figure->values[1]);
}

void dw_compare_say(const struct dw_comparison *comparison, enum dw_compare_figure figure,
                    struct dw_buf *out)
{
    static const char *const names[] = { "footfall", "stop rate", "median dwell" };
    const struct dw_compared *found = &comparison->figures[figure];
    dw_buf_printf(out, "%s: ", names[figure]);
    if (found->verdict == DW_BETTER || found->verdict == DW_WORSE) {
        say_change(found, figure, out);
        return;
    }
    dw_buf_puts(out, dw_verdict_name(found->verdict));
    if (found->known)
        put_interval(out, figure, &found->difference);
    if (found->verdict == DW_NO_CLEAR_DIFFERENCE)
        dw_buf_puts(out, ": a change of 10 % would most likely have shown");
    else if (found->more_days > 0)
        dw_buf_printf(out,
                      ": about %ld more day%s, both sides together, would show a change of "
                      "10 %%",
                      found->more_days, found->more_days == 1 ? "" : "s");
    else if (found->known)
        dw_buf_puts(out, ": the days differ too much from each other to show a change of 10 %");
    else
        dw_buf_puts(out, ": measure each weekday at least twice on both sides");
}
