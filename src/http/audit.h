/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who changed what, and who tried to get in: DATA/audit.jsonl, one JSON object a line, 0600. When
 * it reaches 8 MiB it becomes audit.1.jsonl, and the one before that is deleted. Any thread.
 */
#ifndef DW_HTTP_AUDIT_H
#define DW_HTTP_AUDIT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct dw_audit;

struct dw_audit_line {
    const char *user;   /* or the token's name; "" nobody */
    const char *client; /* address */
    const char *method, *path;
    int status;
    const char *detail; /* "" none */
};

int dw_audit_create(struct dw_audit **out, const char *folder, struct dw_err *err);
void dw_audit_destroy(struct dw_audit *audit);

/* A line that cannot be written is lost; what was done is done. */
void dw_audit_add(struct dw_audit *audit, const struct dw_audit_line *line);

/*
 * The last `limit` lines that begin before byte `before` of the file (0: its end), newest first,
 * as elements of a JSON array, without its brackets. *next: where the ones before them end; 0:
 * there are none.
 */
int dw_audit_read(struct dw_audit *audit, int64_t before, int limit, struct dw_buf *out,
                  int64_t *next, struct dw_err *err);

#endif
