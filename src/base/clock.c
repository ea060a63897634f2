/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

int64_t dw_clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t dw_now_us(void)
{
    return dw_clock_us(CLOCK_REALTIME);
}

int64_t dw_clock_set_by(struct dw_clock_watch *watch, int64_t wall_us, int64_t going_us)
{
    int64_t before_us = watch->ahead_us;
    bool known = watch->known;
    *watch = (struct dw_clock_watch){ true, wall_us - going_us };
    return known ? watch->ahead_us - before_us : 0;
}
