/* SPDX-License-Identifier: Apache-2.0 */
/* What libavformat's error numbers mean to a person who wants to open a video; private to media/.
 */
#ifndef DW_MEDIA_LAVF_TEXT_H
#define DW_MEDIA_LAVF_TEXT_H

#include "base/err.h"

/*
 * Says no to text: FFmpeg takes any text for terminal art, and a playlist for a reason to open
 * other files and wait for them.
 */
int dw_lavf_check_file(const char *path, struct dw_err *err);

/* Why a file could not be opened as a video; looks into it to say more than the library does. */
int dw_lavf_fail_file(struct dw_err *err, int av_code, const char *path);

/* Why a stream could not be opened, or broke. `name` carries no password. */
int dw_lavf_fail_stream(struct dw_err *err, int av_code, const char *name);

/* The library's words for a code, into `out`, which is returned. */
#define DW_LAVF_WORDS_SIZE 64
const char *dw_lavf_words(char out[DW_LAVF_WORDS_SIZE], int av_code);

#endif
