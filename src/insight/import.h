/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Visits from a CSV file (sink/visits_csv.h), of another store or another system, into a store: all
 * of them or none. A visit whose id the store has already is left out and counted. Each run, or
 * each camera where none are named, is taken to have been measured from its first visit to its
 * last.
 */
#ifndef DW_INSIGHT_IMPORT_H
#define DW_INSIGHT_IMPORT_H

#include <stdio.h>

#include "core/zone.h"
#include "store/store.h"

struct dw_import_conf {
    const char *site, *camera; /* of rows that do not say */
    /* Drawings and settings of zones; those it does not name are the whole picture with default
     * settings. */
    const struct dw_layout *layout;
    const char *source; /* name of the file, for people */
    /* Told of each bad row, in a sentence. */
    void (*problem)(void *user, const char *sentence);
    void *user;
};

struct dw_import_result {
    size_t visits, passes, known, runs;
    char unknown[256]; /* names of columns that were left out */
};

/* `file` is read twice, so it must not be a pipe. -EINVAL when rows were bad. */
int dw_import(struct dw_store *store, FILE *file, const struct dw_import_conf *conf,
              struct dw_import_result *result, struct dw_err *err);

#endif
