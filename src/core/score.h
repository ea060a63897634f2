/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How good are measured visits? Compares them with true ones by the rules of docs/benchmark.md:
 * per zone one to one, at the highest overlap in time; a pair counts from an overlap of 0.5, and
 * "strictly" when the two people also stood at the same place. Sums, so that sequences can be
 * pooled; seconds and pixels. Pure.
 */
#ifndef DW_CORE_SCORE_H
#define DW_CORE_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/box.h"

struct dw_score_visit {
    int zone; /* index */
    int64_t person;
    double enter_s, exit_s;
};

/* Where a person's feet were on a frame. Arrays are sorted by person, then frame. */
struct dw_score_foot {
    int64_t person;
    int frame; /* from 0: covers [frame / fps, (frame + 1) / fps) */
    struct dw_point foot_px;
    double h_px, w_px; /* of the box above the foot; the comparison itself needs no width */
};

/* One side of the comparison. */
struct dw_score_side {
    const struct dw_score_visit *visits;
    size_t visit_count;
    const struct dw_score_foot *feet;
    size_t foot_count;
};

struct dw_score {
    int true_visits, measured_visits;
    int matched, matched_in_time; /* strictly; by time alone */
    double dwell_error_s;         /* sum of |measured - true| over strict pairs */
    double relative_error;        /* sum of the same, each divided by the true dwell */
    double true_dwell_s, measured_dwell_s;
    double missed_dwell_s;            /* all |differences|, unmatched visits counting in full */
    int true_people, measured_people; /* with at least one visit */
    int long_true, long_found;        /* of 10 s or more; found: strictly matched */
    double long_relative_error;       /* sum over those found */
    double occupancy_error; /* sum over zones and whole seconds of |people - true people| */
    int occupancy_samples, zones;
    double zone_count_error; /* sum over zones of |measured - true| / max(1, true) */
};

/* What was compared: `zones` is how many there are, `length_s` how long the sequence is. */
struct dw_score_extent {
    int zones;
    double fps, length_s;
};

/* Brings feet into the order the comparison wants. */
void dw_score_sort_feet(struct dw_score_foot *feet, size_t count);

/* Without true feet, "strictly" means by time alone. Compares; `zones` is how many there are,
 * `length_s` how long the sequence is. */
struct dw_score dw_score_compare(const struct dw_score_side *truth,
                                 const struct dw_score_side *measured, int zones, double fps,
                                 double length_s);

/* The same, and which measured visit each true one was strictly paired with; -1: none. */
struct dw_score dw_score_pair(const struct dw_score_side *truth,
                              const struct dw_score_side *measured,
                              const struct dw_score_extent *extent, int *partner_of);

/* The first foot of `person` at or after `frame`; NULL when there is none. */
const struct dw_score_foot *dw_score_find_foot(const struct dw_score_side *side, int64_t person,
                                               int frame);

/* The box above a foot, and the foot of a box. */
struct dw_box dw_score_box(const struct dw_score_foot *foot);
struct dw_score_foot dw_score_foot_of(int64_t person, int frame, struct dw_box box);

/* Adds `more` to `sum`: pooled figures. */
void dw_score_add(struct dw_score *sum, const struct dw_score *more);

/* Ratios; 0 when there is nothing to divide by. */
double dw_score_precision(const struct dw_score *score);
double dw_score_recall(const struct dw_score *score);
double dw_score_f1(const struct dw_score *score);
double dw_score_f1_in_time(const struct dw_score *score);

/* Signed: (measured - true) / true, of all dwell, of visits, of people. */
double dw_score_bias(const struct dw_score *score);
double dw_score_count_error(const struct dw_score *score);
double dw_score_people_error(const struct dw_score *score);

/* Overlap of two spans: intersection / union, 0..1. */
double dw_score_overlap(double a_start, double a_end, double b_start, double b_end);

#endif
