/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/doubt.h"

#define FRAMES 300 /* at 10 a second */

static struct dw_zone zone = {
    .name = "zone",
    .corners = { { 0.2, 0.2 }, { 0.8, 0.2 }, { 0.8, 0.8 }, { 0.2, 0.8 } },
    .corner_count = 4
};

struct counts {
    int visits[DW_VARIANT_COUNT];
};

static void add(struct counts *counts, const struct dw_doubt_visit *visits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        counts->visits[visits[i].variant]++;
}

/* Somebody stands in the zone and is hidden from frame 120 on for `hidden` frames; at frame
 * `gap` (0: never) the camera delivers nothing for a second. */
static struct counts measure(int hidden, int gap, struct dw_zone_rules rules)
{
    zone.rules = rules;
    struct dw_layout layout = { .zones = &zone, .zone_count = 1 };
    struct dw_lane_conf conf = { .layout = &layout,
                                 .width_px = 1000,
                                 .height_px = 1000,
                                 .interval_us = 100000,
                                 .track = dw_track_params_default() };
    DW_AUTO(doubt) *doubt = dw_doubt_create(&conf);
    struct counts counts = { { 0 } };
    const struct dw_doubt_visit *visits = NULL;
    const struct dw_detection person = { { 480, 400, 40, 100 }, 0.9F };
    for (int f = 0; f < FRAMES; f++) {
        bool seen = f < 120 || f >= 120 + hidden;
        if (gap > 0 && f >= gap && f < gap + 10)
            continue;
        if (gap > 0 && f == gap + 10) {
            size_t cut = dw_doubt_gap(doubt, f * INT64_C(100000), &visits);
            add(&counts, visits, cut);
        }
        struct dw_track_input input = { f * INT64_C(100000), f, &person, seen, NULL };
        size_t count = dw_doubt_step(doubt, &input, &visits);
        add(&counts, visits, count);
    }
    size_t count = dw_doubt_finish(doubt, FRAMES * INT64_C(100000), DW_END_STOPPED, &visits);
    add(&counts, visits, count);
    return counts;
}

static void assert_counts(struct counts got, int half_bridge, int twice_bridge, int half_link,
                          int twice_link)
{
    const struct counts wanted = { { half_bridge, twice_bridge, half_link, twice_link } };
    assert_memory_equal(&got, &wanted, sizeof(wanted));
}

static void somebody_always_seen_leaves_no_doubt(void **state)
{
    (void)state;
    assert_counts(measure(0, 0, dw_zone_rules_default()), 1, 1, 1, 1);
}

static void half_the_bridge_breaks_a_visit_when_nothing_else_mends_it(void **state)
{
    (void)state;
    struct dw_zone_rules rules = dw_zone_rules_default();
    rules.grace_us = rules.link_us = 0;
    assert_counts(measure(8, 0, rules), 2, 1, 1, 1);
}

static void half_the_link_breaks_a_visit_hidden_for_six_seconds(void **state)
{
    (void)state;
    assert_counts(measure(60, 0, dw_zone_rules_default()), 1, 1, 2, 1);
}

static void twice_the_link_joins_one_hidden_for_twelve(void **state)
{
    (void)state;
    assert_counts(measure(120, 0, dw_zone_rules_default()), 2, 2, 2, 1);
}

static void a_gap_cuts_them_all(void **state)
{
    (void)state;
    assert_counts(measure(0, 200, dw_zone_rules_default()), 2, 2, 2, 2);
}

static void variants_are_found_by_their_names(void **state)
{
    (void)state;
    for (int i = 0; i < DW_VARIANT_COUNT; i++)
        assert_int_equal(dw_variant_parse(dw_variant_name((enum dw_variant)i)), i);
    assert_int_equal(dw_variant_parse("thrice the bridge"), -1);
}

static void quality_falls_with_what_was_not_seen(void **state)
{
    (void)state;
    struct dw_visit visit = { .dwell_us = 10, .observed_us = 10, .score = 0.8 };
    assert_true(dw_visit_quality(&visit) == 0.8);
    visit.observed_us = 5;
    assert_true(dw_visit_quality(&visit) == 0.4);
    visit.links = 4;
    assert_true(dw_visit_quality(&visit) == 0.2);
    visit.dwell_us = 0;
    assert_true(dw_visit_quality(&visit) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_always_seen_leaves_no_doubt),
        cmocka_unit_test(half_the_bridge_breaks_a_visit_when_nothing_else_mends_it),
        cmocka_unit_test(half_the_link_breaks_a_visit_hidden_for_six_seconds),
        cmocka_unit_test(twice_the_link_joins_one_hidden_for_twelve),
        cmocka_unit_test(a_gap_cuts_them_all),
        cmocka_unit_test(variants_are_found_by_their_names),
        cmocka_unit_test(quality_falls_with_what_was_not_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
