/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many comparisons at once find something by chance: p-values corrected for how many were made.
 */
#ifndef DW_CORE_MULTIPLE_H
#define DW_CORE_MULTIPLE_H

#include <stddef.h>

/*
 * Holm (1979), step-down: with p(1) <= p(2) <= ... the i-th becomes max over j <= i of min(1,
 * (count - j + 1) p(j)). Rejecting those at 5 % or less keeps the chance of even one wrong
 * rejection at 5 %, however the tests depend on each other. NAN stays NAN and is not counted.
 * `adjusted` may be `p`.
 */
void dw_holm(double *adjusted, const double *p, size_t count);

#endif
