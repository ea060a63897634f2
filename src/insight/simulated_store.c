/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/simulated_store.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "insight/local_day.h"
#include "insight/simulated_walk.h"

#define DAY_US (86400 * DW_SECOND_US)
#define ROLE_P 0.97
#define SCORE 0.8

void dw_simulated_calendar(struct dw_simulated_store_conf *conf)
{
    conf->shop.first_weekday = dw_local_weekday(conf->first_day);
    conf->shop.first_year_part = fmod((double)conf->first_day / 365.2425, 1);
}

bool dw_simulated_run(const struct dw_store_run *run)
{
    return strncmp(run->identity, DW_SIMULATED_MARK, strlen(DW_SIMULATED_MARK)) == 0;
}

static int refuse_measured(void *context, const struct dw_store_run *run)
{
    return dw_simulated_run(run)
               ? 0
               : dw_fail(context, -EEXIST,
                         "the store holds what camera '%s' really measured; simulate into a store "
                         "of its own",
                         run->camera);
}

int dw_simulated_store_check(struct dw_store *store, struct dw_err *err)
{
    struct dw_store_filter all = { 0 };
    struct dw_err mixed = { { 0 } };
    int result = dw_store_read_runs(store, &all, refuse_measured, &mixed, err);
    return mixed.text[0] != '\0' ? dw_fail(err, -EEXIST, "%s", mixed.text) : result;
}

static struct dw_visit make_visit(const struct dw_simulated_store_conf *conf, int day,
                                  const struct dw_simulated_day *found, size_t at)
{
    const struct dw_simulated_stay *stay = &found->stays.items[at];
    int64_t dwell_us = stay->exit_us - stay->enter_us;
    bool closed = stay->exit_us == found->close_us;
    struct dw_visit visit = {
        .zone = stay->display,
        .person = stay->person,
        .enter_us = stay->enter_us - found->open_us,
        .exit_us = stay->exit_us - found->open_us,
        .dwell_us = dwell_us,
        .observed_us = dwell_us,
        .cut_start = stay->cut_start,
        .cut_end = stay->cut_end,
        .pass = dwell_us < dw_zone_rules_default().min_dwell_us,
        .end_reason = !stay->cut_end ? DW_END_LEFT
                      : closed       ? DW_END_STOPPED
                                     : DW_END_GAP,
        .enter_side = stay->cut_start ? 0 : dw_simulated_enter_side(stay->person),
        .exit_side = stay->cut_end ? 0 : dw_simulated_exit_side(stay->person),
        .score = SCORE,
        .role = stay->staff ? DW_ROLE_STAFF : DW_ROLE_SHOPPER,
        .role_p = ROLE_P,
        .facing_us = -1,
        .speed_avg = -1,
        .speed_min = -1,
    };
    dw_simulated_id(visit.id, conf->shop.seed, day, at);
    return visit;
}

static int put_day(struct dw_store *store, int64_t run, const struct dw_simulated_store_conf *conf,
                   int day, const struct dw_simulated_day *found, struct dw_err *err)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < found->stays.count; i++) {
        struct dw_visit visit = make_visit(conf, day, found, i);
        result = dw_store_put_visit(store, run, &visit, err);
    }
    for (size_t i = 0; result == 0 && i < found->crossings.count; i++) {
        const struct dw_simulated_crossing *one = &found->crossings.items[i];
        struct dw_crossing crossing = { .person = one->person,
                                        .time_us = one->time_us - found->open_us,
                                        .to_right = one->inward,
                                        .score = SCORE };
        result = dw_store_put_crossing(store, run, &crossing, err);
    }
    for (size_t i = 0; result == 0 && i < found->gaps.count; i++) {
        struct dw_gap gap = found->gaps.items[i];
        gap.start_us -= found->open_us;
        gap.end_us -= found->open_us;
        result = dw_store_put_gap(store, run, &gap, err);
    }
    if (result == 0 && day >= conf->walks_from)
        result = dw_simulated_walks_put(store, run, found, err);
    return result == 0
               ? dw_store_run_measured(store, run, found->close_us - found->open_us, true, err)
               : result;
}

/* Hours of opening are on the clock, which summer time moves before they begin: they are counted
 * back from the end of the day, as if it had 24 hours. */
static int64_t midnight_of(int64_t day)
{
    return dw_local_day_start(day + 1) - DAY_US;
}

static int64_t winter_offset(int64_t day)
{
    int64_t now_us = day * DAY_US - dw_local_day_start(day);
    int64_t then_us = (day + 182) * DAY_US - dw_local_day_start(day + 182);
    return DW_MIN(now_us, then_us);
}

static int begin_run(struct dw_store *store, const struct dw_simulated_store_conf *conf, int day,
                     const struct dw_simulated_day *found, int64_t *run, struct dw_err *err)
{
    char identity[64], source[64], date[DW_DATE_SIZE];
    struct dw_zone *zones = dw_alloc_array0((size_t)conf->shop.displays, sizeof(*zones));
    struct dw_line line = { .name = "entrance", .start = { .1, .05 }, .end = { .9, .05 } };
    int64_t midnight_us = midnight_of(conf->first_day + day);
    for (int i = 0; i < conf->shop.displays; i++)
        zones[i] = dw_simulated_zone(i);
    struct dw_layout layout = {
        .zones = zones, .zone_count = (size_t)conf->shop.displays, .lines = &line, .line_count = 1
    };
    snprintf(identity, sizeof(identity), DW_SIMULATED_MARK "%s",
             dw_local_date(date, conf->first_day + day));
    snprintf(source, sizeof(source), DW_SIMULATED_MARK " day %d of seed %llu", day + 1,
             (unsigned long long)conf->shop.seed);
    struct dw_store_run_conf run_conf = {
        .site = conf->site,
        .camera = conf->camera,
        .source = source,
        .identity = identity,
        .width_px = 1280,
        .height_px = 720,
        .start_wall_us = midnight_us + found->open_us,
        .utc_offset_us = winter_offset(conf->first_day),
        .layout = &layout,
        .model = "simulated",
        .settings = "",
    };
    int result = dw_store_run_begin(store, &run_conf, run, err);
    free(zones);
    return result;
}

static void add_up(struct dw_simulated_tally *tally, const struct dw_simulated_day *found)
{
    int64_t pass_us = dw_zone_rules_default().min_dwell_us;
    for (size_t i = 0; i < found->stays.count; i++) {
        const struct dw_simulated_stay *stay = &found->stays.items[i];
        size_t *kind = stay->staff                                ? &tally->staff
                       : stay->exit_us - stay->enter_us < pass_us ? &tally->passes
                                                                  : &tally->visits;
        (*kind)++;
        tally->cut += !stay->staff && (stay->cut_start || stay->cut_end);
    }
    tally->open_days++;
    tally->gaps += found->gaps.count;
    tally->scheduled_us += found->close_us - found->open_us;
    tally->measured_us += found->close_us - found->open_us;
    for (size_t i = 0; i < found->gaps.count; i++)
        tally->measured_us -= found->gaps.items[i].end_us - found->gaps.items[i].start_us;
}

int dw_simulated_store_day(struct dw_store *store, const struct dw_simulated_store_conf *conf,
                           int day, struct dw_simulated_tally *tally, struct dw_err *err)
{
    struct dw_simulated_day found = { 0 };
    int64_t run = 0;
    dw_simulate_day(&conf->shop, day, &found);
    int result = found.open ? dw_store_begin(store, err) : 0;
    if (result == 0 && found.open) {
        result = begin_run(store, conf, day, &found, &run, err);
        if (result == 0)
            result = put_day(store, run, conf, day, &found, err);
        if (result == 0)
            result = dw_store_commit(store, err);
        if (result < 0)
            dw_store_rollback(store);
        else
            add_up(tally, &found);
    }
    dw_simulated_day_fini(&found);
    return result;
}
