/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking after a store: deleting what is old, copying it while it is written to, checking it, and
 * saying how big it is and will be. Times are wall time in microseconds. One thread at a time per
 * store.
 */
#ifndef DW_STORE_STORE_CARE_H
#define DW_STORE_STORE_CARE_H

#include "store/store.h"

/* What is kept for a time of its own. */
enum dw_store_kind {
    DW_KIND_VISITS,    /* visits, passes, alerts */
    DW_KIND_DOUBT,     /* visits as other settings would have found them */
    DW_KIND_CROSSINGS, /* of lines */
    DW_KIND_FEET,      /* foot tracks */
    DW_KIND_ROLLUPS,   /* counts and sums (store_counts.h) */
    DW_KIND_COUNT
};

/* "visits", "doubt", "crossings", "feet", "rollups"; -1 for another word. */
const char *dw_store_kind_name(enum dw_store_kind kind);
int dw_store_kind_parse(const char *name);

/*
 * Deletes what of this kind ended before the UTC day in which before_us lies, whatever its run, in
 * one transaction. Roll-ups of pruned visits stay and stay right. `deleted` (may be NULL): rows.
 */
int dw_store_prune(struct dw_store *store, enum dw_store_kind kind, int64_t before_us,
                   int64_t *deleted, struct dw_err *err);

/* Up to when the rows of a kind have been pruned; INT64_MIN: never. */
int dw_store_pruned_before(struct dw_store *store, enum dw_store_kind kind, int64_t *before_us,
                           struct dw_err *err);

/*
 * Gives the room of what was deleted back to the file system; afterwards no byte of it is left in
 * a SQLite store's files. PostgreSQL drops months that were pruned whole; within a month, its pages
 * keep what was deleted until they are used again. Not within begin and commit.
 */
int dw_store_shrink(struct dw_store *store, struct dw_err *err);

/*
 * Writes a copy of the store as it is at one moment to a new file, while others go on writing. A
 * copy that fails leaves no file. -ENOTSUP for stores that are no file.
 */
int dw_store_backup(struct dw_store *store, const char *path, struct dw_err *err);

/* Each thing that is wrong, as a sentence. */
typedef int (*dw_store_problem_fn)(void *context, const char *sentence);

/*
 * Whether the database is whole and every roll-up is what its raw rows say, as far as these have
 * not been pruned. 0 when everything was checked, whatever was found.
 */
int dw_store_check(struct dw_store *store, dw_store_problem_fn fn, void *context,
                   struct dw_err *err);

/* Makes all roll-ups again from the raw rows. -EINVAL when such rows have been pruned. */
int dw_store_rebuild(struct dw_store *store, struct dw_err *err);

struct dw_store_size {
    const char *name; /* of a kind, or "other" */
    int64_t rows;
    int64_t bytes;             /* on the disk, indices included */
    int64_t first_us, last_us; /* of what is there; 0 when nothing is */
};

/* Each kind, then "other". */
typedef int (*dw_store_size_fn)(void *context, const struct dw_store_size *size);
int dw_store_read_sizes(struct dw_store *store, dw_store_size_fn fn, void *context,
                        struct dw_err *err);

#endif
