/* SPDX-License-Identifier: Apache-2.0 */
/* True boxes of a sequence, from lines frame,track,x,y,w,h,... in pixels; frame 1 is the first. */
#ifndef TESTS_BENCH_TRUE_BOXES_H
#define TESTS_BENCH_TRUE_BOXES_H

#include <stdbool.h>

#include "base/vec.h"
#include "core/box.h"

struct true_box {
    int frame, track;
    struct dw_box box;
};

struct true_boxes {
    struct true_box *items; /* by frame, then track */
    size_t count, capacity; /* a DW_VEC with a name */
};

/* False when there are none. Free with dw_vec_fini(). */
bool true_boxes_read(struct true_boxes *boxes, const char *path);

#endif
