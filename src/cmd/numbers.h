/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers from the command line. */
#ifndef DW_CMD_NUMBERS_H
#define DW_CMD_NUMBERS_H

#include "base/err.h"

/* `what` is the option as the sentence names it. -EINVAL when it is no number from least to most.
 */
int dw_number_parse(double *out, const char *what, const char *text, double least, double most,
                    struct dw_err *err);

/* "1920x1080", pixels. */
int dw_size_parse(int *width_px, int *height_px, const char *what, const char *text,
                  struct dw_err *err);

#endif
