/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell score --robustness`: F1 at fewer frames a second and with fewer detections. */
#ifndef DW_CMD_SCORE_ROBUSTNESS_H
#define DW_CMD_SCORE_ROBUSTNESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "conf/option.h"

/* Measures each folder at each damage and prints a table: folders down, damages across. */
int dw_score_robustness(const struct dw_settings *settings, const char *const *folders,
                        size_t count, uint64_t seed, struct dw_err *err);

#endif
