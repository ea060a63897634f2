/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/bootstrap.h"
#include "lib/near.h"

/* The law school data of Efron and Tibshirani, An Introduction to the Bootstrap (1993), table 3.1.
 */
static const double lsat[15] = { 576, 635, 558, 578, 666, 580, 555, 661,
                                 651, 605, 653, 575, 545, 572, 594 };
static const double gpa[15] = { 3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43,
                                3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96 };

static double correlation(void *context, const size_t *days, size_t count)
{
    (void)context;
    double n = (double)count, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < count; i++) {
        double a = lsat[days[i]], b = gpa[days[i]];
        x += a / n;
        y += b / n;
        xx += a * a / n;
        yy += b * b / n;
        xy += a * b / n;
    }
    double spread = (xx - x * x) * (yy - y * y);
    return spread > 0 ? (xy - x * y) / sqrt(spread) : (double)NAN;
}

/*
 * Correlation .776 (the book). Ends: SciPy 1.17.1, bootstrap() with 100,000 draws: BCa .338 to
 * .942, percentile .459 to .962; 20,000 draws of other random numbers come within .015.
 */
static void law_school_equals_scipy(void **state)
{
    (void)state;
    struct dw_bootstrap_conf conf = { .counts = { 15 }, .draws = 20000, .seed = 1 };
    struct dw_estimate bca = dw_bootstrap(&conf, correlation, NULL);
    assert_near(bca.value, .776, .0005);
    assert_near(bca.low, .33846, .015);
    assert_near(bca.high, .94185, .005);
    conf.plain = true;
    struct dw_estimate plain = dw_bootstrap(&conf, correlation, NULL);
    assert_near(plain.low, .45942, .015);
    assert_near(plain.high, .96168, .005);
}

static const double values[7] = { 1, 2, 3, 10, 20, 30, 40 };

static double difference_of_means(void *context, const size_t *days, size_t count)
{
    size_t first = *(const size_t *)context, counts[2] = { 0 };
    double sums[2] = { 0 };
    for (size_t i = 0; i < count; i++) {
        int side = days[i] < first ? 0 : 1;
        counts[side]++;
        sums[side] += values[days[i]];
    }
    return sums[1] / (double)counts[1] - sums[0] / (double)counts[0];
}

static void sides_are_drawn_apart(void **state)
{
    (void)state;
    size_t first = 3;
    struct dw_bootstrap_conf conf = { .counts = { 3, 4 }, .draws = 500, .seed = 7 };
    struct dw_estimate found = dw_bootstrap(&conf, difference_of_means, &first);
    assert_near(found.value, 23, 1e-12);
    /* Had a draw put a day on the wrong side, it might have left one side without days: NAN. */
    assert_true(found.low >= 10 - 3 && found.high <= 40 - 1);
    assert_true(found.low < 23 && found.high > 23);
    struct dw_estimate again = dw_bootstrap(&conf, difference_of_means, &first);
    assert_near(again.low, found.low, 0);
    assert_near(again.high, found.high, 0);
}

static double nothing(void *context, const size_t *days, size_t count)
{
    (void)context;
    (void)days;
    (void)count;
    return (double)NAN;
}

static void no_figure_no_interval(void **state)
{
    (void)state;
    struct dw_bootstrap_conf conf = { .counts = { 3 }, .draws = 10, .seed = 1 };
    struct dw_estimate found = dw_bootstrap(&conf, nothing, NULL);
    assert_true(isnan(found.value) && found.low < -1e300 && found.high > 1e300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(law_school_equals_scipy),
        cmocka_unit_test(sides_are_drawn_apart),
        cmocka_unit_test(no_figure_no_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
