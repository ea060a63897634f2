/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, in one sentence for the person who has to mend it: it names the thing, the value
 * and the remedy. No trailing dot, no "error:". Functions also return a negative errno for the
 * program to branch on.
 */
#ifndef DW_BASE_ERR_H
#define DW_BASE_ERR_H

#include "base/macros.h"

struct dw_err {
    char text[512]; /* all zero: nothing went wrong */
};

/* Writes the sentence (err may be NULL) and returns `code`, a negative errno. */
int dw_fail(struct dw_err *err, int code, const char *format, ...) DW_PRINTF(3, 4);

/* Puts "prefix: " in front of what err already says, and returns `code`. */
int dw_fail_within(struct dw_err *err, int code, const char *format, ...) DW_PRINTF(3, 4);

#endif
