/* SPDX-License-Identifier: Apache-2.0 */
/* Cameras as they are told by /cameras and /health. */
#ifndef DW_HTTP_CAMERA_JSON_H
#define DW_HTTP_CAMERA_JSON_H

#include "base/json_writer.h"
#include "engine/site.h"

/* "cameras": [...], in the order of the configuration. */
void dw_camera_json_list(struct dw_json_writer *json, struct dw_site *site);

#endif
