/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/wall_time.h"
#include "insight/format.h"

static char out[DW_FORMAT_SIZE];

static void durations_change_unit_where_people_do(void **state)
{
    (void)state;
    assert_string_equal(dw_format_seconds(out, 0), "0.0 s");
    assert_string_equal(dw_format_seconds(out, 4.24), "4.2 s");
    assert_string_equal(dw_format_seconds(out, 59.94), "59.9 s");
    assert_string_equal(dw_format_seconds(out, 59.96), "1 min 00 s");
    assert_string_equal(dw_format_seconds(out, 185.4), "3 min 05 s");
    assert_string_equal(dw_format_seconds(out, 3725), "1 h 02 min");
    assert_string_equal(dw_format_level(out, 3000000), "3 s");
    assert_string_equal(dw_format_level(out, 2500000), "2.5 s");
    assert_string_equal(dw_format_level(out, 300000000), "5 min");
}

static void percents_are_not_rounded_to_none_or_all(void **state)
{
    (void)state;
    assert_string_equal(dw_format_percent(out, 0), "0 %");
    assert_string_equal(dw_format_percent(out, .001), "<1 %");
    assert_string_equal(dw_format_percent(out, .42), "42 %");
    assert_string_equal(dw_format_percent(out, .999), ">99 %");
    assert_string_equal(dw_format_percent(out, 1), "100 %");
}

static void quantiles_say_what_is_not_known(void **state)
{
    (void)state;
    struct dw_report_zone zone = { .longest_s = 20 };
    struct dw_report_quantile quantile = { .known = true, .s = { 4.5, 3.1, 8 } };
    assert_string_equal(dw_format_quantile(out, &zone, &quantile), "4.5 s");
    assert_string_equal(dw_format_quantile_interval(out, &quantile), "3.1-8.0 s");
    quantile.s.high = 75;
    assert_string_equal(dw_format_quantile_interval(out, &quantile), "3.1 s - 1 min 15 s");
    quantile.s.high = (double)INFINITY;
    assert_string_equal(dw_format_quantile_interval(out, &quantile), "3.1 s or more");
    quantile.s.value = (double)INFINITY;
    assert_string_equal(dw_format_quantile(out, &zone, &quantile), "> 20.0 s");
    quantile.s.low = (double)INFINITY;
    assert_string_equal(dw_format_quantile_interval(out, &quantile), "-");
    quantile.known = false;
    assert_string_equal(dw_format_quantile(out, &zone, &quantile), "-");
    struct dw_report_share share = { .known = false };
    assert_string_equal(dw_format_share(out, &share), "-");
    assert_string_equal(dw_format_share_interval(out, &share), "-");
}

static void spans_name_a_day_once(void **state)
{
    (void)state;
    struct dw_span span = { INT64_C(1790000000) * DW_SECOND_US,
                            INT64_C(1790000600) * DW_SECOND_US };
    assert_string_equal(dw_format_span(out, span), "2026-09-21 14:13:20 to 14:23:20 UTC");
    span.end_us += 86400 * DW_SECOND_US;
    assert_string_equal(dw_format_span(out, span),
                        "2026-09-21 14:13:20 to 2026-09-22 14:23:20 UTC");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_change_unit_where_people_do),
        cmocka_unit_test(percents_are_not_rounded_to_none_or_all),
        cmocka_unit_test(quantiles_say_what_is_not_known),
        cmocka_unit_test(spans_name_a_day_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
