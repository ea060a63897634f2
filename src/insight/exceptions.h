/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days on which a display was engaged with unusually often or seldom for that weekday: look at it,
 * restock it. Works on plain arrays that the caller brings; reads no store. Any thread.
 */
#ifndef DW_INSIGHT_EXCEPTIONS_H
#define DW_INSIGHT_EXCEPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* An exception lies so many standard deviations from the usual, or further. */
#define DW_EXCEPTION_Z 3.0

/*
 * So many ordinary days are found to be exceptions: 0.0027 if all were normal and the usual known;
 * days differ more than that, and this is what simulated shops without any change gave.
 */
#define DW_EXCEPTION_CHANCE 0.005

struct dw_exception_day {
    int weekday;       /* 0: Monday */
    double engages;    /* counted */
    double measured_s; /* 0: not measured */

    /* Found: */
    bool known;      /* there are enough days like it to compare with */
    size_t others;   /* days like it */
    double expected; /* engages, in the time that was measured */
    double z;        /* negative: fewer than usual */
};

/*
 * The usual of a day is the median, over the other days of its weekday that were measured for half
 * as long or longer, of engages a measured second; at least three such days must be. A count and
 * what was expected are compared on a scale on which the spread is the same at every height
 * (Anscombe 1948): 2 sqrt(x + 3/8) if people come independently; they do not, and then 2 asinh(sqrt
 * k (x + 3/8)) / sqrt k, for a variance of mean + k mean^2. The difference d varies with 1 + pi /
 * 2n, pi / 2n for the median of n days. Its robust standard deviation over all days of the display,
 * s = 1.4826 * median |d| / sqrt(1 + pi / 2n), on the first scale gives k = (s^2 - 1) / median
 * expected, 0 at the least; on the second it stands for 1 where it is still more. z = d / (s sqrt(1
 * + pi / 2n)).
 *
 * Writes what was found into the days and returns how many are exceptions.
 */
size_t dw_exceptions_find(struct dw_exception_day *days, size_t count);

bool dw_exception(const struct dw_exception_day *day);

#endif
