/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A roll-up: what happened in 24 hours in one zone (or on one line, or how much of one run was
 * measured), by quarter hours, as one row of the store. Packed, because years of quarter hours as
 * rows of their own take longer to read than the visits of weeks. Keyed by run, so that a run
 * analysed again takes its counts with it, also when its visits have been pruned. Private to
 * store/.
 *
 * Layout of the bytes: 1 (format); cells; for a zone also the dwell of visits that ended, of those
 * cut, and entries by side. Each of the three is sparse: the number of those not 0, then for each
 * its distance from the one before (the first: from -1) and its value, as varints, the value
 * zigzag-coded. Cells are sparse by quarters, each with all values of its kind.
 */
#ifndef DW_STORE_ROLLUP_H
#define DW_STORE_ROLLUP_H

#include "base/buf.h"
#include "base/vec.h"
#include "core/zone.h"
#include "store/dwell_hist.h"
#include "store/store_counts.h"
#include "store/varint.h"

#define DW_ROLLUP_QUARTERS 96
#define DW_ROLLUP_DAY_US (DW_ROLLUP_QUARTERS * DW_QUARTER_US)
#define DW_ROLLUP_SIDES (DW_ZONE_CORNERS_MAX + 1)

enum dw_rollup_kind { DW_ROLLUP_ZONE, DW_ROLLUP_LINE, DW_ROLLUP_COVER, DW_ROLLUP_KIND_COUNT };

/* What the cells of the other two kinds hold; those of zones are a struct dw_store_counts. */
enum dw_line_cell { DW_LINE_TO_RIGHT, DW_LINE_TO_LEFT, DW_LINE_CELLS };
enum dw_cover_cell { DW_COVER_SCHEDULED, DW_COVER_GAP, DW_COVER_CELLS };

struct dw_time_span {
    int64_t start_us, end_us;
};

struct dw_rollup_key {
    enum dw_rollup_kind kind;
    int64_t subject;       /* id of the zone or line; of the run for DW_ROLLUP_COVER */
    int64_t first_quarter; /* of the 96 */
    int64_t run;
    int role; /* enum dw_role; 0 unless a zone's */
};

struct dw_rollup {
    struct dw_rollup_key key;
    bool dirty;  /* not written yet */
    bool loaded; /* what the store had is in it; else only what was added since */
    int64_t cells[DW_ROLLUP_QUARTERS][DW_COUNT_KINDS];
    struct dw_dwell_hist dwell;
    int64_t sides[DW_ROLLUP_SIDES];
};

struct dw_rollups {
    struct dw_rollup **items;
    size_t count, capacity;
};

void dw_rollups_clear(struct dw_rollups *rollups);
void dw_rollups_fini(struct dw_rollups *rollups);

/* The one with this key, or NULL. */
struct dw_rollup *dw_rollups_find(const struct dw_rollups *rollups,
                                  const struct dw_rollup_key *key);

/* Adds a new one, all zero but for its key. */
struct dw_rollup *dw_rollups_add(struct dw_rollups *rollups, const struct dw_rollup_key *key);

/* Frees those of a run, or those that begin at another quarter. */
void dw_rollups_drop_run(struct dw_rollups *rollups, int64_t run);
void dw_rollups_keep_day(struct dw_rollups *rollups, int64_t first_quarter);

/* The cell of a quarter of the roll-up's day. */
static inline int64_t *dw_rollup_cell(struct dw_rollup *rollup, int64_t quarter)
{
    return rollup->cells[quarter - rollup->key.first_quarter];
}

/* The first quarter of the day of a place in which the quarter lies. */
int64_t dw_rollup_day(int64_t quarter, int64_t utc_offset_us);

/* Appends its bytes; equal roll-ups have equal bytes. */
void dw_rollup_encode(const struct dw_rollup *rollup, struct dw_buf *out);

/* Adds the figures of its bytes to those of a roll-up whose kind is set. -EBADMSG when the bytes
 * are not what dw_rollup_encode() writes; something may have been added then. */
int dw_rollup_decode(struct dw_rollup *rollup, const void *bytes, size_t size);

/* The same piece by piece, for who wants only some of it: begin, cells until there is none, rest.
 */
struct dw_rollup_reader {
    struct dw_varint_reader bytes; /* damaged: stop, nothing more will come */
    enum dw_rollup_kind kind;
    uint64_t left;
    size_t next;
};

void dw_rollup_read_begin(struct dw_rollup_reader *reader, enum dw_rollup_kind kind,
                          const void *bytes, size_t size);
/* Sets (does not add) the first values of `cell`, as many as the kind has. */
bool dw_rollup_read_cell(struct dw_rollup_reader *reader, size_t *quarter,
                         int64_t cell[DW_COUNT_KINDS]);
/* Of a zone's roll-up, after its cells: adds to dwell and sides[DW_ROLLUP_SIDES]. */
void dw_rollup_read_rest(struct dw_rollup_reader *reader, struct dw_dwell_hist *dwell,
                         int64_t *sides);

#endif
