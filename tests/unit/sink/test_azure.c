/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages of the retired container, field by field: consumers written for it read exactly
 * these keys and types.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/macros.h"
#include "sink/azure.h"

static struct dw_zone zones[] = {
    { .name = "promo-endcap", .events = DW_EVENT_ZONE_CROSSING | DW_EVENT_ZONE_DWELL },
    { .name = "only dwell", .events = DW_EVENT_ZONE_DWELL },
    { .name = "only crossing", .events = DW_EVENT_ZONE_CROSSING },
    { .name = "neither", .events = DW_EVENT_COUNT },
};
static struct dw_line lines[] = { { .name = "front-door", .events = DW_EVENT_LINE_CROSSING },
                                  { .name = "silent" } };
static const struct dw_layout layout = {
    .zones = zones, .zone_count = DW_LENGTH(zones), .lines = lines, .line_count = DW_LENGTH(lines)
};
static const struct dw_record_context context = {
    .site = "shop",
    .camera = "endcap-a",
    .layout = &layout,
    .width_px = 1000,
    .height_px = 500,
    .start_wall_us = INT64_C(1731078253000000), /* 2024-11-08T15:04:13Z */
};

static const struct dw_visit visit = {
    .id = { 0x5b, 0x0c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 },
    .person = 7,
    .enter_us = 0,
    .exit_us = 18467000,
    .dwell_us = 18467000,
    .observed_us = 18000000,
    .bridged_us = 467000,
    .end_reason = DW_END_LEFT,
    .enter_side = 1,
    .exit_side = 3,
    .score = 0.914,
    .facing_us = -1,
    .speed_avg = -1,
    .speed_min = -1,
    .last_box = { 600, 150, 110, 260 },
    .enter_frame = 90135,
    .exit_frame = 90412,
    .frames = 277,
};

/* The one message in the text, which is one line. */
static json_t *parsed(struct dw_buf *text)
{
    assert_true(text->length > 0);
    assert_ptr_equal(strchr(text->data, '\n'), text->data + text->length - 1);
    json_error_t problem;
    json_t *message = json_loadb(text->data, text->length, JSON_REJECT_DUPLICATES, &problem);
    if (message == NULL)
        fail_msg("%s: %s", text->data, problem.text);
    dw_buf_fini(text);
    return message;
}

/* The object has exactly these keys, written "a b c". */
static void assert_keys(const json_t *object, const char *keys)
{
    char wanted[256];
    size_t count = 0;
    snprintf(wanted, sizeof(wanted), "%s", keys);
    for (char *rest = wanted, *key = NULL; (key = strsep(&rest, " ")) != NULL; count++)
        if (json_object_get(object, key) == NULL)
            fail_msg("there is no key '%s'", key);
    if (json_object_size(object) != count)
        fail_msg("%zu keys where %zu are wanted: %s", json_object_size(object), count, keys);
}

static const char *text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value))
        fail_msg("'%s' is no string", key);
    return json_string_value(value);
}

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_number(value))
        fail_msg("'%s' is no number", key);
    return json_number_value(value);
}

static void assert_hex_id(const char *id)
{
    assert_int_equal(strlen(id), 32);
    assert_int_equal(strspn(id, "0123456789abcdef"), 32);
}

static void assert_source_info(const json_t *info, const char *timestamp, const char *frame)
{
    assert_keys(info, "id timestamp width height frameId imagePath");
    assert_string_equal(text_of(info, "id"), "endcap-a");
    assert_string_equal(text_of(info, "timestamp"), timestamp);
    assert_true(json_is_integer(json_object_get(info, "width")));
    assert_int_equal(json_integer_value(json_object_get(info, "width")), 1000);
    assert_int_equal(json_integer_value(json_object_get(info, "height")), 500);
    assert_string_equal(text_of(info, "frameId"), frame);
    assert_string_equal(text_of(info, "imagePath"), "");
}

static void assert_point(const json_t *point, double x, double y)
{
    assert_keys(point, "x y");
    assert_true(fabs(number_of(point, "x") - x) < 1e-4);
    assert_true(fabs(number_of(point, "y") - y) < 1e-4);
}

static void assert_detections(const json_t *list, const char *tracking_id)
{
    assert_int_equal(json_array_size(list), 1);
    const json_t *detection = json_array_get(list, 0);
    assert_keys(detection, "type id region confidence metadata");
    assert_string_equal(text_of(detection, "type"), "person");
    assert_string_equal(text_of(detection, "id"), tracking_id);
    assert_true(fabs(number_of(detection, "confidence") - 0.914) < 1e-9);

    const json_t *region = json_object_get(detection, "region");
    assert_keys(region, "type points");
    assert_string_equal(text_of(region, "type"), "RECTANGLE");
    const json_t *points = json_object_get(region, "points");
    assert_int_equal(json_array_size(points), 2);
    assert_point(json_array_get(points, 0), 0.6, 0.3);
    assert_point(json_array_get(points, 1), 0.71, 0.82);

    const json_t *metadata = json_object_get(detection, "metadata");
    assert_keys(metadata, "trackingId footprintX footprintY");
    assert_string_equal(text_of(metadata, "trackingId"), tracking_id);
    assert_string_equal(text_of(metadata, "footprintX"), "0.6550");
    assert_string_equal(text_of(metadata, "footprintY"), "0.8200");
}

static const json_t *assert_event(const json_t *message, size_t at, const char *type,
                                  const char *place)
{
    assert_keys(message, "events sourceInfo detections schemaVersion");
    assert_string_equal(text_of(message, "schemaVersion"), "2.0");
    const json_t *event = json_array_get(json_object_get(message, "events"), at);
    assert_keys(event, "id type detectionIds properties zone");
    assert_hex_id(text_of(event, "id"));
    assert_string_equal(text_of(event, "type"), type);
    assert_string_equal(text_of(event, "zone"), place);

    const json_t *properties = json_object_get(event, "properties");
    const char *tracking_id = text_of(properties, "trackingId");
    assert_hex_id(tracking_id);
    const json_t *ids = json_object_get(event, "detectionIds");
    assert_int_equal(json_array_size(ids), 1);
    assert_string_equal(json_string_value(json_array_get(ids, 0)), tracking_id);
    assert_detections(json_object_get(message, "detections"), tracking_id);
    return properties;
}

static size_t event_count(const json_t *message)
{
    return json_array_size(json_object_get(message, "events"));
}

static void entering_a_zone_is_told_with_the_edge_and_the_time_of_the_first_presence(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    dw_azure_enter(&text, &context, &visit);
    json_t *message = parsed(&text);
    assert_int_equal(event_count(message), 1);
    const json_t *properties = assert_event(message, 0, "personZoneEnterExitEvent", "promo-endcap");
    assert_keys(properties, "trackingId status side");
    assert_string_equal(text_of(properties, "status"), "Enter");
    assert_string_equal(text_of(properties, "side"), "1");
    assert_source_info(json_object_get(message, "sourceInfo"), "2024-11-08T15:04:13.000Z", "90135");
    json_decref(message);
}

static void leaving_is_one_message_with_exit_and_dwell_time(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    dw_azure_exit(&text, &context, &visit);
    json_t *message = parsed(&text);
    assert_int_equal(event_count(message), 2);
    const json_t *leave = assert_event(message, 0, "personZoneEnterExitEvent", "promo-endcap");
    assert_keys(leave, "trackingId status side");
    assert_string_equal(text_of(leave, "status"), "Exit");
    assert_string_equal(text_of(leave, "side"), "3");
    const json_t *dwell = assert_event(message, 1, "personZoneDwellTimeEvent", "promo-endcap");
    assert_keys(dwell, "trackingId status side dwellTime dwellFrames");
    assert_string_equal(text_of(dwell, "status"), "Exit");
    assert_string_equal(text_of(dwell, "side"), "3");
    assert_true(json_is_real(json_object_get(dwell, "dwellTime")));
    assert_true(fabs(number_of(dwell, "dwellTime") - 18467) < 1e-9);
    assert_true(json_is_integer(json_object_get(dwell, "dwellFrames")));
    assert_true(number_of(dwell, "dwellFrames") == 277);
    assert_source_info(json_object_get(message, "sourceInfo"), "2024-11-08T15:04:31.467Z", "90412");
    json_decref(message);
}

static void facing_time_and_speeds_are_told_when_they_were_measured(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_visit measured = visit;
    measured.facing_us = 12133000;
    measured.speed_avg = 1;
    measured.speed_min = 0;
    dw_azure_exit(&text, &context, &measured);
    json_t *message = parsed(&text);
    const json_t *dwell = assert_event(message, 1, "personZoneDwellTimeEvent", "promo-endcap");
    assert_keys(dwell, "trackingId status side dwellTime dwellFrames dwellTimeForTargetSide "
                       "avgSpeed minSpeed");
    assert_true(fabs(number_of(dwell, "dwellTimeForTargetSide") - 12133) < 1e-9);
    assert_true(fabs(number_of(dwell, "avgSpeed") - 3.28) < 1e-9); /* feet a second */
    assert_true(number_of(dwell, "minSpeed") == 0);
    json_decref(message);
}

static void an_unknown_side_is_empty_text(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_visit lost = visit;
    lost.enter_side = lost.exit_side = 0;
    lost.end_reason = DW_END_LOST;
    dw_azure_enter(&text, &context, &lost);
    json_t *message = parsed(&text);
    const json_t *properties = assert_event(message, 0, "personZoneEnterExitEvent", "promo-endcap");
    assert_string_equal(text_of(properties, "side"), "");
    json_decref(message);
    dw_azure_exit(&text, &context, &lost);
    message = parsed(&text);
    properties = assert_event(message, 1, "personZoneDwellTimeEvent", "promo-endcap");
    assert_string_equal(text_of(properties, "side"), "");
    json_decref(message);
}

static void a_zone_gets_the_events_it_asked_for(void **state)
{
    (void)state;
    static const size_t entering[] = { 1, 0, 1, 0 }, leaving[] = { 2, 1, 1, 0 };
    for (int zone = 0; zone < (int)DW_LENGTH(zones); zone++) {
        struct dw_visit other = visit;
        other.zone = zone;
        struct dw_buf enter = { 0 }, leave = { 0 };
        dw_azure_enter(&enter, &context, &other);
        dw_azure_exit(&leave, &context, &other);
        json_t *entered = enter.length > 0 ? parsed(&enter) : NULL;
        json_t *left = leave.length > 0 ? parsed(&leave) : NULL;
        assert_int_equal(event_count(entered), entering[zone]);
        assert_int_equal(event_count(left), leaving[zone]);
        json_decref(entered);
        json_decref(left);
    }
}

static void each_event_of_a_visit_has_an_id_of_its_own(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    dw_azure_enter(&text, &context, &visit);
    json_t *entered = parsed(&text);
    dw_azure_exit(&text, &context, &visit);
    json_t *left = parsed(&text);
    const json_t *events = json_object_get(left, "events");
    const char *a = text_of(json_array_get(json_object_get(entered, "events"), 0), "id");
    const char *b = text_of(json_array_get(events, 0), "id");
    const char *c = text_of(json_array_get(events, 1), "id");
    assert_string_not_equal(a, b);
    assert_string_not_equal(a, c);
    assert_string_not_equal(b, c);
    json_decref(entered);
    json_decref(left);
}

static void crossing_a_line_says_in_which_direction(void **state)
{
    (void)state;
    static const uint8_t id[16] = { 0x11, 0xaa };
    for (int to_right = 0; to_right < 2; to_right++) {
        struct dw_buf text = { 0 };
        const struct dw_crossing crossing = { .person = 7,
                                              .time_us = 18467000,
                                              .frame = 2210,
                                              .to_right = to_right,
                                              .box = visit.last_box,
                                              .score = visit.score };
        dw_azure_crossing(&text, &context, &crossing, id);
        json_t *message = parsed(&text);
        assert_int_equal(event_count(message), 1);
        const json_t *properties = assert_event(message, 0, "personLineEvent", "front-door");
        assert_keys(properties, "trackingId status");
        assert_string_equal(text_of(properties, "status"), to_right ? "CrossRight" : "CrossLeft");
        assert_source_info(json_object_get(message, "sourceInfo"), "2024-11-08T15:04:31.467Z",
                           "2210");
        json_decref(message);
    }
    struct dw_buf text = { 0 };
    dw_azure_crossing(&text, &context, &(struct dw_crossing){ .line = 1 }, id);
    assert_int_equal(text.length, 0);
}

static void boxes_that_reach_over_the_picture_are_cut_at_its_edge(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_visit edge = visit;
    edge.last_box = (struct dw_box){ -50, 400, 100, 200 };
    dw_azure_enter(&text, &context, &edge);
    json_t *message = parsed(&text);
    const json_t *detection = json_array_get(json_object_get(message, "detections"), 0);
    const json_t *points = json_object_get(json_object_get(detection, "region"), "points");
    assert_point(json_array_get(points, 0), 0, 0.8);
    assert_point(json_array_get(points, 1), 0.05, 1);
    assert_string_equal(text_of(json_object_get(detection, "metadata"), "footprintY"), "1.0000");
    json_decref(message);
}

static void a_count_is_told_with_the_zone_and_nothing_while_it_is_unknown(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    uint8_t id[16] = { 0x5b };
    dw_azure_count(&text, &context, &(struct dw_occupancy_change){ 3, 0, DW_PEOPLE_UNKNOWN }, 1,
                   id);
    dw_azure_count(&text, &context, &(struct dw_occupancy_change){ 0, 0, 2 }, 1, id);
    assert_int_equal(text.length, 0);
    dw_azure_count(&text, &context, &(struct dw_occupancy_change){ 3, 1500000, 2 }, 45, id);
    json_t *message = parsed(&text);
    assert_keys(message, "events sourceInfo detections schemaVersion");
    const json_t *event = json_array_get(json_object_get(message, "events"), 0);
    assert_keys(event, "id type detectionIds properties zone trigger");
    assert_hex_id(text_of(event, "id"));
    assert_string_equal(text_of(event, "type"), "personCountEvent");
    assert_string_equal(text_of(event, "zone"), "neither");
    assert_string_equal(text_of(event, "trigger"), "event");
    assert_true(number_of(json_object_get(event, "properties"), "personCount") == 2);
    assert_int_equal(json_array_size(json_object_get(event, "detectionIds")), 0);
    assert_int_equal(json_array_size(json_object_get(message, "detections")), 0);
    assert_source_info(json_object_get(message, "sourceInfo"), "2024-11-08T15:04:14.500Z", "45");
    json_decref(message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entering_a_zone_is_told_with_the_edge_and_the_time_of_the_first_presence),
        cmocka_unit_test(leaving_is_one_message_with_exit_and_dwell_time),
        cmocka_unit_test(facing_time_and_speeds_are_told_when_they_were_measured),
        cmocka_unit_test(an_unknown_side_is_empty_text),
        cmocka_unit_test(a_zone_gets_the_events_it_asked_for),
        cmocka_unit_test(each_event_of_a_visit_has_an_id_of_its_own),
        cmocka_unit_test(crossing_a_line_says_in_which_direction),
        cmocka_unit_test(boxes_that_reach_over_the_picture_are_cut_at_its_edge),
        cmocka_unit_test(a_count_is_told_with_the_zone_and_nothing_while_it_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
