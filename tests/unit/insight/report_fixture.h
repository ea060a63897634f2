/* SPDX-License-Identifier: Apache-2.0 */
/* A store in memory with one camera, filled by hand. */
#ifndef DW_TESTS_REPORT_FIXTURE_H
#define DW_TESTS_REPORT_FIXTURE_H

#include "insight/report.h"
#include "store_fixture.h"

struct shop {
    struct dw_zone zones[2];
    struct dw_line line;
    struct dw_layout layout;
    struct dw_store_run_conf conf;
    struct dw_store *store;
    int64_t run;
    int persons;
};

static inline void shop_open(struct shop *shop, const char *zone_name, double length_s)
{
    *shop = (struct shop){ .zones = { test_zone(zone_name, .1), test_zone("till", .6) } };
    shop->line = (struct dw_line){ .name = "door", .start = { .5, 0 }, .end = { .5, 1 } };
    shop->layout = (struct dw_layout){
        .zones = shop->zones, .zone_count = 2, .lines = &shop->line, .line_count = 1
    };
    shop->conf = test_run(&shop->layout);
    assert_done(dw_store_create(&shop->store, ":memory:", why));
    assert_done(dw_store_run_begin(shop->store, &shop->conf, &shop->run, why));
    assert_done(
        dw_store_run_measured(shop->store, shop->run, dw_time_from_seconds(length_s), true, why));
}

static inline void shop_put(struct shop *shop, const struct dw_visit *visit)
{
    assert_done(dw_store_put_visit(shop->store, shop->run, visit, why));
}

/* A visit to the first zone by somebody new. */
static inline void shop_visit(struct shop *shop, double enter_s, double exit_s, bool cut_end)
{
    struct dw_visit visit = test_visit(++shop->persons, enter_s, exit_s);
    visit.cut_end = cut_end;
    visit.pass = exit_s - enter_s < 1;
    shop_put(shop, &visit);
}

static inline struct dw_report *shop_report(struct shop *shop, struct dw_report_conf conf)
{
    struct dw_report *report = NULL;
    conf.name = "shop.db";
    assert_done(dw_report_create(&report, shop->store, &conf, why));
    return report;
}

#endif
