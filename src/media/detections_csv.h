/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a detections file line by line: frame,id,x,y,w,h,score in pixels, frames from 1 and
 * ascending, score optional (1), further columns ignored. Blank lines, lines from '#' and one line
 * of column names are fine. Memory is bounded whatever the file holds.
 */
#ifndef DW_MEDIA_DETECTIONS_CSV_H
#define DW_MEDIA_DETECTIONS_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "core/box.h"

#define DW_DETECTIONS_PER_FRAME_MAX 10000

struct dw_detections_csv {
    FILE *file; /* borrowed */
    int64_t line;
    int64_t frame; /* of the last row */
    int on_frame;  /* rows with that frame */
    bool names_allowed;
};

struct dw_detections_row {
    int64_t frame; /* from 1 */
    struct dw_detection detection;
};

void dw_detections_csv_init(struct dw_detections_csv *csv, FILE *file);

/* The next row: 1, 0 at the end, -EINVAL or -EIO with a sentence naming the line. */
int dw_detections_csv_read(struct dw_detections_csv *csv, struct dw_detections_row *row,
                           struct dw_err *err);

#endif
