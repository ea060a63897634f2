/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "kind_fixture.h"
#include "lib/near.h"

static void stay(struct shop *shop, enum dw_role role, int zone, double enter_s, double exit_s)
{
    struct dw_visit visit = test_visit(++shop->persons, enter_s, exit_s);
    visit.zone = zone;
    visit.role = role;
    visit.role_p = role == DW_ROLE_UNKNOWN ? 0 : 0.95;
    shop_put(shop, &visit);
}

/* An hour: one of staff at the shelf for a quarter of it; two shoppers are there then, one later.
 */
static void fill_shop(struct shop *shop)
{
    shop_open(shop, "shelf", 3600);
    stay(shop, DW_ROLE_STAFF, 0, 100, 1000);
    stay(shop, DW_ROLE_SHOPPER, 0, 40, 240);
    stay(shop, DW_ROLE_UNKNOWN, 0, 300, 400);
    stay(shop, DW_ROLE_SHOPPER, 0, 2000, 2600);
    stay(shop, DW_ROLE_SHOPPER, 1, 10, 20);
}

static void staff_are_not_shown_unless_it_is_allowed(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct dw_err err = { 0 };
    struct asked asked = { .kind = "staff" };
    fill_shop(&shop);
    assert_int_equal(kind_fill(&sheet, shop.store, &asked, &err), -EINVAL);
    assert_non_null(strstr(err.text, "give --allowed"));
    assert_int_equal(sheet.tables.count, 0);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

/* The hour may lie in two hours of the day: what counts are sums over both. */
static double sum(const struct dw_sheet *sheet, const char *column)
{
    double total = 0;
    for (size_t row = 0; row < sheet_rows(sheet, "hours"); row++)
        if (strcmp(sheet_text(sheet, "hours", row, "zone"), "shelf") == 0)
            total += sheet_number(sheet, "hours", row, column) *
                     sheet_number(sheet, "hours", row, "measured_h") * 3600;
    return total;
}

static void presence_is_person_time_by_the_hour(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct asked asked = { .kind = "staff", .values = { "" } };
    fill_shop(&shop);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_near(sum(&sheet, "staff"), 900, 1);
    assert_near(sum(&sheet, "shoppers"), 900, 1);
    for (size_t row = 0; row < sheet_rows(&sheet, "hours"); row++) {
        double staff = sheet_number(&sheet, "hours", row, "staff");
        double each = sheet_number(&sheet, "hours", row, "per_employee");
        assert_true(staff > 0
                        ? fabs(each * staff - sheet_number(&sheet, "hours", row, "shoppers")) < 1e-9
                        : isnan(each));
    }
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void it_is_told_how_soon_staff_came(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct asked asked = { .kind = "staff", .values = { "" } };
    fill_shop(&shop);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_int_equal(sheet_rows(&sheet, "joined"), 2);
    assert_string_equal(sheet_text(&sheet, "joined", 0, "zone"), "shelf");
    assert_near(sheet_number(&sheet, "joined", 0, "visits"), 3, 0);
    assert_near(sheet_number(&sheet, "joined", 0, "joined"), 2.0 / 3, 1e-9);
    assert_near(sheet_number(&sheet, "joined", 0, "median_s"), 60, 1e-6);
    assert_near(sheet_number(&sheet, "joined", 1, "joined"), 0, 0);
    assert_true(isinf(sheet_number(&sheet, "joined", 1, "median_s")));
    assert_non_null(strstr(sheet.notes.items[0], "1 visits of an unknown role"));
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void a_zone_asked_for_is_shown_alone(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct asked asked = { .kind = "staff", .zone = "till", .values = { "" } };
    fill_shop(&shop);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_int_equal(sheet_rows(&sheet, "joined"), 1);
    assert_string_equal(sheet_text(&sheet, "joined", 0, "zone"), "till");
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(staff_are_not_shown_unless_it_is_allowed),
        cmocka_unit_test(presence_is_person_time_by_the_hour),
        cmocka_unit_test(it_is_told_how_soon_staff_came),
        cmocka_unit_test(a_zone_asked_for_is_shown_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
