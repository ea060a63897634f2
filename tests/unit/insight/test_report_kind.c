/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/report_kind.h"

#include <errno.h>
#include <math.h>

#include "insight/local_day.h"
#include "insight/zone_days.h"
#include "lib/near.h"
#include "report_fixture.h"

#define HOUR_US (3600 * DW_SECOND_US)
#define OPTIONS 8

/* compare --alternate-days */
static const char *const by_turns[OPTIONS] = { [3] = "" };

static int64_t at(const char *text)
{
    int64_t wall_us = 0;
    assert_done(dw_time_parse(&wall_us, text, why));
    return wall_us;
}

static int64_t day_of(const char *date)
{
    int64_t day = 0;
    assert_done(dw_local_date_parse(&day, date, why));
    return day;
}

/* A store with the zones "shelf" and "till" into which runs are put one by one. */
static void open_shop(struct shop *shop, const char *zone)
{
    *shop = (struct shop){ .zones = { test_zone("shelf", .1), test_zone("till", .6) } };
    shop->layout = (struct dw_layout){ .zones = shop->zones, .zone_count = 2 };
    shop->conf = test_run(&shop->layout);
    assert_done(dw_local_zone_set(zone, why));
    assert_done(dw_store_create(&shop->store, ":memory:", why));
}

static void begin_run(struct shop *shop, int64_t start_us, int64_t length_us)
{
    char identity[64];
    snprintf(identity, sizeof(identity), "run at %lld", (long long)start_us);
    shop->conf.identity = identity;
    shop->conf.start_wall_us = start_us;
    assert_done(dw_store_run_begin(shop->store, &shop->conf, &shop->run, why));
    assert_done(dw_store_run_measured(shop->store, shop->run, length_us, true, why));
}

static void put(struct shop *shop, int zone, double enter_s, double dwell_s, bool cut)
{
    struct dw_visit visit = test_visit(++shop->persons, enter_s, enter_s + dwell_s);
    visit.zone = zone;
    visit.cut_end = cut;
    visit.pass = dwell_s < 1;
    shop_put(shop, &visit);
}

static int fill(struct shop *shop, const char *kind, struct dw_sheet *sheet,
                struct dw_report_request request, struct dw_err *err)
{
    static const char *const none[OPTIONS];
    const struct dw_report_kind *found = dw_report_kind_find(kind);
    assert_non_null(found);
    assert_true(found->option_count <= OPTIONS);
    *sheet = (struct dw_sheet){ 0 };
    request.values = request.values != NULL ? request.values : none;
    return dw_report_kind_fill(found, sheet, shop->store, &request, err);
}

static const struct dw_sheet_cell *cell(const struct dw_sheet *sheet, size_t table, size_t row,
                                        const char *key)
{
    const struct dw_sheet_table *found = &sheet->tables.items[table];
    for (size_t i = 0; i < found->column_count; i++)
        if (strcmp(found->columns[i].key, key) == 0) {
            assert_true(row * found->column_count + i < found->cells.count);
            return &found->cells.items[row * found->column_count + i];
        }
    fail_msg("there is no column %s", key);
    return NULL;
}

static double value(const struct dw_sheet *sheet, size_t table, size_t row, const char *key)
{
    return cell(sheet, table, row, key)->number.value;
}

static void the_funnel_counts_by_hand(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    open_shop(&shop, NULL);
    begin_run(&shop, at("2026-11-02T09:00Z"), 2 * HOUR_US);
    /* 2 passes, 3 short visits, one cut off before 3 s, 4 stops, of which 2 engage. */
    static const double dwells[] = { .5, .5, 2, 2, 2.5, 4, 5, 20, 30 };
    for (size_t i = 0; i < DW_LENGTH(dwells); i++)
        put(&shop, 0, 10 + 60 * (double)i, dwells[i], false);
    put(&shop, 0, 1000, 1.5, true);
    int64_t day = day_of("2026-11-02");
    struct dw_report_request request = { .from_day = day, .to_day = day + 1 };
    assert_done(fill(&shop, "funnel", &sheet, request, why));
    assert_string_equal(sheet.period, "2026-11-02 to 2026-11-02");
    assert_string_equal(sheet.place, "");
    assert_false(sheet.simulated);
    assert_string_equal(cell(&sheet, 0, 0, "zone")->text, "shelf");
    assert_true(value(&sheet, 0, 0, "stays") == 10);
    assert_true(value(&sheet, 0, 0, "passes") == 2);
    assert_true(value(&sheet, 0, 0, "visits") == 8);
    assert_true(value(&sheet, 0, 0, "stops") == 4);
    assert_true(value(&sheet, 0, 0, "engaged") == 2);
    assert_true(value(&sheet, 0, 0, "coverage") == 1);
    /* 4 of 9: the cut visit belongs to neither. Wilson by hand. */
    assert_near(value(&sheet, 0, 0, "stop_rate"), 4. / 9, 1e-9);
    assert_near(cell(&sheet, 0, 0, "stop_rate")->number.low, .18878, 1e-5);
    assert_near(cell(&sheet, 0, 0, "stop_rate")->number.high, .73334, 1e-5);
    assert_near(value(&sheet, 0, 0, "engage_rate"), 2. / 9, 1e-9);
    assert_near(value(&sheet, 0, 0, "engaged_of_stops"), .5, 1e-9);
    /* The other zone was measured, and nobody came. */
    assert_true(value(&sheet, 0, 1, "stays") == 0);
    assert_true(isnan(value(&sheet, 0, 1, "stop_rate")));
    dw_sheet_fini(&sheet);
    request.zone = "till";
    assert_done(fill(&shop, "funnel", &sheet, request, why));
    assert_int_equal(sheet.tables.items[0].cells.count, sheet.tables.items[0].column_count);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void put_staff(struct shop *shop, double enter_s, double dwell_s)
{
    struct dw_visit visit = test_visit(++shop->persons, enter_s, enter_s + dwell_s);
    visit.role = DW_ROLE_STAFF;
    shop_put(shop, &visit);
}

static void the_summary_counts_by_hand(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct dw_store_counts counts = { 0 };
    open_shop(&shop, NULL);
    begin_run(&shop, at("2026-11-02T09:00Z"), 2 * HOUR_US);
    static const double dwells[] = { .5, .5, 2, 2, 2.5, 4, 5, 20, 30 };
    for (size_t i = 0; i < DW_LENGTH(dwells); i++)
        put(&shop, 0, 10 + 60 * (double)i, dwells[i], false);
    put(&shop, 0, 1000, 1.5, true);
    put_staff(&shop, 495, 600); /* beside the last of the dwells */
    int64_t day = day_of("2026-11-02");
    struct dw_report_request request = { .from_day = day, .to_day = day + 1 };
    assert_done(fill(&shop, "summary", &sheet, request, why));
    assert_true(value(&sheet, 0, 0, "visits") == 8);
    assert_true(value(&sheet, 0, 0, "people") == 8);
    assert_true(value(&sheet, 0, 0, "passes") == 2);
    assert_true(value(&sheet, 0, 0, "entries") == 10);
    assert_near(value(&sheet, 0, 0, "occupancy_average"), 68 / 7200., 1e-9);
    assert_true(value(&sheet, 0, 0, "occupancy_peak") == 1);
    assert_true(value(&sheet, 0, 0, "coverage") == 1);
    assert_true(value(&sheet, 0, 0, "cut_visits") == 1);
    assert_near(value(&sheet, 0, 0, "staff_share"), 1 / 11., 1e-9);
    assert_true(value(&sheet, 0, 0, "unknown_visits") == 8);
    /* Of 8 the first is cut, so each of the 7 others weighs 1/7: the fourth is the median, and
     * four of seven last 3 s. Buckets are 1.6 to 3.1 % wide. */
    assert_near(value(&sheet, 1, 0, "median_s"), 4, .13);
    assert_near(value(&sheet, 1, 0, "p75_s"), 20, .7);
    assert_true(isnan(value(&sheet, 1, 0, "p90_s")));
    assert_near(value(&sheet, 1, 0, "stop_share"), 4. / 7, 1e-9);
    /* 2 of 8 engaged, but one of the others was cut before it could. */
    assert_near(value(&sheet, 1, 0, "engage_share"), 2. / 7, 1e-9);
    /* What the sides hold is what entered. */
    for (size_t side = 0; side < shop.zones[0].corner_count; side++)
        counts.entries += (int64_t)value(&sheet, 2, side, "entries");
    assert_int_equal(counts.entries, 10);
    dw_sheet_fini(&sheet);
    request.include_staff = true;
    assert_done(fill(&shop, "summary", &sheet, request, why));
    assert_true(value(&sheet, 0, 0, "visits") == 9);
    assert_true(value(&sheet, 0, 0, "occupancy_peak") == 2);
    assert_near(value(&sheet, 0, 0, "staff_share"), 1 / 11., 1e-9);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void the_summary_says_how_figures_move_without_visits_of_unknown_role(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    open_shop(&shop, NULL);
    begin_run(&shop, at("2026-11-02T09:00Z"), 2 * HOUR_US);
    for (int i = 0; i < 3; i++)
        put(&shop, 0, 60 * i, 40, false);
    for (int i = 0; i < 5; i++) {
        struct dw_visit visit = test_visit(++shop.persons, 600 + 60 * i, 608 + 60 * i);
        visit.role = DW_ROLE_SHOPPER;
        shop_put(&shop, &visit);
    }
    int64_t day = day_of("2026-11-02");
    struct dw_report_request request = { .from_day = day, .to_day = day + 1 };
    assert_done(fill(&shop, "summary", &sheet, request, why));
    assert_true(value(&sheet, 0, 0, "visits") == 8);
    assert_true(value(&sheet, 0, 0, "unknown_visits") == 3);
    bool told = false;
    for (size_t i = 0; i < sheet.notes.count; i++)
        told |= strstr(sheet.notes.items[i], "of 3 of 8 visits the role is not known") != NULL &&
                strstr(sheet.notes.items[i], "without them: visits 5, median 8.") != NULL;
    assert_true(told);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void days_of_23_and_25_hours_are_whole(void **state)
{
    (void)state;
    static const struct {
        const char *date, *start;
        int hours;
    } cases[] = { { "2026-03-29", "2026-03-28T23:00Z", 23 },
                  { "2026-10-25", "2026-10-24T22:00Z", 25 } };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct shop shop;
        struct dw_zone_days_list zones = { 0 };
        open_shop(&shop, "Europe/Berlin");
        /* Half an hour more at both ends, and a visit every half hour from the first on. */
        begin_run(&shop, at(cases[i].start) - HOUR_US / 2, (cases[i].hours + 1) * HOUR_US);
        for (int half = 0; half < 2 * cases[i].hours + 2; half++)
            put(&shop, 0, 1800. * half + 60, 5, false);
        int64_t day = day_of(cases[i].date);
        struct dw_report_request request = { .from_day = day - 1, .to_day = day + 2 };
        struct dw_zone_days_dwell each = { .from_day = day };
        assert_done(dw_zone_days_read(&zones, shop.store, &request, &each, why));
        const struct dw_zone_days *zone = &zones.list.items[0];
        assert_int_equal(zone->count, 3);
        assert_int_equal(zone->days[0].counts.visits, 1);
        assert_int_equal(zone->days[1].counts.visits, 2 * cases[i].hours);
        assert_int_equal(zone->days[2].counts.visits, 1);
        assert_null(zone->days[0].dwell);
        assert_int_equal(dw_dwell_hist_count(zone->days[1].dwell), 2 * cases[i].hours);
        assert_int_equal(dw_dwell_hist_count(zone->days[2].dwell), 1);
        int64_t measured_us = 0;
        for (int hour = 0; hour < DW_COMPARE_HOURS; hour++)
            measured_us += zone->days[1].cover[hour].measured_us;
        assert_int_equal(measured_us, cases[i].hours * HOUR_US);
        /* The hour from 2 to 3 is not there in March and there twice in October. */
        assert_int_equal(zone->days[1].hours[2].visits, cases[i].hours == 23 ? 0 : 4);
        dw_zone_days_fini(&zones);
        dw_store_destroy(shop.store);
    }
}

/* Two weeks from Monday 2026-11-02: two hours a day, 10 visits to the shelf a day in the first week
 * and 20 in the second (10 and 11 by turns, for days differ), 5 long ones to the till. */
static void fill_two_weeks(struct shop *shop)
{
    open_shop(shop, NULL);
    for (int day = 0; day < 14; day++) {
        begin_run(shop, at("2026-11-02T09:00Z") + 24 * day * HOUR_US, 2 * HOUR_US);
        int visits = (day < 7 ? 10 : 20) + day % 2;
        for (int i = 0; i < visits; i++)
            put(shop, 0, 30. * i, i % 2 == 0 ? 2 + .1 * (day % 3) : 6, false);
        for (int i = 0; i < 5; i++)
            put(shop, 1, 60. * i, 60 + i + day % 3, false);
    }
}

static void displays_are_ranked_and_compared_with_the_week_before(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct dw_err err = { { 0 } };
    fill_two_weeks(&shop);
    struct dw_report_request request = { .from_day = day_of("2026-11-09"),
                                         .to_day = day_of("2026-11-16") };
    assert_done(fill(&shop, "displays", &sheet, request, why));
    assert_string_equal(cell(&sheet, 0, 0, "zone")->text, "shelf");
    assert_true(value(&sheet, 0, 0, "visits") == 7 * 20 + 4);
    assert_true(value(&sheet, 0, 0, "visits_before") == 7 * 10 + 3);
    /* 144 / 73 for the same hours; days spread little. */
    assert_near(value(&sheet, 0, 0, "change"), 144. / 73 - 1, 1e-3);
    assert_true(cell(&sheet, 0, 0, "change")->number.low > .5);
    assert_true(cell(&sheet, 0, 0, "change")->number.high < 1.6);
    assert_string_equal(cell(&sheet, 0, 1, "zone")->text, "till");
    assert_near(value(&sheet, 0, 1, "change"), 0, 1e-6);
    assert_near(value(&sheet, 0, 1, "median_s"), 63, 1.5);
    assert_near(value(&sheet, 0, 1, "stop_rate"), 1, 1e-9);
    dw_sheet_fini(&sheet);
    request.values = (const char *const[OPTIONS]){ "dwell" };
    assert_done(fill(&shop, "displays", &sheet, request, why));
    assert_string_equal(cell(&sheet, 0, 0, "zone")->text, "till");
    assert_near(value(&sheet, 0, 0, "change"), 0, 1.5);
    dw_sheet_fini(&sheet);
    request.values = (const char *const[OPTIONS]){ "beauty" };
    assert_int_equal(fill(&shop, "displays", &sheet, request, &err), -EINVAL);
    assert_non_null(strstr(err.text, "'beauty'"));
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void a_shorter_period_is_compared_with_the_same_weekdays(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    fill_two_weeks(&shop);
    struct dw_report_request request = { .from_day = day_of("2026-11-13"),
                                         .to_day = day_of("2026-11-15") };
    assert_done(fill(&shop, "displays", &sheet, request, why));
    /* Friday and Saturday, day 11 and 12, against day 4 and 5. */
    assert_true(value(&sheet, 0, 0, "visits") == 21 + 20);
    assert_true(value(&sheet, 0, 0, "visits_before") == 10 + 11);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void two_periods_are_compared_by_hand(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    fill_two_weeks(&shop);
    struct dw_report_request request = {
        .from_day = 0,
        .to_day = 1,
        .zone = "shelf",
        .values =
            (const char *const[OPTIONS]){ "2026-11-02..2026-11-08", "2026-11-09..2026-11-15" },
    };
    assert_done(fill(&shop, "compare", &sheet, request, why));
    assert_string_equal(sheet.period, "A 2026-11-02..2026-11-08, B 2026-11-09..2026-11-15");
    assert_int_equal(sheet.tables.count, 3);
    assert_true(value(&sheet, 0, 0, "n_a") == 73);
    assert_true(value(&sheet, 0, 0, "n_b") == 144);
    assert_true(value(&sheet, 0, 0, "days_a") == 7);
    assert_true(value(&sheet, 0, 0, "coverage_b") == 1);
    /* 217 people in 28 hours, half of which are A's: 5.2 an hour, and 144 / 73 times that. */
    assert_near(value(&sheet, 0, 0, "per_hour_a"), 73. / 14, .05);
    assert_near(value(&sheet, 0, 0, "difference"), 144. / 73 - 1, 1e-3);
    assert_string_equal(cell(&sheet, 0, 0, "verdict")->text, "better");
    assert_near(value(&sheet, 0, 0, "p_adjusted"), 3 * value(&sheet, 0, 0, "p"), 1e-9);
    /* Every second visit is a stop: 35 of 73 and 70 of 144. */
    assert_near(value(&sheet, 1, 0, "rate_a"), 35. / 73, .01);
    assert_true(value(&sheet, 1, 0, "n_b") == 144);
    assert_int_equal(sheet.notes.count, 3);
    assert_non_null(strstr(sheet.notes.items[0], "shelf, footfall: better, up by 97"));
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void too_little_data_is_said(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    fill_two_weeks(&shop);
    struct dw_report_request request = {
        .from_day = 0,
        .to_day = 1,
        .zone = "shelf",
        .values = (const char *const[OPTIONS]){ "2026-11-02", "2026-11-09" },
    };
    assert_done(fill(&shop, "compare", &sheet, request, why));
    for (size_t i = 0; i < sheet.tables.count; i++) {
        assert_string_equal(cell(&sheet, i, 0, "verdict")->text, "too little data");
        assert_true(isnan(value(&sheet, i, 0, "difference")));
        assert_true(isnan(value(&sheet, i, 0, "p")));
    }
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void days_are_taken_by_turns_or_from_a_list_and_zones_against_each_other(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    fill_two_weeks(&shop);
    struct dw_report_request request = { .from_day = day_of("2026-11-02"),
                                         .to_day = day_of("2026-11-16"),
                                         .zone = "shelf" };
    request.values = by_turns;
    assert_done(fill(&shop, "compare", &sheet, request, why));
    /* The first, third ... day: Monday, Wednesday, Friday, Sunday, Tuesday ...: 10 visits a day
     * in the first week and 21 in the second; and the even ones. */
    assert_true(value(&sheet, 0, 0, "n_b") == 4 * 10 + 3 * 20);
    assert_true(value(&sheet, 0, 0, "n_a") == 3 * 11 + 4 * 21);
    dw_sheet_fini(&sheet);
    request.values = (const char *const[OPTIONS]){ [4] = "2026-11-03,2026-11-10..2026-11-12" };
    assert_done(fill(&shop, "compare", &sheet, request, why));
    assert_true(value(&sheet, 0, 0, "n_b") == 11 + 20 + 21 + 20);
    dw_sheet_fini(&sheet);
    request.values = (const char *const[OPTIONS]){ [2] = "till" };
    assert_done(fill(&shop, "compare", &sheet, request, why));
    assert_string_equal(cell(&sheet, 0, 0, "zone")->text, "shelf against till");
    assert_true(value(&sheet, 0, 0, "n_a") == 70);
    assert_true(value(&sheet, 0, 0, "n_b") == 217);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void what_cannot_be_compared_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *values[OPTIONS], *sentence;
    } cases[] = {
        { NULL, { NULL }, "wants one thing to compare" },
        { NULL, { "2026-11-02", "2026-11-03", [3] = "" }, "wants one thing to compare" },
        { NULL, { "2026-11-02" }, "--b" },
        { NULL, { "2026-11-02..2026-11-04", "2026-11-04" }, "days in common" },
        { NULL, { "2026-11-04..2026-11-02", "2026-11-05" }, "ends before it begins" },
        { NULL, { "2026-11-04..", "2026-11-05" }, "--a: '' is no date" },
        { NULL, { [2] = "till" }, "wants --zone" },
        { "shelf", { [2] = "door" }, "no zone 'door'" },
        { NULL, { "1971-01-01", "2026-11-05" }, "days are too many to tell apart" },
        { NULL, { [4] = "2026-11-02,,2026-11-03" }, "--promotion-days: '' is no date" },
    };
    struct shop shop;
    struct dw_err err = { { 0 } };
    fill_two_weeks(&shop);
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_sheet sheet;
        struct dw_report_request request = { .from_day = day_of("2026-11-02"),
                                             .to_day = day_of("2026-11-16"),
                                             .zone = cases[i].zone,
                                             .values = cases[i].values };
        assert_int_equal(fill(&shop, "compare", &sheet, request, &err), -EINVAL);
        if (strstr(err.text, cases[i].sentence) == NULL)
            fail_msg("'%s' is not in: %s", cases[i].sentence, err.text);
        dw_sheet_fini(&sheet);
    }
    dw_store_destroy(shop.store);
}

/* What a kind must be told, or it tells nothing. */
static const char *const *values_of(const char *kind)
{
    static const char *const allowed[] = { "" }, *const nothing[16] = { NULL };
    if (strcmp(kind, "compare") == 0)
        return by_turns;
    return strcmp(kind, "staff") == 0 ? allowed : nothing;
}

static void every_kind_says_that_nothing_was_measured(void **state)
{
    (void)state;
    struct shop shop;
    open_shop(&shop, NULL);
    for (size_t i = 0; dw_report_kind_at(i) != NULL; i++) {
        const char *name = dw_report_kind_at(i)->name;
        struct dw_sheet sheet;
        struct dw_report_request request = { .from_day = 100, .to_day = 101 };
        request.values = values_of(name);
        assert_done(fill(&shop, name, &sheet, request, why));
        assert_string_equal(sheet.kind, name);
        assert_non_null(sheet.title);
        assert_int_equal(sheet.notes.count, 1);
        assert_string_equal(sheet.notes.items[0], "Nothing was measured in these days");
        dw_sheet_fini(&sheet);
    }
    assert_null(dw_report_kind_find("beauty"));
    dw_store_destroy(shop.store);
}

static void every_kind_marks_what_was_simulated(void **state)
{
    (void)state;
    struct shop shop;
    open_shop(&shop, NULL);
    shop.conf.start_wall_us = at("2026-11-02T09:00Z");
    shop.conf.identity = "simulated:1";
    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    assert_done(dw_store_run_measured(shop.store, shop.run, HOUR_US, true, why));
    put(&shop, 0, 10, 5, false);
    for (size_t i = 0; dw_report_kind_at(i) != NULL; i++) {
        struct dw_sheet sheet;
        int64_t day = day_of("2026-11-02");
        struct dw_report_request request = { .from_day = day, .to_day = day + 1 };
        request.values = values_of(dw_report_kind_at(i)->name);
        assert_done(fill(&shop, dw_report_kind_at(i)->name, &sheet, request, why));
        assert_true(sheet.simulated);
        dw_sheet_fini(&sheet);
    }
    dw_store_destroy(shop.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_funnel_counts_by_hand),
        cmocka_unit_test(the_summary_counts_by_hand),
        cmocka_unit_test(the_summary_says_how_figures_move_without_visits_of_unknown_role),
        cmocka_unit_test(days_of_23_and_25_hours_are_whole),
        cmocka_unit_test(displays_are_ranked_and_compared_with_the_week_before),
        cmocka_unit_test(a_shorter_period_is_compared_with_the_same_weekdays),
        cmocka_unit_test(two_periods_are_compared_by_hand),
        cmocka_unit_test(too_little_data_is_said),
        cmocka_unit_test(days_are_taken_by_turns_or_from_a_list_and_zones_against_each_other),
        cmocka_unit_test(what_cannot_be_compared_is_refused),
        cmocka_unit_test(every_kind_says_that_nothing_was_measured),
        cmocka_unit_test(every_kind_marks_what_was_simulated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
