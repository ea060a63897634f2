/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns at the machines that cameras are behind: a recorder with sixteen cameras that comes back
 * after a power cut is asked for one after the other, a moment apart, not for all at once. Nobody
 * waits for another to be done, so that one camera that hangs holds up none. Any thread.
 */
#ifndef DW_ENGINE_HOSTS_H
#define DW_ENGINE_HOSTS_H

#include <stdint.h>

#include "base/macros.h"

struct dw_hosts;

struct dw_hosts *dw_hosts_create(void);
void dw_hosts_destroy(struct dw_hosts *hosts);
DW_DEFINE_AUTO(hosts)

/* The moment, `now_us` (by any clock that goes on) or soon after, at which it is this address's
 * turn. It counts as taken. Files have no host and never wait. */
int64_t dw_hosts_turn(struct dw_hosts *hosts, const char *url, int64_t now_us);

#endif
