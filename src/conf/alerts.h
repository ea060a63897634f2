/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A zone's "alerts" from JSON (docs/alerts.md), times in seconds:
 * [{"kind":"queue","people":3,"wait":60,"for":10,"cooldown":300,"hours":"mon-sat 09:00-20:00"}]
 */
#ifndef DW_CONF_ALERTS_H
#define DW_CONF_ALERTS_H

#include "base/err.h"
#include "core/alert.h"

struct json_t;

/* A rule; `zone` is left to the caller. -EINVAL with a sentence that does not name the rule. */
int dw_alert_rule_read(struct dw_alert_rule *out, const struct json_t *object, struct dw_err *err);

/* "mon-sat 09:00-20:00, sun 11:00-16:00"; "daily 08:00-24:00"; "fri 22:00-02:00" ends on Saturday.
 * On failure `out` is untouched. */
int dw_hours_parse(struct dw_hours *out, const char *text, struct dw_err *err);

#endif
