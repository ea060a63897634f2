/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "store/dwell_hist.h"

static void every_dwell_lies_in_its_bucket_and_buckets_are_narrow(void **state)
{
    (void)state;
    for (int b = 0; b < DW_DWELL_BUCKETS; b++) {
        int64_t low_us = dw_dwell_bucket_low_us(b), high_us = dw_dwell_bucket_low_us(b + 1);
        assert_int_equal(dw_dwell_bucket(low_us), b);
        assert_int_equal(dw_dwell_bucket(high_us - 1), b);
        if (low_us > 600000)
            assert_true((double)(high_us - low_us) <= (double)low_us / 32);
    }
    assert_int_equal(dw_dwell_bucket(-5), 0);
    assert_int_equal(dw_dwell_bucket(INT64_MAX), DW_DWELL_BUCKETS - 1);
    assert_true(dw_dwell_bucket_low_us(DW_DWELL_BUCKETS) > INT64_C(38) * 3600 * 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dwell_lies_in_its_bucket_and_buckets_are_narrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
