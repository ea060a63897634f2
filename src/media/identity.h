/* SPDX-License-Identifier: Apache-2.0 */
/* A name for an input that depends on its content, so that the same video measured again, under any
 * path, gives the same ids. */
#ifndef DW_MEDIA_IDENTITY_H
#define DW_MEDIA_IDENTITY_H

#include "base/err.h"

#define DW_IDENTITY_SIZE 65

/* SHA-256 in hexadecimal over the size and the first and last MiB of a file. */
int dw_identity_of_file(char out[DW_IDENTITY_SIZE], const char *path, struct dw_err *err);

/* SHA-256 of a text, for streams, which have no content to go by. */
void dw_identity_of_text(char out[DW_IDENTITY_SIZE], const char *text);

#endif
