/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a store holds as text for other programs, written while it is read: visits, passes and line
 * crossings one by one, or counts by zone and hour (UTC). Hours in which 1 to k - 1 people were in
 * a zone say so and no more: few people are soon somebody. Hours leave out staff. docs/export.md
 * lists the columns.
 */
#ifndef DW_INSIGHT_EXPORT_H
#define DW_INSIGHT_EXPORT_H

#include <stdio.h>

#include "store/store_read.h"

enum dw_export_what { DW_EXPORT_VISITS, DW_EXPORT_PASSES, DW_EXPORT_CROSSINGS, DW_EXPORT_HOURS };

/* "visits", ...; -1 for another word. */
int dw_export_parse(const char *word);

struct dw_export_conf {
    enum dw_export_what what;
    bool json; /* JSON Lines, else CSV */
    int k;
    struct dw_store_filter filter;
};

int dw_export(struct dw_store *store, const struct dw_export_conf *conf, FILE *out,
              struct dw_err *err);

#endif
