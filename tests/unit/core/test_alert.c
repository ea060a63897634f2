/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts, to the frame. Frames are a second apart; on each a list of people says how long each has
 * been in the zone. What is told is written "second+rule" when raised, "second-rule end" when
 * cleared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/macros.h"
#include "core/alert.h"
#include "lib/prop.h"

#define SECOND_US INT64_C(1000000)
#define PEOPLE_MAX 12

struct stage {
    struct dw_alert_rule rules[2];
    struct dw_layout layout;
    struct dw_alerts *alerts;
    struct dw_buf told;
    int64_t second;
};

static void stage_init(struct stage *stage, struct dw_alert_rule rule)
{
    *stage = (struct stage){ .rules = { rule } };
    stage->layout = (struct dw_layout){ .alerts = stage->rules, .alert_count = 1 };
    stage->alerts = dw_alerts_create(&stage->layout);
}

static void stage_fini(struct stage *stage)
{
    dw_alerts_destroy(stage->alerts);
    dw_buf_fini(&stage->told);
}

static void tell(struct stage *stage, struct dw_alert_output output)
{
    for (size_t i = 0; i < output.count; i++) {
        const struct dw_alert_event *event = &output.events[i];
        const struct dw_alert *alert = &event->alert;
        dw_buf_printf(&stage->told, "%s%lld%c", stage->told.length > 0 ? " " : "",
                      (long long)(event->time_us / SECOND_US), event->cleared ? '-' : '+');
        if (alert->person != 0)
            dw_buf_printf(&stage->told, "p%lld", (long long)alert->person);
        else
            dw_buf_printf(&stage->told, "%d", alert->people);
        if (event->cleared)
            dw_buf_printf(&stage->told, "%s", dw_alert_end_name(alert->end));
        assert_true(alert->since_us <= alert->raised_us && alert->raised_us <= event->time_us);
    }
}

static void step(struct stage *stage, const struct dw_present *present, size_t count, int minute)
{
    tell(stage, dw_alerts_step(stage->alerts, &(struct dw_alert_moment){ stage->second * SECOND_US,
                                                                         minute, present, count }));
    stage->second++;
}

/* A digit a second: so many people, who have all been there since the start. */
static void play(struct stage *stage, const char *counts)
{
    for (; *counts != '\0'; counts++) {
        struct dw_present present[PEOPLE_MAX] = { 0 };
        size_t count = (size_t)(*counts - '0');
        for (size_t i = 0; i < count; i++)
            present[i] = (struct dw_present){ 0, (int64_t)i + 1, 0, stage->second * SECOND_US };
        step(stage, present, count, 0);
    }
}

static void assert_told(struct stage *stage, const char *wanted)
{
    assert_string_equal(dw_buf_text(&stage->told), wanted);
    stage_fini(stage);
}

static struct dw_alert_rule level(int people, int64_t for_s, int64_t clear_s)
{
    return (struct dw_alert_rule){ .kind = DW_ALERT_OCCUPANCY,
                                   .people = people,
                                   .clear_below = people,
                                   .for_us = for_s * SECOND_US,
                                   .clear_us = clear_s * SECOND_US };
}

static void it_is_raised_on_the_frame_on_which_the_level_has_lasted_and_cleared_so(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, level(3, 2, 3));
    /*            0123456789012 */
    play(&stage, "0133344222200");
    assert_told(&stage, "4+3 10-2over");
}

static void a_level_that_does_not_last_raises_nothing_and_a_dip_clears_nothing(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, level(3, 2, 2));
    /*            0123456789012345 */
    play(&stage, "3323323332332333");
    assert_told(&stage, "8+3");
}

static void at_once_means_on_the_same_frame(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, level(2, 0, 0));
    play(&stage, "0121202");
    assert_told(&stage, "2+2 3-1over 4+2 5-0over 6+2");
}

static void between_the_two_levels_an_alert_stays(void **state)
{
    (void)state;
    struct stage stage;
    struct dw_alert_rule rule = level(4, 0, 1);
    rule.clear_below = 2;
    stage_init(&stage, rule);
    /*            01234567890 */
    play(&stage, "43232343111");
    assert_told(&stage, "0+4 9-1over");
}

static void cool_down_delays_the_next_one_and_loses_it_only_when_it_is_over_by_then(void **state)
{
    (void)state;
    struct stage stage;
    struct dw_alert_rule rule = level(2, 0, 0);
    rule.cooldown_us = 5 * SECOND_US;
    stage_init(&stage, rule);
    /*            012345678901 */
    play(&stage, "202022222002");
    assert_told(&stage, "0+2 1-0over 5+2 9-0over 11+2");
}

static void one_that_lasts_is_told_again_if_that_is_wanted(void **state)
{
    (void)state;
    struct stage stage;
    struct dw_alert_rule rule = level(2, 0, 0);
    rule.repeat_us = 3 * SECOND_US;
    stage_init(&stage, rule);
    play(&stage, "02233220");
    assert_told(&stage, "1+2 4+3 7-0over");
}

static void nobody_for_a_while_is_an_alert_until_somebody_comes(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, (struct dw_alert_rule){ .kind = DW_ALERT_EMPTY, .for_us = 3 * SECOND_US });
    play(&stage, "0010000020");
    assert_told(&stage, "6+0 8-2over");
}

static void a_queue_is_of_those_who_wait_in_this_zone(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, (struct dw_alert_rule){ .kind = DW_ALERT_QUEUE,
                                               .people = 2,
                                               .clear_below = 2,
                                               .wait_us = 4 * SECOND_US });
    for (int second = 0; second < 9; second++) {
        struct dw_present present[] = {
            { 0, 1, 0, second * SECOND_US },
            { 0, 2, 2 * SECOND_US, DW_MAX(second - 2, 0) * SECOND_US },
            { 1, 3, 0, second * SECOND_US }, /* in another zone */
        };
        step(&stage, present, second < 8 ? 3 : 1, 0);
    }
    assert_told(&stage, "6+2 8-1over");
}

static void each_person_who_stays_long_is_told_once(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, (struct dw_alert_rule){ .kind = DW_ALERT_DWELL, .for_us = 3 * SECOND_US });
    play(&stage, "1112222200");
    /* Both began at 0: the second is seen at 3 for the first time, with 3 s. */
    assert_told(&stage, "3+p1 3+p2 8-p1over 8-p2over");
}

static void
somebody_unseen_for_a_while_who_goes_on_with_the_same_stay_is_not_told_again(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, (struct dw_alert_rule){ .kind = DW_ALERT_DWELL, .for_us = 2 * SECOND_US });
    play(&stage, "11110011");
    struct dw_present again = { 0, 1, 8 * SECOND_US, 3 * SECOND_US }; /* a new stay */
    stage.second = 11;
    step(&stage, &again, 1, 0);
    assert_told(&stage, "2+p1 4-p1over 11+p1");
}

static void a_gap_clears_and_nothing_is_carried_over_it_but_the_cool_down(void **state)
{
    (void)state;
    struct stage stage;
    struct dw_alert_rule rule = level(2, 2, 0);
    rule.cooldown_us = 12 * SECOND_US;
    stage_init(&stage, rule);
    play(&stage, "2222");
    tell(&stage, dw_alerts_stop(stage.alerts, 4 * SECOND_US, DW_ALERT_GAP));
    stage.second = 10;
    play(&stage, "22222");
    tell(&stage, dw_alerts_stop(stage.alerts, 16 * SECOND_US, DW_ALERT_STOPPED));
    assert_told(&stage, "2+2 4-2gap 14+2 16-2stopped");
}

static void what_had_lasted_before_a_gap_does_not_count_after_it(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, (struct dw_alert_rule){ .kind = DW_ALERT_EMPTY, .for_us = 5 * SECOND_US });
    play(&stage, "00000");
    tell(&stage, dw_alerts_stop(stage.alerts, 5 * SECOND_US, DW_ALERT_GAP));
    stage.second = 100;
    play(&stage, "000000");
    assert_told(&stage, "105+0");
}

static void outside_its_hours_a_rule_raises_nothing_and_keeps_nothing(void **state)
{
    (void)state;
    struct stage stage;
    struct dw_alert_rule rule = { .kind = DW_ALERT_EMPTY, .for_us = 2 * SECOND_US };
    rule.hours = (struct dw_hours){ { { 1, 10, 5 } }, 1 };
    stage_init(&stage, rule);
    for (int minute = 5; minute < 20; minute++) /* a minute a second */
        step(&stage, NULL, 0, minute);
    assert_told(&stage, "7+0 10-0closed");
}

/* --- Against what brute force says ---------------------------------------------------------- */

#define SECONDS 60

/* Whether the condition held on every frame of the last `for_s` seconds up to `at`, from `from`. */
static bool lasted(const bool *so, int at, int from, int64_t for_s)
{
    int begin = at - (int)for_s;
    for (int i = DW_MAX(begin, 0); i <= at; i++)
        if (!so[i])
            return false;
    return begin >= from;
}

static void any_level_rule_says_what_brute_force_says(void **state)
{
    (void)state;
    PROP(prop, 2000)
    {
        struct stage stage;
        struct dw_alert_rule rule =
            level((int)prop_int(&prop, 1, 4), prop_int(&prop, 0, 4), prop_int(&prop, 0, 4));
        rule.clear_below = (int)prop_int(&prop, 1, rule.people);
        rule.cooldown_us = prop_int(&prop, 0, 10) * SECOND_US;
        stage_init(&stage, rule);
        char counts[SECONDS + 1] = "";
        struct dw_buf wanted = { 0 };
        bool met[SECONDS], over[SECONDS], raised = false;
        int count = 0, last = -1000, from = 0;
        for (int i = 0; i < SECONDS; i++) {
            count += (int)prop_int(&prop, -1, 1);
            count = DW_MIN(DW_MAX(count, 0), 9);
            counts[i] = (char)('0' + count);
            met[i] = count >= rule.people;
            over[i] = count < rule.clear_below;
            bool cool = i - last >= rule.cooldown_us / SECOND_US;
            const char *space = wanted.length > 0 ? " " : "";
            if (!raised && cool && lasted(met, i, from, rule.for_us / SECOND_US)) {
                dw_buf_printf(&wanted, "%s%d+%d", space, i, count);
                raised = true;
                last = i;
            } else if (raised && lasted(over, i, from, rule.clear_us / SECOND_US)) {
                dw_buf_printf(&wanted, "%s%d-%dover", space, i, count);
                raised = false;
            }
        }
        play(&stage, counts);
        prop_assert(&prop, strcmp(dw_buf_text(&stage.told), dw_buf_text(&wanted)) == 0);
        dw_buf_fini(&wanted);
        stage_fini(&stage);
    }
}

static void names_are_read_back(void **state)
{
    (void)state;
    for (int kind = 0; kind < DW_ALERT_KIND_COUNT; kind++)
        assert_int_equal(dw_alert_kind_parse(dw_alert_kind_name((enum dw_alert_kind)kind)), kind);
    for (int end = 0; end < DW_ALERT_END_COUNT; end++)
        assert_int_equal(dw_alert_end_parse(dw_alert_end_name((enum dw_alert_end)end)), end);
    assert_int_equal(dw_alert_kind_parse("fire"), -1);
    assert_int_equal(dw_alert_end_parse(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_raised_on_the_frame_on_which_the_level_has_lasted_and_cleared_so),
        cmocka_unit_test(a_level_that_does_not_last_raises_nothing_and_a_dip_clears_nothing),
        cmocka_unit_test(at_once_means_on_the_same_frame),
        cmocka_unit_test(between_the_two_levels_an_alert_stays),
        cmocka_unit_test(cool_down_delays_the_next_one_and_loses_it_only_when_it_is_over_by_then),
        cmocka_unit_test(one_that_lasts_is_told_again_if_that_is_wanted),
        cmocka_unit_test(nobody_for_a_while_is_an_alert_until_somebody_comes),
        cmocka_unit_test(a_queue_is_of_those_who_wait_in_this_zone),
        cmocka_unit_test(each_person_who_stays_long_is_told_once),
        cmocka_unit_test(
            somebody_unseen_for_a_while_who_goes_on_with_the_same_stay_is_not_told_again),
        cmocka_unit_test(a_gap_clears_and_nothing_is_carried_over_it_but_the_cool_down),
        cmocka_unit_test(what_had_lasted_before_a_gap_does_not_count_after_it),
        cmocka_unit_test(outside_its_hours_a_rule_raises_nothing_and_keeps_nothing),
        cmocka_unit_test(any_level_rule_says_what_brute_force_says),
        cmocka_unit_test(names_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
