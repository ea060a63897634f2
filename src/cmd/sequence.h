/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sequence with truth, its detections in memory, and what a measurement made of it: what `dwell
 * score` explains and `dwell tune` measures again and again.
 */
#ifndef DW_CMD_SEQUENCE_H
#define DW_CMD_SEQUENCE_H

#include "base/err.h"
#include "cmd/truth_files.h"
#include "conf/option.h"
#include "core/lane.h"
#include "core/mot.h"
#include "core/score.h"

struct dw_sequence_name {
    char text[128];
};

/* "bench/pets/" is called "pets". */
struct dw_sequence_name dw_sequence_name(const char *path);

struct dw_sequence {
    struct dw_sequence_name name;
    struct dw_truth truth;
    struct dw_detection *detections; /* frame by frame; those of frame f (from 0) ... */
    size_t *starts;                  /* ... are starts[f] up to starts[f + 1] */
    int frames;
    bool *skipped; /* frames that are not measured; NULL: none */
};

/* Reads a folder's truth and detections; zones that say nothing else get `rules`. */
int dw_sequence_load(struct dw_sequence *sequence, const char *folder,
                     const struct dw_zone_rules *rules, struct dw_err *err);
void dw_sequence_fini(struct dw_sequence *sequence);

/* What makes measuring harder. */
struct dw_damage {
    double fps;  /* about so many frames a second are measured, at their own times; 0: all */
    double drop; /* share of the detections that is taken away, 0 .. DW_DROP_MOST */
    uint64_t seed;
};

#define DW_DROP_MOST 0.7

/*
 * Detections are taken away as detectors lose people, in runs: whether a person is missed is a
 * Markov chain in time, whatever the frame rate. Those that show nobody go one by one. The same
 * seed takes the same.
 */
void dw_sequence_damage(struct dw_sequence *sequence, const struct dw_damage *damage);

/* The detections as feet of nobody in particular; the caller frees them. */
size_t dw_sequence_feet(const struct dw_sequence *sequence, struct dw_score_foot **feet);

/* Visits and feet as they are measured; all zero is empty. */
struct dw_measured {
    struct {
        struct dw_score_visit *items;
        size_t count, capacity;
    } visits;
    struct {
        struct dw_score_foot *items;
        size_t count, capacity;
    } feet;
};

void dw_measured_clear(struct dw_measured *measured);
void dw_measured_fini(struct dw_measured *measured);
void dw_measured_take(struct dw_measured *measured, const struct dw_lane_output *output);

/* Measures the sequence's detections; the feet come sorted. */
void dw_sequence_measure(const struct dw_sequence *sequence, const struct dw_settings *settings,
                         struct dw_measured *measured);

struct dw_score_side dw_measured_side(const struct dw_measured *measured);
struct dw_score_side dw_truth_side(const struct dw_truth *truth);
struct dw_score_extent dw_truth_extent(const struct dw_truth *truth);
int dw_truth_frames(const struct dw_truth *truth);

/* HOTA and its like, on the frames that were measured. */
struct dw_mot dw_sequence_compare_tracks(const struct dw_sequence *sequence,
                                         const struct dw_score_side *measured);

#endif
