/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/macros.h"
#include "conf/alerts.h"
#include "conf/zones.h"

#define BOX "[[0.1,0.1],[0.5,0.1],[0.5,0.5],[0.1,0.5],[0.1,0.1]]"
#define ZONES(alerts) "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"alerts\":" alerts "}]}"

static int parse(struct dw_layout *out, const char *text, struct dw_err *err)
{
    struct dw_zone_rules rules = dw_zone_rules_default();
    return dw_zones_parse(out, text, strlen(text), &rules, err);
}

static struct dw_layout parsed(const char *text)
{
    struct dw_layout layout = { 0 };
    struct dw_err err = { { 0 } };
    if (parse(&layout, text, &err) != 0)
        fail_msg("%s: %s", text, err.text);
    return layout;
}

static void each_kind_is_read_with_all_that_belongs_to_it(void **state)
{
    (void)state;
    struct dw_layout layout = parsed(ZONES(
        "[{\"kind\":\"queue\",\"name\":\"till\",\"people\":3,\"wait\":60,\"for\":10,"
        "\"clear_below\":2,\"clear_after\":5,\"cooldown\":300,\"repeat\":120.5,"
        "\"hours\":\"mon-sat 09:00-20:00\"},{\"kind\":\"dwell\",\"for\":600},"
        "{\"kind\":\"empty\",\"for\":1800},{\"kind\":\"occupancy\",\"people\":5,\"for\":7}]"));
    assert_int_equal(layout.alert_count, 4);
    const struct dw_alert_rule *rule = layout.alerts;
    assert_int_equal(rule->kind, DW_ALERT_QUEUE);
    assert_string_equal(rule->name, "till");
    assert_int_equal(rule->people, 3);
    assert_int_equal(rule->clear_below, 2);
    assert_int_equal(rule->wait_us, 60000000);
    assert_int_equal(rule->for_us, 10000000);
    assert_int_equal(rule->clear_us, 5000000);
    assert_int_equal(rule->cooldown_us, 300000000);
    assert_int_equal(rule->repeat_us, 120500000);
    assert_int_equal(rule->hours.count, 1);
    assert_int_equal(rule[1].kind, DW_ALERT_DWELL);
    assert_string_equal(rule[1].name, "dwell");
    assert_int_equal(rule[1].for_us, 600000000);
    assert_int_equal(rule[2].kind, DW_ALERT_EMPTY);
    assert_int_equal(rule[2].clear_us, 0);
    /* What is not said: it is over when fewer are there, for as long. */
    assert_int_equal(rule[3].clear_below, 5);
    assert_int_equal(rule[3].clear_us, 7000000);
    dw_layout_fini(&layout);
}

static void alerts_belong_to_their_zone(void **state)
{
    (void)state;
    struct dw_layout layout =
        parsed("{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"alerts\":[]},"
               "{\"name\":\"b\",\"polygon\":" BOX ",\"alerts\":[{\"kind\":\"dwell\",\"for\":1},"
               "{\"kind\":\"empty\",\"for\":1}]},{\"name\":\"c\",\"polygon\":" BOX
               ",\"alerts\":[{\"kind\":\"dwell\",\"for\":1}]}]}");
    assert_int_equal(layout.alert_count, 3);
    assert_int_equal(layout.alerts[0].zone, 1);
    assert_int_equal(layout.alerts[1].zone, 1);
    assert_int_equal(layout.alerts[2].zone, 2);
    dw_layout_fini(&layout);
}

static const struct {
    const char *text, *sentence;
} mistakes[] = {
    { ZONES("3"), "zone 'a': \"alerts\" wants a list of at most 16" },
    { ZONES("[{}]"), "zone 'a': alert 1: wants a \"kind\": dwell, empty, occupancy or queue" },
    { ZONES("[7]"), "alert 1: wants an object like" },
    { ZONES("[{\"kind\":\"dwel\",\"for\":1}]"), "alert 1: kind 'dwel' is none of dwell, empty" },
    { ZONES("[{\"kind\":\"dwell\"}]"), "alert 1: an alert of kind dwell wants \"for\"" },
    { ZONES("[{\"kind\":\"occupancy\"}]"), "an alert of kind occupancy wants \"people\"" },
    { ZONES("[{\"kind\":\"queue\",\"people\":2}]"), "an alert of kind queue wants \"wait\"" },
    { ZONES("[{\"kind\":\"dwell\",\"for\":1,\"people\":2}]"),
      "an alert of kind dwell has no \"people\"; remove it" },
    { ZONES("[{\"kind\":\"dwell\",\"for\":\"1\"}]"), "\"for\" wants seconds from 0 to 86400" },
    { ZONES("[{\"kind\":\"dwell\",\"for\":-1}]"), "\"for\" wants seconds from 0 to 86400" },
    { ZONES("[{\"kind\":\"occupancy\",\"people\":0}]"),
      "\"people\" wants a whole number from 1 to 10000" },
    { ZONES("[{\"kind\":\"occupancy\",\"people\":1.5}]"), "\"people\" wants a whole number" },
    { ZONES("[{\"kind\":\"occupancy\",\"people\":2,\"clear_below\":3}]"),
      "\"clear_below\" is 3; it wants a number up to \"people\", which is 2" },
    { ZONES("[{\"kind\":\"dwell\",\"for\":1,\"coldown\":2}]"),
      "unknown key 'coldown'; did you mean 'cooldown'?" },
    { ZONES("[{\"kind\":\"dwell\",\"for\":1,\"name\":\"\"}]"),
      "\"name\" wants a text of 1 to 127" },
    { ZONES("[{\"kind\":\"dwell\",\"for\":1},{\"kind\":\"dwell\",\"for\":2}]"),
      "alert 2: two alerts are called 'dwell'; give one another \"name\"" },
    { ZONES("[{\"kind\":\"dwell\",\"for\":1,\"hours\":7}]"), "alert 1: \"hours\" is ''; write it" },
    { ZONES("[{\"kind\":\"dwell\",\"for\":1,\"hours\":\"9-5\"}]"),
      "\"hours\" is '9-5'; write it like mon-sat 09:00-20:00, sun 11:00-16:00" },
    { "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"alert\":[]}]}",
      "unknown key 'alert'; did you mean 'alerts'?" },
};

static void each_mistake_gets_a_sentence_that_names_it_and_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < DW_LENGTH(mistakes); i++) {
        struct dw_layout layout = { .zone_count = 77 };
        struct dw_err err = { { 0 } };
        int r = parse(&layout, mistakes[i].text, &err);
        if (r != -EINVAL || strstr(err.text, mistakes[i].sentence) == NULL)
            fail_msg("%s\n  wanted: %s\n  got:    %d %s", mistakes[i].text, mistakes[i].sentence, r,
                     err.text);
        assert_int_equal(layout.zone_count, 77);
    }
}

static void sixteen_alerts_are_possible_and_more_are_not(void **state)
{
    (void)state;
    for (int count = 16; count <= 17; count++) {
        struct dw_buf text = { 0 };
        struct dw_layout layout = { 0 };
        struct dw_err err = { { 0 } };
        dw_buf_puts(&text, "{\"zones\":[{\"name\":\"a\",\"polygon\":" BOX ",\"alerts\":[");
        for (int i = 0; i < count; i++)
            dw_buf_printf(&text, "%s{\"kind\":\"dwell\",\"for\":9,\"name\":\"%d\"}",
                          i > 0 ? "," : "", i);
        dw_buf_puts(&text, "]}]}");
        assert_int_equal(parse(&layout, dw_buf_text(&text), &err), count == 16 ? 0 : -EINVAL);
        assert_int_equal(layout.alert_count, count == 16 ? 16 : 0);
        dw_layout_fini(&layout);
        dw_buf_fini(&text);
    }
}

/* --- Hours ---------------------------------------------------------------------------------- */

static void hours_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct dw_hours_span spans[2];
        size_t count;
    } cases[] = {
        { "mon-sat 09:00-20:00", { { 0x3f, 540, 660 } }, 1 },
        { "mon-fri 09:00-20:00, sun 11:00-16:30", { { 0x1f, 540, 660 }, { 0x40, 660, 330 } }, 2 },
        { "sat-mon 00:00-24:00", { { 0x61, 0, 1440 } }, 1 },
        { "daily 08:30-09:00", { { 0x7f, 510, 30 } }, 1 },
        { "fri 22:00-02:00", { { 0x10, 1320, 240 } }, 1 },
        { "  wed  10:00-11:00 ,thu 10:00-11:00 ", { { 4, 600, 60 }, { 8, 600, 60 } }, 2 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_hours hours = { 0 };
        struct dw_err err = { { 0 } };
        if (dw_hours_parse(&hours, cases[i].text, &err) != 0)
            fail_msg("%s: %s", cases[i].text, err.text);
        assert_int_equal(hours.count, cases[i].count);
        assert_memory_equal(hours.spans, cases[i].spans, cases[i].count * sizeof(hours.spans[0]));
    }
}

static void hours_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "mon",
        "mon 9:00-20:00",
        "mon 09:00",
        "mon 09:00-",
        "mon 09:00-09:00",
        "mo 09:00-10:00",
        "mon 24:00-10:00",
        "mon 09:60-10:00",
        "mon 09:00-24:01",
        "mon-fri09:00-10:00",
        "mon- 09:00-10:00",
        "mon 09:00-10:00,",
        "mon 09:00-10:00 tue 09:00-10:00",
        "Mon 09:00-10:00",
        "mon 09:00 - 10:00",
        "mon,tue 09:00-10:00",
    };
    for (size_t i = 0; i < DW_LENGTH(texts); i++) {
        struct dw_hours hours = { .count = 9 };
        struct dw_err err = { { 0 } };
        if (dw_hours_parse(&hours, texts[i], &err) != -EINVAL)
            fail_msg("'%s' was taken for hours", texts[i]);
        assert_non_null(strstr(err.text, "\"hours\""));
        assert_int_equal(hours.count, 9);
    }
}

static void fourteen_parts_are_possible_and_more_are_not(void **state)
{
    (void)state;
    for (int parts = 14; parts <= 15; parts++) {
        struct dw_buf text = { 0 };
        struct dw_hours hours = { 0 };
        struct dw_err err = { { 0 } };
        for (int i = 0; i < parts; i++)
            dw_buf_printf(&text, "%smon %02d:00-%02d:30", i > 0 ? "," : "", i, i);
        assert_int_equal(dw_hours_parse(&hours, dw_buf_text(&text), &err),
                         parts == 14 ? 0 : -EINVAL);
        dw_buf_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_read_with_all_that_belongs_to_it),
        cmocka_unit_test(alerts_belong_to_their_zone),
        cmocka_unit_test(each_mistake_gets_a_sentence_that_names_it_and_changes_nothing),
        cmocka_unit_test(sixteen_alerts_are_possible_and_more_are_not),
        cmocka_unit_test(hours_are_read_as_people_write_them),
        cmocka_unit_test(hours_that_are_none_are_refused),
        cmocka_unit_test(fourteen_parts_are_possible_and_more_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
