/* SPDX-License-Identifier: Apache-2.0 */
#include "store/foot_codec.h"

#include <errno.h>
#include <math.h>

#include "store/varint.h"

#define FORMAT 1
#define UNITS 4096
/* Anchors lie a little outside the picture at most; far ones are noise and would cost bytes. */
#define COORDINATE_LIMIT INT64_C(32768) /* 8 pictures */
#define TIME_LIMIT_MS (INT64_C(1) << 40)

enum { X, Y, H, AXES };

size_t dw_foot_thin(const struct dw_foot_point *points, size_t count, struct dw_foot_point *thinned)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool ends = i == 0 || i + 1 == count;
        if (ends ||
            points[i].time_us / DW_FOOT_INTERVAL_US != points[i - 1].time_us / DW_FOOT_INTERVAL_US)
            thinned[kept++] = points[i];
    }
    return kept;
}

static int64_t quantise(float value)
{
    if (!isfinite(value))
        return 0;
    double units = round((double)value * UNITS);
    return (int64_t)fmin(fmax(units, -(double)COORDINATE_LIMIT), (double)COORDINATE_LIMIT);
}

void dw_foot_encode(struct dw_buf *out, int64_t start_us, const struct dw_foot_point *points,
                    size_t count)
{
    int64_t before_ms = 0, before[AXES] = { 0 };
    dw_buf_append(out, (const unsigned char[]){ FORMAT }, 1);
    for (size_t i = 0; i < count; i++) {
        /* Rounded from the start, so that errors do not add up. */
        int64_t ms = DW_MAX((points[i].time_us - start_us + 500) / 1000, before_ms);
        int64_t now[AXES] = { quantise(points[i].x_norm), quantise(points[i].y_norm),
                              quantise(points[i].h_norm) };
        dw_varint_put(out, (uint64_t)(ms - before_ms) << 1 | (points[i].bridged ? 1 : 0));
        for (int axis = 0; axis < AXES; axis++) {
            int64_t step = now[axis] - before[axis];
            dw_varint_put_signed(out, step);
            before[axis] = now[axis];
        }
        before_ms = ms;
    }
}

int dw_foot_decode(struct dw_foot_points *out, int64_t start_us, const void *bytes, size_t size)
{
    struct dw_varint_reader reader = { bytes, (const unsigned char *)bytes + size, false };
    if (dw_varint_take(&reader) != FORMAT || reader.damaged)
        return -EBADMSG;
    int64_t ms = 0, now[AXES] = { 0 };
    while (reader.at < reader.end) {
        uint64_t coded = dw_varint_take(&reader);
        ms += (int64_t)(coded >> 1);
        for (int axis = 0; axis < AXES; axis++) {
            now[axis] += dw_varint_take_signed(&reader);
            if (now[axis] < -COORDINATE_LIMIT || now[axis] > COORDINATE_LIMIT)
                return -EBADMSG;
        }
        if (reader.damaged || ms > TIME_LIMIT_MS)
            return -EBADMSG;
        dw_vec_push(out, ((struct dw_foot_point){
                             .time_us = start_us + ms * 1000,
                             .x_norm = (float)now[X] / UNITS,
                             .y_norm = (float)now[Y] / UNITS,
                             .h_norm = (float)now[H] / UNITS,
                             .bridged = (coded & 1) != 0,
                         }));
    }
    return 0;
}
