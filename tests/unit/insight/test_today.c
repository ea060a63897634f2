/* SPDX-License-Identifier: Apache-2.0 */
/* A shop in Berlin that is measured from ten in the evening until two. */
#include "insight/today.h"

#include <math.h>

#include "insight/local_day.h"
#include "report_fixture.h"

#define MINUTE_S 60.0
#define HOUR_S 3600.0

static int64_t at(const char *text)
{
    int64_t wall_us = 0;
    assert_done(dw_time_parse(&wall_us, text, why));
    return wall_us;
}

static void begin_run(struct shop *shop, const char *start, const char *identity)
{
    shop->conf.start_wall_us = at(start);
    shop->conf.utc_offset_us = 3600 * DW_SECOND_US;
    shop->conf.identity = identity;
    assert_done(dw_store_run_begin(shop->store, &shop->conf, &shop->run, why));
    assert_done(
        dw_store_run_measured(shop->store, shop->run, dw_time_from_seconds(4 * HOUR_S), true, why));
}

/* Visits at 22:10, 23:50 across midnight, 0:30 and 1:30. */
static void open_night(struct shop *shop)
{
    assert_done(dw_local_zone_set("Europe/Berlin", why));
    shop_open(shop, "shelf", 1);
    begin_run(shop, "2026-11-25T21:00:00Z", "file:tonight");
    shop_visit(shop, 10 * MINUTE_S, 10 * MINUTE_S + 20, false);
    shop_visit(shop, 110 * MINUTE_S, 130 * MINUTE_S, false);
    shop_visit(shop, 150 * MINUTE_S, 150 * MINUTE_S + 40, false);
    shop_visit(shop, 210 * MINUTE_S, 210 * MINUTE_S + 50, false);
}

static struct dw_today today_at(struct shop *shop, const char *now)
{
    struct dw_today today;
    assert_done(dw_today_read(&today, shop->store, NULL, at(now), why));
    return today;
}

static void assert_today(struct shop *shop, const char *now, const char *date, int64_t visits,
                         double measured_s)
{
    struct dw_today today = today_at(shop, now);
    char day[DW_DATE_SIZE];
    assert_string_equal(dw_local_date(day, today.day), date);
    assert_int_equal(today.places.list.count, 2);
    assert_int_equal(today.zones[0].visits, visits);
    assert_true(fabs(dw_time_to_seconds(today.zones[0].cover.measured_us) - measured_s) < 1);
    dw_today_fini(&today);
}

static void figures_begin_anew_at_local_midnight(void **state)
{
    (void)state;
    struct shop shop;
    open_night(&shop);
    assert_today(&shop, "2026-11-25T21:44:59Z", "2026-11-25", 1, 0.75 * HOUR_S);
    assert_today(&shop, "2026-11-25T22:59:59.999Z", "2026-11-25", 2, 2 * HOUR_S);
    assert_today(&shop, "2026-11-25T23:00:00Z", "2026-11-26", 0, 0.25 * HOUR_S);
    assert_today(&shop, "2026-11-25T23:44:59Z", "2026-11-26", 1, 0.75 * HOUR_S);
    assert_today(&shop, "2026-11-26T00:59:59Z", "2026-11-26", 2, 2 * HOUR_S);
    dw_store_destroy(shop.store);
}

static void a_visit_over_midnight_is_of_the_day_on_which_it_began(void **state)
{
    (void)state;
    struct shop shop;
    open_night(&shop);
    struct dw_today before = today_at(&shop, "2026-11-25T22:59:59Z");
    assert_int_equal(before.zones[0].hours[22], 1);
    assert_int_equal(before.zones[0].hours[23], 1);
    assert_int_equal(before.zones[0].hours[0], 0);
    struct dw_today after = today_at(&shop, "2026-11-26T00:59:59Z");
    assert_int_equal(after.zones[0].hours[23], 0);
    assert_int_equal(after.zones[0].hours[0], 1);
    assert_int_equal(after.zones[0].hours[1], 1);
    assert_true(after.zones[0].median_s.value < 60); /* not the twenty minutes of the one before */
    dw_today_fini(&before);
    dw_today_fini(&after);
    dw_store_destroy(shop.store);
}

static void what_is_usual_is_that_of_the_new_weekday_so_far(void **state)
{
    (void)state;
    struct shop shop;
    open_night(&shop);
    begin_run(&shop, "2026-11-18T21:00:00Z", "file:last week");
    shop_visit(&shop, 100 * MINUTE_S, 100 * MINUTE_S + 20, false); /* Wednesday, 23:40 */
    shop_visit(&shop, 125 * MINUTE_S, 125 * MINUTE_S + 20, false); /* Thursday, 0:05 */
    shop_visit(&shop, 128 * MINUTE_S, 128 * MINUTE_S + 20, false); /* 0:08 */
    shop_visit(&shop, 225 * MINUTE_S, 225 * MINUTE_S + 20, false); /* 1:45 */
    struct dw_today wednesday = today_at(&shop, "2026-11-25T22:59:59Z");
    assert_int_equal(wednesday.zones[0].usual_days, 1);
    assert_true(wednesday.zones[0].usual_sum == 1);
    struct dw_today thursday = today_at(&shop, "2026-11-25T23:14:59Z");
    assert_int_equal(thursday.zones[0].visits, 0);
    assert_int_equal(thursday.zones[0].usual_days, 1);
    assert_true(thursday.zones[0].usual_sum == 2);
    assert_true(thursday.zones[0].usual_hours[1] == 1 && thursday.zones[0].usual_hours[23] == 0);
    dw_today_fini(&wednesday);
    dw_today_fini(&thursday);
    dw_store_destroy(shop.store);
}

static void several_days_are_usual_from_the_least_to_the_most(void **state)
{
    (void)state;
    struct shop shop;
    open_night(&shop);
    begin_run(&shop, "2026-11-18T21:00:00Z", "file:last week");
    shop_visit(&shop, 125 * MINUTE_S, 125 * MINUTE_S + 20, false); /* Thursday, 0:05 */
    shop_visit(&shop, 128 * MINUTE_S, 128 * MINUTE_S + 20, false); /* 0:08 */
    begin_run(&shop, "2026-11-11T21:00:00Z", "file:the week before");
    shop_visit(&shop, 125 * MINUTE_S, 125 * MINUTE_S + 20, false); /* Thursday, 0:05 */
    struct dw_today thursday = today_at(&shop, "2026-11-25T23:14:59Z");
    assert_int_equal(thursday.zones[0].usual_days, 2);
    assert_int_equal(thursday.zones[0].usual_least, 1);
    assert_int_equal(thursday.zones[0].usual_most, 2);
    dw_today_fini(&thursday);
    dw_store_destroy(shop.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_begin_anew_at_local_midnight),
        cmocka_unit_test(a_visit_over_midnight_is_of_the_day_on_which_it_began),
        cmocka_unit_test(what_is_usual_is_that_of_the_new_weekday_so_far),
        cmocka_unit_test(several_days_are_usual_from_the_least_to_the_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
