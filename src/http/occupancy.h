/* SPDX-License-Identifier: Apache-2.0 */
/* How many people are in each zone now, as the last moment of its camera says. */
#ifndef DW_HTTP_OCCUPANCY_H
#define DW_HTTP_OCCUPANCY_H

#include <stdint.h>

#include "engine/site.h"

/* Zones of which it is not known just now are left out. Names are valid during the call. */
void dw_occupancy_each(struct dw_site *site,
                       void (*take)(void *user, const char *camera, const char *zone,
                                    int64_t people),
                       void *user);

#endif
