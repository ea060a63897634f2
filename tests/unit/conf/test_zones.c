/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/macros.h"
#include "conf/zones.h"

#define BOX "[[0.1,0.1],[0.5,0.1],[0.5,0.5],[0.1,0.5],[0.1,0.1]]"

static int parse(struct dw_layout *out, const char *text, struct dw_err *err)
{
    struct dw_zone_rules rules = dw_zone_rules_default();
    return dw_zones_parse(out, text, strlen(text), &rules, err);
}

static struct dw_layout parsed(const char *text)
{
    struct dw_layout layout = { 0 };
    struct dw_err err = { 0 };
    if (parse(&layout, text, &err) != 0)
        fail_msg("%s: %s", text, err.text);
    return layout;
}

static void zones_and_lines_are_read_as_drawn(void **state)
{
    (void)state;
    struct dw_layout layout =
        parsed("{\"zones\":[{\"name\":\"shelf\",\"polygon\":" BOX ",\"target_side\":3,"
               "\"threshold\":48.5,\"color\":\"#56b4e9\",\"grace\":2.5,\"anchor\":\"center\",\"min_"
               "dwell\":\"4\","
               "\"events\":[{\"type\":\"zonedwelltime\"}]}],"
               "\"lines\":[{\"name\":\"door\",\"line\":{\"start\":{\"x\":0,\"y\":0.9},"
               "\"end\":{\"x\":1,\"y\":0.8}}}]}");
    assert_int_equal(layout.zone_count, 1);
    const struct dw_zone *zone = &layout.zones[0];
    assert_string_equal(zone->name, "shelf");
    assert_int_equal(zone->corner_count, 4);
    assert_true(zone->corners[2].x == 0.5 && zone->corners[2].y == 0.5);
    assert_int_equal(zone->target_side, 3);
    assert_int_equal(zone->rules.grace_us, 2500000);
    assert_int_equal(zone->rules.min_dwell_us, 4000000);
    assert_int_equal(zone->rules.bridge_us, 2000000);
    assert_int_equal(zone->rules.anchor, DW_ANCHOR_CENTER);
    assert_int_equal(zone->events, DW_EVENT_ZONE_DWELL);
    assert_int_equal(layout.line_count, 1);
    assert_string_equal(layout.lines[0].name, "door");
    assert_true(layout.lines[0].end.x == 1 && layout.lines[0].end.y == 0.8);
    assert_int_equal(layout.lines[0].events, DW_EVENT_LINE_CROSSING);
    dw_layout_fini(&layout);
}

static void a_zone_that_asks_for_no_events_gets_crossings_and_dwell_times(void **state)
{
    (void)state;
    struct dw_layout layout = parsed("{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX "}]}");
    assert_int_equal(layout.zones[0].events, DW_EVENT_ZONE_CROSSING | DW_EVENT_ZONE_DWELL);
    dw_layout_fini(&layout);
}

static void the_configuration_of_the_retired_container_is_understood(void **state)
{
    (void)state;
    struct dw_layout layout =
        parsed("{\"zones\":[{\"name\":\"queue\",\"polygon\":" BOX ",\"events\":[{\"type\":"
               "\"zonecrossing\",\"config\":{\"threshold\":48.0,\"focus\":\"bottom_center\"}}]}],"
               "\"lines\":[{\"name\":\"l\",\"line\":{\"start\":{\"x\":0,\"y\":0.5},\"end\":"
               "{\"x\":1,\"y\":0.5}},\"events\":[{\"type\":\"linecrossing\",\"config\":"
               "{\"trigger\":\"event\",\"focus\":\"footprint\"}}]}]}");
    assert_int_equal(layout.zones[0].events, DW_EVENT_ZONE_CROSSING);
    assert_int_equal(layout.zones[0].rules.anchor, DW_ANCHOR_BOTTOM_CENTER);
    assert_int_equal(layout.lines[0].anchor, DW_ANCHOR_FOOTPRINT);
    dw_layout_fini(&layout);
}

static void a_zone_is_for_staff_always_at_hours_or_after_long(void **state)
{
    (void)state;
    struct dw_layout layout =
        parsed("{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX "},"
               "{\"name\":\"b\",\"polygon\":" BOX ",\"staff\":true},"
               "{\"name\":\"c\",\"polygon\":" BOX ",\"staff\":\"mon-sat 06:00-09:00\"},"
               "{\"name\":\"d\",\"polygon\":" BOX ",\"staff\":3600}]}");
    assert_false(layout.zones[0].staff);
    assert_true(layout.zones[1].staff && dw_hours_open(&layout.zones[1].staff_hours, 0));
    assert_true(layout.zones[2].staff && dw_hours_open(&layout.zones[2].staff_hours, 7 * 60));
    assert_false(dw_hours_open(&layout.zones[2].staff_hours, 9 * 60));
    assert_true(layout.zones[3].staff && dw_hours_open(&layout.zones[3].staff_hours, 0));
    assert_int_equal(layout.zones[3].staff_after_us, 3600 * INT64_C(1000000));
    assert_int_equal(layout.zones[1].staff_after_us, 0);
    dw_layout_fini(&layout);
}

static void settings_for_all_zones_hold_where_a_zone_says_nothing(void **state)
{
    (void)state;
    struct dw_zone_rules rules = dw_zone_rules_default();
    rules.grace_us = 7000000;
    rules.bridge_us = 5000000;
    static const char text[] = "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"bridge\":3}]}";
    struct dw_layout layout = { 0 };
    assert_int_equal(dw_zones_parse(&layout, text, strlen(text), &rules, NULL), 0);
    assert_int_equal(layout.zones[0].rules.grace_us, 7000000);
    assert_int_equal(layout.zones[0].rules.bridge_us, 3000000);
    dw_layout_fini(&layout);
}

/* What is wrong, in the person's words: the sentence must hold this. */
static const struct {
    const char *text, *sentence;
} mistakes[] = {
    { "", "is no JSON: line 1" },
    { "{\"zones\":[", "is no JSON: line 1" },
    { "not json", "is no JSON" },
    { "{\"zones\":1e999}", "is no JSON" },
    { "[]", "a list of zones" },
    { "7", "is no JSON" },
    { "{}", "a list of zones" },
    { "{\"zones\":{}}", "a list of zones" },
    { "{\"zons\":[]}", "unknown key 'zons'; did you mean 'zones'?" },
    { "{\"zones\":[7]}", "zone 1: wants a \"name\"" },
    { "{\"zones\":[{\"polygon\":" BOX "}]}", "wants a \"name\"" },
    { "{\"zones\":[{\"name\":\"\",\"polygon\":" BOX "}]}", "wants a \"name\"" },
    { "{\"zones\":[{\"name\":5,\"polygon\":" BOX "}]}", "wants a \"name\"" },
    { "{\"zones\":[{\"name\":\"a\"}]}", "zone 'a': wants a \"polygon\"" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"staff\":0}]}",
      "or seconds from 1 to 86400" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"staff\":[]}]}",
      "wants true, false, hours" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":{}}]}", "wants a \"polygon\"" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[]}]}", "3 corners or more, got 0" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[[0,0],[1,1]]}]}", "3 corners or more, got 2" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[[0,0],[1,1],[0,0]]}]}",
      "3 corners or more, got 2" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[[0,0],[1,0],[1,1]]}]}",
      "zone 'a': the polygon is not closed; repeat its first corner [0, 0] at the end" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[[0,0],[1,1],[1,0],[0,1],[0,0]]}]}",
      "crosses itself" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[[0,0],[0.5,0],[1,0],[0,0]]}]}", "no area" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[[0,0],[1,0],[1,0],[1,1],[0,0]]}]}",
      "corner 2 is repeated" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[[0,0],[1.5,0],[1,1],[0,0]]}]}",
      "x of corner 2 is 1.5; coordinates go from 0 to 1" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[[0,0],[1,0],[1,-0.5],[0,0]]}]}",
      "y of corner 3 is -0.5" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[[0,0],[1],[1,1],[0,0]]}]}", "corner 2 wants two" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":[[0,0],[1,\"0\"],[1,1],[0,0]]}]}",
      "corner 2 wants two numbers" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"grase\":2}]}",
      "unknown key 'grase'; did you mean 'grace'?" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"polygn\":2}]}",
      "did you mean 'polygon'?" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"temperature\":2}]}",
      "zone 'a': unknown key 'temperature'" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"grace\":-1}]}", "wants 0 to 3600" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"grace\":\"soon\"}]}", "wants a number" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"grace\":[1]}]}",
      "'grace' wants a number or a name" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"anchor\":\"hat\"}]}",
      "'hat' is none of footprint, bottom_center, center" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"target_side\":5}]}",
      "an edge number from 1 to 4" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"events\":7}]}",
      "\"events\" wants a list" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"events\":[7]}]}", "wants a \"type\"" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"events\":[{\"type\":\"zonedweltime\"}]}]}",
      "unknown event type 'zonedweltime'; did you mean 'zonedwelltime'?" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX
      ",\"events\":[{\"type\":\"zonecrossing\",\"config\":{\"focus\":\"hat\"}}]}]}",
      "\"focus\" wants footprint, bottom_center or center" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX "},{\"name\":\"a\",\"polygon\":" BOX "}]}",
      "two zones are called 'a'; rename one" },
    { "{\"zones\":[{\"name\":\"a\",\"name\":\"b\",\"polygon\":" BOX "}]}", "is no JSON" },
    { "{\"masks\":7}", "wants {\"zones\": [...]}" },
    { "{\"zones\":[],\"masks\":[{\"polygon\":" BOX "}]}", "mask 1: wants a \"name\"" },
    { "{\"zones\":[],\"masks\":[{\"name\":\"m\",\"polygon\":[[0,0],[1,0],[0,0]]}]}",
      "mask 'm': a polygon wants 3 corners" },
    { "{\"zones\":[],\"masks\":[{\"name\":\"m\",\"grace\":1,\"polygon\":" BOX "}]}",
      "mask 'm': unknown key 'grace'" },
    { "{\"lines\":[{\"name\":\"l\"}]}", "line 'l': wants \"line\"" },
    { "{\"lines\":[{\"name\":\"l\",\"line\":{\"start\":{\"x\":0,\"y\":0},"
      "\"end\":{\"x\":0,\"y\":0}}}]}",
      "start and end are the same point" },
    { "{\"lines\":[{\"name\":\"l\",\"line\":{\"start\":{\"x\":0,\"y\":0},"
      "\"end\":{\"x\":640,\"y\":0}}}]}",
      "x of its end is 640" },
    { "{\"lines\":[{\"name\":\"l\",\"colour\":1,\"line\":{\"start\":{\"x\":0,\"y\":0},"
      "\"end\":{\"x\":1,\"y\":0}}}]}",
      "line 'l': unknown key 'colour'" },
    { "{\"lines\":[{\"name\":\"l\",\"line\":{\"start\":{\"x\":0,\"y\":0},"
      "\"end\":{\"x\":1,\"y\":0}}},{\"name\":\"l\",\"line\":{\"start\":{\"x\":0,\"y\":0},"
      "\"end\":{\"x\":1,\"y\":0}}}]}",
      "two lines are called 'l'" },
};

static void each_mistake_gets_a_sentence_that_names_it_and_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < DW_LENGTH(mistakes); i++) {
        struct dw_layout layout = { .zone_count = 77 };
        struct dw_err err = { 0 };
        int r = parse(&layout, mistakes[i].text, &err);
        if (r != -EINVAL || strstr(err.text, mistakes[i].sentence) == NULL)
            fail_msg("%s\n  wanted: %s\n  got:    %d %s", mistakes[i].text, mistakes[i].sentence, r,
                     err.text);
        assert_int_equal(layout.zone_count, 77);
    }
}

static void sixty_four_corners_are_possible_and_more_are_not(void **state)
{
    (void)state;
    for (int corners = DW_ZONE_CORNERS_MAX - 1; corners <= DW_ZONE_CORNERS_MAX; corners++) {
        struct dw_buf text = { 0 };
        struct dw_layout layout = { 0 };
        struct dw_err err = { 0 };
        dw_buf_puts(&text, "{\"zones\":[{\"name\":\"round\",\"polygon\":[");
        for (int i = 0; i <= corners; i++) {
            double angle = 2 * 3.14159265358979 * (i % corners) / corners;
            dw_buf_printf(&text, "%s[%.6f,%.6f]", i > 0 ? "," : "", 0.5 + 0.3 * cos(angle),
                          0.5 + 0.3 * sin(angle));
        }
        dw_buf_puts(&text, "]}]}");
        int r = parse(&layout, dw_buf_text(&text), &err);
        if (r != 0)
            fail_msg("%d corners: %s", corners, err.text);
        assert_int_equal(layout.zones[0].corner_count, corners);
        dw_layout_fini(&layout);
        dw_buf_fini(&text);
    }
}

static void a_file_that_is_not_there_or_is_a_folder_is_named(void **state)
{
    (void)state;
    struct dw_zone_rules rules = dw_zone_rules_default();
    struct dw_layout layout = { 0 };
    struct dw_err err = { 0 };
    assert_int_equal(dw_zones_load(&layout, "/no/such/zones.json", &rules, &err), -ENOENT);
    assert_non_null(strstr(err.text, "'/no/such/zones.json'"));
    assert_int_equal(dw_zones_load(&layout, "/", &rules, &err), -EISDIR);
    assert_non_null(strstr(err.text, "'/'"));
}

static void masks_are_shapes_with_a_name(void **state)
{
    (void)state;
    struct dw_layout layout = parsed("{\"masks\":[{\"name\":\"till\",\"polygon\":" BOX
                                     "},{\"name\":\"till\",\"polygon\":" BOX "}]}");
    assert_int_equal(layout.zone_count, 0);
    assert_int_equal(layout.mask_count, 2);
    assert_string_equal(layout.masks[1].name, "till");
    assert_int_equal(layout.masks[1].corner_count, 4);
    assert_true(layout.masks[0].corners[2].x == 0.5);
    dw_layout_fini(&layout);
}

static void test_no_zone_yet_is_fine_in_a_text_but_not_in_a_file_to_measure_with(void **state)
{
    (void)state;
    struct dw_layout layout = { 0 };
    struct dw_err err = { 0 };
    assert_int_equal(parse(&layout, "{\"zones\":[],\"lines\":[]}", &err), 0);
    assert_int_equal(layout.zone_count + layout.line_count, 0);
    dw_layout_fini(&layout);
    char path[] = "/tmp/dwell-zones-XXXXXX";
    int file = mkstemp(path);
    assert_int_equal(write(file, "{\"zones\":[]}", 12), 12);
    close(file);
    struct dw_zone_rules rules = dw_zone_rules_default();
    assert_int_equal(dw_zones_load(&layout, path, &rules, &err), -EINVAL);
    assert_non_null(strstr(err.text, "has neither zones nor lines"));
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_and_lines_are_read_as_drawn),
        cmocka_unit_test(a_zone_that_asks_for_no_events_gets_crossings_and_dwell_times),
        cmocka_unit_test(the_configuration_of_the_retired_container_is_understood),
        cmocka_unit_test(a_zone_is_for_staff_always_at_hours_or_after_long),
        cmocka_unit_test(settings_for_all_zones_hold_where_a_zone_says_nothing),
        cmocka_unit_test(each_mistake_gets_a_sentence_that_names_it_and_changes_nothing),
        cmocka_unit_test(sixty_four_corners_are_possible_and_more_are_not),
        cmocka_unit_test(a_file_that_is_not_there_or_is_a_folder_is_named),
        cmocka_unit_test(masks_are_shapes_with_a_name),
        cmocka_unit_test(test_no_zone_yet_is_fine_in_a_text_but_not_in_a_file_to_measure_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
