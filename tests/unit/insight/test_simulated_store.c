/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/simulated_store.h"

#include <math.h>

#include "insight/local_day.h"
#include "insight/simulated_walk.h"

#include "report_fixture.h"

static struct dw_simulated_store_conf week(void)
{
    struct dw_simulated_store_conf conf = { .shop = dw_simulate_default(),
                                            .site = "simulated shop",
                                            .camera = "simulated",
                                            .first_day = 20458 };
    conf.shop.shoppers = 100;
    assert_done(dw_local_zone_set(NULL, why));
    conf.shop.gaps_per_day = 2;
    return conf;
}

static void fill(struct dw_store *store, const struct dw_simulated_store_conf *conf, int days,
                 struct dw_simulated_tally *tally)
{
    for (int day = 0; day < days; day++)
        assert_done(dw_simulated_store_day(store, conf, day, tally, why));
}

static struct dw_report *report_of(struct dw_store *store)
{
    struct dw_report *report = NULL;
    struct dw_report_conf conf = { .name = "simulated.db" };
    assert_done(dw_report_create(&report, store, &conf, why));
    return report;
}

static void the_report_counts_what_was_simulated(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    struct dw_simulated_store_conf conf = week();
    struct dw_simulated_tally tally = { 0 };
    assert_done(dw_store_create(&store, ":memory:", why));
    fill(store, &conf, 7, &tally);
    DW_AUTO(report) *report = report_of(store);
    size_t visits = 0, passes = 0, staff = 0;
    for (size_t i = 0; i < report->zones.count; i++) {
        visits += report->zones.items[i].visits;
        passes += report->zones.items[i].passes;
        staff += report->zones.items[i].staff_visits + report->zones.items[i].staff_passes;
    }
    assert_int_equal(report->zones.count, 4);
    assert_int_equal(tally.open_days, 6);
    assert_int_equal(report->cameras.items[0].runs, 6);
    assert_true(visits > 100);
    assert_int_equal(visits, tally.visits);
    assert_int_equal(passes, tally.passes);
    assert_int_equal(staff, tally.staff);
    assert_int_equal(dw_spans_total(&report->cameras.items[0].measured), tally.measured_us);
    assert_int_equal(dw_spans_total(&report->cameras.items[0].scheduled), tally.scheduled_us);
    assert_true(tally.measured_us < tally.scheduled_us);
}

static void a_day_simulated_again_replaces_the_former(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    struct dw_simulated_store_conf conf = week();
    struct dw_simulated_tally first = { 0 }, second = { 0 };
    assert_done(dw_store_create(&store, ":memory:", why));
    fill(store, &conf, 1, &first);
    conf.shop.seed = 2;
    fill(store, &conf, 1, &second);
    DW_AUTO(report) *report = report_of(store);
    size_t visits = 0;
    for (size_t i = 0; i < report->zones.count; i++)
        visits += report->zones.items[i].visits;
    assert_true(first.visits != second.visits);
    assert_int_equal(visits, second.visits);
}

static void assert_marked(struct dw_store *store, bool marked)
{
    static const struct dw_report_style plain = { .utf8 = false, .width_columns = 80 };
    DW_AUTO(report) *report = report_of(store);
    struct dw_buf text = { 0 }, html = { 0 }, json = { 0 };
    dw_report_text(report, &plain, &text);
    dw_report_html(report, &html);
    dw_report_json(report, &json);
    assert_int_equal(strstr(text.data, "SIMULATED") != NULL, marked);
    assert_int_equal(strstr(html.data, "<h1>SIMULATED: ") != NULL, marked);
    assert_int_equal(strstr(html.data, "<title>SIMULATED: ") != NULL, marked);
    assert_non_null(strstr(json.data, marked ? "\"simulated\":true" : "\"simulated\":false"));
    if (marked) /* above everything else */
        assert_memory_equal(text.data, "\nSIMULATED", 10);
    dw_buf_fini(&text);
    dw_buf_fini(&html);
    dw_buf_fini(&json);
}

static void every_report_says_that_visits_are_simulated(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    struct dw_simulated_store_conf conf = week();
    struct dw_simulated_tally tally = { 0 };
    conf.site = "Main Street"; /* the mark does not hang on the names */
    conf.camera = "door";
    assert_done(dw_store_create(&store, ":memory:", why));
    fill(store, &conf, 1, &tally);
    assert_marked(store, true);
    struct shop shop;
    shop_open(&shop, "shelf", 60);
    shop_visit(&shop, 1, 9, false);
    assert_marked(shop.store, false);
    dw_store_destroy(shop.store);
}

static void what_was_measured_is_not_mixed_with_it(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_err err = { { 0 } };
    DW_AUTO(store) *empty = NULL;
    assert_done(dw_store_create(&empty, ":memory:", why));
    assert_done(dw_simulated_store_check(empty, why));
    shop_open(&shop, "shelf", 60);
    assert_true(dw_simulated_store_check(shop.store, &err) < 0);
    assert_non_null(strstr(err.text, "simulate into a store of its own"));
    dw_store_destroy(shop.store);
}

static int keep_offset(void *context, const struct dw_store_run *run)
{
    *(int64_t *)context = run->utc_offset_us;
    return 0;
}

/* The days of the store's histograms are those of the shop. */
static void days_begin_at_the_midnight_of_the_shop(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        int64_t hours;
    } cases[] = { { NULL, 0 }, { "Europe/Berlin", 1 }, { "America/New_York", -5 } };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        DW_AUTO(store) *store = NULL;
        struct dw_simulated_store_conf conf = week();
        struct dw_simulated_tally tally = { 0 };
        int64_t offset_us = -1;
        assert_done(dw_local_zone_set(cases[i].zone, why));
        assert_done(dw_store_create(&store, ":memory:", why));
        fill(store, &conf, 1, &tally);
        assert_done(dw_store_read_runs(store, &(struct dw_store_filter){ 0 }, keep_offset,
                                       &offset_us, why));
        assert_int_equal(offset_us, cases[i].hours * 3600 * DW_SECOND_US);
    }
}

struct presence {
    struct dw_zone zones[4];
    double seconds[4], dwell_s[4];
    size_t points;
};

static int count_points(void *context, const struct dw_store_foot_track *track)
{
    struct presence *presence = context;
    for (size_t i = 0; i < track->count; i++) {
        struct dw_point at = { (double)track->points[i].x_norm, (double)track->points[i].y_norm };
        assert_true(at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1);
        assert_true(i == 0 || track->points[i].time_us > track->points[i - 1].time_us);
        for (size_t k = 0; k < DW_LENGTH(presence->zones); k++)
            presence->seconds[k] += dw_zone_contains(&presence->zones[k], at) ? .5 : 0;
    }
    presence->points += track->count;
    return 0;
}

static int count_visit(void *context, const struct dw_store_visit *visit)
{
    struct presence *presence = context;
    presence->dwell_s[visit->zone_id - 1] += dw_time_to_seconds(visit->visit.dwell_us);
    return 0;
}

/* So that the heat map is of the visits, and measuring again finds them. */
static void people_stand_in_zones_for_as_long_as_they_visit_them(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    struct dw_store_filter all = { 0 };
    struct presence presence = { 0 };
    struct dw_simulated_tally tally = { 0 };
    struct dw_simulated_store_conf conf = week();
    assert_done(dw_store_create(&store, ":memory:", why));
    for (int i = 0; i < conf.shop.displays; i++)
        presence.zones[i] = dw_simulated_zone(i);
    fill(store, &conf, 3, &tally);
    assert_done(dw_store_read_foot_tracks(store, &all, count_points, &presence, why));
    assert_done(dw_store_read_visits(store, &all, count_visit, &presence, why));
    assert_true(presence.points > 5000);
    for (int i = 0; i < conf.shop.displays; i++)
        assert_true(fabs(presence.seconds[i] - presence.dwell_s[i]) < .1 * presence.dwell_s[i]);
    conf.walks_from = 4;
    presence.points = 0;
    fill(store, &conf, 3, &tally);
    assert_done(dw_store_read_foot_tracks(store, &all, count_points, &presence, why));
    assert_int_equal(presence.points, 0);
}

/* Summer time begins on Sunday 2026-03-29, ends on 2026-10-25; the shop opens at 9 by the clock. */
static int note_start(void *context, const struct dw_store_run *run)
{
    int *hour = context;
    assert_int_equal(dw_local_hour(run->start_us), 9);
    assert_int_equal(run->end_us - run->start_us, 11 * 3600 * DW_SECOND_US);
    (*hour)++;
    return 0;
}

static void the_shop_opens_by_the_clock_when_summer_time_begins(void **state)
{
    (void)state;
    static const char *const saturdays[] = { "2026-03-28", "2026-10-24" };
    for (size_t i = 0; i < DW_LENGTH(saturdays); i++) {
        DW_AUTO(store) *store = NULL;
        struct dw_store_filter all = { 0 };
        struct dw_simulated_tally tally = { 0 };
        struct dw_simulated_store_conf conf = week();
        int days = 0;
        assert_done(dw_local_zone_set("Europe/Berlin", why));
        assert_done(dw_local_date_parse(&conf.first_day, saturdays[i], why));
        conf.shop.first_weekday = 0; /* opens on the Sunday too */
        assert_done(dw_store_create(&store, ":memory:", why));
        fill(store, &conf, 3, &tally);
        assert_done(dw_store_read_runs(store, &all, note_start, &days, why));
        assert_int_equal(days, 3);
    }
    assert_done(dw_local_zone_set(NULL, why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_report_counts_what_was_simulated),
        cmocka_unit_test(a_day_simulated_again_replaces_the_former),
        cmocka_unit_test(every_report_says_that_visits_are_simulated),
        cmocka_unit_test(what_was_measured_is_not_mixed_with_it),
        cmocka_unit_test(days_begin_at_the_midnight_of_the_shop),
        cmocka_unit_test(people_stand_in_zones_for_as_long_as_they_visit_them),
        cmocka_unit_test(the_shop_opens_by_the_clock_when_summer_time_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
