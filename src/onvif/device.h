/* SPDX-License-Identifier: Apache-2.0 */
/* The streams of one camera: its ONVIF device service asked for them. */
#ifndef DW_ONVIF_DEVICE_H
#define DW_ONVIF_DEVICE_H

#include "base/err.h"
#include "onvif/answers.h"

/*
 * `address`: of the device service ("http://192.168.1.20/onvif/device_service"). `user` NULL: ask
 * without. -EACCES: wants a user, or another. Errors name the address.
 */
int dw_onvif_streams(struct dw_onvif_streams *streams, const char *address, const char *user,
                     const char *password, struct dw_err *err);

/*
 * The stream to measure on: people are measured as well on a small picture, which costs a tenth.
 * The smallest of 360 rows and more, of H.264 when there is a choice; NULL when there is none.
 */
const struct dw_onvif_stream *dw_onvif_best(const struct dw_onvif_streams *streams);

#endif
