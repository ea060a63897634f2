/* SPDX-License-Identifier: Apache-2.0 */
/* A short compressed film in memory, of something that moves, as packets for a decoder. */
#ifndef DW_TESTS_MEDIA_CLIP_H
#define DW_TESTS_MEDIA_CLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct AVCodecParameters;
struct AVPacket;

#define CLIP_GROUP 10           /* pictures from one that needs no other to the next */
#define CLIP_INTERVAL_US 100000 /* between two pictures */

struct clip {
    struct AVCodecParameters *parameters;
    struct AVPacket **packets; /* stamps in microseconds */
    size_t count;
};

/* False when this FFmpeg has no such encoder ("libx264"). */
bool clip_make(struct clip *clip, const char *encoder, int width_px, int height_px, int pictures);

void clip_fini(struct clip *clip);

#endif
