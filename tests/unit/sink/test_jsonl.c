/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sink/hex.h"
#include "sink/jsonl.h"

static struct dw_zone zones[] = { { .name = "shelf \"A\"" } };
static struct dw_alert_rule rules[] = { { .name = "long", .kind = DW_ALERT_DWELL },
                                        { .name = "till", .kind = DW_ALERT_QUEUE } };
static const struct dw_layout layout = {
    .zones = zones, .zone_count = 1, .alerts = rules, .alert_count = 2
};
static const struct dw_record_context context = {
    .site = "shop",
    .camera = "front",
    .layout = &layout,
    .width_px = 1000,
    .height_px = 500,
    .start_wall_us = INT64_C(1795338900000000), /* 2026-11-22T09:15:00Z */
};

static struct dw_visit any_visit(void)
{
    return (struct dw_visit){
        .id = { 0xab, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xff },
        .person = 7,
        .enter_us = 1500000,
        .exit_us = 12750000,
        .dwell_us = 11250000,
        .observed_us = 10750000,
        .bridged_us = 500000,
        .cut_start = true,
        .end_reason = DW_END_LOST,
        .enter_side = 2,
        .score = 0.87654,
        .speed_avg = -1,
        .speed_min = -1,
    };
}

static void a_visit_is_one_line_of_json(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_visit visit = any_visit();
    dw_jsonl_visit(&text, &context, &visit);
    assert_string_equal(
        dw_buf_text(&text),
        "{\"id\":\"ab0102030405060708090a0b0c0d0eff\",\"site\":\"shop\",\"camera\":\"front\","
        "\"zone\":\"shelf \\\"A\\\"\",\"person\":7,\"enter\":\"2026-11-22T09:15:01.500Z\","
        "\"exit\":\"2026-11-22T09:15:12.750Z\",\"enter_s\":1.500,\"exit_s\":12.750,"
        "\"dwell_s\":11.250,\"observed_s\":10.750,\"bridged_s\":0.500,\"links\":0,"
        "\"cut_start\":true,\"cut_end\":false,\"end_reason\":\"lost\",\"enter_side\":2,"
        "\"exit_side\":0,\"score\":0.877,\"quality\":0.838,\"role\":\"unknown\",\"role_p\":0.000}"
        "\n");
    dw_buf_fini(&text);
}

static void speeds_are_told_when_the_camera_is_calibrated(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_visit visit = any_visit();
    visit.speed_avg = 0.62;
    visit.speed_min = 0.04;
    dw_jsonl_visit(&text, &context, &visit);
    assert_non_null(strstr(dw_buf_text(&text), "\"speed_avg\":0.62,\"speed_min\":0.04}\n"));
    dw_buf_fini(&text);
}

static void an_id_is_32_hex_characters(void **state)
{
    (void)state;
    char text[DW_HEX_SIZE];
    static const uint8_t id[16] = { 0, 1, 0x7f, 0x80, 0xfe, 0xff };
    assert_string_equal(dw_hex(text, id), "00017f80feff00000000000000000000");
}

#define PLACE "\"site\":\"shop\",\"camera\":\"front\",\"zone\":\"shelf \\\"A\\\"\","

static void assert_text(struct dw_buf *text, const char *wanted)
{
    assert_string_equal(dw_buf_text(text), wanted);
    dw_buf_fini(text);
}

static void a_count_is_a_line_and_an_unknown_one_is_null(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    dw_jsonl_occupancy(&text, &context, &(struct dw_occupancy_change){ 0, 1500000, 3 });
    dw_jsonl_occupancy(&text, &context,
                       &(struct dw_occupancy_change){ 0, 2000000, DW_PEOPLE_UNKNOWN });
    assert_text(&text, "{\"kind\":\"occupancy\"," PLACE
                       "\"time\":\"2026-11-22T09:15:01.500Z\",\"time_s\":1.500,\"people\":3}\n"
                       "{\"kind\":\"occupancy\"," PLACE
                       "\"time\":\"2026-11-22T09:15:02.000Z\",\"time_s\":2.000,\"people\":null}\n");
}

static void a_quarter_hour_has_its_average_over_what_was_measured(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    dw_jsonl_quarter(&text, &context,
                     &(struct dw_occupancy_quarter){
                         .measured_us = 600000000, .person_us = 900000000, .peak = 4 });
    assert_text(&text, "{\"kind\":\"occupancy_quarter\"," PLACE
                       "\"start\":\"2026-11-22T09:15:00.000Z\",\"measured_s\":600.000,"
                       "\"average\":1.500,\"peak\":4}\n");
}

static void an_alert_is_told_when_it_is_raised_and_when_it_is_cleared(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_alert_event event = { .time_us = 9000000,
                                    .alert = { .id = { 0xab },
                                               .person = 7,
                                               .people = 2,
                                               .since_us = 1000000,
                                               .raised_us = 9000000,
                                               .told = 1 } };
    dw_jsonl_alert(&text, &context, &event);
    assert_text(&text, "{\"kind\":\"alert_raised\"," PLACE
                       "\"id\":\"ab000000000000000000000000000000\",\"alert\":\"long\","
                       "\"rule\":\"dwell\",\"time\":\"2026-11-22T09:15:09.000Z\",\"time_s\":9.000,"
                       "\"since\":\"2026-11-22T09:15:01.000Z\","
                       "\"raised\":\"2026-11-22T09:15:09.000Z\",\"people\":2,\"person\":7,"
                       "\"told\":1}\n");
    event = (struct dw_alert_event){ .cleared = true,
                                     .time_us = 12500000,
                                     .alert = { .rule = 1,
                                                .raised_us = 9000000,
                                                .told = 2,
                                                .cleared_us = 12500000,
                                                .end = DW_ALERT_GAP } };
    dw_jsonl_alert(&text, &context, &event);
    assert_text(&text, "{\"kind\":\"alert_cleared\"," PLACE
                       "\"id\":\"00000000000000000000000000000000\",\"alert\":\"till\","
                       "\"rule\":\"queue\",\"time\":\"2026-11-22T09:15:12.500Z\","
                       "\"time_s\":12.500,\"since\":\"2026-11-22T09:15:00.000Z\","
                       "\"raised\":\"2026-11-22T09:15:09.000Z\",\"people\":0,\"told\":2,"
                       "\"lasted_s\":3.500,\"end\":\"gap\"}\n");
}

static void a_role_that_is_found_later_names_the_visit_and_both_roles(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_role_change change = { .visit = any_visit(),
                                     .before = DW_ROLE_UNKNOWN,
                                     .time_us = 20000000,
                                     .zone = "shelf \"A\"",
                                     .why = "looks" };
    change.visit.role = DW_ROLE_STAFF;
    change.visit.role_p = 0.97;
    dw_jsonl_role(&text, &context, &change);
    assert_text(&text, "{\"kind\":\"role\"," PLACE
                       "\"id\":\"ab0102030405060708090a0b0c0d0eff\",\"person\":7,"
                       "\"enter\":\"2026-11-22T09:15:01.500Z\","
                       "\"time\":\"2026-11-22T09:15:20.000Z\",\"before\":\"unknown\","
                       "\"role\":\"staff\",\"role_p\":0.970,\"why\":\"looks\"}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visit_is_one_line_of_json),
        cmocka_unit_test(speeds_are_told_when_the_camera_is_calibrated),
        cmocka_unit_test(an_id_is_32_hex_characters),
        cmocka_unit_test(a_count_is_a_line_and_an_unknown_one_is_null),
        cmocka_unit_test(a_quarter_hour_has_its_average_over_what_was_measured),
        cmocka_unit_test(an_alert_is_told_when_it_is_raised_and_when_it_is_cleared),
        cmocka_unit_test(a_role_that_is_found_later_names_the_visit_and_both_roles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
