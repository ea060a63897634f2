/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A made-up film for a lane: people walk along straight lines between marks. It is shot at any
 * frame rate and picture size, and all that the lane says about it is kept.
 */
#ifndef TESTS_UNIT_CORE_FILM_H
#define TESTS_UNIT_CORE_FILM_H

#include "base/vec.h"
#include "core/lane.h"

#define MARKS_MAX 8
#define ACTORS_MAX 8

/* The feet are here at that time; on the picture from the first mark to the last. */
struct mark {
    double time_s, x_norm, y_norm;
};

struct actor {
    struct mark marks[MARKS_MAX];
    size_t mark_count;
    double hidden_from_s, hidden_to_s; /* the detector misses the actor in [from, to) */
    double sway;                       /* feet swing left and right by this, normalised, at 1 Hz */
};

struct film {
    struct dw_layout layout;
    struct actor actors[ACTORS_MAX];
    size_t actor_count;
    double length_s, fps;
    int width_px, height_px;
    double gap_from_s, gap_to_s; /* the camera delivers nothing in [from, to) */
    struct dw_ground ground;
    DW_VEC(struct dw_lane_event) events; /* what the lane said */
    size_t most_open;                    /* visits going on at once, at most */
};

/* Plays the film from the beginning to the end of the stream. */
void film_play(struct film *film);
void film_fini(struct film *film);

/* The finished visits as text, "zone person enter-exit reason ..., ..."; the caller frees it. */
char *film_visits(const struct film *film);

/* The line crossings as text, "line person time right, ..."; the caller frees it. */
char *film_crossings(const struct film *film);

#endif
