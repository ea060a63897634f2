/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random scenes for a lane: people walk and stand, hide behind each other, are missed by the
 * detector for a while; boxes jitter, some are false or doubled; frames come irregularly, 2 to 30
 * a second, and sometimes not at all. A scene is fixed once it is made: it can be measured again
 * later, larger, in another order, and the results compared as text.
 */
#ifndef TESTS_UNIT_CORE_SCENE_H
#define TESTS_UNIT_CORE_SCENE_H

#include "base/buf.h"
#include "base/vec.h"
#include "core/lane.h"
#include "lib/prop.h"

#define SCENE_ZONES_MAX 4
#define SCENE_LINES_MAX 2

struct scene_frame {
    int64_t time_us;
    bool after_gap;      /* nothing usable came between the frame before and this one */
    size_t first, count; /* into `detections` */
};

struct scene {
    struct dw_zone zones[SCENE_ZONES_MAX];
    struct dw_line lines[SCENE_LINES_MAX];
    size_t zone_count, line_count;
    int width_px, height_px;
    int64_t interval_us; /* usual */
    DW_VEC(struct scene_frame) frames;
    DW_VEC(struct dw_detection) detections;
};

void scene_make(struct scene *scene, struct prop *prop);
void scene_fini(struct scene *scene);

/* How a scene is measured; all zero: as it is. */
struct take {
    int64_t later_us;     /* all times are shifted by this */
    int larger;           /* pictures and boxes are this many times larger; 0: once */
    uint64_t shuffled;    /* the boxes of each frame are in a random order of this seed; 0: no */
    bool zones_backwards; /* zones and lines are listed in the opposite order */
};

/* What happened on one frame, kept. Zones and lines are numbered as the scene has them. */
struct take_event {
    struct dw_lane_event event;
    int64_t told_us; /* on which frame */
};

/* A scene being measured. */
struct shot {
    const struct scene *scene;
    struct take take;
    struct dw_zone zones[SCENE_ZONES_MAX];
    struct dw_line lines[SCENE_LINES_MAX];
    struct dw_layout layout;
    struct dw_lane *lane;
    size_t next; /* frame */
    struct prop order;
    DW_VEC(struct dw_detection) boxes;
    DW_VEC(struct take_event) events;
    DW_VEC(struct dw_sighting) sightings;
};

void shot_begin(struct shot *shot, const struct scene *scene, struct take take);

/* Measures the next frame; false when there was none and measuring has ended. */
bool shot_step(struct shot *shot);

/* All of it. */
void shot_take(struct shot *shot, const struct scene *scene, struct take take);
void shot_fini(struct shot *shot);

/*
 * All that was told, zone by zone, line by line, then the sightings: times less `later_us`, boxes
 * divided by `larger`, so that two takes of a scene are told alike when they are alike.
 */
void shot_tell(const struct shot *shot, struct dw_buf *out);

#endif
