/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "engine/hub.h"

#define ROOM 64

struct reading {
    struct dw_hub_record *records[ROOM];
    size_t count;
    bool lost;
};

static struct reading read_hub(struct dw_hub *hub, struct dw_hub_cursor *cursor, const char *camera)
{
    struct reading reading = { .count = 0 };
    reading.count = dw_hub_read(hub, cursor, camera, reading.records, ROOM, &reading.lost);
    return reading;
}

static void forget(struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++)
        dw_hub_record_unref(reading->records[i]);
}

static void test_a_reader_gets_events_in_order_and_each_once(void **state)
{
    (void)state;
    DW_AUTO(hub) *hub = dw_hub_create();
    struct dw_hub_cursor cursor = dw_hub_now(hub);
    dw_hub_publish_event(hub, "visit", "door", "{\"n\":1}");
    dw_hub_publish_event(hub, "pass", "door", "{\"n\":2}");
    struct reading reading = read_hub(hub, &cursor, NULL);
    assert_int_equal(reading.count, 2);
    assert_false(reading.lost);
    assert_memory_equal(reading.records[0]->json, "{\"n\":1}", reading.records[0]->json_length);
    assert_memory_equal(reading.records[1]->json, "{\"n\":2}", reading.records[1]->json_length);
    assert_int_equal(reading.records[1]->id, reading.records[0]->id + 1);
    forget(&reading);
    reading = read_hub(hub, &cursor, NULL);
    assert_int_equal(reading.count, 0);
}

static void test_a_record_is_a_server_sent_event_too(void **state)
{
    (void)state;
    DW_AUTO(hub) *hub = dw_hub_create();
    struct dw_hub_cursor cursor = dw_hub_now(hub);
    dw_hub_publish_event(hub, "visit", "door", "{}");
    dw_hub_publish_moment(hub, "door", "{\"people\":[]}");
    struct reading reading = read_hub(hub, &cursor, NULL);
    char expected[64];
    snprintf(expected, sizeof(expected), "id: %llu\nevent: visit\ndata: {}\n\n",
             (unsigned long long)reading.records[0]->id);
    assert_string_equal(reading.records[0]->sse, expected);
    assert_int_equal(reading.records[0]->sse_length, strlen(expected));
    assert_string_equal(reading.records[1]->sse, "event: moment\ndata: {\"people\":[]}\n\n");
    assert_int_equal(reading.records[1]->id, 0);
    forget(&reading);
}

static void test_of_moments_only_the_last_of_each_camera_is_read(void **state)
{
    (void)state;
    DW_AUTO(hub) *hub = dw_hub_create();
    struct dw_hub_cursor cursor = dw_hub_now(hub);
    dw_hub_publish_moment(hub, "a", "1");
    dw_hub_publish_moment(hub, "b", "2");
    dw_hub_publish_moment(hub, "a", "3");
    struct reading reading = read_hub(hub, &cursor, NULL);
    assert_int_equal(reading.count, 2);
    assert_memory_equal(reading.records[0]->json, "2", 1);
    assert_memory_equal(reading.records[1]->json, "3", 1);
    forget(&reading);
    struct dw_hub_record *moment = dw_hub_moment(hub, "a");
    assert_memory_equal(moment->json, "3", 1);
    dw_hub_record_unref(moment);
    assert_null(dw_hub_moment(hub, "c"));
}

static void test_a_reader_of_one_camera_hears_of_it_and_of_the_whole_site(void **state)
{
    (void)state;
    DW_AUTO(hub) *hub = dw_hub_create();
    struct dw_hub_cursor cursor = dw_hub_now(hub);
    dw_hub_publish_event(hub, "visit", "a", "1");
    dw_hub_publish_event(hub, "visit", "b", "2");
    dw_hub_publish_event(hub, "health", "", "3");
    struct reading reading = read_hub(hub, &cursor, "b");
    assert_int_equal(reading.count, 2);
    assert_memory_equal(reading.records[0]->json, "2", 1);
    assert_memory_equal(reading.records[1]->json, "3", 1);
    forget(&reading);
}

static void test_a_slow_reader_loses_the_oldest_and_is_told_once(void **state)
{
    (void)state;
    DW_AUTO(hub) *hub = dw_hub_create();
    struct dw_hub_cursor cursor = dw_hub_now(hub);
    for (int i = 0; i < 5000; i++)
        dw_hub_publish_event(hub, "visit", "a", "{}");
    struct reading reading = read_hub(hub, &cursor, NULL);
    assert_true(reading.lost);
    assert_int_equal(reading.count, ROOM);
    size_t count = reading.count;
    while (reading.count > 0) {
        forget(&reading);
        reading = read_hub(hub, &cursor, NULL);
        assert_false(reading.lost);
        count += reading.count;
    }
    assert_int_equal(count, 4096);
}

static void test_a_number_of_a_former_program_or_of_none_is_told_as_lost(void **state)
{
    (void)state;
    DW_AUTO(hub) *hub = dw_hub_create();
    const uint64_t ids[] = { 0, 1700000000000, UINT64_MAX, UINT64_MAX - 1 };
    dw_hub_publish_event(hub, "visit", "a", "{}");
    for (size_t i = 0; i < DW_LENGTH(ids); i++) {
        struct dw_hub_cursor cursor = { .event = ids[i] };
        struct reading reading = read_hub(hub, &cursor, NULL);
        assert_true(reading.lost);
        assert_int_equal(reading.count, 1);
        forget(&reading);
    }
}

static void test_waiting_ends_with_news_with_time_and_with_a_stop(void **state)
{
    (void)state;
    DW_AUTO(hub) *hub = dw_hub_create();
    struct dw_hub_cursor cursor = dw_hub_now(hub);
    assert_false(dw_hub_wait(hub, &cursor, 1000));
    dw_hub_publish_event(hub, "visit", "a", "{}");
    assert_true(dw_hub_wait(hub, &cursor, 60000000));
    cursor = dw_hub_now(hub);
    dw_hub_publish_moment(hub, "a", "{}");
    assert_true(dw_hub_wait(hub, &cursor, 60000000));
    dw_hub_stop(hub);
    assert_false(dw_hub_wait(hub, &cursor, 60000000));
    assert_true(dw_hub_stopped(hub));
}

struct crowd {
    struct dw_hub *hub;
    atomic_bool ended;
};

static void *follow(void *argument)
{
    struct crowd *crowd = argument;
    struct dw_hub_cursor cursor = dw_hub_now(crowd->hub);
    uint64_t last = cursor.event;
    while (!atomic_load(&crowd->ended)) {
        dw_hub_wait(crowd->hub, &cursor, 10000);
        struct reading reading = read_hub(crowd->hub, &cursor, NULL);
        for (size_t i = 0; i < reading.count; i++) {
            uint64_t id = reading.records[i]->id;
            if (id != 0 && (id <= last || (!reading.lost && id != last + 1)))
                return argument;
            last = id != 0 ? id : last;
        }
        forget(&reading);
    }
    return NULL;
}

static void test_many_readers_see_every_event_in_order_while_two_cameras_publish(void **state)
{
    (void)state;
    DW_AUTO(hub) *hub = dw_hub_create();
    struct crowd crowd = { .hub = hub };
    pthread_t threads[16];
    for (size_t i = 0; i < DW_LENGTH(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, follow, &crowd), 0);
    for (int i = 0; i < 3000; i++) {
        dw_hub_publish_event(hub, "visit", "a", "{}");
        dw_hub_publish_moment(hub, i % 2 == 0 ? "a" : "b", "{}");
    }
    atomic_store(&crowd.ended, true);
    for (size_t i = 0; i < DW_LENGTH(threads); i++) {
        void *failed = NULL;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_reader_gets_events_in_order_and_each_once),
        cmocka_unit_test(test_a_record_is_a_server_sent_event_too),
        cmocka_unit_test(test_of_moments_only_the_last_of_each_camera_is_read),
        cmocka_unit_test(test_a_reader_of_one_camera_hears_of_it_and_of_the_whole_site),
        cmocka_unit_test(test_a_slow_reader_loses_the_oldest_and_is_told_once),
        cmocka_unit_test(test_a_number_of_a_former_program_or_of_none_is_told_as_lost),
        cmocka_unit_test(test_waiting_ends_with_news_with_time_and_with_a_stop),
        cmocka_unit_test(test_many_readers_see_every_event_in_order_while_two_cameras_publish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
