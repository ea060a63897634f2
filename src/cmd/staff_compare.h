/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell staff compare`: what another model would change of who is in a set, and which is better by
 * its labels. */
#ifndef DW_CMD_STAFF_COMPARE_H
#define DW_CMD_STAFF_COMPARE_H

#include "base/err.h"

/* Trained models, or classifiers (.onnx), which look at the tiles; `labels` NULL: nobody is
 * labelled. */
int dw_staff_compare(const char *const models[2], const char *folder, const char *labels,
                     struct dw_err *err);

#endif
