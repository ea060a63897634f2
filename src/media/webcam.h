/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A webcam at this machine (Video4Linux, the kernel's uapi/v4l/v4l2), which hands out photographs:
 * motion JPEG of about 640 x 480, ten a second where it can. Nothing waits for longer than a tenth
 * of a second. One thread at a time; private to media/.
 */
#ifndef DW_MEDIA_WEBCAM_H
#define DW_MEDIA_WEBCAM_H

#include "base/err.h"
#include "base/macros.h"

struct AVPacket;
struct AVStream;

struct dw_webcam;

/*
 * Opens the device at `path` and starts it. `name` is for messages. -ENOENT there is none, -EACCES
 * we may not, -EBUSY another program has it, -ENOTSUP it is no camera, or gives no JPEG.
 */
int dw_webcam_create(struct dw_webcam **out, const char *path, const char *name,
                     struct dw_err *err);

/* NULL is fine. */
void dw_webcam_destroy(struct dw_webcam *webcam);
DW_DEFINE_AUTO(webcam)

/* Writes down codec, size, rate and the unit of the stamps, microseconds. */
void dw_webcam_describe(const struct dw_webcam *webcam, struct AVStream *stream);

/* The next picture, as av_read_frame() gives it: 0; AVERROR(EAGAIN), none yet; another AVERROR. */
int dw_webcam_read(struct dw_webcam *webcam, struct AVPacket *packet);

#endif
