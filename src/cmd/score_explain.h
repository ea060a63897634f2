/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell score --explain`: every wrong visit with its reason, as lines, JSON, and pictures. */
#ifndef DW_CMD_SCORE_EXPLAIN_H
#define DW_CMD_SCORE_EXPLAIN_H

#include "cmd/sequence.h"
#include "core/explain.h"

/* Wrong visits of a sequence by reason. */
struct dw_explain_counts {
    char name[128]; /* of the sequence */
    int missed[DW_EXPLAIN_REASON_COUNT], false_ones[DW_EXPLAIN_REASON_COUNT];
};

struct dw_explain_pictures {
    const char *video, *folder; /* NULL folder: no pictures */
    int most;                   /* pictures of a sequence */
};

/*
 * Prints what went wrong with `measured` and writes the pictures. `sequence` has no detections in
 * memory when a video was measured.
 */
int dw_score_explain(const struct dw_sequence *sequence, const struct dw_measured *measured,
                     const struct dw_explain_pictures *pictures, bool json,
                     struct dw_explain_counts *counts, struct dw_err *err);

/* A table: reasons down, sequences across, "missed + false". */
void dw_score_explain_table(const struct dw_explain_counts *counts, size_t count);

#endif
