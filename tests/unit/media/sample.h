/* SPDX-License-Identifier: Apache-2.0 */
/* Small inputs the media tests make for themselves, in a folder of their own. */
#ifndef DW_TESTS_MEDIA_SAMPLE_H
#define DW_TESTS_MEDIA_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#define SAMPLE_PATH_SIZE 256

/* Group fixtures: make and remove the folder. */
int sample_setup(void **state);
int sample_teardown(void **state);

/* "FOLDER/name" into `out`, which is returned. */
const char *sample_path(char out[SAMPLE_PATH_SIZE], const char *name);

struct sample_video {
    const char *name;    /* its end decides the container */
    const char *encoder; /* of libavcodec */
    const char *format;  /* of pixels; NULL: yuv420p */
    int width_px, height_px, frames;
    int64_t (*stamp_ms)(int frame); /* NULL: 10 frames a second */
};

/* Writes a video whose every frame is evenly grey, 50 + 2 * frame of 255. */
void sample_video(const struct sample_video *video);

void sample_write(const char *name, const void *bytes, size_t length);

/* Writes the first `share` (0..1) of a file as another. */
void sample_cut(const char *from, const char *to, double share);

/* Writes one file behind another as a third. */
void sample_join(const char *first, const char *second, const char *to);

/* The whole file; the caller frees it. */
uint8_t *sample_read(const char *name, size_t *length);

#endif
