/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often chance alone goes that far: tails and quantiles of Student's t and the normal
 * distribution. Pure functions.
 */
#ifndef DW_CORE_DISTRIBUTION_H
#define DW_CORE_DISTRIBUTION_H

/* P(Z > z), standard normal: erfc(z / sqrt 2) / 2. */
double dw_normal_tail(double z);

/*
 * P(T > t), Student's t with df > 0 degrees of freedom (a fraction is fine, INFINITY: normal): half
 * the regularised incomplete beta function of df / (df + t^2) at (df / 2, 1 / 2), DLMF 8.17, by its
 * continued fraction 8.17.22.
 */
double dw_student_tail(double t, double df);

/* P(|T| > |t|). */
double dw_student_p(double t, double df);

/* The t beyond which `tail` (0 < tail <= 1/2) of the distribution lies: tail 0.025, df 10: 2.228.
 */
double dw_student_quantile(double tail, double df);

#endif
