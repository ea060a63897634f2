/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/upright.h"
#include "lib/prop.h"

static struct dw_upright usual(void)
{
    return (struct dw_upright){
        .mean = { 400, 10, 5 },
        .covariance = { { 100, 20, 1 }, { 20, 50, 0.1 }, { 1, 0.1, 0.04 } },
    };
}

/* Without a height to learn of, it is the filter of one coordinate. */
static void feet_alone_move_like_any_coordinate(void **state)
{
    (void)state;
    PROP(prop, 200)
    {
        struct dw_upright upright = usual();
        upright.covariance[0][2] = upright.covariance[2][0] = 0;
        upright.covariance[1][2] = upright.covariance[2][1] = 0;
        struct dw_kalman kalman = { 400, 10, 100, 20, 50 };
        struct dw_motion motion =
            dw_motion_over(prop_real(&prop, 0.01, 1), prop_real(&prop, 0, 9),
                           prop_real(&prop, 1, 99), prop_chance(&prop, 0.5) ? 0.8 : 0);
        struct dw_upright predicted = upright, next;
        struct dw_kalman kalman_predicted = kalman, kalman_next;
        dw_upright_predict(&predicted, &motion, 0.01);
        dw_kalman_predict(&kalman_predicted, &motion);
        next = predicted;
        kalman_next = kalman_predicted;
        double seen = prop_real(&prop, 350, 450), r = prop_real(&prop, 1, 100);
        dw_upright_update(&next, 0, seen - next.mean[DW_UPRIGHT_FEET], r);
        dw_kalman_update(&kalman_next, seen, r);
        dw_upright_smooth(&upright, &predicted, &next, &motion);
        dw_kalman_smooth(&kalman, &kalman_predicted, &kalman_next, &motion);
        prop_assert(&prop, fabs(next.mean[0] - kalman_next.position) < 1e-9);
        prop_assert(&prop, fabs(next.covariance[0][1] - kalman_next.p01) < 1e-9);
        prop_assert(&prop, fabs(upright.mean[0] - kalman.position) < 1e-9);
        prop_assert(&prop, fabs(upright.mean[1] - kalman.velocity) < 1e-9);
    }
}

static void what_is_learned_of_the_height_moves_the_feet(void **state)
{
    (void)state;
    struct dw_upright upright = usual();
    double before = dw_upright_variance(&upright, -150);
    assert_true(fabs(before - (100 - 2 * 150 * 1 + 150 * 150 * 0.04)) < 1e-9);
    /* The head is 30 px higher than expected: taller, and as height goes with feet here, lower. */
    dw_upright_update(&upright, -150, -30, 25);
    assert_true(upright.mean[DW_UPRIGHT_HEIGHT] > 5);
    assert_true(upright.mean[DW_UPRIGHT_FEET] > 400);
    assert_true(fabs(dw_upright_variance(&upright, -150) - 1 / (1 / before + 1 / 25.0)) < 1e-9);
    for (int i = 0; i < DW_UPRIGHT_SIZE; i++)
        for (int j = 0; j < DW_UPRIGHT_SIZE; j++)
            assert_true(fabs(upright.covariance[i][j] - upright.covariance[j][i]) < 1e-12);
}

/* Moments of a truncated normal at its mean: mean + sqrt(2 / pi) sigma, variance (1 - 2 / pi). */
static void feet_that_are_below_a_line_are_below_it(void **state)
{
    (void)state;
    struct dw_upright upright = usual(), known = usual();
    double pi = acos(-1);
    dw_upright_truncate(&upright, 400);
    assert_true(fabs(upright.mean[DW_UPRIGHT_FEET] - (400 + sqrt(2 / pi) * 10)) < 1e-9);
    assert_true(fabs(upright.covariance[0][0] - 100 * (1 - 2 / pi)) < 1e-9);
    assert_true(fabs(upright.mean[DW_UPRIGHT_HEIGHT] - (5 + sqrt(2 / pi) * 10 / 100)) < 1e-9);
    dw_upright_truncate(&known, 380); /* known already */
    assert_true(known.mean[DW_UPRIGHT_FEET] == 400);
    for (int far = 0; far < 40; far++) { /* whatever is said, it stays a sane state */
        struct dw_upright off = usual();
        dw_upright_truncate(&off, 400 + 10 * far);
        assert_true(off.mean[DW_UPRIGHT_FEET] >= 400 && off.mean[DW_UPRIGHT_FEET] < 900);
        assert_true(off.covariance[0][0] > 0 && off.covariance[2][2] > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feet_alone_move_like_any_coordinate),
        cmocka_unit_test(what_is_learned_of_the_height_moves_the_feet),
        cmocka_unit_test(feet_that_are_below_a_line_are_below_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
