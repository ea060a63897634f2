/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of the picture that nobody is to see: the masks of a layout, painted a flat grey over each
 * frame as it comes from the source, so that neither the detector nor anything that shows or keeps
 * a picture knows what was there. The masks may change while frames pass, from any thread; from
 * then on no frame is handed out without the new ones.
 */
#ifndef DW_MEDIA_COVER_H
#define DW_MEDIA_COVER_H

#include "base/err.h"
#include "base/macros.h"
#include "core/zone.h"
#include "media/frame.h"

struct dw_cover;

/* Covers nothing yet. */
struct dw_cover *dw_cover_create(void);
void dw_cover_destroy(struct dw_cover *cover);
DW_DEFINE_AUTO(cover)

/* Copies the masks of the layout in place of those before. NULL covers nothing. */
void dw_cover_set(struct dw_cover *cover, const struct dw_layout *layout);

/*
 * Puts a covered copy in place of *frame, the caller's reference, which may be shared: the picture
 * it had is left as it is. A frame that has all masks already, or no picture, stays. On failure
 * (-ENOMEM) *frame is NULL: rather no picture than one uncovered.
 */
int dw_cover_frame(struct dw_cover *cover, struct dw_frame **frame, struct dw_err *err);

#endif
