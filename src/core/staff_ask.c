/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff_ask.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"

/* What is usual on each camera, by all of its tracks. */
static struct dw_staff_usual *usuals_of(const struct dw_staff_track *tracks, size_t count)
{
    size_t cameras = 1;
    for (size_t i = 0; i < count; i++)
        cameras = DW_MAX(cameras, tracks[i].camera + 1);
    struct dw_staff_usual *usuals = dw_alloc_array0(cameras, sizeof(*usuals));
    for (size_t i = 0; i < count; i++)
        dw_staff_usual_add(&usuals[tracks[i].camera], &tracks[i].views);
    return usuals;
}

/* How somebody differs from what is usual. False: not seen. */
static bool differ(const struct dw_staff_track *track, const struct dw_staff_usual *usuals,
                   float *row)
{
    if (!dw_staff_views_mean(&track->views, row))
        return false;
    for (size_t i = 0; i < track->views.size; i++)
        row[i] -= (float)usuals[track->camera].mean[i];
    return true;
}

static double distance_of(const float *a, const float *b, size_t size)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < size; i++) {
        ab += (double)a[i] * (double)b[i];
        aa += (double)a[i] * (double)a[i];
        bb += (double)b[i] * (double)b[i];
    }
    return aa > 0 && bb > 0 ? 1 - ab / sqrt(aa * bb) : 1;
}

static int by_distance(const void *a, const void *b)
{
    const struct dw_staff_near *x = a, *y = b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return (x->track > y->track) - (x->track < y->track);
}

size_t dw_staff_nearest(const struct dw_staff_track *tracks, size_t count, size_t of,
                        struct dw_staff_near *near, size_t room)
{
    float asked[DW_LOOK_MAX], other[DW_LOOK_MAX];
    struct dw_staff_usual *usuals = usuals_of(tracks, count);
    struct dw_staff_near *all = dw_alloc_array0(DW_MAX(count, (size_t)1), sizeof(*all));
    size_t found = 0, size = tracks[of].views.size;
    bool seen = differ(&tracks[of], usuals, asked);
    for (size_t i = 0; seen && i < count; i++)
        if (i != of && tracks[i].views.size == size && differ(&tracks[i], usuals, other))
            all[found++] = (struct dw_staff_near){ i, distance_of(asked, other, size) };
    if (found > 1)
        qsort(all, found, sizeof(*all), by_distance);
    found = DW_MIN(found, room);
    if (found > 0)
        memcpy(near, all, found * sizeof(*all));
    free(usuals);
    free(all);
    return found;
}
