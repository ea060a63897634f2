/* SPDX-License-Identifier: Apache-2.0 */
#include "media/media_clock.h"

#include "base/macros.h"
#include "base/wall_time.h"

#define STUTTER_US (5 * DW_SECOND_US)
#define STUTTER_FRAMES 20
#define BELIEVED_US (INT64_C(86400) * DW_SECOND_US)

bool dw_media_clock_jumps(const struct dw_media_clock *clock, int64_t stamp_us)
{
    if (!clock->started)
        return false;
    int64_t advance_us = stamp_us - clock->stamp_us;
    return advance_us < 0 || advance_us > DW_MAX(STUTTER_US, STUTTER_FRAMES * clock->interval_us);
}

int64_t dw_media_clock_mend(const struct dw_media_clock *clock, int64_t next_us)
{
    int64_t room_us = (next_us - clock->stamp_us) / 2;
    return clock->stamp_us + DW_MIN(clock->interval_us, room_us);
}

int64_t dw_media_clock_step(struct dw_media_clock *clock, int64_t stamp_us, int64_t elapsed_us)
{
    int64_t advance_us = clock->started ? stamp_us - clock->stamp_us : 0, gap_us = 0;
    if (dw_media_clock_jumps(clock, stamp_us)) {
        if (elapsed_us >= 0)
            advance_us = DW_MAX(elapsed_us, clock->interval_us);
        else if (advance_us < 0 || advance_us > BELIEVED_US)
            advance_us = clock->interval_us;
        gap_us = advance_us;
    }
    clock->started = true;
    clock->stamp_us = stamp_us;
    clock->time_us += advance_us;
    return gap_us;
}
