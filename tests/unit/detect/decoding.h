/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the layouts share: a plan for a model of 64 x 64 pixels, tensors, comparisons.
 */
#ifndef DW_TESTS_DECODING_H
#define DW_TESTS_DECODING_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/macros.h"
#include "detect/detector_impl.h"

static inline struct dw_decode_plan plan_make(void)
{
    struct dw_decode_plan plan = { .width_px = 64, .height_px = 64 };
    dw_model_options_init(&plan.options);
    return plan;
}

/* [1,rows,width] of floats. */
static inline struct dw_tensor table_make(const char *name, int64_t rows, int64_t width,
                                          float *values)
{
    return (struct dw_tensor){ name, DW_ELEMENT_FLOAT, 3, { 1, rows, width }, values };
}

static inline void assert_box(const struct dw_detection *detection, const double corners[4],
                              double score)
{
    struct dw_box box = detection->box;
    const double got[4] = { (double)box.x, (double)box.y, (double)box.x + (double)box.w,
                            (double)box.y + (double)box.h };
    for (size_t i = 0; i < 4; i++)
        if (fabs(got[i] - corners[i]) > 1e-3)
            fail_msg("corner %zu is %g, not %g", i, got[i], corners[i]);
    assert_true(fabs((double)detection->score - score) < 1e-5);
}

#endif
