/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A crowd as a detector sees it, always the same: people walk from place to place on a floor that
 * is seen in perspective, stop for a while, hide each other, leave and are followed by others.
 * Boxes jitter, and people are missed in runs, as was observed of YOLOX-X on MOT17: recall by how
 * much of somebody is visible, jitter in body heights, 0.42 false boxes a frame.
 */
#ifndef TESTS_BENCH_CROWD_H
#define TESTS_BENCH_CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/box.h"

#define CROWD_WIDTH_PX 1920
#define CROWD_HEIGHT_PX 1080
#define CROWD_FPS 10.0
#define CROWD_PEOPLE_MAX 400

struct walker {
    struct dw_point foot_px, goal_px;
    double pause_s; /* left to stand */
    bool missed;    /* by the detector, on the frame before */
};

struct crowd {
    uint64_t random;
    int people; /* in the picture at any time */
    struct walker walkers[CROWD_PEOPLE_MAX];
    struct dw_detection detections[CROWD_PEOPLE_MAX + 1];
    size_t count;
};

void crowd_init(struct crowd *crowd, int people);

/* Time goes on by a frame; `detections` are what is seen on it. */
void crowd_step(struct crowd *crowd);

#endif
