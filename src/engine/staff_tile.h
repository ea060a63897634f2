/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small picture of one person that somebody marks, and that a classifier can be tried on: the
 * box as JPEG, in a labelling set the file NUMBER.jpg.
 */
#ifndef DW_ENGINE_STAFF_TILE_H
#define DW_ENGINE_STAFF_TILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/box.h"
#include "core/image.h"
#include "core/staff.h"

struct dw_uniform_workspace;

/* Whether somebody is so much larger now than in the tile that was kept (0: none was) that it is
 * taken again. */
bool dw_staff_tile_is_better(struct dw_box box, float kept_h_px);

/* Appends the JPEG; every second, third, ... dot of somebody who is very large. */
int dw_staff_tile_make(const struct dw_image *image, struct dw_box box, struct dw_buf *jpeg,
                       struct dw_err *err);

/* Where it is in the folder of a set; to be freed. */
char *dw_staff_tile_path(const char *folder, int64_t number);

/* Appends the file; nothing when it cannot be read: it may be missing, and is shown without. */
void dw_staff_tile_read(struct dw_buf *jpeg, const char *folder, int64_t number);

/* Adds what a classifier says of it. One that cannot be read is that of nobody, and adds nothing:
 * a set's may be damaged. -EINVAL as of dw_uniform_run(). */
int dw_staff_tile_judge(struct dw_uniform_workspace *workspace, const struct dw_buf *jpeg,
                        struct dw_staff_odds *odds, struct dw_err *err);

#endif
