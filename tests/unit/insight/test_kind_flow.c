/* SPDX-License-Identifier: Apache-2.0 */
#include "kind_fixture.h"
#include "lib/near.h"

static void stay(struct shop *shop, int64_t person, int zone, double enter_s)
{
    struct dw_visit visit = test_visit(++shop->persons, enter_s, enter_s + 10);
    visit.person = person;
    visit.zone = zone;
    shop_put(shop, &visit);
}

/* Three go from the shelf to the till, one of them back; one stays away for an hour between. */
static void fill_shop(struct shop *shop)
{
    shop_open(shop, "shelf", 7200);
    for (int person = 1; person <= 3; person++) {
        stay(shop, person, 0, 10 * person);
        stay(shop, person, 1, 100 + 10 * person);
    }
    stay(shop, 3, 0, 200);
    stay(shop, 4, 0, 10);
    stay(shop, 4, 1, 4000);
}

static void steps_and_ends_are_counted(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct asked asked = { .kind = "flow" };
    fill_shop(&shop);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_int_equal(sheet_rows(&sheet, "transitions"), 2);
    assert_string_equal(sheet_text(&sheet, "transitions", 0, "from"), "shelf");
    assert_string_equal(sheet_text(&sheet, "transitions", 0, "to"), "till");
    assert_near(sheet_number(&sheet, "transitions", 0, "count"), 3, 0);
    assert_near(sheet_number(&sheet, "transitions", 0, "of"), 5, 0);
    assert_near(sheet_number(&sheet, "transitions", 0, "share"), .6, 1e-9);
    /* Wilson, 3 of 5. */
    assert_near(sheet_cell(&sheet, "transitions", 0, "share")->number.low, .2307, 1e-3);
    assert_near(sheet_number(&sheet, "transitions", 1, "count"), 1, 0);
    assert_near(sheet_number(&sheet, "zones", 0, "first"), 4, 0);
    assert_near(sheet_number(&sheet, "zones", 0, "first_share"), .8, 1e-9);
    assert_near(sheet_number(&sheet, "zones", 1, "last"), 3, 0);
    assert_int_equal(sheet.plots.count, 1);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void a_longer_gap_joins_ways(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct asked asked = { .kind = "flow", .values = { "90" } };
    fill_shop(&shop);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_near(sheet_number(&sheet, "transitions", 0, "count"), 4, 0);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void a_zone_asked_for_keeps_the_steps_from_and_to_it(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct asked asked = { .kind = "flow", .zone = "till" };
    fill_shop(&shop);
    stay(&shop, 9, 0, 300);
    stay(&shop, 9, 0, 320); /* from the shelf to the shelf */
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_int_equal(sheet_rows(&sheet, "zones"), 1);
    assert_int_equal(sheet_rows(&sheet, "transitions"), 2);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void staff_are_left_out_unless_they_are_asked_for(void **state)
{
    (void)state;
    for (int with_staff = 0; with_staff < 2; with_staff++) {
        struct shop shop;
        struct dw_sheet sheet;
        struct asked asked = { .kind = "flow", .include_staff = with_staff != 0 };
        fill_shop(&shop);
        struct dw_visit visit = test_visit(++shop.persons, 300, 310);
        visit.role = DW_ROLE_STAFF;
        shop_put(&shop, &visit);
        assert_done(kind_fill(&sheet, shop.store, &asked, why));
        assert_near(sheet_number(&sheet, "zones", 0, "visits"), 5 + with_staff, 0);
        dw_sheet_fini(&sheet);
        dw_store_destroy(shop.store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_and_ends_are_counted),
        cmocka_unit_test(a_longer_gap_joins_ways),
        cmocka_unit_test(a_zone_asked_for_keeps_the_steps_from_and_to_it),
        cmocka_unit_test(staff_are_left_out_unless_they_are_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
