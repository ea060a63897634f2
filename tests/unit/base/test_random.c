/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"

/* The first outputs of SplitMix64 for seed 1234567, as its authors' program prints them, shifted
 * to 53 bits. */
static void the_numbers_are_those_of_splitmix64(void **state)
{
    (void)state;
    static const uint64_t wanted[] = { UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                       UINT64_C(9817491932198370423) };
    uint64_t random = 1234567;
    for (int i = 0; i < 3; i++)
        assert_true(dw_random(&random) == (double)(wanted[i] >> 11) / 9007199254740992.0);
}

static void the_bell_has_mean_0_and_standard_deviation_1(void **state)
{
    (void)state;
    double sum = 0, squares = 0;
    uint64_t random = 1;
    for (int i = 0; i < 100000; i++) {
        double x = dw_random_bell(&random);
        sum += x;
        squares += x * x;
    }
    assert_true(fabs(sum / 100000) < 0.02);
    assert_true(fabs(squares / 100000 - 1) < 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_are_those_of_splitmix64),
        cmocka_unit_test(the_bell_has_mean_0_and_standard_deviation_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
