/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in a request's target behind and before the "?": names and values, and the parts of
 * a path that a pattern names. Percent-coding (RFC 3986) is undone; what is not UTF-8 afterwards,
 * or holds a NUL or control character, is refused.
 */
#ifndef DW_HTTP_QUERY_H
#define DW_HTTP_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

#define DW_QUERY_MAX 64 /* names in a query */
#define DW_PATH_NAMES 2 /* {} in a pattern */

struct dw_query_item {
    char *name, *value;
};

struct dw_query {
    DW_VEC(struct dw_query_item) items;
};

/* Reads what follows the "?" of a target (nothing is fine). -EINVAL with a sentence. */
int dw_query_parse(struct dw_query *query, const char *target, struct dw_err *err);
void dw_query_fini(struct dw_query *query);

/* The value of a name, NULL when it is not there. */
const char *dw_query_find(const struct dw_query *query, const char *name);

/* The same as a whole number, a time, a flag ("1", "true", "yes", nothing; or their opposites):
 * *out stays as it is when the name is not there; -EINVAL with a sentence that names it. */
int dw_query_integer(const struct dw_query *query, const char *name, int64_t least, int64_t most,
                     int64_t *out, struct dw_err *err);
int dw_query_real(const struct dw_query *query, const char *name, double least, double most,
                  double *out, struct dw_err *err);
int dw_query_time(const struct dw_query *query, const char *name, int64_t *out, struct dw_err *err);
int dw_query_flag(const struct dw_query *query, const char *name, bool *out, struct dw_err *err);

/* -EINVAL with the nearest one when the query has a name that is not among `known`. */
int dw_query_only(const struct dw_query *query, const char *const *known, size_t count,
                  struct dw_err *err);

/*
 * Whether the path of a target is that of a pattern like "/api/v1/cameras/{}/layout"; each "{}"
 * stands for one part, which is decoded to names[0], names[1]. The caller frees these, also when
 * there is no match.
 */
bool dw_path_match(const char *pattern, const char *target, char *names[DW_PATH_NAMES]);

/* Undoes percent-coding, and "+" for a space if `plus`; NULL when it is refused. */
char *dw_percent_decode(const char *text, size_t length, bool plus);

/* The value of a cookie in a Cookie header (RFC 6265), to be freed; NULL when it is not there. */
char *dw_cookie_find(const char *header, const char *name);

#endif
