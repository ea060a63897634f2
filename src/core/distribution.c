/* SPDX-License-Identifier: Apache-2.0 */
#include "core/distribution.h"

#include <math.h>

#define TERMS_MOST 500
#define CLOSE 1e-15
#define TINY 1e-300 /* instead of a zero to divide by */
#define STEPS_MOST 100
#define NEARLY_NORMAL 1e7 /* degrees of freedom */

double dw_normal_tail(double z)
{
    return erfc(z * M_SQRT1_2) / 2;
}

static double away_from_zero(double x)
{
    return fabs(x) < TINY ? TINY : x;
}

/* Lentz's method (Thompson and Barnett 1986) for the fraction of DLMF 8.17.22. */
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), result = d;
    for (int m = 1; m <= TERMS_MOST; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        result *= c * d;
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        result *= c * d;
        if (fabs(c * d - 1) < CLOSE)
            break;
    }
    return result;
}

static double log_gamma(double x)
{
    int sign = 0;
    return lgamma_r(x, &sign);
}

/* I_x(a, b); `rest` is 1 - x, handed in because it may be too small to tell from it. */
static double beta_share(double a, double b, double x, double rest)
{
    if (x <= 0 || rest <= 0)
        return x <= 0 ? 0 : 1;
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log(rest));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, rest) / b;
}

double dw_student_tail(double t, double df)
{
    if (!(df < NEARLY_NORMAL))
        return dw_normal_tail(t);
    double whole = df + t * t;
    double half = isinf(t) ? 0 : beta_share(df / 2, .5, df / whole, t * t / whole) / 2;
    return t < 0 ? 1 - half : half;
}

double dw_student_p(double t, double df)
{
    return 2 * dw_student_tail(fabs(t), df);
}

static double student_density(double t, double df)
{
    if (!(df < NEARLY_NORMAL))
        return exp(-t * t / 2) / sqrt(2 * M_PI);
    return exp(log_gamma((df + 1) / 2) - log_gamma(df / 2) - (df + 1) / 2 * log1p(t * t / df)) /
           sqrt(df * M_PI);
}

/* Newton's method, halving where it would leave what is known to hold the quantile. */
double dw_student_quantile(double tail, double df)
{
    double low = 0, high = 1;
    while (dw_student_tail(high, df) > tail && high < 1e100)
        high *= 2;
    double at = low + (high - low) / 2;
    for (int i = 0; i < STEPS_MOST; i++) {
        double beyond = dw_student_tail(at, df) - tail;
        *(beyond > 0 ? &low : &high) = at;
        double next = at + beyond / student_density(at, df);
        if (!(next > low && next < high))
            next = low + (high - low) / 2;
        if (fabs(next - at) <= CLOSE * at)
            return next;
        at = next;
    }
    return at;
}
