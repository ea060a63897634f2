/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for a machine by its name, which the system's own function does for as long as it pleases;
 * private to media/. */
#ifndef DW_MEDIA_RESOLVE_H
#define DW_MEDIA_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether the name server knows `host` (a number is known at once): 0, -ENOENT, or -ETIMEDOUT when
 * it has not said by then, or `stop` (opaque) is true. What it says late is thrown away.
 */
int dw_resolve(const char *host, int64_t timeout_us, bool (*stop)(const void *opaque),
               const void *opaque);

#endif
