/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "store/store_care.h"
#include "store_fixture.h"

#define DAY_US (86400 * DW_SECOND_US)

struct shop {
    struct dw_store *store;
    struct dw_zone zones[2];
    struct dw_layout layout;
    struct dw_store_run_conf conf;
    int64_t run;
};

static const struct dw_alert_rule queue = { .name = "till 1", .zone = 1, .kind = DW_ALERT_QUEUE };

static void shop_init(struct shop *shop, const char *url)
{
    *shop = (struct shop){ .zones = { test_zone("shelf", .1), test_zone("till", .5) } };
    shop->layout = (struct dw_layout){ .zones = shop->zones, .zone_count = 2 };
    shop->conf = test_run(&shop->layout);
    assert_done(dw_store_create(&shop->store, url, why));
    assert_done(dw_store_run_begin(shop->store, &shop->conf, &shop->run, why));
}

static struct dw_alert_event raised(int number, int64_t time_us)
{
    struct dw_alert_event event = { .time_us = time_us,
                                    .alert = { .id = { (uint8_t)number },
                                               .people = 3,
                                               .since_us = time_us - DW_SECOND_US,
                                               .raised_us = time_us,
                                               .told = 1 } };
    return event;
}

static struct dw_alert_event cleared(struct dw_alert_event event, int64_t time_us)
{
    event.cleared = true;
    event.time_us = event.alert.cleared_us = time_us;
    event.alert.end = DW_ALERT_CLOSED;
    event.alert.people = 1;
    return event;
}

static void put(struct shop *shop, struct dw_alert_event event)
{
    assert_done(dw_store_put_alert(shop->store, shop->run, &queue, &event, why));
}

struct found {
    struct dw_store_alert items[8];
    char name[16];
    size_t count, most;
};

static int keep(void *context, const struct dw_store_alert *alert)
{
    struct found *found = context;
    assert_true(found->count < DW_LENGTH(found->items));
    found->items[found->count++] = *alert;
    snprintf(found->name, sizeof(found->name), "%s", alert->name);
    return found->count == found->most ? 1 : 0;
}

static struct found read_alerts(struct shop *shop, struct dw_store_filter filter)
{
    struct found found = { 0 };
    assert_done(dw_store_read_alerts(shop->store, &filter, keep, &found, why));
    return found;
}

static void an_alert_lasts_until_it_is_cleared(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    struct dw_alert_event event = raised(7, 5 * DW_SECOND_US);
    put(&shop, event);
    struct found found = read_alerts(&shop, (struct dw_store_filter){ 0 });
    assert_int_equal(found.count, 1);
    assert_false(found.items[0].cleared);
    assert_string_equal(found.name, "till 1");
    assert_int_equal(found.items[0].kind, DW_ALERT_QUEUE);
    assert_int_equal(found.items[0].alert.since_us, START_US + 4 * DW_SECOND_US);
    assert_int_equal(found.items[0].alert.raised_us, START_US + 5 * DW_SECOND_US);
    assert_memory_equal(found.items[0].alert.id, event.alert.id, 16);

    put(&shop, cleared(event, 9 * DW_SECOND_US));
    found = read_alerts(&shop, (struct dw_store_filter){ 0 });
    assert_int_equal(found.count, 1);
    assert_true(found.items[0].cleared);
    assert_int_equal(found.items[0].alert.end, DW_ALERT_CLOSED);
    assert_int_equal(found.items[0].alert.cleared_us, START_US + 9 * DW_SECOND_US);
    assert_int_equal(found.items[0].alert.people, 1);
    dw_store_destroy(shop.store);
}

static void the_last_are_read_first_of_the_camera_and_time_asked_for(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    for (int i = 1; i <= 4; i++)
        put(&shop, raised(i, i * 10 * DW_SECOND_US));
    struct found found =
        read_alerts(&shop, (struct dw_store_filter){ .camera = "door",
                                                     .from_us = START_US + 20 * DW_SECOND_US,
                                                     .to_us = START_US + 40 * DW_SECOND_US });
    assert_int_equal(found.count, 2);
    assert_int_equal(found.items[0].alert.id[0], 3);
    assert_int_equal(found.items[1].alert.id[0], 2);
    assert_int_equal(read_alerts(&shop, (struct dw_store_filter){ .camera = "roof" }).count, 0);

    struct found newest = { .most = 1 };
    assert_int_equal(
        dw_store_read_alerts(shop.store, &(struct dw_store_filter){ 0 }, keep, &newest, NULL), 1);
    assert_int_equal(newest.items[0].alert.id[0], 4);
    dw_store_destroy(shop.store);
}

static void processing_the_source_again_replaces_its_alerts(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    put(&shop, raised(1, DW_SECOND_US));
    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    assert_int_equal(read_alerts(&shop, (struct dw_store_filter){ 0 }).count, 0);
    dw_store_destroy(shop.store);
}

static void alerts_are_pruned_with_visits(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    int64_t deleted = 0;
    put(&shop, cleared(raised(1, DW_SECOND_US), 2 * DW_SECOND_US));
    put(&shop, raised(2, 2 * DAY_US));
    assert_done(dw_store_prune(shop.store, DW_KIND_VISITS, START_US + 2 * DAY_US, &deleted, why));
    assert_int_equal(deleted, 1);
    struct found found = read_alerts(&shop, (struct dw_store_filter){ 0 });
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].alert.id[0], 2);
    dw_store_destroy(shop.store);
}

static void what_a_killed_program_left_is_cleared_where_measuring_ended(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    put(&shop, raised(1, 5 * DW_SECOND_US));
    assert_done(dw_store_run_measured(shop.store, shop.run, 8 * DW_SECOND_US, false, why));
    dw_store_destroy(shop.store);

    assert_done(dw_store_create(&shop.store, folder->store, why));
    struct found found = read_alerts(&shop, (struct dw_store_filter){ 0 });
    assert_int_equal(found.count, 1);
    assert_true(found.items[0].cleared);
    assert_int_equal(found.items[0].alert.end, DW_ALERT_RESTART);
    assert_int_equal(found.items[0].alert.cleared_us, START_US + 8 * DW_SECOND_US);
    dw_store_destroy(shop.store);
}

static void an_alert_of_no_zone_is_refused(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    struct dw_err err = { { 0 } };
    struct dw_alert_rule rule = { .zone = 2 };
    struct dw_alert_event event = raised(1, DW_SECOND_US);
    shop_init(&shop, folder->store);
    assert_int_equal(dw_store_put_alert(shop.store, shop.run, &rule, &event, &err), -EINVAL);
    dw_store_destroy(shop.store);
}

int main(void)
{
#define store_test(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        store_test(an_alert_lasts_until_it_is_cleared),
        store_test(the_last_are_read_first_of_the_camera_and_time_asked_for),
        store_test(processing_the_source_again_replaces_its_alerts),
        store_test(alerts_are_pruned_with_visits),
        store_test(what_a_killed_program_left_is_cleared_where_measuring_ended),
        store_test(an_alert_of_no_zone_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
