/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts and sums over any period, from roll-ups that every change of the store keeps up in its own
 * transaction: years are read in the time of days, and outlive the visits they were made from.
 *
 * The grain is the quarter hour (of UTC, so that local hours and days of every time zone are whole
 * quarters, 23- and 25-hour days too). The caller says which slot each quarter belongs to and gets
 * one struct for each zone and slot. A slot is whatever is asked about:
 *
 *     one period             one slot; `slot` may be NULL
 *     this one and the last  two slots side by side over both periods
 *     days, hours            a slot for each local day or hour
 *     hour of week           168 slots, each quarter in that of its local hour
 *     promotion on or off    two slots and -1 for what shall not count
 *
 * A stay belongs to the quarter in which it began; only occupancy is spread over the quarters in
 * which the person was there. What is counted once is in one slot, so slots add up. Times are wall
 * time in microseconds. One thread at a time per store, as in store_read.h, and callbacks as there:
 * values live until `fn` returns; anything but 0 from `fn` ends the reading and is returned.
 * Between dw_store_begin() and dw_store_rollback() all of it is of one moment.
 */
#ifndef DW_STORE_STORE_COUNTS_H
#define DW_STORE_STORE_COUNTS_H

#include "store/dwell_hist.h"
#include "store/store_read.h"

#define DW_QUARTER_US INT64_C(900000000)

/* The quarter hour, counted from 1970, in which a wall time lies. */
int64_t dw_quarter_of(int64_t wall_us);

/* Which slot each quarter of a span of time belongs to. */
struct dw_store_slots {
    int64_t first_quarter; /* dw_quarter_of() its beginning */
    size_t quarter_count;
    const int *slot;   /* for each quarter 0 .. slot_count - 1, or -1: not asked; NULL: all 0 */
    size_t slot_count; /* at least 1 */
};

#define DW_ROLE_BIT(role) (1U << (role))

struct dw_store_counts_query {
    const char *camera; /* name; NULL: every camera */
    unsigned roles;     /* DW_ROLE_BITs to count; 0: all. Without staff: unknown and shopper */
    bool dwell;         /* histograms and sides of entering too */
    /* NULL: a histogram for each slot; else for each slot one of dwell_slot_count, or -1: its dwell
     * and sides are not asked for, which saves time. */
    const int *dwell_slot;
    size_t dwell_slot_count;
    struct dw_store_slots slots;
};

#define DW_COUNT_KINDS 10
#define DW_COUNT_OCCUPANCY 9 /* in `all` */

/* What is counted of stays. Everything but passes, entries and occupancy is of visits alone. */
struct dw_store_counts {
    union {
        struct {
            int64_t visits;
            int64_t people;       /* visits that were their person's first in this zone and run */
            int64_t passes;       /* stays shorter than min_dwell */
            int64_t entries;      /* visits and passes whose start was seen */
            int64_t stops;        /* visits seen to last the zone's `stop` or longer */
            int64_t engages;      /* its `engage` or longer */
            int64_t cut;          /* cut_start or cut_end */
            int64_t dwell_us;     /* sum; of cut visits what was seen */
            int64_t bridged_us;   /* sum */
            int64_t occupancy_us; /* person-time of visits and passes within the slot */
        };
        int64_t all[DW_COUNT_KINDS];
    };
};

/* Of the runs that measured the zone (or line); runs of one camera that overlap count twice. */
struct dw_store_cover {
    int64_t scheduled_us; /* from start to end of the runs */
    int64_t measured_us;  /* scheduled less gaps */
};

struct dw_store_zone_counts {
    int64_t zone_id;
    size_t slot_count;
    const struct dw_store_counts *counts; /* slot_count of each of these */
    const struct dw_store_cover *cover;
    /* As many as asked for; NULL unless asked for, as the next. */
    const struct dw_dwell_hist *dwell;
    /* Entries of all slots with a histogram by edge of the zone, from 1; [0]: edge not known. */
    const int64_t *entries_by_side;
    size_t side_count;
    /*
     * Histograms and sides are kept by days of 24 hours, from midnight by utc_offset_us of struct
     * dw_store_run_conf. A day whose visits fall into several histograms is counted from its
     * visits; when those have been pruned, it is counted whole in the one that has most of them,
     * and here: visits counted so.
     */
    int64_t approximate;
};

/* Each zone of the cameras asked for that was measured or visited in the span, by id. */
typedef int (*dw_store_zone_counts_fn)(void *context, const struct dw_store_zone_counts *zone);
int dw_store_read_zone_counts(struct dw_store *store, const struct dw_store_counts_query *query,
                              dw_store_zone_counts_fn fn, void *context, struct dw_err *err);

struct dw_store_line_slot {
    int64_t to_right, to_left;
};

struct dw_store_line_counts {
    int64_t line_id;
    size_t slot_count;
    const struct dw_store_line_slot *counts; /* slot_count of each */
    const struct dw_store_cover *cover;
};

/* Each line of the cameras asked for that was measured in the span, by id. Roles are not known of
 * crossings; query->roles and dwell are ignored. */
typedef int (*dw_store_line_counts_fn)(void *context, const struct dw_store_line_counts *line);
int dw_store_read_line_counts(struct dw_store *store, const struct dw_store_counts_query *query,
                              dw_store_line_counts_fn fn, void *context, struct dw_err *err);

#endif
