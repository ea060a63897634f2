/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Has anything moved since somebody last looked? Most of the time most cameras of a shop see
 * nobody, or people who stand, and the same picture holds the same people: what was found on it
 * holds until something moves. Compares with the picture that was looked at, not with the one
 * before, so that whoever creeps is seen, too; and asks for another look now and then even when
 * nothing moves, because a detector errs. Pure; one thread at a time.
 */
#ifndef DW_CORE_STILLNESS_H
#define DW_CORE_STILLNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "core/image.h"

struct dw_stillness;

/* A still picture is looked at again after `again_us`. */
struct dw_stillness *dw_stillness_create(int64_t again_us);
void dw_stillness_destroy(struct dw_stillness *stillness);
DW_DEFINE_AUTO(stillness)

/*
 * True: nothing moved since the last picture for which this was false, and what was found there
 * holds for this one. False: look at it. Times never go back.
 */
bool dw_stillness_step(struct dw_stillness *stillness, const struct dw_image *image,
                       int64_t time_us);

#endif
