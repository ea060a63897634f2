/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why is a visit wrong? Says of each true visit that was not found, and of each measured one that
 * is not true, what went wrong, as far as true and measured boxes tell. Seconds, pixels, body
 * heights. docs/benchmark.md lists the reasons. Pure.
 */
#ifndef DW_CORE_EXPLAIN_H
#define DW_CORE_EXPLAIN_H

#include "base/buf.h"
#include "core/score.h"
#include "core/zone.h"

/* In the order in which they are looked for. */
enum dw_explain_reason {
    DW_EXPLAIN_UNDETECTED, /* the detector saw the person too rarely */
    DW_EXPLAIN_UNFOLLOWED, /* detected, but nobody was followed there */
    DW_EXPLAIN_UNCOUNTED,  /* somebody whom the truth does not count */
    DW_EXPLAIN_DUPLICATE,  /* a second number for a person followed already */
    DW_EXPLAIN_NOBODY,     /* there was nobody */
    DW_EXPLAIN_SPLIT,      /* the person lost their number */
    DW_EXPLAIN_MERGED,     /* the number went over to another person */
    DW_EXPLAIN_THRESHOLD,  /* about as long as the shortest visit: a pass on one side */
    DW_EXPLAIN_BOUNDARY,   /* stood at the edge of the zone */
    DW_EXPLAIN_TOO_SHORT,  /* measured too little of it */
    DW_EXPLAIN_TOO_LONG,   /* measured too much */
    DW_EXPLAIN_APART,      /* the right time at the wrong place */
    DW_EXPLAIN_REASON_COUNT
};

/* "undetected", "split", ... */
const char *dw_explain_reason_name(enum dw_explain_reason reason);

/* What went wrong with one visit. */
struct dw_explanation {
    bool missed; /* a true visit; else a measured one that is false */
    enum dw_explain_reason reason;
    struct dw_score_visit visit; /* that visit; its person is a true or a measured number */
    int64_t person;              /* the true person it is about; 0 none */
    int64_t number;              /* under which they were measured; 0 none */
    int64_t other;               /* split: the new number; merged: the person it went over to */
    int64_t hidden_by;           /* true person in front at that moment; 0 nobody */
    double at_s;                 /* when it went wrong, or the middle of the visit */
    double for_s;                /* split: how long nobody was followed */
    double value;                /* share, seconds or heights: what the reason is about */
    double whole_s;              /* too short, too long: of how many seconds */
};

struct dw_explain_input {
    const struct dw_score_side *truth, *measured;
    const struct dw_score_side *detections; /* feet only; NULL: not known */
    const struct dw_score_side *uncounted;  /* people whom the truth leaves out; feet only */
    const struct dw_layout *layout;
    int width_px, height_px;
    struct dw_score_extent extent;
};

/* The explanations in order of time are the caller's to free(); returns how many. */
size_t dw_explain(const struct dw_explain_input *input, struct dw_explanation **out);

/* "split: person 12 lost at 14.2 s for 1.6 s (hidden behind person 5), number 27 became
 * 31" */
void dw_explanation_print(const struct dw_explanation *explanation, struct dw_buf *out);

#endif
