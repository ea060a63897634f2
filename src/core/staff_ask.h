/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which people to ask about next while somebody labels: those who look like one that was just
 * marked, so that they are marked with it, and those of whom a first model is least sure, whose
 * labels teach it most (Lewis and Gale 1994). Pure.
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

/*
 * Writes the indices of the tracks without a label, the most doubtful first, and returns how many
 * there are, `count` at the most. Those who were not seen, or by other looks than the model's, are
 * left out: nobody can tell what they are.
 */
size_t dw_staff_doubt_order(const struct dw_staff_model *model, const struct dw_staff_track *tracks,
                            size_t count, size_t *order);

#endif
