/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture that proves it: zones, boxes, anchor points, running seconds per person and a small
 * panel of counts, drawn over a frame; as H.264 MP4 or as a PNG still. One thread at a time. The
 * scene is plain values, borrowed for the call.
 */
#ifndef DW_MEDIA_OVERLAY_H
#define DW_MEDIA_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "core/box.h"
#include "core/camera.h"
#include "core/image.h"
#include "core/zone.h"

/* A person on this frame. */
struct dw_overlay_person {
    int64_t person;
    struct dw_box box;      /* pixels of the frame */
    struct dw_point anchor; /* pixels of the frame */
    bool bridged;           /* not seen on this frame: drawn dashed */
    int zone;               /* zone the person is inside; -1 none */
    int64_t dwell_us;       /* running time of the open visit there; 0 none */
};

/* A zone's running figures, in the order of the layout's zones. */
struct dw_overlay_zone {
    int present;    /* people inside now */
    int64_t visits; /* finished visits plus open ones over min_dwell */
    int64_t passes;
    int64_t median_us; /* of finished visits; 0 none yet */
};

struct dw_overlay_scene {
    const struct dw_layout *layout;
    const struct dw_overlay_zone *zones; /* layout->zone_count of them, or NULL: no panel */
    const struct dw_overlay_person *persons;
    size_t person_count;
    const int64_t *line_counts; /* two per line: to the right, to the left; or NULL */
    int64_t time_us;            /* media time for the clock in the corner; negative: none */
    const char *caption;        /* one line, or NULL */
    bool grid;                  /* draw lines every tenth with their coordinates */
    const struct dw_camera
        *floor; /* draw a grid of metres as this camera sees the floor, or NULL */
};

struct dw_overlay;

/* Starts a video file of the given size; `fps` is nominal, frames carry their own times. */
int dw_overlay_create(struct dw_overlay **out, const char *path, int width_px, int height_px,
                      double fps, struct dw_err *err);

/* Draws the scene over a copy of the image and appends it. Times must rise. */
int dw_overlay_write(struct dw_overlay *overlay, const struct dw_image *image,
                     const struct dw_overlay_scene *scene, int64_t time_us, struct dw_err *err);

/* A sentence when the video is not what was asked for (no H.264 encoder); NULL when it is. */
const char *dw_overlay_warning(const struct dw_overlay *overlay);

/* Writes what is left and the index; the file is whole only after this says 0. */
int dw_overlay_finish(struct dw_overlay *overlay, struct dw_err *err);

/* Without dw_overlay_finish() the file is removed. NULL is fine. */
void dw_overlay_destroy(struct dw_overlay *overlay);
DW_DEFINE_AUTO(overlay)

/* Draws the scene over the image and writes a PNG. */
int dw_still_write(const char *path, const struct dw_image *image,
                   const struct dw_overlay_scene *scene, struct dw_err *err);

#endif
