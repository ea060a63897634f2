/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/multiple.h"
#include "lib/near.h"

/* The worked example of Wikipedia's article on the Holm-Bonferroni method; the adjusted values are
 * those of statsmodels 0.15.0, multipletests(method='holm'). */
static void holm_equals_the_worked_example(void **state)
{
    (void)state;
    const double p[] = { .01, .04, .03, .005 }, wanted[] = { .03, .06, .06, .02 };
    double adjusted[4];
    dw_holm(adjusted, p, 4);
    for (size_t i = 0; i < 4; i++)
        assert_near(adjusted[i], wanted[i], 1e-15);
}

static void what_is_not_known_is_not_counted(void **state)
{
    (void)state;
    double p[] = { (double)NAN, .6, .01, (double)NAN, .7 };
    dw_holm(p, p, 5);
    assert_true(isnan(p[0]) && isnan(p[3]));
    assert_near(p[2], .03, 1e-15);
    assert_near(p[1], 1, 0);
    assert_near(p[4], 1, 0);
    dw_holm(p, p, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holm_equals_the_worked_example),
        cmocka_unit_test(what_is_not_known_is_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
