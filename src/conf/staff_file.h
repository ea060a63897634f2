/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What telling staff from shoppers keeps in files (docs/staff.md): a labelling set, JSON Lines, one
 * track a line after a line about the set; the labels somebody gave its tracks, CSV; and the model
 * that was trained, one JSON object with where it comes from. Whatever is damaged or of another
 * kind is refused with a sentence.
 */
#ifndef DW_CONF_STAFF_FILE_H
#define DW_CONF_STAFF_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"
#include "core/staff.h"

#define DW_STAFF_SET_FILE "set.jsonl" /* in a set's folder, beside its tiles */
#define DW_STAFF_LABELS_FILE "labels.csv"

struct dw_staff_set_track {
    int64_t number;   /* of the person in its run, and of its tile */
    char camera[128]; /* "": the set's */
    struct dw_staff_track track;
};

struct dw_staff_set {
    char looks[64], camera[128];
    int64_t until_us; /* wall time from which it must not be used */
    DW_VEC(struct dw_staff_set_track) tracks;
};

void dw_staff_set_fini(struct dw_staff_set *set);

/* Appends the set's first line, or a track's. */
void dw_staff_set_print(struct dw_buf *out, const struct dw_staff_set *set);
void dw_staff_track_print(struct dw_buf *out, const struct dw_staff_set_track *track);

/* `set` is all zero before, and finished by the caller after success and failure. */
int dw_staff_set_parse(struct dw_staff_set *set, const char *text, size_t length,
                       struct dw_err *err);
int dw_staff_set_load(struct dw_staff_set *set, const char *folder, struct dw_err *err);

/* Deletes a set, list, labels, tiles and folder. Only a folder with a set, and in it only what a
 * set has: a wrong name must not cost a folder. */
int dw_staff_set_delete(const char *folder, struct dw_err *err);

/*
 * Lines `track,role` or `track,role,person`, the first of them a heading; role is staff or shopper,
 * and tracks with the same number of person, above 0, are one.
 */
int dw_staff_labels_parse(struct dw_staff_set *set, const char *text, struct dw_err *err);
int dw_staff_labels_load(struct dw_staff_set *set, const char *path, struct dw_err *err);

/* Where a model comes from. */
struct dw_staff_origin {
    int64_t trained_us; /* wall time */
    char camera[128];   /* or cameras */
    char set[64];       /* of which labels; "": not known */
};

void dw_staff_model_print(struct dw_buf *out, const struct dw_staff_model *model,
                          const struct dw_staff_origin *origin);
int dw_staff_model_parse(struct dw_staff_model *model, struct dw_staff_origin *origin,
                         const char *text, size_t length, struct dw_err *err);
int dw_staff_model_load(struct dw_staff_model *model, struct dw_staff_origin *origin,
                        const char *path, struct dw_err *err);

#endif
