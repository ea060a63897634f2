/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Promotions that somebody wants to judge: a display, days, and what they are compared with. Kept
 * in DATA/promotions.json, replaced whole. Any thread.
 */
#ifndef DW_HTTP_PROMOTIONS_H
#define DW_HTTP_PROMOTIONS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json_writer.h"
#include "http/secret.h"

#define DW_PROMOTION_TEXT_MAX 200

struct dw_promotion_record {
    char id[DW_ID_SIZE];
    char name[DW_PROMOTION_TEXT_MAX];
    char camera[DW_PROMOTION_TEXT_MAX], zone[DW_PROMOTION_TEXT_MAX]; /* "": all */
    char from[16], to[16];                                           /* local days, both included */
    unsigned weekdays;                                               /* bits, 1: Monday; 0: all */
    char compare_with[32]; /* "2026-11-01..2026-11-07"; "": the same weekdays before */
};

struct dw_promotions;

int dw_promotions_create(struct dw_promotions **out, const char *folder, struct dw_err *err);
void dw_promotions_destroy(struct dw_promotions *promotions);

/* Appends them to an array that was begun, oldest first. */
void dw_promotions_list(struct dw_promotions *promotions, struct dw_json_writer *json);
void dw_promotion_put(struct dw_json_writer *json, const struct dw_promotion_record *record);

/* 0..6 of "monday" ... "sunday", -1 for another word. */
int dw_weekday_parse(const char *word);

/* Adds one when its id is "", and gives it one; else replaces that one. -ENOENT. */
int dw_promotions_set(struct dw_promotions *promotions, struct dw_promotion_record *record,
                      struct dw_err *err);
int dw_promotions_remove(struct dw_promotions *promotions, const char *id, struct dw_err *err);

#endif
