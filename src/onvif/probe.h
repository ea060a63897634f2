/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cameras that answer when asked who is there: WS-Discovery (OASIS 2005/04, as ONVIF uses it) over
 * multicast on every network of this machine. Whoever answers is asked for nothing else here.
 */
#ifndef DW_ONVIF_PROBE_H
#define DW_ONVIF_PROBE_H

#include "base/err.h"
#include "base/vec.h"
#include "onvif/answers.h"

struct dw_onvif_found {
    struct dw_onvif_camera camera;
    char host[64];     /* that answered */
    char address[256]; /* of its device service, on the host that answered */
};

struct dw_onvif_cameras {
    DW_VEC(struct dw_onvif_found) list; /* each once, in order of answering */
    size_t strange;                     /* answers that could not be read */
};

void dw_onvif_cameras_fini(struct dw_onvif_cameras *cameras);

/*
 * Asks and listens for `wait_ms`. `host`: NULL asks everybody, "192.168.1.20" or
 * "192.168.1.20:3702" one device alone. -ENETUNREACH when there is no network to ask on.
 */
int dw_onvif_probe(struct dw_onvif_cameras *cameras, const char *host, int wait_ms,
                   struct dw_err *err);

#endif
