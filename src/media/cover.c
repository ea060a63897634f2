/* SPDX-License-Identifier: Apache-2.0 */
#include "media/cover.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "media/frame_impl.h"

/* As bright as the edges that the detector is shown around a picture: nothing it looks for. */
#define GREY 114
#define NO_COLOUR 128

struct dw_cover {
    pthread_mutex_t lock;
    struct dw_zone *masks;
    size_t count;
    unsigned version; /* of the masks; a frame remembers which it has */
};

struct dw_cover *dw_cover_create(void)
{
    struct dw_cover *cover = dw_alloc0(sizeof(*cover));
    pthread_mutex_init(&cover->lock, NULL);
    return cover;
}

void dw_cover_destroy(struct dw_cover *cover)
{
    if (cover == NULL)
        return;
    pthread_mutex_destroy(&cover->lock);
    free(cover->masks);
    free(cover);
}

void dw_cover_set(struct dw_cover *cover, const struct dw_layout *layout)
{
    size_t count = layout != NULL ? layout->mask_count : 0;
    pthread_mutex_lock(&cover->lock);
    free(cover->masks);
    cover->masks = dw_alloc_array0(count, sizeof(*cover->masks));
    if (count > 0)
        memcpy(cover->masks, layout->masks, count * sizeof(*cover->masks));
    cover->count = count;
    cover->version++;
    pthread_mutex_unlock(&cover->lock);
}

/* --- Painting ------------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Where the edges cross the height y, from left to right; all in samples of the plane. */
static size_t crossings(double out[DW_ZONE_CORNERS_MAX], const struct dw_zone *mask, double y,
                        int width, int height)
{
    size_t count = 0;
    for (size_t i = 0; i < mask->corner_count; i++) {
        struct dw_point a = mask->corners[i], b = mask->corners[(i + 1) % mask->corner_count];
        double ay = a.y * height, by = b.y * height;
        if ((ay > y) != (by > y))
            out[count++] = (a.x + (b.x - a.x) * (y - ay) / (by - ay)) * width;
    }
    qsort(out, count, sizeof(*out), compare);
    return count;
}

/* Paints what a mask touches of a plane: rather a sample too many than one too few. */
static void paint(uint8_t *plane, int width, int height, const struct dw_zone *mask, int value)
{
    for (int row = 0; row < height; row++)
        for (int part = 0; part <= 2; part++) { /* at the upper edge, the middle and the lower */
            double at[DW_ZONE_CORNERS_MAX];
            size_t count = crossings(at, mask, row + part / 2.0, width, height);
            for (size_t i = 0; i + 1 < count; i += 2) {
                int from = (int)floor(DW_MAX(at[i], 0.0));
                int end = (int)ceil(DW_MIN(at[i + 1], (double)width));
                if (from < end)
                    memset(plane + (size_t)row * (size_t)width + from, value, (size_t)(end - from));
            }
        }
}

static void copy_plane(uint8_t *to, const uint8_t *from, int stride, int width, int height)
{
    for (int row = 0; row < height; row++)
        memcpy(to + (size_t)row * (size_t)width, from + (ptrdiff_t)row * stride, (size_t)width);
}

static void release_bytes(struct dw_frame *frame)
{
    free(frame->owner);
}

/* The same moment with memory of its own; NULL when there is none. */
static struct dw_frame *copy_frame(const struct dw_frame *frame, uint8_t *planes[3])
{
    const struct dw_image *image = &frame->image;
    int half_w = (image->width_px + 1) / 2, half_h = (image->height_px + 1) / 2;
    size_t luma = (size_t)image->width_px * (size_t)image->height_px;
    size_t chroma = (size_t)half_w * (size_t)half_h;
    uint8_t *bytes = malloc(luma + 2 * chroma);
    if (bytes == NULL)
        return NULL;
    struct dw_frame *copy = dw_frame_create_like(frame, release_bytes, bytes);
    copy->has_image = true;
    planes[0] = bytes;
    planes[1] = bytes + luma;
    planes[2] = bytes + luma + chroma;
    copy_plane(planes[0], image->y, image->y_stride, image->width_px, image->height_px);
    copy_plane(planes[1], image->u, image->u_stride, half_w, half_h);
    copy_plane(planes[2], image->v, image->v_stride, half_w, half_h);
    copy->image = *image;
    copy->image.y = planes[0];
    copy->image.u = planes[1];
    copy->image.v = planes[2];
    copy->image.y_stride = image->width_px;
    copy->image.u_stride = copy->image.v_stride = half_w;
    return copy;
}

/* Lock held. */
static struct dw_frame *covered(const struct dw_cover *cover, const struct dw_frame *frame)
{
    uint8_t *planes[3];
    struct dw_frame *copy = copy_frame(frame, planes);
    if (copy == NULL)
        return NULL;
    int width = frame->image.width_px, height = frame->image.height_px;
    for (size_t i = 0; i < cover->count; i++) {
        paint(planes[0], width, height, &cover->masks[i], GREY);
        paint(planes[1], (width + 1) / 2, (height + 1) / 2, &cover->masks[i], NO_COLOUR);
        paint(planes[2], (width + 1) / 2, (height + 1) / 2, &cover->masks[i], NO_COLOUR);
    }
    copy->covered = cover->version;
    return copy;
}

int dw_cover_frame(struct dw_cover *cover, struct dw_frame **frame, struct dw_err *err)
{
    struct dw_frame *bare = *frame;
    if (!bare->has_image)
        return 0;
    pthread_mutex_lock(&cover->lock);
    bool wanted = cover->count > 0 && bare->covered != cover->version;
    if (wanted)
        *frame = covered(cover, bare);
    pthread_mutex_unlock(&cover->lock);
    if (!wanted)
        return 0;
    int width = bare->image.width_px, height = bare->image.height_px;
    dw_frame_unref(bare);
    if (*frame == NULL)
        return dw_fail(err, -ENOMEM, "no memory for a picture of %d x %d", width, height);
    return 0;
}
