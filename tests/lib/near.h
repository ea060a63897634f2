/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that are to be equal but for rounding; after cmocka.h. */
#ifndef TESTS_LIB_NEAR_H
#define TESTS_LIB_NEAR_H

#include <math.h>

#define assert_near(actual, wanted, tolerance)                                                     \
    do {                                                                                           \
        double actual_ = (actual), wanted_ = (wanted);                                             \
        if (!(actual_ == wanted_ || fabs(actual_ - wanted_) <= (tolerance)))                       \
            fail_msg("%s: %.12g is not within %g of %.12g", #actual, actual_, (double)(tolerance), \
                     wanted_);                                                                     \
    } while (0)

#endif
