/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling systemd how a service is, as sd_notify(3) says: a datagram to the socket that
 * $NOTIFY_SOCKET names. Without one, as in a terminal, nothing happens.
 */
#ifndef DW_CMD_NOTIFY_H
#define DW_CMD_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

/* Whether a service manager listens. */
bool dw_notify_wanted(void);

/* "READY=1", "STATUS=3 of 3 cameras run", ...; several with line breaks between. What cannot be
 * told is not worth ending for. */
void dw_notify(const char *format, ...) DW_PRINTF(1, 2);

/* How often "WATCHDOG=1" has to be told at the latest; 0: nobody waits for it. */
int64_t dw_notify_watchdog_us(void);

#endif
