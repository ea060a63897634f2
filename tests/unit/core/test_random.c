/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/random.h"
#include "lib/near.h"

#define DRAWS 100000

/* The first numbers of seed 1234567, as printed for splitmix64 on Rosetta Code. */
static void bits_are_those_of_splitmix64(void **state)
{
    (void)state;
    static const uint64_t wanted[] = { UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                       UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                       UINT64_C(16408922859458223821) };
    uint64_t random = 1234567;
    for (size_t i = 0; i < DW_LENGTH(wanted); i++)
        assert_true(dw_random_bits(&random) == wanted[i]);
}

/* Five standard errors of so many draws. */
static void numbers_have_the_mean_and_spread_they_say(void **state)
{
    (void)state;
    uint64_t random = 1;
    double unit = 0, normal = 0, squares = 0, wait = 0, factor = 0, logs = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = dw_random_unit(&random), z = dw_random_normal(&random);
        double f = dw_random_factor(&random, .5);
        assert_true(x > 0 && x < 1);
        assert_true(dw_random_below(&random, 7) < 7);
        unit += x / DRAWS;
        normal += z / DRAWS;
        squares += z * z / DRAWS;
        wait += dw_random_exponential(&random) / DRAWS;
        factor += f / DRAWS;
        logs += log(f) * log(f) / DRAWS;
    }
    assert_near(unit, .5, .005);
    assert_near(normal, 0, .016);
    assert_near(squares, 1, .023);
    assert_near(wait, 1, .016);
    assert_near(factor, 1, .009);
    assert_near(logs, .25 + .125 * .125, .01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_are_those_of_splitmix64),
        cmocka_unit_test(numbers_have_the_mean_and_spread_they_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
