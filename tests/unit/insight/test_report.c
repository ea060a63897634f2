/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "insight/report_impl.h"
#include "report_fixture.h"

static void assert_near(double actual, double wanted)
{
    if (!(fabs(actual - wanted) <= 1e-4))
        fail_msg("%.9g is not %.9g", actual, wanted);
}

static bool has_note(const struct dw_report *report, const char *part)
{
    for (size_t i = 0; i < report->notes.count; i++)
        if (strstr(report->notes.items[i], part) != NULL)
            return true;
    return false;
}

static void figures_of_whole_visits_are_the_plain_ones(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    static const double dwell[] = { 2, 4, 6, 8, 12, 14, 16, 18, 20, 30 };
    for (size_t i = 0; i < DW_LENGTH(dwell); i++)
        shop_visit(&shop, (double)i, (double)i + dwell[i], false);
    shop_visit(&shop, 50, 50.5, false);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    assert_int_equal(report->zones.count, 2);
    const struct dw_report_zone *zone = &report->zones.items[0];
    assert_int_equal(zone->visits, 10);
    assert_int_equal(zone->passes, 1);
    assert_int_equal(zone->people, 10);
    assert_int_equal(zone->entries, 11);
    assert_int_equal(zone->side_entries[1], 11);
    assert_int_equal(zone->cut_visits, 0);
    assert_near(zone->median.s.value, 13);
    assert_near(zone->p75.s.value, 17.5);
    assert_near(zone->p90.s.value, 21);
    assert_near(zone->mean_s, 13);
    assert_near(zone->longest_s, 30);
    assert_int_equal(zone->stop.hits, 9);
    assert_near(zone->stop.share.value, .9);
    assert_near(zone->stop.share.low, .5958);
    assert_near(zone->stop.share.high, .9821);
    assert_false(zone->stop.curve);
    assert_near(zone->engage.share.value, .6);
    assert_near(zone->coverage, 1);
    assert_near(zone->occupancy_average, 1.305);
    /* At 9 s: all but those who left at 2, 5 and 8. */
    assert_int_equal(zone->occupancy_peak, 7);
    assert_int_equal(report->zones.items[1].visits, 0);
    assert_int_equal(report->notes.count, 0);
    dw_store_destroy(shop.store);
}

static void cut_visits_lengthen_the_median_instead_of_shortening_it(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    shop_visit(&shop, 0, 2, true);
    shop_visit(&shop, 0, 4, false);
    shop_visit(&shop, 0, 5, true);
    shop_visit(&shop, 0, 10, false);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    const struct dw_report_zone *zone = &report->zones.items[0];
    assert_int_equal(zone->cut_visits, 2);
    /* S is 2/3 from 4 s on and 0 from 10 s on. */
    assert_near(zone->median.s.value, 10);
    assert_near(zone->p75.s.value, 10);
    assert_false(zone->p90.known);
    assert_true(zone->stop.curve);
    assert_int_equal(zone->stop.hits, 3);
    assert_near(zone->stop.share.value, 1);
    assert_near(zone->engage.share.value, 2.0 / 3);
    assert_true(has_note(report, "shelf: cut off: 2 of 4 visits"));
    dw_store_destroy(shop.store);
}

static void a_share_beyond_the_longest_cut_visit_is_not_told(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    shop_visit(&shop, 0, 2, false);
    shop_visit(&shop, 0, 4, true);
    shop_visit(&shop, 0, 5, true);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    const struct dw_report_zone *zone = &report->zones.items[0];
    assert_true(zone->stop.known);
    assert_near(zone->stop.share.value, 2.0 / 3);
    assert_false(zone->engage.known);
    dw_store_destroy(shop.store);
}

static void a_median_that_was_not_reached_is_not_invented(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    for (int i = 0; i < 6; i++)
        shop_visit(&shop, i, i + 20, i > 1);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    assert_true(report->zones.items[0].median.known);
    assert_true(isinf(report->zones.items[0].median.s.value));
    dw_store_destroy(shop.store);
}

static void too_few_visits_have_no_quantiles(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    shop_visit(&shop, 0, 5, false);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    assert_false(report->zones.items[0].median.known);
    assert_true(report->zones.items[0].stop.known);
    assert_false(report->zones.items[1].stop.known);
    dw_store_destroy(shop.store);
}

static void a_start_not_seen_is_no_entry_and_cuts(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    struct dw_visit visit = test_visit(1, 0, 5);
    visit.cut_start = true;
    visit.enter_side = 0;
    shop_put(&shop, &visit);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    assert_int_equal(report->zones.items[0].entries, 0);
    assert_int_equal(report->zones.items[0].cut_visits, 1);
    dw_store_destroy(shop.store);
}

static void somebody_who_comes_twice_is_one_of_the_people(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    for (int i = 0; i < 3; i++) {
        struct dw_visit visit = test_visit(i + 1, i * 10, i * 10 + 5);
        visit.person = i == 2 ? 2 : 1;
        shop_put(&shop, &visit);
    }
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    assert_int_equal(report->zones.items[0].visits, 3);
    assert_int_equal(report->zones.items[0].people, 2);
    dw_store_destroy(shop.store);
}

static void staff_are_left_out_and_said_to_be(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    shop_visit(&shop, 0, 5, false);
    struct dw_visit staff = test_visit(2, 0, 60), pass = test_visit(3, 0, .5);
    staff.role = pass.role = DW_ROLE_STAFF;
    pass.pass = true;
    shop_put(&shop, &staff);
    shop_put(&shop, &pass);
    struct dw_report *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    assert_int_equal(report->zones.items[0].visits, 1);
    assert_int_equal(report->zones.items[0].passes, 0);
    assert_int_equal(report->zones.items[0].staff_visits, 1);
    assert_int_equal(report->zones.items[0].staff_passes, 1);
    assert_true(has_note(report,
                         "staff are left out of every figure: visits 1, passes 1, 66.7 % of "
                         "all stays"));
    assert_near(report->zones.items[0].staff_share, 2. / 3);
    assert_true(isnan(report->zones.items[1].staff_share));
    dw_report_destroy(report);
    report = shop_report(&shop, (struct dw_report_conf){ .include_staff = true });
    assert_int_equal(report->zones.items[0].visits, 2);
    assert_int_equal(report->zones.items[0].passes, 1);
    assert_true(has_note(report, "staff are counted too: visits 1"));
    assert_near(report->zones.items[0].staff_share, 2. / 3);
    dw_report_destroy(report);
    dw_store_destroy(shop.store);
}

/* Shoppers stay for 2, 4 and 6 s, people of whom nobody knows what they are for 30 and 40. */
static void figures_without_visits_of_unknown_role_stand_beside_the_others(void **state)
{
    (void)state;
    static const double dwell[] = { 2, 4, 6, 30, 40 };
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    for (int i = 0; i < 5; i++) {
        struct dw_visit visit = test_visit(i + 1, i, i + dwell[i]);
        visit.role = i < 3 ? DW_ROLE_SHOPPER : DW_ROLE_UNKNOWN;
        shop_put(&shop, &visit);
    }
    struct dw_report *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    const struct dw_report_zone *zone = &report->zones.items[0];
    assert_int_equal(zone->visits, 5);
    assert_near(zone->median.s.value, 6);
    assert_int_equal(zone->unknown_visits, 2);
    assert_int_equal(zone->told.visits, 3);
    assert_near(zone->told.median.s.value, 4);
    assert_true(has_note(report, "of 2 of 5 visits the role is not known, and they count as "
                                 "shoppers'; without them: visits 3, median 4.0 s"));
    dw_report_destroy(report);
    dw_store_destroy(shop.store);
}

static void gaps_lower_coverage_and_raise_occupancy(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    static const struct dw_gap gaps[] = {
        { 10000000, 30000000, "camera_down" },
        { 60000000, 65000000, "frozen" },
        { 95000000, 200000000, "camera_down" },
    };
    for (size_t i = 0; i < DW_LENGTH(gaps); i++)
        assert_done(dw_store_put_gap(shop.store, shop.run, &gaps[i], why));
    shop_visit(&shop, 30, 65, false);
    struct dw_visit bridged = test_visit(9, 70, 75);
    bridged.bridged_us = 2000000;
    shop_put(&shop, &bridged);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    const struct dw_report_zone *zone = &report->zones.items[0];
    assert_int_equal(dw_spans_total(&zone->measured), 70000000);
    assert_int_equal(zone->measured.count, 3);
    assert_near(zone->coverage, .7);
    assert_near(zone->occupancy_average, 40.0 / 70);
    assert_near(zone->bridged_share, 2.0 / 40);
    assert_true(has_note(report, "30.0 % of the scheduled time was not measured"));
    dw_store_destroy(shop.store);
}

static void time_between_runs_is_not_scheduled(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 60);
    shop.conf.start_wall_us += 3600 * DW_SECOND_US;
    shop.conf.identity = "sha256:2";
    shop.layout.zone_count = 1;
    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    assert_done(dw_store_run_measured(shop.store, shop.run, 40000000, false, why));
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    assert_int_equal(dw_spans_total(&report->cameras.items[0].scheduled), 100000000);
    assert_int_equal(dw_spans_total(&report->zones.items[0].scheduled), 100000000);
    assert_int_equal(dw_spans_total(&report->zones.items[1].scheduled), 60000000);
    assert_near(report->zones.items[1].coverage, 1);
    assert_true(has_note(report, "1 of 2 runs did not reach the end"));
    assert_false(has_note(report, "overlap"));
    dw_store_destroy(shop.store);
}

static void overlapping_runs_and_redrawn_zones_are_doubted(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 60);
    shop.conf.start_wall_us += 30 * DW_SECOND_US;
    shop.conf.identity = "sha256:3";
    shop.zones[0].corners[0].x = 0;
    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    assert_done(dw_store_run_measured(shop.store, shop.run, 60000000, true, why));
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    assert_true(has_note(report, "overlap in time"));
    assert_true(has_note(report, "shelf: the zone or its settings changed"));
    assert_int_equal(dw_spans_total(&report->cameras.items[0].scheduled), 90000000);
    assert_near(report->zones.items[0].coverage, 1);
    dw_store_destroy(shop.store);
}

static void a_period_takes_its_part_of_runs_and_visits(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    for (int i = 0; i < 10; i++)
        shop_visit(&shop, i * 10, i * 10 + 5, false);
    DW_AUTO(report) *report =
        shop_report(&shop, (struct dw_report_conf){ .from_us = START_US + 20000000,
                                                    .to_us = START_US + 50000000 });
    assert_int_equal(report->zones.items[0].visits, 3);
    assert_int_equal(dw_spans_total(&report->zones.items[0].measured), 30000000);
    DW_AUTO(report) *none = shop_report(&shop, (struct dw_report_conf){ .camera = "cellar" });
    assert_int_equal(none->cameras.count, 0);
    dw_store_destroy(shop.store);
}

static void doubt(struct shop *shop, enum dw_variant variant, double enter_s, double exit_s)
{
    struct dw_doubt_visit visit = { variant, test_visit(++shop->persons, enter_s, exit_s) };
    assert_done(dw_store_put_doubt(shop->store, shop->run, &visit, why));
}

static void figures_that_move_with_the_settings_say_so(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    shop_visit(&shop, 5, 15, false);
    shop_visit(&shop, 20, 24, false);
    DW_AUTO(report) *plain = shop_report(&shop, (struct dw_report_conf){ 0 });
    assert_false(plain->zones.items[0].doubted); /* an older dwell measured it */
    for (int i = 0; i < DW_VARIANT_COUNT; i++) {
        doubt(&shop, (enum dw_variant)i, 20, 24);
        if (i == DW_VARIANT_BRIDGE_HALF)
            doubt(&shop, (enum dw_variant)i, 5, 9);
        doubt(&shop, (enum dw_variant)i, i == DW_VARIANT_BRIDGE_HALF ? 11 : 5, 15);
    }
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    const struct dw_report_zone *zone = &report->zones.items[0];
    assert_true(zone->doubted);
    assert_int_equal(zone->variants[DW_VARIANT_BRIDGE_HALF].visits, 3);
    assert_int_equal(zone->variants[DW_VARIANT_LINK_TWICE].visits, 2);
    assert_near(zone->variants[DW_VARIANT_BRIDGE_HALF].median.s.value, 4);
    assert_near(zone->variants[DW_VARIANT_LINK_TWICE].median.s.value, 7);
    assert_true(has_note(report, "shelf: with bridge or link halved or doubled: visits 2 to 3, "
                                 "median 4.0 s to 7.0 s"));
    dw_store_destroy(shop.store);
}

static void lines_count_each_way(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 100);
    for (int i = 0; i < 5; i++) {
        struct dw_crossing crossing = { .person = i,
                                        .time_us = i * DW_SECOND_US,
                                        .to_right = i < 2 };
        assert_done(dw_store_put_crossing(shop.store, shop.run, &crossing, why));
    }
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    assert_int_equal(report->lines.count, 1);
    assert_int_equal(report->lines.items[0].to_right, 2);
    assert_int_equal(report->lines.items[0].to_left, 3);
    dw_store_destroy(shop.store);
}

static void occupancy_by_slices_is_the_most_in_each(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 40);
    shop_visit(&shop, 5, 15, false);
    shop_visit(&shop, 15, 35, false);
    shop_visit(&shop, 16, 18, false);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    size_t slices[4];
    dw_report_zone_occupancy(&report->zones.items[0],
                             (struct dw_span){ START_US, START_US + 40000000 }, slices, 4);
    static const size_t wanted[] = { 1, 2, 1, 1 };
    assert_memory_equal(slices, wanted, sizeof(wanted));
    assert_int_equal(report->zones.items[0].occupancy_peak, 2);
    dw_store_destroy(shop.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_of_whole_visits_are_the_plain_ones),
        cmocka_unit_test(cut_visits_lengthen_the_median_instead_of_shortening_it),
        cmocka_unit_test(a_share_beyond_the_longest_cut_visit_is_not_told),
        cmocka_unit_test(a_median_that_was_not_reached_is_not_invented),
        cmocka_unit_test(too_few_visits_have_no_quantiles),
        cmocka_unit_test(a_start_not_seen_is_no_entry_and_cuts),
        cmocka_unit_test(somebody_who_comes_twice_is_one_of_the_people),
        cmocka_unit_test(staff_are_left_out_and_said_to_be),
        cmocka_unit_test(figures_without_visits_of_unknown_role_stand_beside_the_others),
        cmocka_unit_test(gaps_lower_coverage_and_raise_occupancy),
        cmocka_unit_test(time_between_runs_is_not_scheduled),
        cmocka_unit_test(overlapping_runs_and_redrawn_zones_are_doubted),
        cmocka_unit_test(a_period_takes_its_part_of_runs_and_visits),
        cmocka_unit_test(figures_that_move_with_the_settings_say_so),
        cmocka_unit_test(lines_count_each_way),
        cmocka_unit_test(occupancy_by_slices_is_the_most_in_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
