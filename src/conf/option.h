/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings as rows of a table. One row drives the command line (`--set zone.grace=1`), the YAML
 * file, the settings beside a zone's name, the help text and the man page, so that they cannot
 * disagree.
 */
#ifndef DW_CONF_OPTION_H
#define DW_CONF_OPTION_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/track.h"
#include "core/zone.h"

/* All settings of one camera. */
struct dw_settings {
    struct dw_zone_rules zone; /* for zones that say nothing else */
    struct dw_track_params track;
    double detect_score;     /* keep detections from this score on; negative: as the model says */
    int64_t detect_again_us; /* a still picture is looked at again after so long; 0: each is */
};

enum dw_option_kind {
    DW_OPTION_SECONDS, /* int64_t microseconds, written in seconds */
    DW_OPTION_REAL,    /* double */
    DW_OPTION_INTEGER, /* int */
    DW_OPTION_ANCHOR,  /* enum dw_anchor, written as its name */
};

struct dw_option {
    const char *name; /* "zone.grace" */
    enum dw_option_kind kind;
    size_t offset; /* in struct dw_settings */
    double least, most;
    const char *help;
};

/* The table, sorted by name. */
const struct dw_option *dw_options(size_t *count);

struct dw_settings dw_settings_default(void);

/* "zone.grace=1". -EINVAL with a sentence (nearest name, allowed range) and nothing changed. */
int dw_settings_set(struct dw_settings *settings, const char *assignment, struct dw_err *err);

/* The same with name and value apart. */
int dw_settings_set_value(struct dw_settings *settings, const char *name, const char *value,
                          struct dw_err *err);

/*
 * A YAML file of settings: "zone: {grace: 1}" or "zone.grace: 1". Whole or not at all; errors name
 * the line.
 */
int dw_settings_load(struct dw_settings *settings, const char *path, struct dw_err *err);
int dw_settings_parse(struct dw_settings *settings, const char *text, size_t length,
                      struct dw_err *err);

/* One setting's value as text. */
void dw_option_print(const struct dw_option *option, const struct dw_settings *settings,
                     struct dw_buf *out);

/* All settings as "zone.anchor=footprint zone.bridge=2 ...": what measured it, for the record. */
void dw_settings_print(const struct dw_settings *settings, struct dw_buf *out);

#endif
