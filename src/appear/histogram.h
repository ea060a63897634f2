/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the colours of somebody's clothes are: the box in six stripes from head to foot, and for
 * each stripe how often each brightness and each of the two colour differences of the picture (Y, U
 * and V) occurs. The middle of the box counts most, for its sides show what is behind the person.
 *
 * Stripes of histograms for people seen from the side are by Gray and Tao (2008); Y, U and V are
 * taken as they come, because marginals in HSV and Lab told people apart no better
 * (docs/tracking.md). Cheap: a fixed number of pixels whatever the size of the box.
 */
#ifndef DW_APPEAR_HISTOGRAM_H
#define DW_APPEAR_HISTOGRAM_H

#include <stddef.h>

#include "core/image.h"
#include "core/look.h"

#define DW_HISTOGRAM_STRIPES DW_LOOK_STRIPES
#define DW_HISTOGRAM_BINS 16 /* of a channel */
#define DW_HISTOGRAM_SIZE ((size_t)DW_HISTOGRAM_STRIPES * 3 * DW_HISTOGRAM_BINS)

/* Counts the picture of one person, which has pixels. Stripe by stripe: Y, U, V. */
void dw_histogram_count(const struct dw_image *person, float vector[DW_HISTOGRAM_SIZE]);

/*
 * The same for telling uniforms: a bin for each pair of U and V, so that a colour is one and not
 * two halves, and less what the sides of the box show, so that grass behind somebody is no green
 * vest. docs/staff.md has the figures of both.
 */
#define DW_CLOTHES_SIZE ((size_t)DW_LOOK_COLOURS) /* core/look.h says how they lie */

void dw_histogram_clothes(const struct dw_image *person, float vector[DW_CLOTHES_SIZE]);

#endif
