/* SPDX-License-Identifier: Apache-2.0 */
/* Which FFmpeg we run on, for people. Any thread. */
#ifndef DW_MEDIA_VERSION_H
#define DW_MEDIA_VERSION_H

/* "5.1.9-0+deb12u1": the release, as its builder named it. */
const char *dw_media_version(void);

/* The H.264 encoder that overlay videos would use, "libx264"; NULL when there is none. */
const char *dw_media_h264_encoder(void);

#endif
