/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which people to ask about next while somebody labels: those who look like one that was just
 * marked, so that they are marked with it. Pure.
 */
#ifndef DW_CORE_STAFF_ASK_H
#define DW_CORE_STAFF_ASK_H

#include <stddef.h>

#include "core/staff.h"

/* A track by its index, and how far its looks are: 1 - cosine, 0 alike, at most 2. */
struct dw_staff_near {
    size_t track;
    double distance;
};

/*
 * The tracks that look most like `tracks[of]`, nearest first, itself left out, whatever their
 * labels; compared by the mean view less what is usual on the camera of each. Writes `room` at the
 * most and returns how many. Whoever was not seen, or by looks of another size, is near nobody.
 */
size_t dw_staff_nearest(const struct dw_staff_track *tracks, size_t count, size_t of,
                        struct dw_staff_near *near, size_t room);

#endif
