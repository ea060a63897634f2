/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "insight/exceptions.h"
#include "insight/simulated_store.h"

#include "kind_fixture.h"
#include "lib/near.h"

#define HOUR_US (3600 * DW_SECOND_US)
#define DAY_US (24 * HOUR_US)
#define MONDAY_US (1767571200 * DW_SECOND_US) /* 2026-01-05 00:00 UTC */

/* A run of one day from hour to hour. */
static int64_t open_day(struct shop *shop, int64_t start_us, double hours, const char *identity)
{
    int64_t run = 0;
    shop->conf.start_wall_us = start_us;
    shop->conf.identity = identity;
    assert_done(dw_store_run_begin(shop->store, &shop->conf, &run, why));
    assert_done(
        dw_store_run_measured(shop->store, run, dw_time_from_seconds(3600 * hours), true, why));
    return run;
}

static void put_visits(struct shop *shop, int64_t run, int count, double from_s, double length_s)
{
    for (int i = 0; i < count; i++) {
        struct dw_visit visit = test_visit(++shop->persons, from_s, from_s + length_s);
        assert_done(dw_store_put_visit(shop->store, run, &visit, why));
    }
}

static void make_shop(struct shop *shop)
{
    *shop = (struct shop){ .zones = { test_zone("shelf", .1), test_zone("till", .6) } };
    shop->layout = (struct dw_layout){ .zones = shop->zones, .zone_count = 1 };
    shop->conf = test_run(&shop->layout);
    assert_done(dw_store_create(&shop->store, ":memory:", why));
}

/* Rows of the table of all hours: weekday * 24 + hour. */
static double hour_figure(const struct dw_sheet *sheet, size_t cell, const char *column)
{
    return sheet_number(sheet, "hours", cell, column);
}

static void hours_have_the_figures_made_by_hand(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    make_shop(&shop);
    /* Two Mondays, 9 to 11: 4 and 8 people enter at 9:10 for 15 minutes; nobody at 10. */
    put_visits(&shop, open_day(&shop, MONDAY_US + 9 * HOUR_US, 2, "a"), 4, 600, 900);
    put_visits(&shop, open_day(&shop, MONDAY_US + 7 * DAY_US + 9 * HOUR_US, 2, "b"), 8, 600, 900);
    struct asked asked = { .kind = "staffing", .values = { "1" } };
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_int_equal(sheet_rows(&sheet, "hours"), 168);
    assert_near(hour_figure(&sheet, 9, "weeks"), 2, 0);
    assert_near(hour_figure(&sheet, 9, "entries"), 6, 1e-9);
    assert_near(hour_figure(&sheet, 9, "entries_p90"), 7.6, 1e-9);
    assert_near(hour_figure(&sheet, 9, "occupancy"), 1.5, 1e-9); /* 1 and 2 */
    assert_near(hour_figure(&sheet, 9, "occupancy_p10"), 1.1, 1e-9);
    assert_near(hour_figure(&sheet, 9, "people"), 2, 0);
    assert_string_equal(sheet_text(&sheet, "hours", 9, "state"), "open");
    assert_string_equal(sheet_text(&sheet, "hours", 10, "state"), "closed");
    assert_string_equal(sheet_text(&sheet, "hours", 11, "state"), "not measured");
    assert_string_equal(sheet_text(&sheet, "hours", 24 + 9, "state"), "not measured");
    assert_int_equal(sheet_rows(&sheet, "shifts"), 1);
    assert_string_equal(sheet_text(&sheet, "shifts", 0, "from"), "09:00");
    assert_string_equal(sheet_text(&sheet, "shifts", 0, "to"), "10:00");
    assert_near(sheet_number(&sheet, "shifts", 0, "people"), 2, 0);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void the_long_table_is_for_programs_only(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct dw_buf text = { 0 }, page = { 0 }, json = { 0 }, csv = { 0 };
    const struct dw_report_style plain = { .width_columns = 100 };
    make_shop(&shop);
    put_visits(&shop, open_day(&shop, MONDAY_US + 9 * HOUR_US, 1, "a"), 5, 60, 180);
    struct asked asked = { .kind = "staffing" };
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    dw_sheet_write_text(&sheet, &plain, &text);
    dw_sheet_write_html(&sheet, &page);
    dw_sheet_write_json(&sheet, &json);
    dw_sheet_write_csv(&sheet, &csv);
    assert_non_null(strstr(text.data, "Busiest hours"));
    assert_null(strstr(text.data, "not measured\n"));
    assert_non_null(strstr(page.data, "Entries by hour of the week</title>"));
    assert_null(strstr(page.data, ">not measured<"));
    assert_non_null(strstr(json.data, "\"state\":\"not measured\""));
    assert_non_null(strstr(csv.data, "\"not measured\""));
    dw_buf_fini(&text);
    dw_buf_fini(&page);
    dw_buf_fini(&json);
    dw_buf_fini(&csv);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void half_an_hour_measured_counts_for_its_rate(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    make_shop(&shop);
    put_visits(&shop, open_day(&shop, MONDAY_US + 9 * HOUR_US, .5, "a"), 5, 60, 180);
    struct asked asked = { .kind = "staffing" };
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_near(hour_figure(&sheet, 9, "entries"), 10, 1e-9);
    assert_near(hour_figure(&sheet, 9, "occupancy"), .5, 1e-9);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

/* Sunday, 2026-03-29, 23 hours in Berlin, and 2026-10-25, 25 hours: noon is noon on both. */
static void changed_clocks_do_not_shift_hours(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    int64_t spring_us = MONDAY_US + 83 * DAY_US, autumn_us = spring_us + 210 * DAY_US;
    make_shop(&shop);
    assert_done(dw_local_zone_set("Europe/Berlin", why));
    put_visits(&shop, open_day(&shop, spring_us - HOUR_US, 23, "a"), 3, 11 * 3600 + 60, 60);
    put_visits(&shop, open_day(&shop, autumn_us - 2 * HOUR_US, 25, "b"), 3, 13 * 3600 + 60, 60);
    struct asked asked = { .kind = "staffing" };
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_done(dw_local_zone_set(NULL, why));
    assert_int_equal(sheet_rows(&sheet, "busiest"), 1);
    assert_string_equal(sheet_text(&sheet, "busiest", 0, "weekday"), "Sunday");
    assert_string_equal(sheet_text(&sheet, "busiest", 0, "hour"), "12:00");
    assert_near(sheet_number(&sheet, "busiest", 0, "entries"), 3, 1e-9);
    assert_near(hour_figure(&sheet, 6 * 24 + 2, "weeks"), 1, 0); /* in spring there was no 2 */
    assert_near(hour_figure(&sheet, 6 * 24 + 3, "weeks"), 2, 0);
    assert_string_equal(sheet_text(&sheet, "hours", 24, "state"), "not measured"); /* Tuesday */
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void an_empty_store_says_so(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    static const char *const kinds[] = { "staffing", "flow", "heat-map" };
    assert_done(dw_store_create(&store, ":memory:", why));
    for (size_t i = 0; i < DW_LENGTH(kinds); i++) {
        struct dw_sheet sheet;
        struct asked asked = { .kind = kinds[i] };
        assert_done(kind_fill(&sheet, store, &asked, why));
        assert_int_equal(sheet.notes.count, 1);
        assert_int_equal(sheet.plots.count, 0);
        dw_sheet_fini(&sheet);
    }
}

static void wrong_options_are_refused_with_a_sentence(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    static const struct {
        const char *values[3], *says;
    } cases[] = {
        { { "0", NULL, NULL }, "--per-employee wants a number" },
        { { "x", NULL, NULL }, "--per-employee wants a number" },
        { { NULL, "4.5", NULL }, "want whole hours" },
        { { NULL, "6", "5" }, "--min-shift 6 is longer than --max-shift 5" },
    };
    assert_done(dw_store_create(&store, ":memory:", why));
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_sheet sheet;
        struct dw_err err = { 0 };
        struct asked asked = { .kind = "staffing" };
        memcpy(asked.values, cases[i].values, sizeof(cases[i].values));
        assert_int_equal(kind_fill(&sheet, store, &asked, &err), -EINVAL);
        assert_non_null(strstr(err.text, cases[i].says));
        dw_sheet_fini(&sheet);
    }
}

static void a_century_is_refused(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    struct dw_sheet sheet;
    struct dw_err err = { 0 };
    struct asked asked = { .kind = "staffing", .from_day = 0, .to_day = 36500 };
    assert_done(dw_store_create(&store, ":memory:", why));
    assert_int_equal(kind_fill(&sheet, store, &asked, &err), -EINVAL);
    assert_non_null(strstr(err.text, "36500 days are too many"));
    dw_sheet_fini(&sheet);
}

static struct dw_store *simulate(int days, uint64_t seed, const struct dw_promotion *promotion)
{
    struct dw_store *store = NULL;
    struct dw_simulated_tally tally = { 0 };
    struct dw_simulated_store_conf conf = { .shop = dw_simulate_default(),
                                            .site = "simulated shop",
                                            .camera = "simulated",
                                            .first_day = dw_local_day(MONDAY_US),
                                            .walks_from = days };
    conf.shop.seed = seed;
    conf.shop.shoppers = 300;
    if (promotion != NULL)
        conf.shop.promotions[conf.shop.promotion_count++] = *promotion;
    assert_done(dw_store_create(&store, ":memory:", why));
    for (int day = 0; day < days; day++)
        assert_done(dw_simulated_store_day(store, &conf, day, &tally, why));
    return store;
}

/* dw_simulate_day(): Saturdays are busiest, and of the hours that from 17 to 18; closed on Sundays
 * and outside 9 to 20. */
static void the_rhythm_of_a_simulated_shop_is_found_again(void **state)
{
    (void)state;
    struct dw_sheet sheet;
    DW_AUTO(store) *store = simulate(42, 3, NULL);
    struct asked asked = { .kind = "staffing", .values = { "0.1" } };
    assert_done(kind_fill(&sheet, store, &asked, why));
    assert_true(sheet.simulated);
    assert_string_equal(sheet_text(&sheet, "busiest", 0, "weekday"), "Saturday");
    assert_string_equal(sheet_text(&sheet, "busiest", 0, "hour"), "17:00");
    for (size_t cell = 0; cell < 168; cell++) {
        bool open = cell / 24 < 6 && cell % 24 >= 9 && cell % 24 < 20;
        assert_int_equal(strcmp(sheet_text(&sheet, "hours", cell, "state"), "open") == 0, open);
    }
    for (size_t i = 0; i < sheet_rows(&sheet, "shifts"); i++) {
        double hours = sheet_number(&sheet, "shifts", i, "hours");
        assert_true(hours >= 4 && hours <= 8);
    }
    dw_sheet_fini(&sheet);
}

static void a_display_nobody_stopped_at_for_a_day_is_found(void **state)
{
    (void)state;
    struct dw_sheet sheet;
    struct dw_promotion empty = { .display = 2,
                                  .first_day = 30,
                                  .last_day = 30,
                                  .every = 1,
                                  .footfall = 1,
                                  .stop = .2,
                                  .dwell = 1 };
    DW_AUTO(store) *store = simulate(42, 5, &empty);
    struct asked asked = { .kind = "staffing", .zone = "display 3" };
    assert_done(kind_fill(&sheet, store, &asked, why));
    bool found = false;
    for (size_t i = 0; i < sheet_rows(&sheet, "exceptions"); i++)
        found |= strcmp(sheet_text(&sheet, "exceptions", i, "date"), "2026-02-04") == 0 &&
                 strcmp(sheet_text(&sheet, "exceptions", i, "direction"), "fewer") == 0;
    assert_true(found);
    dw_sheet_fini(&sheet);
}

/* The level that docs/figures.md states, on shops of which nothing changes. */
static void few_ordinary_days_are_exceptions(void **state)
{
    (void)state;
    double days = 0, exceptions = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct dw_sheet sheet;
        DW_AUTO(store) *store = simulate(56, seed, NULL);
        struct asked asked = { .kind = "staffing" };
        assert_done(kind_fill(&sheet, store, &asked, why));
        exceptions += (double)sheet_rows(&sheet, "exceptions");
        for (size_t i = 0; i < sheet_rows(&sheet, "exceptions_checked"); i++)
            days += sheet_number(&sheet, "exceptions_checked", i, "days");
        dw_sheet_fini(&sheet);
    }
    print_message("# %.0f exceptions in %.0f days: %.2f %%\n", exceptions, days,
                  100 * exceptions / days);
    assert_true(days > 1000);
    assert_true(exceptions / days < 2 * DW_EXCEPTION_CHANCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_have_the_figures_made_by_hand),
        cmocka_unit_test(the_long_table_is_for_programs_only),
        cmocka_unit_test(half_an_hour_measured_counts_for_its_rate),
        cmocka_unit_test(changed_clocks_do_not_shift_hours),
        cmocka_unit_test(an_empty_store_says_so),
        cmocka_unit_test(wrong_options_are_refused_with_a_sentence),
        cmocka_unit_test(a_century_is_refused),
        cmocka_unit_test(the_rhythm_of_a_simulated_shop_is_found_again),
        cmocka_unit_test(a_display_nobody_stopped_at_for_a_day_is_found),
        cmocka_unit_test(few_ordinary_days_are_exceptions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
