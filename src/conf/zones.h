/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zones and lines from JSON, in the format of the retired container's SPACEANALYTICS_CONFIG:
 * {"zones":[{"name","polygon":[[x,y],...],"target_side"?,"events"?:[...]}],"lines":[...]}; zone
 * settings may stand beside "name", in seconds, and "alerts" (conf/alerts.h). Beside the two lists
 * there may be "masks":[{"name","polygon"},...], which nobody is to see into.
 */
#ifndef DW_CONF_ZONES_H
#define DW_CONF_ZONES_H

#include "base/err.h"
#include "core/zone.h"

/* `defaults`: for zones that say nothing else. On failure `out` is untouched. Free with
 * dw_layout_fini(). From a file, zone or line must be there: who gave it wants to measure. */
int dw_zones_parse(struct dw_layout *out, const char *text, size_t length,
                   const struct dw_zone_rules *defaults, struct dw_err *err);
int dw_zones_load(struct dw_layout *out, const char *path, const struct dw_zone_rules *defaults,
                  struct dw_err *err);

#endif
