/* SPDX-License-Identifier: Apache-2.0 */
/* A model reports one person several times; this keeps the best box of each. Pure. */
#ifndef DW_DETECT_NMS_H
#define DW_DETECT_NMS_H

#include <stddef.h>

#include "core/box.h"

#define DW_NMS_CANDIDATES_MAX 300 /* best ones looked at; more people fit on no picture */

/*
 * Sorts `items` by score, best first, and drops each that overlaps a better one by more than
 * `overlap` (intersection over union; 1 drops none). Returns how many are left, at the front.
 */
size_t dw_nms(struct dw_detection *items, size_t count, double overlap);

#endif
