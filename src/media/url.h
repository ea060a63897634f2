/* SPDX-License-Identifier: Apache-2.0 */
/* The addresses of sources as people type them; no network here. */
#ifndef DW_MEDIA_URL_H
#define DW_MEDIA_URL_H

#include <stdbool.h>

/* Whether it is a file's path: no scheme, or file://. */
bool dw_url_is_file(const char *url);

/* The path of a file, without file://. */
const char *dw_url_path(const char *url);

/* The path of a webcam's device, of v4l2:///dev/video0; NULL: it is none. */
const char *dw_url_webcam(const char *url);

/* The name or number of the machine, in lower case, without brackets. False: a file, or none or too
 * long a name. */
#define DW_HOST_SIZE 256
bool dw_url_host(const char *url, char host[DW_HOST_SIZE]);

/* A copy with user and password put in, for the caller to free; an address that names a user
 * keeps it, and so it stays when `user` is NULL or "". */
char *dw_url_with_user(const char *url, const char *user, const char *password);

/*
 * A copy fit for messages and logs: passwords and secret-looking parameters are "***". When in
 * doubt it hides too much. The caller frees it.
 */
char *dw_url_redact(const char *url);

#endif
