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
static const struct dw_layout layout = { .zones = zones, .zone_count = 1 };
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visit_is_one_line_of_json),
        cmocka_unit_test(speeds_are_told_when_the_camera_is_calibrated),
        cmocka_unit_test(an_id_is_32_hex_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
