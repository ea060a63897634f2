/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "kind_fixture.h"
#include "lib/near.h"

/* Somebody stands at x, y from 10 s on. */
static void stand(struct shop *shop, int64_t person, float x, float y, int seconds)
{
    struct dw_foot_point points[64];
    size_t count = 0;
    for (; count <= 2 * (size_t)seconds; count++)
        points[count] = (struct dw_foot_point){
            .time_us = 10000000 + (int64_t)count * 500000, .x_norm = x, .y_norm = y, .h_norm = .3F
        };
    assert_done(dw_store_put_foot_track(shop->store, shop->run, person, points, count, why));
}

static void fill_shop(struct shop *shop)
{
    shop_open(shop, "shelf", 60);
    stand(shop, 1, .2F, .5F, 20);
    stand(shop, 2, .9F, .5F, 5);
}

static void the_warmest_spots_are_where_people_stood(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct asked asked = { .kind = "heat-map", .values = { "16", "0" } };
    fill_shop(&shop);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_int_equal(sheet_rows(&sheet, "spots"), 2);
    assert_near(sheet_number(&sheet, "spots", 0, "x"), 3.5 / 16, 1e-9);
    assert_near(sheet_number(&sheet, "spots", 0, "y"), 4.5 / 9, 1e-9);
    assert_near(sheet_number(&sheet, "spots", 0, "seconds"), 20, 1e-6);
    assert_near(sheet_number(&sheet, "spots", 0, "share"), .8, 1e-6);
    assert_string_equal(sheet_text(&sheet, "spots", 0, "zone"), "shelf");
    assert_string_equal(sheet_text(&sheet, "spots", 1, "zone"), "-");
    assert_near(sheet_number(&sheet, "spots", 1, "seconds"), 5, 1e-6);
    assert_int_equal(sheet_rows(&sheet, "cells"), 16 * 9);
    assert_near(sheet_number(&sheet, "cells", 4 * 16 + 3, "seconds"), 20, 1e-6);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void smoothing_keeps_the_sum(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct asked asked = { .kind = "heat-map" };
    double sum = 0;
    fill_shop(&shop);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    for (size_t i = 0; i < sheet_rows(&sheet, "cells"); i++)
        sum += sheet_number(&sheet, "cells", i, "smoothed_s");
    assert_near(sum, 25, 1e-6);
    assert_near(sheet_number(&sheet, "cameras", 0, "inside_s"), 25, 1e-6);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void staff_leave_no_warmth(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct asked asked = { .kind = "heat-map" };
    struct dw_visit visit = test_visit(1, 10, 30);
    visit.role = DW_ROLE_STAFF;
    fill_shop(&shop);
    shop_put(&shop, &visit);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_near(sheet_number(&sheet, "cameras", 0, "inside_s"), 5, 1e-6);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void without_tracks_there_is_no_map(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct dw_err err = { 0 };
    struct asked asked = { .kind = "heat-map" };
    shop_open(&shop, "shelf", 60);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_int_equal(sheet_rows(&sheet, "cells"), 0);
    assert_int_equal(sheet.plots.count, 0);
    assert_non_null(strstr(sheet.notes.items[0], "No foot tracks"));
    dw_sheet_fini(&sheet);
    asked.values[2] = "/tmp/dwell-test-heat.png";
    assert_int_equal(kind_fill(&sheet, shop.store, &asked, &err), -ENODATA);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

static void the_picture_is_a_png_of_the_cameras_size(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    unsigned char head[24] = { 0 };
    char path[] = "/tmp/dwell-test-heat-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    struct asked asked = { .kind = "heat-map", .values = { NULL, NULL, path } };
    fill_shop(&shop);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_int_equal(pread(file, head, sizeof(head), 0), sizeof(head));
    assert_memory_equal(head, "\x89PNG", 4);
    assert_int_equal(head[18] * 256 + head[19], 1280); /* IHDR: width, height */
    assert_int_equal(head[22] * 256 + head[23], 720);
    close(file);
    unlink(path);
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

/* The camera looks straight down on 16 m by 9 m. */
static void on_a_floor_spots_are_in_metres_and_zones_where_they_were(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    char path[] = "/tmp/dwell-test-ground-XXXXXX";
    static const char model[] = "{\"world_to_image\": [[80,0,0],[0,-80,720],[0,0,1]],"
                                "\"image_width\": 1280, \"image_height\": 720}";
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, model, sizeof(model) - 1) == sizeof(model) - 1);
    close(file);
    struct asked asked = { .kind = "heat-map",
                           .values = { "16", "0", NULL, NULL, path, "0,0,16,9" } };
    fill_shop(&shop);
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_int_equal(sheet_rows(&sheet, "spots"), 2);
    assert_near(sheet_number(&sheet, "spots", 0, "x"), 3.5, 1e-9);
    assert_near(sheet_number(&sheet, "spots", 0, "y"), 4.5, 1e-9);
    assert_near(sheet_number(&sheet, "spots", 0, "seconds"), 20, 1e-6);
    assert_string_equal(sheet_text(&sheet, "spots", 0, "zone"), "shelf");
    assert_string_equal(sheet_text(&sheet, "spots", 1, "zone"), "-");
    dw_sheet_fini(&sheet);
    asked.values[5] = "0,0,8,9"; /* the half without the second */
    assert_done(kind_fill(&sheet, shop.store, &asked, why));
    assert_near(sheet_number(&sheet, "cameras", 0, "inside_s"), 20, 1e-6);
    assert_near(sheet_number(&sheet, "cameras", 0, "outside_s"), 5, 1e-6);
    dw_sheet_fini(&sheet);
    unlink(path);
    dw_store_destroy(shop.store);
}

static void a_still_without_a_picture_is_refused(void **state)
{
    (void)state;
    struct shop shop;
    struct dw_sheet sheet;
    struct dw_err err = { 0 };
    struct asked asked = { .kind = "heat-map", .values = { NULL, NULL, NULL, "still.png" } };
    fill_shop(&shop);
    assert_int_equal(kind_fill(&sheet, shop.store, &asked, &err), -EINVAL);
    assert_non_null(strstr(err.text, "add --png"));
    dw_sheet_fini(&sheet);
    dw_store_destroy(shop.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_warmest_spots_are_where_people_stood),
        cmocka_unit_test(smoothing_keeps_the_sum),
        cmocka_unit_test(staff_leave_no_warmth),
        cmocka_unit_test(without_tracks_there_is_no_map),
        cmocka_unit_test(the_picture_is_a_png_of_the_cameras_size),
        cmocka_unit_test(on_a_floor_spots_are_in_metres_and_zones_where_they_were),
        cmocka_unit_test(a_still_without_a_picture_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
