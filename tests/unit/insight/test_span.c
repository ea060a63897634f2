/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "insight/span.h"

static void spans_that_overlap_or_touch_become_one(void **state)
{
    (void)state;
    struct dw_spans spans = { 0 };
    dw_spans_add(&spans, 50, 60);
    dw_spans_add(&spans, 0, 10);
    dw_spans_add(&spans, 10, 20);
    dw_spans_add(&spans, 52, 55);
    dw_spans_add(&spans, 30, 30);
    dw_spans_merge(&spans);
    assert_int_equal(spans.count, 2);
    assert_int_equal(spans.items[0].end_us, 20);
    assert_int_equal(spans.items[1].end_us, 60);
    assert_int_equal(dw_spans_total(&spans), 30);
    dw_vec_fini(&spans);
}

static void no_spans_are_no_time(void **state)
{
    (void)state;
    struct dw_spans spans = { 0 };
    dw_spans_merge(&spans);
    assert_int_equal(dw_spans_total(&spans), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_that_overlap_or_touch_become_one),
        cmocka_unit_test(no_spans_are_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
