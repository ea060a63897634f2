/* SPDX-License-Identifier: Apache-2.0 */
#include "core/box.h"

/* Length that two spans share. Plain comparisons: this is called for each person and box, and
 * fmin() and fmax() are calls of their own. */
static double shared_length(double a, double a_length, double b, double b_length)
{
    double a_end = a + a_length, b_end = b + b_length;
    double start = a > b ? a : b, end = a_end < b_end ? a_end : b_end;
    return end > start ? end - start : 0;
}

static double overlap(struct dw_box a, struct dw_box b)
{
    double w = shared_length((double)a.x, (double)a.w, (double)b.x, (double)b.w);
    return w > 0 ? w * shared_length((double)a.y, (double)a.h, (double)b.y, (double)b.h) : 0;
}

static double area(struct dw_box box)
{
    return box.w > 0 && box.h > 0 ? (double)box.w * (double)box.h : 0;
}

double dw_box_iou(struct dw_box a, struct dw_box b)
{
    double shared = overlap(a, b);
    if (!(shared > 0))
        return 0;
    double all = area(a) + area(b) - shared;
    return all > 0 ? shared / all : 0;
}

double dw_box_covered(struct dw_box a, struct dw_box b)
{
    double whole = area(a);
    return whole > 0 ? overlap(a, b) / whole : 0;
}

static float mix(float a, float b, double t)
{
    return (float)((double)a + ((double)b - (double)a) * t);
}

struct dw_box dw_box_mix(struct dw_box a, struct dw_box b, double t)
{
    return (struct dw_box){ mix(a.x, b.x, t), mix(a.y, b.y, t), mix(a.w, b.w, t),
                            mix(a.h, b.h, t) };
}

struct dw_point dw_box_anchor(struct dw_box box, enum dw_anchor anchor)
{
    double share = anchor == DW_ANCHOR_CENTER ? 0.5 : 1.0;
    return (struct dw_point){ (double)box.x + 0.5 * (double)box.w,
                              (double)box.y + share * (double)box.h };
}
