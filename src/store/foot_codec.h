/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foot tracks as bytes: a person's way through the picture at 2 Hz in about five bytes a point, so
 * that a month of them fits beside the visits and zones can be redrawn and measured again without
 * video. Times are kept to the millisecond, coordinates to 1/4096 of the picture.
 *
 * Layout: the byte 1 (format), then for each point four base-128 varints, least significant group
 * first: milliseconds since the point before (the first: since start_us) times two plus the bridged
 * bit, then the differences of x, y and height, zigzag-coded.
 */
#ifndef DW_STORE_FOOT_CODEC_H
#define DW_STORE_FOOT_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/vec.h"
#include "core/visit.h"

#define DW_FOOT_INTERVAL_US INT64_C(500000)

struct dw_foot_points {
    struct dw_foot_point *items;
    size_t count, capacity;
};

/*
 * Copies to `thinned` (room for count) the first and last point and the first of each half second,
 * and returns how many. `points` in order of time.
 */
size_t dw_foot_thin(const struct dw_foot_point *points, size_t count,
                    struct dw_foot_point *thinned);

/* Appends the bytes of points, which are in order of time, none before start_us. */
void dw_foot_encode(struct dw_buf *out, int64_t start_us, const struct dw_foot_point *points,
                    size_t count);

/* Adds the points to `out`; -EBADMSG when the bytes are not what dw_foot_encode() writes. */
int dw_foot_decode(struct dw_foot_points *out, int64_t start_us, const void *bytes, size_t size);

#endif
