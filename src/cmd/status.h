/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `dwell serve` says while it runs, on standard output and in DATA/status.json, which `dwell
 * support-bundle` reads: how each camera is, and the last lines.
 */
#ifndef DW_CMD_STATUS_H
#define DW_CMD_STATUS_H

#include "base/macros.h"
#include "base/vec.h"
#include "engine/site.h"

#define DW_STATUS_FILE "status.json"

struct dw_status {
    const char *folder; /* borrowed */
    int64_t started_us, written_us;
    DW_VEC(char *) lines; /* the last ones, with their times */
};

/* Prints a line, and keeps it. */
void dw_status_say(struct dw_status *status, const char *format, ...) DW_PRINTF(2, 3);

/* Writes the file; what keeps it from being written is said on standard error. */
void dw_status_write(struct dw_status *status, struct dw_site *site);

void dw_status_fini(struct dw_status *status);

#endif
