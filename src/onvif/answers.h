/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What cameras answer, as values: ProbeMatches of WS-Discovery and the replies of the ONVIF device
 * and media services (ONVIF Core Specification, Media Service Specification). Anything may stand
 * there that a stranger on the network wants to: what does not fit is left out, and texts are cut
 * to the size of their fields. Pure.
 */
#ifndef DW_ONVIF_ANSWERS_H
#define DW_ONVIF_ANSWERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define DW_ONVIF_STREAMS_MAX 32

struct dw_onvif_camera {
    char id[128]; /* the same device gives the same text */
    char name[64], model[64];
    char addresses[512]; /* of its device service, as it says them, separated by spaces */
};

struct dw_onvif_stream {
    char token[64], profile[64]; /* for the camera; for people */
    char codec[16];              /* "H264" */
    int width_px, height_px;
    double fps; /* at most; 0: not said */
    char uri[512];
};

struct dw_onvif_streams {
    struct dw_onvif_stream items[DW_ONVIF_STREAMS_MAX];
    size_t count;
};

/*
 * All return -EINVAL with a sentence when it is no XML, and -EPROTO with the camera's own words
 * when it is a SOAP fault (-EACCES when that is about who is asking).
 */

/* -ENOENT: the answer of something that is no camera. */
int dw_onvif_read_match(struct dw_onvif_camera *camera, const char *text, size_t length,
                        struct dw_err *err);

/* GetSystemDateAndTime: seconds since 1970, UTC. */
int dw_onvif_read_time(int64_t *unix_s, const char *text, size_t length, struct dw_err *err);

/* GetCapabilities: address of the media service. */
int dw_onvif_read_media(char address[512], const char *text, size_t length, struct dw_err *err);

/* GetProfiles: those with video; `uri` is left empty. */
int dw_onvif_read_profiles(struct dw_onvif_streams *streams, const char *text, size_t length,
                           struct dw_err *err);

/* GetStreamUri; user and password, should any be in it, are left out. */
int dw_onvif_read_uri(char uri[512], const char *text, size_t length, struct dw_err *err);

#endif
