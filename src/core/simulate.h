/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A shop that does not exist: whoever passed, stopped and stayed before its displays, day by day,
 * with promotions whose effect is known because it was put in. For demonstrations, and to prove
 * that the statistics find what is there and nothing else. Each day depends on seed and number of
 * the day alone. Times are microseconds since the day's midnight; a day has 24 hours. Pure.
 */
#ifndef DW_CORE_SIMULATE_H
#define DW_CORE_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/visit.h"

/* What the identity of a simulated run begins with; reports know simulated visits by it. */
#define DW_SIMULATED_MARK "simulated:"

#define DW_SIMULATED_DISPLAYS_MAX 20
#define DW_SIMULATED_PROMOTIONS_MAX 16

/* On from first_day to last_day, on every `every`-th of them (2: alternating days). */
struct dw_promotion {
    int display;                  /* index, or -1: the whole shop */
    int first_day, last_day;      /* from 0, both included */
    int every;                    /* 1 or more */
    double footfall, stop, dwell; /* factors on people passing, on share stopping, on time spent
                                     there beyond the first 3 s; 1: no effect */
};

struct dw_simulate_conf {
    uint64_t seed;
    int displays;
    double shoppers;        /* on an average open day */
    int first_weekday;      /* of day 0; 0: Monday. The shop is closed on Sundays */
    double first_year_part; /* 0..1, of day 0 within the year, for the season */
    int open_hour, close_hour;
    double season;      /* share by which the best month is above the average */
    double trend;       /* factor of a year; 1: none */
    double day_spread;  /* how much days differ beyond chance: standard deviation of the log of */
    double stop_spread; /* the number of shoppers, the share that stops, and the time they stay */
    double dwell_spread;
    double evening;      /* factor on stopping and on time spent from 15 o'clock on; 1: none */
    double gaps_per_day; /* times the camera fails; 20 minutes on average */
    int staff;
    struct dw_promotion promotions[DW_SIMULATED_PROMOTIONS_MAX];
    size_t promotion_count;
};

/* A middling shop: 600 shoppers, 4 displays, 9 to 20 o'clock, 2 of staff, no promotion. */
struct dw_simulate_conf dw_simulate_default(void);

/* What is true of a display on an average day without promotion. */
struct dw_simulated_display {
    double passing;  /* share of shoppers who come by */
    double stopping; /* share of those who stop, 3 s or longer */
    double engaging; /* share of those who stay for long */
    double stay_s;   /* median of a short stay beyond the first 3 s; of a long one 6 times that */
};

struct dw_simulated_display dw_simulate_display(const struct dw_simulate_conf *conf, int display);

/* Product of the factors of the promotions that are on. */
struct dw_promotion dw_simulate_promoted(const struct dw_simulate_conf *conf, int display, int day);

struct dw_simulated_stay {
    int display;
    int64_t person; /* from 1 on each day */
    int64_t enter_us, exit_us;
    bool staff, cut_start, cut_end;
};

struct dw_simulated_crossing {
    int64_t person, time_us;
    bool inward;
};

/* All zero is a valid start; free with dw_simulated_day_fini(). */
struct dw_simulated_day {
    bool open;
    int64_t open_us, close_us; /* scheduled to be measured */
    struct {
        struct dw_simulated_stay *items;
        size_t count, capacity;
    } stays; /* by person and time; what fell into a gap is missing, what a gap cut is marked */
    struct {
        struct dw_simulated_crossing *items;
        size_t count, capacity;
    } crossings; /* of the entrance */
    struct {
        struct dw_gap *items;
        size_t count, capacity;
    } gaps; /* by time, apart from each other */
    int64_t people;
};

void dw_simulate_day(const struct dw_simulate_conf *conf, int day, struct dw_simulated_day *out);
void dw_simulated_day_fini(struct dw_simulated_day *day);

/* An id for anything simulated (UUID version 8): the same for the same seed, day and number. */
void dw_simulated_id(uint8_t out[16], uint64_t seed, int day, size_t number);

#endif
