/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that say what went wrong, as RFC 9457 has them: application/problem+json with type,
 * title, status and detail, the sentence for the person. */
#ifndef DW_HTTP_PROBLEM_H
#define DW_HTTP_PROBLEM_H

#include "base/err.h"
#include "http/message.h"

/* "Not Found". */
const char *dw_status_title(int status);

/* Replaces what was written to the body so far. */
void dw_problem(struct dw_response *response, int status, const char *format, ...) DW_PRINTF(3, 4);

/* The status that fits a negative errno, the sentence from err. */
void dw_problem_of(struct dw_response *response, int result, const struct dw_err *err);

/* One field of a body is wrong: 422; `pointer` is a JSON pointer (RFC 6901), "" the body itself. */
void dw_problem_at(struct dw_response *response, const char *pointer, const char *detail);

/* The same for a line of a text. */
void dw_problem_line(struct dw_response *response, int line, const char *detail);

#endif
