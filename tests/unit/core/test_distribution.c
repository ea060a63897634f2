/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/distribution.h"
#include "lib/near.h"

/* Computed with SciPy 1.17.1: scipy.stats.t.sf, t.isf, norm.sf. */
static void tails_equal_those_of_scipy(void **state)
{
    (void)state;
    static const struct {
        double t, df, tail;
    } table[] = {
        { 2.228138852, 10, .024999999999418234 },
        { 1, 1, .25 },
        { 0.5, 3, .3257239824240755 },
        { 3, 2.5, .036288047774515914 },
        { 10, 4, .0002810018113579955 },
        { 1.96, 1000, .025136592477874368 },
        { 40, 30, 6.863022597203209e-28 },
    };
    for (size_t i = 0; i < DW_LENGTH(table); i++) {
        double tail = dw_student_tail(table[i].t, table[i].df);
        assert_near(tail / table[i].tail, 1, 1e-10);
        assert_near(dw_student_tail(-table[i].t, table[i].df), 1 - tail, 1e-15);
        assert_near(dw_student_p(-table[i].t, table[i].df), 2 * tail, 1e-15);
    }
    assert_near(dw_normal_tail(1.5), .06680720126885807, 1e-15);
    assert_near(dw_normal_tail(6) / 9.865876450376946e-10, 1, 1e-12);
}

static void quantiles_equal_those_of_scipy(void **state)
{
    (void)state;
    static const struct {
        double tail, df, t;
    } table[] = {
        { .025, 10, 2.2281388519862753 },
        { .025, 1, 12.706204736174705 },
        { .2, 5, .9195437802408267 },
        { .025, 27.5, 2.050086345720724 },
        { .0005, 3, 12.923978636687481 },
        { .025, (double)INFINITY, 1.959963984540054 },
        { .5, 7, 0 },
    };
    for (size_t i = 0; i < DW_LENGTH(table); i++)
        assert_near(dw_student_quantile(table[i].tail, table[i].df), table[i].t, 1e-9);
}

static void ends_of_the_line_are_finite(void **state)
{
    (void)state;
    assert_near(dw_student_tail(0, 3), .5, 1e-15);
    assert_near(dw_student_tail((double)INFINITY, 3), 0, 0);
    assert_near(dw_student_tail(-(double)INFINITY, 3), 1, 0);
    assert_near(dw_student_tail(1e200, 3), 0, 1e-300);
    assert_near(dw_student_p(0, (double)INFINITY), 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_equal_those_of_scipy),
        cmocka_unit_test(quantiles_equal_those_of_scipy),
        cmocka_unit_test(ends_of_the_line_are_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
