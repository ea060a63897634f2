/* SPDX-License-Identifier: Apache-2.0 */
/* What many routes do alike; private to src/http. */
#ifndef DW_HTTP_ANSWER_H
#define DW_HTTP_ANSWER_H

#include "base/json_writer.h"
#include "http/router.h"
#include "insight/sheet.h"
#include "store/store_read.h"

/* An object is begun in the response's body; end it with dw_json_object_end(). */
struct dw_json_writer dw_answer_json(struct dw_call *call, int status);

/* A wall time, null for 0. */
void dw_answer_time(struct dw_json_writer *json, const char *key, int64_t us);

/* A figure with its interval, or null when it is not known. */
void dw_answer_estimate(struct dw_json_writer *json, const char *key, double value, double low,
                        double high);

/* Status when result is 0, else the problem. */
void dw_answer_done(struct dw_call *call, int result, int status, const struct dw_err *err);

/* A query that is no good: 400. Whether it was good. */
bool dw_answer_query(struct dw_call *call, int result, const struct dw_err *err);

/* What a query's "format" says, JSON when nothing; DW_FORMAT_COUNT: no format at all. */
enum dw_format { DW_JSON, DW_CSV, DW_HTML, DW_FORMAT_COUNT };
enum dw_format dw_answer_format(const struct dw_query *query);

/* A sheet as a file to keep. */
void dw_answer_csv(struct dw_call *call, const struct dw_sheet *sheet);

/* A connection to the store, or NULL and the problem is answered. Hand it back with the result of
 * what was done with it. */
struct dw_store *dw_answer_take_store(struct dw_call *call);
void dw_answer_give_store(struct dw_call *call, struct dw_store *store, int result);

/* The revision that If-Match names, without its quotes, to be freed; NULL and answered with 428
 * when there is none. */
char *dw_answer_revision(struct dw_call *call);

#endif
