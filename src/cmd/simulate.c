/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell simulate`: weeks of visits of a shop that does not exist, with promotions of known effect.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/numbers.h"
#include "conf/promotion.h"
#include "insight/local_day.h"
#include "insight/simulated_store.h"

#define START "2026-01-05" /* a Monday */

static const struct dw_arg rows[] = {
    { "store", "FILE", "store to add the visits to; one that holds nothing measured" },
    { "start", "DAY", "the first day (" START ", a Monday)" },
    { "tz", "NAME", "time zone of the shop: Europe/Berlin (UTC)" },
    { "days", "N", "how many, Sundays included, on which the shop is closed (28)" },
    { "seed", "N", "the same seed makes the same visits (1)" },
    { "displays", "N", "zones (4)" },
    { "shoppers", "N", "on an average open day (600)" },
    { "staff", "N", "who work all day before the displays (2)" },
    { "feet", "N", "write foot tracks of so many days, the last ones (7)" },
    { "gaps", "N", "times a day that the camera fails, 20 minutes on average (0.3)" },
    { "promotion", "TEXT",
      "display=2,from=15,to=28,every=2,footfall=1.2,stop=1.3,dwell=1.1; may "
      "be repeated" },
    { "site", "NAME", "shop in the records (simulated shop)" },
    { "camera", "NAME", "camera in the records (simulated)" },
};

struct job {
    const char *store_path, *start, *time_zone;
    double days, feet;
    struct dw_simulated_store_conf conf;
};

static int add_promotion(struct dw_simulate_conf *shop, const char *text, struct dw_err *err)
{
    if (shop->promotion_count == DW_SIMULATED_PROMOTIONS_MAX)
        return dw_fail(err, -EINVAL, "at most %d promotions", DW_SIMULATED_PROMOTIONS_MAX);
    int result = dw_promotion_parse(&shop->promotions[shop->promotion_count], text, err);
    shop->promotion_count += result == 0 ? 1 : 0;
    return result;
}

static int take_whole(int *out, const char *what, const char *value, double most,
                      struct dw_err *err)
{
    double number = 0;
    int result = dw_number_parse(&number, what, value, 0, most, err);
    if (result == 0)
        *out = (int)number;
    return result;
}

static int take_shop_option(struct dw_simulate_conf *shop, const char *name, const char *value,
                            struct dw_err *err)
{
    double seed = 0;
    if (strcmp(name, "displays") == 0)
        return take_whole(&shop->displays, "--displays", value, DW_SIMULATED_DISPLAYS_MAX, err);
    if (strcmp(name, "staff") == 0)
        return take_whole(&shop->staff, "--staff", value, 100, err);
    if (strcmp(name, "shoppers") == 0)
        return dw_number_parse(&shop->shoppers, "--shoppers", value, 1, 1e5, err);
    if (strcmp(name, "gaps") == 0)
        return dw_number_parse(&shop->gaps_per_day, "--gaps", value, 0, 100, err);
    if (strcmp(name, "promotion") == 0)
        return add_promotion(shop, value, err);
    int result = dw_number_parse(&seed, "--seed", value, 0, 9e15, err);
    shop->seed = result == 0 ? (uint64_t)seed : shop->seed;
    return result;
}

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    if (strcmp(name, "store") == 0)
        job->store_path = value;
    else if (strcmp(name, "site") == 0)
        job->conf.site = value;
    else if (strcmp(name, "camera") == 0)
        job->conf.camera = value;
    else if (strcmp(name, "start") == 0)
        job->start = value;
    else if (strcmp(name, "tz") == 0)
        job->time_zone = value;
    else if (strcmp(name, "feet") == 0)
        return dw_number_parse(&job->feet, "--feet", value, 0, 3660, err);
    else if (strcmp(name, "days") == 0)
        return dw_number_parse(&job->days, "--days", value, 1, 3660, err);
    else
        return take_shop_option(&job->conf.shop, name, value, err);
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    (void)user;
    return dw_fail(err, -EINVAL, "'%s' is no option; the store goes behind --store", value);
}

/* Of a time, its day. */
static int find_first_day(struct job *job, struct dw_err *err)
{
    struct dw_err why = { { 0 } };
    int64_t wall_us = 0;
    int result = dw_local_zone_set(job->time_zone, err);
    if (result < 0)
        return dw_fail_within(err, result, "--tz");
    if (dw_local_date_parse(&job->conf.first_day, job->start, &why) == 0)
        return 0;
    result = dw_time_parse(&wall_us, job->start, err);
    job->conf.first_day = dw_local_day(wall_us);
    return result < 0 ? dw_fail_within(err, result, "--start") : 0;
}

static void print_done(const struct job *job, const struct dw_simulated_tally *tally)
{
    const struct dw_simulate_conf *shop = &job->conf.shop;
    char first[DW_DATE_SIZE];
    printf("SIMULATED, nothing of this was measured: %d open days of %d from %s, seed %llu\n",
           tally->open_days, (int)job->days, dw_local_date(first, job->conf.first_day),
           (unsigned long long)shop->seed);
    printf("%zu visits, %zu passes, %zu stays of staff; %zu cut off by %zu gaps and at closing "
           "time; coverage %.1f %%\n",
           tally->visits, tally->passes, tally->staff, tally->cut, tally->gaps,
           100 * (double)tally->measured_us / fmax((double)tally->scheduled_us, 1));
    for (int i = 0; i < shop->displays; i++) {
        struct dw_simulated_display display = dw_simulate_display(shop, i);
        printf("display %d: %.0f %% of shoppers come by, %.0f %% of these stop, %.0f %% of these "
               "stay for long\n",
               i + 1, 100 * display.passing, 100 * display.stopping, 100 * display.engaging);
    }
    for (size_t i = 0; i < shop->promotion_count; i++) {
        struct dw_buf text = { 0 };
        dw_promotion_print(&shop->promotions[i], &text);
        printf("promotion: %s\n", dw_buf_text(&text));
        dw_buf_fini(&text);
    }
    printf("look at it with: dwell report --store %s\n", job->store_path);
}

static int run(struct job *job, struct dw_err *err)
{
    DW_AUTO(store) *store = NULL;
    struct dw_simulated_tally tally = { 0 };
    bool terminal = isatty(STDERR_FILENO) == 1;
    int result = dw_store_create(&store, job->store_path, err);
    if (result == 0)
        result = dw_simulated_store_check(store, err);
    for (int day = 0; result == 0 && day < (int)job->days; day++) {
        result = dw_simulated_store_day(store, &job->conf, day, &tally, err);
        if (terminal)
            fprintf(stderr, "\r\033[K%3.0f %%  day %d of %d, %zu visits",
                    100 * (day + 1) / floor(job->days), day + 1, (int)job->days, tally.visits);
    }
    if (terminal)
        fputs("\r\033[K", stderr);
    if (result == 0)
        print_done(job, &tally);
    return result;
}

int dw_cmd_simulate(int argc, char **argv)
{
    struct dw_args args = {
        .command = "simulate",
        .synopsis = "--store FILE [--days N] [--seed N] [--promotion TEXT] [options]",
        .about = "Fills a store with visits of a shop that does not exist: to try reports, and to "
                 "see whether\nthey find a promotion whose effect is known. Reports say that they "
                 "are simulated.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = {
        .start = START,
        .days = 28,
        .feet = 7,
        .conf = { .shop = dw_simulate_default(), .site = "simulated shop", .camera = "simulated" }
    };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    struct dw_err err = { { 0 } };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    if (job.store_path == NULL)
        return dw_args_wrong(&args, "wants a store: --store FILE");
    if (job.conf.shop.displays < 1)
        return dw_args_wrong(&args, "--displays wants a number from 1 to %d, got '0'",
                             DW_SIMULATED_DISPLAYS_MAX);
    if (find_first_day(&job, &err) < 0)
        return dw_args_wrong(&args, "%s", err.text);
    job.conf.walks_from = (int)fmax(job.days - job.feet, 0);
    dw_simulated_calendar(&job.conf);
    return run(&job, &err) < 0 ? dw_args_failed(&args, &err) : 0;
}
