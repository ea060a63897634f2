/* SPDX-License-Identifier: Apache-2.0 */
#include "media/version.h"

#include <libavcodec/avcodec.h>
#include <libavutil/avutil.h>

#include "base/macros.h"

const char *dw_media_version(void)
{
    return av_version_info();
}

const char *dw_media_h264_encoder(void)
{
    static const char *const names[] = { "libx264", "libopenh264", "h264_v4l2m2m" };
    for (size_t i = 0; i < DW_LENGTH(names); i++)
        if (avcodec_find_encoder_by_name(names[i]) != NULL)
            return names[i];
    return NULL;
}
