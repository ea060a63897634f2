/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was measured: visits, passes, line crossings, gaps and foot tracks, as docs/visit-model.md
 * defines them. Plain values. Times ending in `_us` are media time in microseconds; ids are the
 * indices of zones and lines on the camera unless said otherwise.
 */
#ifndef DW_CORE_VISIT_H
#define DW_CORE_VISIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/box.h"

enum dw_end_reason {
    DW_END_LEFT,     /* walked out of the zone */
    DW_END_LOST,     /* last seen inside, not seen again in time */
    DW_END_GAP,      /* the camera delivered nothing usable */
    DW_END_RESTART,  /* the program was killed; closed at the next start */
    DW_END_STOPPED,  /* the stream or the program ended */
    DW_END_HANDOVER, /* another program took the camera over */
    DW_END_EDITED,   /* the zone was changed */
    DW_END_REASON_COUNT
};

enum dw_role { DW_ROLE_UNKNOWN, DW_ROLE_SHOPPER, DW_ROLE_STAFF, DW_ROLE_COUNT };

/* "left", "lost", ... and back; dw_end_reason_parse() gives -1 for an unknown word. */
const char *dw_end_reason_name(enum dw_end_reason reason);
int dw_end_reason_parse(const char *name);

/* "unknown", "shopper", "staff". */
const char *dw_role_name(enum dw_role role);
int dw_role_parse(const char *name);

/* One stay of one person in one zone. */
struct dw_visit {
    uint8_t id[16]; /* the same input processed again gives the same id */
    int zone;       /* index of the zone */
    int64_t person; /* anonymous number, from 1, never reused */
    int64_t enter_us, exit_us;
    int64_t dwell_us;                /* exit - enter, less gaps inside re-entries */
    int64_t observed_us, bridged_us; /* dwell = observed + bridged */
    int links;                       /* broken tracks joined during the visit */
    bool cut_start, cut_end;         /* dwell is a lower bound */
    bool pass;                       /* shorter than min_dwell: counted, not a visit */
    enum dw_end_reason end_reason;
    int enter_side, exit_side; /* edge number from 1; 0 unknown */
    double score;              /* mean detection score while inside */
    enum dw_role role;
    double role_p;                   /* probability of the role, 0..1 */
    int64_t facing_us;               /* time facing the target side; -1 not measured */
    double speed_avg, speed_min;     /* m/s; negative: not calibrated */
    struct dw_box last_box;          /* where the person was last seen inside */
    int64_t enter_frame, exit_frame; /* indices of the first and last frame inside */
    int64_t frames;                  /* analysed frames on which the person was inside */
};

/*
 * How far to believe a visit, 0..1: the share of its dwell in which the person was really seen,
 * times the mean score of the detections, divided by 1 + links / 4. Whether it was cut off is
 * another matter and stands beside it.
 */
double dw_visit_quality(const struct dw_visit *visit);

/* A person stepped over a line. Stand at its start and face its end. */
struct dw_crossing {
    int line; /* index of the line */
    int64_t person;
    int64_t time_us, frame;
    bool to_right; /* moved from the left side to the right */
    struct dw_box box;
    double score;
};

/* A span in which the camera delivered nothing usable: not measured, never zero. */
struct dw_gap {
    int64_t start_us, end_us;
    const char *reason; /* static text */
};

/* One point of a foot track: where a person's anchor was, normalised 0..1. */
struct dw_foot_point {
    int64_t time_us;
    float x_norm, y_norm;
    float h_norm; /* box height / picture height */
    bool bridged; /* not seen, filled in */
};

#endif
