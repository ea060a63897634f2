/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Media time from the stamps of a stream. Stamps in the field jump: hours back or forth for one
 * picture, to zero after a reconnect, or past the end of their counter. A jump begins a new epoch:
 * media time goes on, the frame says how much of it was not measured, and nothing is ever negative.
 * All zero is a valid start once `interval_us` is set. Pure: it asks no clock.
 */
#ifndef DW_MEDIA_MEDIA_CLOCK_H
#define DW_MEDIA_MEDIA_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct dw_media_clock {
    int64_t interval_us; /* nominal time between pictures, > 0 */
    bool started;
    int64_t stamp_us; /* of the last picture */
    int64_t time_us;  /* its media time */
};

/* Whether this stamp goes back, or forward further than a stream that only stutters would. */
bool dw_media_clock_jumps(const struct dw_media_clock *clock, int64_t stamp_us);

/*
 * The stamp a picture should have had, when it jumped but `next_us` after it does not: one that
 * lies between its neighbours, or the last stamp itself when there is no room.
 */
int64_t dw_media_clock_mend(const struct dw_media_clock *clock, int64_t next_us);

/*
 * Takes the next stamp, which must differ from the last. Returns the part of the advance that was
 * not measured, 0 mostly. `elapsed_us` is the time that really passed since the last picture, for
 * live streams; negative for files, whose forward jumps are believed up to a day.
 */
int64_t dw_media_clock_step(struct dw_media_clock *clock, int64_t stamp_us, int64_t elapsed_us);

#endif
