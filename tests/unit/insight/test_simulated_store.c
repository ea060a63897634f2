/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/simulated_store.h"

#include "report_fixture.h"

static struct dw_simulated_store_conf week(void)
{
    struct dw_simulated_store_conf conf = { .shop = dw_simulate_default(),
                                            .site = "simulated shop",
                                            .camera = "simulated",
                                            .start_us = 1767571200 * DW_SECOND_US };
    conf.shop.shoppers = 100;
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
        const char *midnight;
        int64_t hours;
    } cases[] = { { "2026-01-05", 0 },
                  { "2026-01-05T00:00+01:00", 1 },
                  { "2026-01-05T00:00-05:00", -5 } };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        DW_AUTO(store) *store = NULL;
        struct dw_simulated_store_conf conf = week();
        struct dw_simulated_tally tally = { 0 };
        int64_t offset_us = -1;
        assert_done(dw_time_parse(&conf.start_us, cases[i].midnight, why));
        assert_done(dw_store_create(&store, ":memory:", why));
        fill(store, &conf, 1, &tally);
        assert_done(dw_store_read_runs(store, &(struct dw_store_filter){ 0 }, keep_offset,
                                       &offset_us, why));
        assert_int_equal(offset_us, cases[i].hours * 3600 * DW_SECOND_US);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_report_counts_what_was_simulated),
        cmocka_unit_test(a_day_simulated_again_replaces_the_former),
        cmocka_unit_test(every_report_says_that_visits_are_simulated),
        cmocka_unit_test(what_was_measured_is_not_mixed_with_it),
        cmocka_unit_test(days_begin_at_the_midnight_of_the_shop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
