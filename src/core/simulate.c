/* SPDX-License-Identifier: Apache-2.0 */
#include "core/simulate.h"

#include <math.h>
#include <string.h>

#include "base/macros.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "core/random.h"

#define HOUR_US (3600 * DW_SECOND_US)
#define SLOTS_AN_HOUR 4
#define STOP_S 3.0
#define EVENING_HOUR 15
#define PASS_MEDIAN_S 1.3
#define PASS_SPREAD 0.4
#define STAY_SPREAD 0.8
#define LONG_STAY 6.0  /* times a short one */
#define LONG_SHAPE 1.4 /* Weibull */
#define WALK_S 25.0    /* from display to display */
#define GAP_S 1200.0
#define STAFF_EVERY_S 900.0
#define STAFF_STAY_S 60.0

/* Shoppers by weekday, against the average open day. */
static const double week[7] = { .85, .8, .85, .95, 1.15, 1.4, 0 };

/* Arrivals by hour of the day, any unit. */
static const double hours[24] = { .1,  .1,  .1, .1, .1,  .2,  .3,  .4, .5, .6, .8, 1,
                                  1.2, 1.1, .9, .9, 1.1, 1.4, 1.3, .8, .5, .3, .2, .1 };

struct shop {
    const struct dw_simulate_conf *conf;
    struct dw_simulated_day *out;
    uint64_t random;
    int day;
    double passing[DW_SIMULATED_DISPLAYS_MAX], stopping[DW_SIMULATED_DISPLAYS_MAX];
    double stay_s[DW_SIMULATED_DISPLAYS_MAX], engaging[DW_SIMULATED_DISPLAYS_MAX];
};

struct dw_simulate_conf dw_simulate_default(void)
{
    return (struct dw_simulate_conf){
        .seed = 1,
        .displays = 4,
        .shoppers = 600,
        .open_hour = 9,
        .close_hour = 20,
        .season = .15,
        .trend = 1,
        .day_spread = .15,
        .stop_spread = .08,
        .dwell_spread = .08,
        .evening = 1,
        .gaps_per_day = .3,
        .staff = 2,
    };
}

/* A state of its own for each purpose and number. */
static uint64_t begin_random(uint64_t seed, uint64_t purpose, int number)
{
    uint64_t state = seed + UINT64_C(0xd1342543de82ef95) * purpose;
    state = dw_random_bits(&state) + (uint64_t)(int64_t)number;
    return dw_random_bits(&state);
}

static double between(uint64_t *random, double least, double most)
{
    return least + (most - least) * dw_random_unit(random);
}

struct dw_simulated_display dw_simulate_display(const struct dw_simulate_conf *conf, int display)
{
    uint64_t random = begin_random(conf->seed, 1, display);
    struct dw_simulated_display found = { 0 };
    found.passing = between(&random, .25, .6);
    found.stopping = between(&random, .2, .45);
    found.engaging = between(&random, .15, .35);
    found.stay_s = between(&random, 3, 9);
    return found;
}

struct dw_promotion dw_simulate_promoted(const struct dw_simulate_conf *conf, int display, int day)
{
    struct dw_promotion all = { display, day, day, 1, 1, 1, 1 };
    for (size_t i = 0; i < conf->promotion_count; i++) {
        const struct dw_promotion *one = &conf->promotions[i];
        bool on = day >= one->first_day && day <= one->last_day &&
                  (day - one->first_day) % one->every == 0;
        if (!on || (one->display != display && one->display != -1))
            continue;
        all.footfall *= one->footfall;
        all.stop *= one->stop;
        all.dwell *= one->dwell;
    }
    return all;
}

/* Each display on this day: the usual, the day's luck, the promotions. */
static void arrange_displays(struct shop *shop)
{
    const struct dw_simulate_conf *conf = shop->conf;
    for (int i = 0; i < conf->displays; i++) {
        struct dw_simulated_display usual = dw_simulate_display(conf, i);
        struct dw_promotion promoted = dw_simulate_promoted(conf, i, shop->day);
        shop->passing[i] = fmin(usual.passing * promoted.footfall, 1);
        shop->stopping[i] = fmin(
            usual.stopping * promoted.stop * dw_random_factor(&shop->random, conf->stop_spread), 1);
        shop->stay_s[i] =
            usual.stay_s * promoted.dwell * dw_random_factor(&shop->random, conf->dwell_spread);
        shop->engaging[i] = usual.engaging;
    }
}

static double draw_stay_s(struct shop *shop, int display, int64_t at_us)
{
    uint64_t *random = &shop->random;
    double late = at_us >= EVENING_HOUR * HOUR_US ? shop->conf->evening : 1;
    if (dw_random_unit(random) >= late * shop->stopping[display])
        return fmin(PASS_MEDIAN_S * exp(PASS_SPREAD * dw_random_normal(random)), STOP_S - .01);
    double stay_s = late * shop->stay_s[display];
    if (dw_random_unit(random) >= shop->engaging[display])
        return STOP_S + stay_s * exp(STAY_SPREAD * dw_random_normal(random));
    /* Weibull of the wanted median. */
    double wait = dw_random_exponential(random) / M_LN2;
    return STOP_S + LONG_STAY * stay_s * pow(wait, 1 / LONG_SHAPE);
}

static void add_stay(struct shop *shop, int display, int64_t enter_us, double stay_s, bool staff)
{
    int64_t close_us = shop->out->close_us, exit_us = enter_us + dw_time_from_seconds(stay_s);
    if (enter_us >= close_us)
        return;
    bool closing = exit_us > close_us; /* the camera's day ends before the stay */
    dw_vec_push(&shop->out->stays, ((struct dw_simulated_stay){
                                       .display = display,
                                       .person = shop->out->people,
                                       .enter_us = enter_us,
                                       .exit_us = closing ? close_us : exit_us,
                                       .staff = staff,
                                       .cut_end = closing,
                                   }));
}

static void cross(struct shop *shop, int64_t time_us, bool inward)
{
    if (time_us < shop->out->close_us)
        dw_vec_push(&shop->out->crossings,
                    ((struct dw_simulated_crossing){ shop->out->people, time_us, inward }));
}

/* Through the shop, past one display after another, from a random one on. */
static void walk(struct shop *shop, int64_t enter_us)
{
    int displays = shop->conf->displays;
    int first = (int)dw_random_below(&shop->random, (size_t)displays);
    int64_t now_us = enter_us;
    shop->out->people++;
    cross(shop, enter_us, true);
    for (int i = 0; i < displays; i++) {
        int display = (first + i) % displays;
        now_us += dw_time_from_seconds(WALK_S * dw_random_exponential(&shop->random));
        if (dw_random_unit(&shop->random) >= shop->passing[display])
            continue;
        double stay_s = draw_stay_s(shop, display, now_us);
        add_stay(shop, display, now_us, stay_s, false);
        now_us += dw_time_from_seconds(stay_s);
    }
    now_us += dw_time_from_seconds(WALK_S * dw_random_exponential(&shop->random));
    cross(shop, now_us, false);
}

static double shoppers_of(struct shop *shop)
{
    const struct dw_simulate_conf *conf = shop->conf;
    int weekday = (conf->first_weekday + shop->day) % 7;
    double year = conf->first_year_part + shop->day / 365.25;
    double factor = dw_random_factor(&shop->random, conf->day_spread);
    /* Best at the end of the year. */
    return conf->shoppers * week[weekday] * factor *
           (1 + conf->season * cos(2 * M_PI * (year - .95))) * pow(conf->trend, shop->day / 365.25);
}

static void let_in(struct shop *shop, double shoppers)
{
    const struct dw_simulate_conf *conf = shop->conf;
    double sum = 0;
    for (int hour = conf->open_hour; hour < conf->close_hour; hour++)
        sum += hours[hour];
    for (int hour = conf->open_hour; hour < conf->close_hour; hour++) {
        double wait_us = (double)HOUR_US * sum / (shoppers * hours[hour]), at_us = 0;
        while ((at_us += wait_us * dw_random_exponential(&shop->random)) < (double)HOUR_US)
            walk(shop, hour * HOUR_US + (int64_t)at_us);
    }
}

static void let_staff_work(struct shop *shop)
{
    const struct dw_simulate_conf *conf = shop->conf;
    for (int i = 0; i < conf->staff; i++) {
        int64_t now_us = shop->out->open_us;
        shop->out->people++;
        while (now_us < shop->out->close_us) {
            now_us += dw_time_from_seconds(STAFF_EVERY_S * dw_random_exponential(&shop->random));
            double stay_s = STAFF_STAY_S * dw_random_factor(&shop->random, 1);
            int display = (int)dw_random_below(&shop->random, (size_t)conf->displays);
            add_stay(shop, display, now_us, stay_s, true);
            now_us += dw_time_from_seconds(stay_s);
        }
    }
}

static void fail_camera(struct shop *shop)
{
    struct dw_simulated_day *out = shop->out;
    if (!(shop->conf->gaps_per_day > 0))
        return;
    double wait_s = dw_time_to_seconds(out->close_us - out->open_us) / shop->conf->gaps_per_day;
    for (int64_t now_us = out->open_us;;) {
        now_us += dw_time_from_seconds(wait_s * dw_random_exponential(&shop->random)) + 1;
        if (now_us >= out->close_us)
            return;
        double length_s = GAP_S * dw_random_exponential(&shop->random) + 1;
        int64_t end_us = DW_MIN(now_us + dw_time_from_seconds(length_s), out->close_us);
        dw_vec_push(&out->gaps, ((struct dw_gap){ now_us, end_us, "simulated" }));
        now_us = end_us;
    }
}

/* What one gap leaves of a stay; false: nothing. What comes out of it at its end is a new person,
 * as a camera would have it. */
static bool cut_stay(struct dw_simulated_day *out, struct dw_simulated_stay *stay,
                     const struct dw_gap *gap)
{
    if (stay->exit_us <= gap->start_us || stay->enter_us >= gap->end_us)
        return true;
    if (stay->exit_us > gap->end_us && stay->enter_us < gap->start_us) {
        struct dw_simulated_stay rest = *stay;
        rest.person = ++out->people;
        rest.enter_us = gap->end_us;
        rest.cut_start = true;
        stay->exit_us = gap->start_us;
        stay->cut_end = true;
        dw_vec_push(&out->stays, rest);
        return true;
    }
    if (stay->enter_us < gap->start_us) {
        stay->exit_us = gap->start_us;
        stay->cut_end = true;
        return true;
    }
    stay->enter_us = gap->end_us;
    stay->cut_start = true;
    return stay->exit_us > stay->enter_us;
}

/* The gaps come by time, so what is left behind one may still meet the next. */
static void apply_gap(struct dw_simulated_day *out, const struct dw_gap *gap)
{
    size_t kept = 0, count = out->stays.count;
    for (size_t i = 0; i < count; i++) {
        struct dw_simulated_stay stay = out->stays.items[i];
        if (cut_stay(out, &stay, gap))
            out->stays.items[kept++] = stay;
    }
    for (size_t i = count; i < out->stays.count; i++)
        out->stays.items[kept++] = out->stays.items[i];
    out->stays.count = kept;
    kept = 0;
    for (size_t i = 0; i < out->crossings.count; i++) {
        int64_t time_us = out->crossings.items[i].time_us;
        if (time_us < gap->start_us || time_us >= gap->end_us)
            out->crossings.items[kept++] = out->crossings.items[i];
    }
    out->crossings.count = kept;
}

void dw_simulate_day(const struct dw_simulate_conf *conf, int day, struct dw_simulated_day *out)
{
    struct shop shop = { .conf = conf, .out = out, .day = day };
    shop.random = begin_random(conf->seed, 2, day);
    dw_vec_clear(&out->stays);
    dw_vec_clear(&out->crossings);
    dw_vec_clear(&out->gaps);
    out->people = 0;
    out->open_us = conf->open_hour * HOUR_US;
    out->close_us = conf->close_hour * HOUR_US;
    double shoppers = shoppers_of(&shop);
    out->open = shoppers > 0;
    if (!out->open)
        return;
    arrange_displays(&shop);
    let_in(&shop, shoppers);
    let_staff_work(&shop);
    fail_camera(&shop);
    for (size_t i = 0; i < out->gaps.count; i++)
        apply_gap(out, &out->gaps.items[i]);
}

void dw_simulated_day_fini(struct dw_simulated_day *day)
{
    dw_vec_fini(&day->stays);
    dw_vec_fini(&day->crossings);
    dw_vec_fini(&day->gaps);
}

void dw_simulated_id(uint8_t out[16], uint64_t seed, int day, size_t number)
{
    uint64_t state = begin_random(seed, 3, day) + number;
    uint64_t bits[2] = { dw_random_bits(&state), 0 };
    bits[1] = dw_random_bits(&state);
    memcpy(out, bits, 16);
    out[6] = (uint8_t)((out[6] & 0x0f) | 0x80);
    out[8] = (uint8_t)((out[8] & 0x3f) | 0x80);
}
