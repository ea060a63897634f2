/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/prove.h"

#include <math.h>
#include <stdlib.h>

#include "base/vec.h"
#include "base/wall_time.h"
#include "core/bootstrap.h"
#include "core/distribution.h"
#include "core/logrank.h"
#include "core/ranks.h"
#include "core/simulate.h"

#define HOUR_US (3600 * DW_SECOND_US)
#define STOP_S 3.0
#define MORNING_END 14
#define NODES 41
#define DAYS_MOST 366
#define BOOTSTRAP_DRAWS 500

struct sample {
    struct dw_compare_day days[DAYS_MOST];
    DW_VEC(struct dw_duration) dwells[DAYS_MOST];
    DW_VEC(int) hours[DAYS_MOST];
};

/* Share of stays beyond 3 s that last no longer than x more, on a day of this luck: what
 * core/simulate.c draws from, written down a second time. */
static double share_within(const struct dw_simulated_display *display, double stay_s, double x_s)
{
    double brief = 1 - dw_normal_tail(log(x_s / stay_s) / .8);
    double lasting = 1 - exp(-M_LN2 * pow(x_s / (6 * stay_s), 1.4));
    return (1 - display->engaging) * brief + display->engaging * lasting;
}

/* The median over days of every luck: the mean of the curve over the log-normal factor. */
static double true_median_s(const struct dw_simulated_display *display, double factor,
                            double spread)
{
    double low = .01, high = 1000;
    for (int i = 0; i < 60; i++) {
        double middle = sqrt(low * high), sum = 0, weights = 0;
        for (int k = 0; k < NODES; k++) {
            double z = -5 + 10. * k / (NODES - 1), weight = exp(-z * z / 2);
            double luck = exp(spread * z - spread * spread / 2);
            sum += weight * share_within(display, display->stay_s * factor * luck, middle);
            weights += weight;
        }
        if (sum / weights < .5)
            low = middle;
        else
            high = middle;
    }
    return STOP_S + low;
}

/* Scheduled and measured time by hour. */
static void add_time(struct dw_compare_day *day, const struct dw_simulated_day *found, int until)
{
    for (int64_t hour = found->open_us / HOUR_US; hour < found->close_us / HOUR_US; hour++) {
        day->hours[hour].scheduled_s = 3600;
        if (hour >= until)
            continue;
        int64_t measured_us = HOUR_US;
        for (size_t i = 0; i < found->gaps.count; i++) {
            const struct dw_gap *gap = &found->gaps.items[i];
            int64_t start_us = DW_MAX(gap->start_us, hour * HOUR_US);
            int64_t end_us = DW_MIN(gap->end_us, (hour + 1) * HOUR_US);
            measured_us -= DW_MAX(end_us - start_us, 0);
        }
        day->hours[hour].measured_s = dw_time_to_seconds(measured_us);
    }
}

static void add_stays(struct sample *sample, int at, const struct dw_simulated_day *found,
                      int until)
{
    struct dw_compare_day *day = &sample->days[at];
    for (size_t i = 0; i < found->stays.count; i++) {
        const struct dw_simulated_stay *stay = &found->stays.items[i];
        int hour = (int)(stay->enter_us / HOUR_US);
        int64_t exit_us = DW_MIN(stay->exit_us, until * HOUR_US);
        double dwell_s = dw_time_to_seconds(exit_us - stay->enter_us);
        bool cut = stay->cut_start || stay->cut_end || exit_us < stay->exit_us;
        if (stay->staff || hour >= until)
            continue;
        if (!stay->cut_start)
            day->hours[hour].people++;
        if (cut && dwell_s < STOP_S)
            continue;
        day->hours[hour].passers++;
        if (dwell_s < STOP_S)
            continue;
        day->hours[hour].stops++;
        dw_vec_push(&sample->dwells[at], ((struct dw_duration){ dwell_s, cut }));
        dw_vec_push(&sample->hours[at], hour);
    }
    day->dwell_hours = sample->hours[at].items;
    day->dwells = sample->dwells[at].items;
    day->dwell_count = sample->dwells[at].count;
}

static struct dw_simulate_conf configure(const struct prove_design *design, bool effect, long store)
{
    struct dw_simulate_conf conf = dw_simulate_default();
    double factor = effect ? PROVE_EFFECT : 1;
    conf.seed = (uint64_t)store;
    conf.displays = 1;
    conf.staff = 0;
    conf.shoppers = design->shoppers;
    conf.day_spread = design->spread;
    conf.stop_spread = conf.dwell_spread = design->spread / 2;
    conf.gaps_per_day = design->gaps_per_day;
    conf.evening = design->evening;
    /* Month against month, the season is a true difference and not the promotion's. */
    conf.season = design->alternating ? conf.season : 0;
    conf.promotion_count = 1;
    conf.promotions[0] =
        (struct dw_promotion){ .display = 0,
                               .first_day = design->alternating ? 1 : design->days / 2,
                               .last_day = design->days - 1,
                               .every = design->alternating ? 2 : 1,
                               .footfall = factor,
                               .stop = factor,
                               .dwell = factor };
    return conf;
}

static size_t measure(const struct prove_design *design, const struct dw_simulate_conf *conf,
                      struct sample *sample)
{
    struct dw_simulated_day found = { 0 };
    size_t count = 0;
    for (int day = 0; day < design->days; day++) {
        int side = design->alternating ? day % 2 : day >= design->days / 2;
        struct dw_simulate_conf today = *conf;
        today.gaps_per_day *= side == 1 ? 3 : 1; /* unequal coverage is usual */
        dw_simulate_day(&today, day, &found);
        sample->days[count] = (struct dw_compare_day){ .side = side, .weekday = day % 7 };
        dw_vec_clear(&sample->dwells[count]);
        dw_vec_clear(&sample->hours[count]);
        if (!found.open)
            continue;
        int until = side == 1 && today.evening != 1 ? MORNING_END : DW_COMPARE_HOURS;
        add_time(&sample->days[count], &found, until);
        add_stays(sample, (int)count, &found, until);
        count++;
    }
    dw_simulated_day_fini(&found);
    return count;
}

static void count_one(struct prove_tally *tally, const struct dw_compared *figure, double truth,
                      double effect)
{
    tally->stores++;
    if (!figure->known)
        return;
    tally->known++;
    tally->held += figure->difference.low <= truth && truth <= figure->difference.high;
    tally->found += figure->p < .05;
    tally->right += figure->p < .05 && figure->difference.value * effect > 0;
}

/* Into which direction they lie is what the medians say. */
static void count_ranks(struct prove_tally *tally, const struct dw_compared *dwell, double effect)
{
    bool found = dwell->p_ranks < .05;
    tally->stores++;
    tally->known += !isnan(dwell->p_ranks);
    tally->found += found;
    tally->right += found && (dwell->values[1] - dwell->values[0]) * effect > 0;
}

static void sample_free(struct sample *sample)
{
    for (size_t i = 0; i < DAYS_MOST; i++) {
        dw_vec_fini(&sample->dwells[i]);
        dw_vec_fini(&sample->hours[i]);
    }
    free(sample);
}

void prove(const struct prove_design *design, bool effect, long first, long stores,
           struct prove_tally tallies[PROVE_FIGURES])
{
    struct sample *sample = dw_alloc0(sizeof(*sample));
    double by = effect ? PROVE_EFFECT : 1;
    for (long store = first; store < first + stores; store++) {
        struct dw_simulate_conf conf = configure(design, effect, store);
        struct dw_simulated_display display = dw_simulate_display(&conf, 0);
        struct dw_compare_conf compare = { .any_weekday = design->any_weekday };
        struct dw_comparison found;
        dw_compare(&found, &compare, sample->days, measure(design, &conf, sample));
        double truths[DW_COMPARE_FIGURES] = { by - 1, display.stopping * (by - 1),
                                              true_median_s(&display, by, conf.dwell_spread) -
                                                  true_median_s(&display, 1, conf.dwell_spread) };
        for (size_t i = 0; i < DW_COMPARE_FIGURES; i++)
            count_one(&tallies[i], &found.figures[i], truths[i], by - 1);
        count_ranks(&tallies[PROVE_RANKS_OF_DAYS], &found.figures[DW_COMPARE_DWELL], by - 1);
    }
    sample_free(sample);
}

/* --- Rivals --------------------------------------------------------------------------------- */

static void count_rival(struct prove_tally *tally, bool known, bool found)
{
    tally->stores++;
    tally->known += known;
    tally->found += known && found;
}

static void try_logrank(struct prove_tally *tally, const struct sample *sample, size_t count)
{
    DW_VEC(struct dw_logrank_item) items = { 0 };
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sample->days[i].dwell_count; k++)
            dw_vec_push(&items,
                        ((struct dw_logrank_item){ sample->days[i].weekday, sample->days[i].side,
                                                   sample->days[i].dwells[k] }));
    struct dw_logrank test = dw_logrank_test(items.items, items.count);
    count_rival(tally, test.known, test.p < .05);
    dw_vec_fini(&items);
}

/* The median of the visits of some days; NAN: none. */
static double median_of(const struct sample *sample, const size_t *days, size_t count)
{
    DW_VEC(struct dw_duration) all = { 0 };
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sample->days[days[i]].dwell_count; k++)
            dw_vec_push(&all, sample->days[days[i]].dwells[k]);
    double median =
        all.count > 0 ? dw_stats_survival_median(all.items, all.count).value : (double)NAN;
    dw_vec_fini(&all);
    return median;
}

static void try_ranks(struct prove_tally *tally, const struct sample *sample, size_t count)
{
    DW_VEC(double) visits[2] = { { 0 }, { 0 } };
    for (size_t i = 0; i < count; i++) {
        const struct dw_compare_day *day = &sample->days[i];
        for (size_t k = 0; k < day->dwell_count; k++)
            if (!day->dwells[k].cut)
                dw_vec_push(&visits[day->side], day->dwells[k].value);
    }
    struct dw_rank_test test =
        dw_rank_test(visits[1].items, visits[1].count, visits[0].items, visits[0].count);
    count_rival(tally, test.known, test.p < .05);
    for (int side = 0; side < 2; side++)
        dw_vec_fini(&visits[side]);
}

/* Sides sorted: `order` holds the days of side 0 first. */
struct drawing {
    const struct sample *sample;
    size_t order[DAYS_MOST], first_count;
};

static double draw_difference(void *context, const size_t *days, size_t count)
{
    const struct drawing *drawing = context;
    size_t drawn[2][DAYS_MOST], counts[2] = { 0 };
    for (size_t i = 0; i < count; i++) {
        int side = days[i] >= drawing->first_count;
        drawn[side][counts[side]++] = drawing->order[days[i]];
    }
    return median_of(drawing->sample, drawn[1], counts[1]) -
           median_of(drawing->sample, drawn[0], counts[0]);
}

static void try_bootstrap(struct prove_tally *tally, const struct sample *sample, size_t count)
{
    struct drawing drawing = { .sample = sample };
    size_t placed = 0;
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < count; i++)
            if (sample->days[i].side == side)
                drawing.order[placed++] = i;
        drawing.first_count = side == 0 ? placed : drawing.first_count;
    }
    struct dw_bootstrap_conf conf = { .counts = { drawing.first_count,
                                                  count - drawing.first_count },
                                      .draws = BOOTSTRAP_DRAWS,
                                      .seed = 1 };
    struct dw_estimate found = dw_bootstrap(&conf, draw_difference, &drawing);
    bool known = isfinite(found.low) && isfinite(found.high);
    count_rival(tally, known, found.low > 0 || found.high < 0);
}

void prove_rivals(const struct prove_design *design, bool effect, long first, long stores,
                  struct prove_tally tallies[PROVE_RIVALS])
{
    struct sample *sample = dw_alloc0(sizeof(*sample));
    for (long store = first; store < first + stores; store++) {
        struct dw_simulate_conf conf = configure(design, effect, store);
        size_t count = measure(design, &conf, sample);
        try_logrank(&tallies[PROVE_LOGRANK], sample, count);
        try_ranks(&tallies[PROVE_RANKS], sample, count);
        try_bootstrap(&tallies[PROVE_DAY_BOOTSTRAP], sample, count);
    }
    sample_free(sample);
}
