/* SPDX-License-Identifier: Apache-2.0 */
/* Whether every report says the same of a store on a server as of one in memory: six weeks of a
 * shop, put into both. Wants with_postgres; skips without. */
#include "report_fixture.h"

#include "insight/local_day.h"
#include "insight/report_kind.h"

#define DAYS 42
#define OPTIONS 8
#define DAY_S 86400
#define OPEN_S (10 * 3600)

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static void put_foot_track(struct shop *shop, int64_t person, double enter_s)
{
    struct dw_foot_point points[20];
    for (int i = 0; i < 20; i++)
        points[i] = (struct dw_foot_point){ .time_us = dw_time_from_seconds(enter_s + .5 * i),
                                            .x_norm = .1F + .03F * (float)i,
                                            .y_norm = .5F,
                                            .h_norm = .3F };
    assert_done(dw_store_put_foot_track(shop->store, shop->run, person, points, 20, why));
}

/* Some short, some cut, some of staff; some see both zones. */
static void put_stay(struct shop *shop, double enter_s, uint64_t *seed)
{
    double dwell_s = .5 + (double)(next(seed) % 400) / 10;
    struct dw_visit visit = test_visit(++shop->persons, enter_s, enter_s + dwell_s);
    visit.zone = (int)(next(seed) % 2);
    visit.person = 1 + shop->persons / 2;
    visit.pass = dwell_s < 1;
    visit.cut_end = next(seed) % 20 == 0;
    visit.role = next(seed) % 15 == 0 ? DW_ROLE_STAFF : DW_ROLE_UNKNOWN;
    shop_put(shop, &visit);
    if (next(seed) % 10 == 0)
        put_foot_track(shop, visit.person, enter_s);
}

static void put_day(struct shop *shop, int day, uint64_t *seed)
{
    int count = 40 + (int)(next(seed) % 40) + (day >= DAYS / 2 ? 20 : 0);
    assert_done(dw_store_begin(shop->store, why));
    for (int i = 0; i < count; i++) {
        double enter_s = (double)day * DAY_S + OPEN_S + 600. * i + (double)(next(seed) % 500);
        struct dw_crossing crossing = { .person = 1 + shop->persons / 2,
                                        .time_us = dw_time_from_seconds(enter_s),
                                        .to_right = next(seed) % 2 == 0 };
        put_stay(shop, enter_s, seed);
        assert_done(dw_store_put_crossing(shop->store, shop->run, &crossing, why));
    }
    struct dw_gap gap = { dw_time_from_seconds((double)day * DAY_S),
                          dw_time_from_seconds((double)day * DAY_S + 700), "frozen" };
    if (day % 5 == 0)
        assert_done(dw_store_put_gap(shop->store, shop->run, &gap, why));
    assert_done(dw_store_commit(shop->store, why));
}

static void fill_shop(struct shop *shop, const char *address)
{
    uint64_t seed = 7;
    *shop = (struct shop){ .zones = { test_zone("shelf", .1), test_zone("till", .6) } };
    shop->line = (struct dw_line){ .name = "door", .start = { .5, 0 }, .end = { .5, 1 } };
    shop->layout = (struct dw_layout){
        .zones = shop->zones, .zone_count = 2, .lines = &shop->line, .line_count = 1
    };
    shop->conf = test_run(&shop->layout);
    assert_done(dw_store_create(&shop->store, address, why));
    assert_done(dw_store_run_begin(shop->store, &shop->conf, &shop->run, why));
    for (int day = 0; day < DAYS; day++)
        put_day(shop, day, &seed);
    assert_done(dw_store_run_measured(shop->store, shop->run, dw_time_from_seconds(DAYS * DAY_S),
                                      true, why));
}

static void write_kind(struct shop *shop, const struct dw_report_kind *kind, struct dw_buf *out)
{
    static const char *const by_turns[OPTIONS] = { [3] = "" }, *const none[OPTIONS];
    static const char *const allowed[] = { "" };
    int64_t first_day = dw_local_day(START_US);
    struct dw_report_request request = {
        .from_day = first_day + DAYS / 2,
        .to_day = first_day + DAYS,
        .values = strcmp(kind->name, "compare") == 0 ? by_turns
                  : strcmp(kind->name, "staff") == 0 ? allowed
                                                     : none,
    };
    struct dw_sheet sheet = { 0 };
    assert_done(dw_report_kind_fill(kind, &sheet, shop->store, &request, why));
    dw_sheet_write_json(&sheet, out);
    dw_sheet_fini(&sheet);
}

static void every_kind_of_report_says_the_same_on_a_server(void **state)
{
    const struct folder *folder = *state;
    struct shop shops[2];
    if (folder->is_file)
        skip();
    assert_done(dw_local_zone_set("Europe/Berlin", why));
    fill_shop(&shops[0], ":memory:");
    fill_shop(&shops[1], folder->store);
    const struct dw_report_kind *kind = NULL;
    for (size_t i = 0; (kind = dw_report_kind_at(i)) != NULL; i++) {
        struct dw_buf texts[2] = { { 0 } };
        for (size_t s = 0; s < 2; s++)
            write_kind(&shops[s], kind, &texts[s]);
        assert_true(texts[0].length > 500); /* it says something */
        assert_string_equal(dw_buf_text(&texts[0]), dw_buf_text(&texts[1]));
        dw_buf_fini(&texts[0]);
        dw_buf_fini(&texts[1]);
    }
    for (size_t s = 0; s < 2; s++)
        dw_store_destroy(shops[s].store);
}

static void the_summary_says_the_same_on_a_server(void **state)
{
    const struct folder *folder = *state;
    struct shop shops[2];
    struct dw_buf texts[2] = { { 0 } };
    if (folder->is_file)
        skip();
    fill_shop(&shops[0], ":memory:");
    fill_shop(&shops[1], folder->store);
    for (size_t s = 0; s < 2; s++) {
        DW_AUTO(report) *report = shop_report(&shops[s], (struct dw_report_conf){ 0 });
        dw_report_json(report, &texts[s]);
        dw_store_destroy(shops[s].store);
    }
    assert_true(texts[0].length > 500);
    assert_string_equal(dw_buf_text(&texts[0]), dw_buf_text(&texts[1]));
    dw_buf_fini(&texts[0]);
    dw_buf_fini(&texts[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind_of_report_says_the_same_on_a_server,
                                        folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(the_summary_says_the_same_on_a_server, folder_setup,
                                        folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
